"""Bringing a file to review, and what publishing means for the conference it was uploaded for."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from conference.event.models import Conference, ConferencePaper, User
from conference.event.services import attach_paper
from conference.review.models import Upload
from papers import drafts
from papers.importing import Document, read
from papers.models import Edition, Paper
from papers.slugs import LONGEST, slug_of


def upload(
    *,
    conference: Conference,
    by: User | None,
    source: bytes,
    source_name: str,
    paper: Paper | None = None,
    is_summary: bool = False,
) -> Edition:
    """Read a file and keep it as a draft: of `paper`, or of a paper of its own. Nothing public changes.

    Raises importing.UnreadablePaper with nothing stored.
    """
    # Reading takes its time: not while anything is locked.
    return keep(
        conference=conference,
        by=by,
        document=read(source),
        source=source,
        source_name=source_name,
        paper=paper,
        is_summary=is_summary,
    )


@transaction.atomic
def keep(
    *,
    conference: Conference,
    by: User | None,
    document: Document,
    source: bytes,
    source_name: str,
    paper: Paper | None = None,
    is_summary: bool = False,
    slug: str = "",
) -> Edition:
    """Keep a document that was read already as a draft; see `upload`. ValueError for the slug of the other kind.

    The same file again, by the same person and for the same paper, is the draft of the first time while nobody has
    touched that one: a tap that doubled, or an answer that was lost.
    """
    # The lock makes the choice of a free address safe, and a doubled tap wait for the first.
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    if again := _same_draft(conference, by, source, paper, is_summary=is_summary):
        return again
    if paper is not None:
        slug, is_summary = paper.slug, paper.is_summary
    else:
        slug = slug or _free_slug(document.title or source_name, is_summary=is_summary)
    edition = drafts.make_draft(
        document=document, slug=slug, source=source, source_name=source_name, is_summary=is_summary, by=by
    )
    Upload.objects.create(
        conference=conference, edition=edition, makes_main=_is_wanted_as_main(conference, edition.paper)
    )
    return edition


class Unfinished(ValueError):
    """The draft lacks what a paper needs, or the time has passed: see `papers.drafts`."""


@transaction.atomic
def publish(
    *,
    edition: Edition,
    by: User,
    version: int,
    base: int | None,
    makes_main: bool,
    at: datetime | None = None,
) -> Edition:
    """Publish a draft now or `at` a time to come, and let its paper be the one of its conference's tab or not.

    Raises drafts.Stale and drafts.NotADraft, and Unfinished where `papers.drafts` raises ValueError.
    """
    # First: publishing attaches the paper, and does it as this row says. A refusal takes it back.
    Upload.objects.filter(edition=edition).update(makes_main=makes_main)
    named: dict[str, Any] = {"edition": edition, "by": by, "version": version, "base": base}
    try:
        return drafts.publish(**named) if at is None else drafts.schedule(**named, at=at)
    except ValueError as error:
        raise Unfinished(str(error)) from error


def attach_published(edition: Edition) -> None:
    """Let the conference that an edition was uploaded for discuss its paper, from inside the publishing transaction."""
    link = Upload.objects.filter(edition=edition).select_related("conference").first()
    if link is None:
        return
    there = ConferencePaper.objects.filter(conference=link.conference, paper=edition.paper).first()
    # What is as it should be is left alone: attaching throws away every page that is kept.
    if there is None or (link.makes_main and there.position != 0):
        attach_paper(conference_slug=link.conference.slug, paper=edition.paper, is_main=link.makes_main)


def _same_draft(
    conference: Conference, by: User | None, source: bytes, paper: Paper | None, *, is_summary: bool
) -> Edition | None:
    drafts_here = Edition.objects.filter(
        pk__in=Upload.objects.filter(conference=conference).values("edition"),
        source_sha256=hashlib.sha256(source).hexdigest(),
        published_at__isnull=True,
        discarded_at__isnull=True,
        version=1,
        made_by=by,
    )
    if paper is not None:
        return drafts_here.filter(paper=paper).first()
    known = Edition.objects.filter(paper=OuterRef("paper"), published_at__isnull=False)
    return drafts_here.filter(~Exists(known), paper__is_summary=is_summary).first()


def _is_wanted_as_main(conference: Conference, paper: Paper) -> bool:
    """A full text takes the place of a summary, and any paper that of none; an organiser may choose otherwise."""
    main = conference.conference_papers.select_related("paper").first()
    return main is None or main.paper_id == paper.pk or (main.paper.is_summary and not paper.is_summary)


def _free_slug(title: str, *, is_summary: bool) -> str:
    stem = slug_of(title, is_summary=is_summary) or "paper"
    taken = set(Paper.objects.filter(slug__startswith=stem[: LONGEST - 4]).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem[: LONGEST - 4].strip('-')}-{number}"
    return slug
