"""Drafts of editions: made, corrected, undone, published now or at a set time, discarded (rules 1 and 3).

Every change names the version that it was decided on and leaves a row in the edition's log.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from papers import editing, services
from papers.draft import Draft
from papers.importing import Document
from papers.models import Edition, EditionChange, EditionText, Maker, Paper, PreviewLink

logger = logging.getLogger(__name__)


class Stale(Exception):
    """The draft, or the text that it would replace, changed since the form was made. `last` says what and by whom."""

    def __init__(self, edition: Edition, last: EditionChange | None) -> None:
        super().__init__("The draft changed meanwhile.")
        self.edition = edition
        self.last = last


class NotADraft(Exception):
    """The edition is published or discarded: nothing of it can be changed."""


@transaction.atomic
def make_draft(
    *, document: Document, slug: str, source: bytes, source_name: str, is_summary: bool = False, by: Maker
) -> Edition:
    """Keep a document as a draft of the paper at `slug`, a new one if there is none; nothing public changes.

    Raises ValueError when a summary would become a full text or the reverse.
    """
    paper = services.paper_at(slug, title=document.title[:300] or source_name[-300:], is_summary=is_summary)
    return services.new_edition(paper, document, source=source, source_name=source_name, by=by)


def draft_of(edition: Edition) -> Draft:
    """The draft as it stands (two queries)."""
    content = EditionText.objects.only("document").get(pk=edition.pk)
    operations = [change.operation for change in edition.changes.all()]
    return editing.corrected(Document.from_json(content.document), operations)


@transaction.atomic
def correct(*, edition: Edition, by: Maker, version: int, operation: dict[str, Any]) -> Edition:
    """Apply one operation of `papers.editing` to a draft; the same once more is success.

    Raises Stale, NotADraft, and editing.Impossible with nothing changed.
    """
    row = _locked(edition)
    if _is_repeated(row, by, version, operation):
        return row
    _check(row, version)
    draft = draft_of(row)
    editing.apply(draft, row.version + 1, operation)
    services.log(row, operation, by)
    return row


@transaction.atomic
def undo(*, edition: Edition, by: Maker, version: int) -> Edition:
    """Leave the newest correction out again; with none left nothing happens. Raises Stale, NotADraft."""
    row = _locked(edition)
    if _is_repeated(row, by, version, {"op": "undo"}):
        return row
    _check(row, version)
    if editing.effective(change.operation for change in row.changes.all()):
        services.log(row, {"op": "undo"}, by)
    return row


@transaction.atomic
def publish(*, edition: Edition, by: Maker, version: int, base: int | None) -> Edition:
    """Make a draft the paper's present text. `base` is the number of the edition that it was compared with.

    Twice is success. Raises Stale (also when another edition was published since), NotADraft, and ValueError for a
    draft without a title or with a field that is too long.
    """
    paper = Paper.objects.select_for_update().get(pk=edition.paper_id)
    row = _locked(edition)
    if row.published_at is not None and row.version == version + 1:
        return row
    _check(row, version)
    _check_base(paper, row, base)
    _publish(paper, row, by)
    return row


@transaction.atomic
def schedule(*, edition: Edition, by: Maker, version: int, base: int | None, at: datetime) -> Edition:
    """Let a draft publish itself at a later moment (wall time, aware). As `publish`; ValueError for the past."""
    paper = Paper.objects.select_for_update().get(pk=edition.paper_id)
    row = _locked(edition)
    if _is_repeated(row, by, version, _at(at)):
        return row
    _check(row, version)
    _check_base(paper, row, base)
    services.check(draft_of(row).finished())
    if at <= timezone.now():
        raise ValueError("This time has passed. Publish now, or choose a later time.")
    row.publish_at, row.published_by = at, by
    row.save(update_fields=["publish_at", "published_by"])
    services.log(row, _at(at), by)
    return row


@transaction.atomic
def unschedule(*, edition: Edition, by: Maker, version: int) -> Edition:
    """Take the time back at which a draft would have published itself; twice is success. Raises Stale, NotADraft."""
    row = _locked(edition)
    if row.is_draft and row.publish_at is None:
        return row
    _check(row, version)
    row.publish_at = row.published_by = None
    row.save(update_fields=["publish_at", "published_by"])
    services.log(row, {"op": "unschedule"}, by)
    return row


@transaction.atomic
def discard(*, edition: Edition, by: Maker, version: int) -> Edition:
    """Put a draft away; nothing is deleted and its previews end. Twice is success. Raises Stale, NotADraft."""
    row = _locked(edition)
    if row.discarded_at is not None:
        return row
    _check(row, version)
    row.discarded_at, row.publish_at = timezone.now(), None
    row.save(update_fields=["discarded_at", "publish_at"])
    services.log(row, {"op": "discard"}, by)
    return row


def publish_due() -> None:
    """Publish every draft whose time has come (the job of `conference.review.live`).

    Exactly once over any number of processes: who locks the draft first publishes it, the others skip it. A draft that
    cannot be published (it lost its title since) waits no longer, and its log says why.
    """
    due = Edition.objects.filter(publish_at__lte=timezone.now()).order_by("publish_at", "pk")
    for pk, paper_id in list(due.values_list("pk", "paper_id")):
        with transaction.atomic():
            paper = Paper.objects.select_for_update().get(pk=paper_id)
            row = due.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if row is not None:
                _publish_due(paper, row)


def _publish_due(paper: Paper, row: Edition) -> None:
    by = row.published_by
    try:
        services.check(draft_of(row).finished())
    except ValueError as error:
        logger.error("Edition %s of %s could not be published at its time: %s", row.pk, paper.slug, error)
        row.publish_at = row.published_by = None
        row.save(update_fields=["publish_at", "published_by"])
        services.log(row, {"op": "unschedule", "why": str(error)}, by)
        return
    _publish(paper, row, by)


@transaction.atomic
def make_preview_link(*, edition: Edition, by: Maker, label: str) -> tuple[PreviewLink, str]:
    """A secret address for a draft; returns the link and its secret, which is stored nowhere. Raises NotADraft."""
    row = _locked(edition)
    if not row.is_draft:
        raise NotADraft
    secret = secrets.token_urlsafe(24)
    link = PreviewLink.objects.create(edition=row, label=label, digest=digest_of(secret), made_by=by)
    services.log(row, {"op": "link", "label": label}, by)
    return link, secret


@transaction.atomic
def revoke_preview_link(*, link: PreviewLink, by: Maker) -> PreviewLink:
    """End a secret address; twice is success."""
    edition = _locked(link.edition)
    row = PreviewLink.objects.select_for_update().get(pk=link.pk)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        services.log(edition, {"op": "revoke", "label": row.label}, by)
    return row


def digest_of(secret: str) -> str:
    """How a preview's secret is kept (SHA-256: the secret is random and long)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def offer_original(*, paper: Paper, by: Maker, offered: bool) -> Paper:
    """Allow readers to download the file of the current edition, or no longer; twice is success.

    Raises NotADraft for a paper without a published edition.
    """
    row = Paper.objects.select_for_update().get(pk=paper.pk)
    current = row.editions.select_for_update(of=("self",)).filter(current=True).first()
    if current is None:
        raise NotADraft
    if row.offers_original != offered:
        row.offers_original = offered
        row.save(update_fields=["offers_original"])
        services.log(current, {"op": "offer", "offered": offered}, by)
        services.tell(row, current)
    return row


def _publish(paper: Paper, row: Edition, by: Maker) -> None:
    document = draft_of(row).finished()
    services.check(document)
    services.publish_locked(paper, row, document, by=by)


def _locked(edition: Edition) -> Edition:
    return Edition.objects.select_for_update(of=("self",)).select_related("paper").get(pk=edition.pk)


def _check(row: Edition, version: int) -> None:
    last = row.changes.select_related("by").last()
    if row.version != version:
        raise Stale(row, last)
    if not row.is_draft:
        raise NotADraft


def _check_base(paper: Paper, row: Edition, base: int | None) -> None:
    current = paper.editions.filter(current=True).first()
    if (current.number if current else None) != base:
        raise Stale(row, current.changes.select_related("by").last() if current else None)


def _is_repeated(row: Edition, by: Maker, version: int, operation: dict[str, Any]) -> bool:
    """Whether this very change was made on this version by the same person: its answer was lost, or the tap doubled."""
    if row.version != version + 1:
        return False
    last = row.changes.last()
    return last is not None and last.operation == operation and last.by_id == by.pk


def _at(at: datetime) -> dict[str, Any]:
    return {"op": "schedule", "at": at.isoformat()}
