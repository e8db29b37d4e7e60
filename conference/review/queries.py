"""Reading drafts and editions for those who review them, and older editions for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from conference.board.models import Post
from conference.board.states import Release
from conference.event.models import Conference
from conference.review.models import Upload
from papers.comparing import SAME, Row, rows
from papers.importing import Document
from papers.matching import Text
from papers.models import Block, Edition, EditionChange, EditionText, Paper, PreviewLink
from papers.services import compare


@dataclass
class Listed:
    """A paper in the organisers' list."""

    paper: Paper
    position: int | None
    current: Edition | None = None
    drafts: list[Edition] = field(default_factory=list)


def papers_of(conference: Conference) -> list[Listed]:
    """The papers that a conference discusses or reviews, each with its current edition and its drafts."""
    links = {link.paper_id: link.position for link in conference.conference_papers.all()}
    uploads = Upload.objects.filter(conference=conference)
    wanted = Q(pk__in=links) | Q(pk__in=uploads.values("edition__paper"))
    papers = Paper.objects.filter(wanted)
    found = {paper.pk: Listed(paper, links.get(paper.pk)) for paper in papers}
    editions = Edition.objects.filter(paper__in=found).select_related("made_by", "published_by")
    for edition in editions.filter(discarded_at__isnull=True).order_by("-pk"):
        if edition.current:
            found[edition.paper_id].current = edition
        elif edition.is_draft:
            found[edition.paper_id].drafts.append(edition)
    listed = [each for each in found.values() if each.current or each.drafts or each.position is not None]
    return sorted(listed, key=lambda each: (each.position is None, each.position or 0, each.paper.pk))


def paper_for(conference: Conference, slug: str) -> Paper:
    """A paper that this conference's organisers look after. Raises Http404."""
    paper = Paper.objects.filter(slug=slug).filter(_theirs(conference, "")).first()
    if paper is None:
        raise Http404
    return paper


def edition_for(conference: Conference, pk: int) -> Edition:
    """An edition of one of their papers, with its paper and makers. Raises Http404, also where no text was kept."""
    found = Edition.objects.filter(pk=pk, content__document__has_key="title").filter(
        _theirs(conference, "paper__")
    )
    edition = found.select_related("paper", "made_by", "published_by").first()
    if edition is None:
        raise Http404
    return edition


def belongs(conference: Conference, edition: Edition) -> bool:
    """Whether an edition is of a paper that this conference discusses or reviews."""
    return Edition.objects.filter(pk=edition.pk).filter(_theirs(conference, "paper__")).exists()


def _theirs(conference: Conference, prefix: str) -> Q:
    discussed = conference.conference_papers.values("paper")
    uploaded = Upload.objects.filter(conference=conference).values("edition__paper")
    return Q(**{f"{prefix}pk__in": discussed}) | Q(**{f"{prefix}pk__in": uploaded})


def history_of(paper: Paper) -> list[Edition]:
    """The editions of a paper, newest first, with their logs (two queries)."""
    editions = paper.editions.select_related("made_by", "published_by").prefetch_related(
        "changes__by", "preview_links"
    )
    kept = EditionText.objects.filter(edition=OuterRef("pk"), document__has_key="title")
    return list(editions.annotate(kept=Exists(kept)).order_by("-pk"))


def changes_of(edition: Edition) -> list[EditionChange]:
    """The log of an edition, oldest first (one query)."""
    return list(edition.changes.select_related("by"))


def links_of(edition: Edition) -> list[PreviewLink]:
    """The preview links of a draft that still open it (one query)."""
    return list(edition.preview_links.filter(revoked_at__isnull=True).order_by("pk"))


@dataclass
class Shown:
    """A row of the comparison, with how many posts stand on a block that goes or changes."""

    row: Row
    posts: int = 0


@dataclass
class Comparison:
    """What publishing would change: rows in order (None for a stretch where nothing changes), and counts by kind."""

    rows: list[Shown | int]
    counts: dict[str, int]
    is_first: bool
    orphans: int


def comparison(conference: Conference, paper: Paper, document: Document) -> Comparison:
    """The present text beside what a document would make of it (two queries)."""
    old, found = compare(paper, document.blocks)
    posts = _posts_on(old)
    shown: list[Shown | int] = []
    counts: dict[str, int] = {}
    orphans = 0
    for row in rows(
        [Text(b.kind, b.text) for b in old], [Text(b.kind, b.text) for b in document.blocks], found
    ):
        for what in row.what:
            counts[what] = counts.get(what, 0) + 1
        if row.what == {SAME}:
            if shown and isinstance(shown[-1], int):
                shown[-1] += 1
            else:
                shown.append(1)
            continue
        on_it = posts.get(old[row.old].pk, 0) if row.old is not None else 0
        orphans += on_it if row.what == {"removed"} else 0
        shown.append(Shown(row, on_it))
    return Comparison(shown, counts, not old, orphans)


def _posts_on(blocks: list[Block]) -> dict[int, int]:
    alive = Post.objects.filter(
        block__in=[b.pk for b in blocks], release__in=[Release.PENDING, Release.PUBLISHED]
    )
    counted = alive.order_by().values("block").annotate(n=Count("pk")).values_list("block", "n")
    return {block: n for block, n in counted if block is not None}


# What a browser is told of a file, by what the importer found in it. Never HTML: it is downloaded, not opened.
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text": "text/plain; charset=utf-8",
    "export": "text/plain; charset=utf-8",
}


def download_of(edition: Edition) -> HttpResponse | None:
    """An edition's file as a download under its own name; None where it was not kept (one query)."""
    content = EditionText.objects.filter(edition=edition).first()
    if content is None or not content.source:
        return None
    kind = content.document.get("source_kind", "")
    media = MEDIA.get(kind, "application/octet-stream")
    response = HttpResponse(bytes(content.source), content_type=media)
    name = edition.source_name.replace("\\", "/").rpartition("/")[2] or edition.paper.slug
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


# Texts to read ------------------------------------------------------------------------------------------------


@dataclass
class Reading:
    """A text as a page shows it: the title page's fields, and blocks with neighbouring list items in one group."""

    fields: dict[str, Any]
    groups: list[list[Block]]


def reading_of(fields: dict[str, Any], blocks: list[dict[str, Any]]) -> Reading:
    """A text that is in no table of blocks (a draft, an older edition). Its HTML was cleaned when it was made."""
    groups: list[list[Block]] = []
    for each in blocks:
        block = Block(**{name: each[name] for name in ("kind", "text", "html", "page", "part")})
        block.level = each["level"] or 0
        block.public_id = each.get("id", "")
        if block.kind == "list_item" and groups and groups[-1][0].kind == "list_item":
            groups[-1].append(block)
        else:
            groups.append([block])
    return Reading(fields, groups)


def published_edition(conference: Conference, slug: str, number: int) -> Edition:
    """A published edition of a paper that the conference discusses, with its text. Raises Http404."""
    edition = (
        Edition.objects.filter(paper__slug=slug, number=number, published_at__isnull=False)
        .filter(paper__in=conference.conference_papers.values("paper"))
        .select_related("paper")
        .first()
    )
    if edition is None:
        raise Http404
    return edition


def text_of(edition: Edition) -> EditionText | None:
    """What a published edition says; None where it was not kept (one query, without the file itself)."""
    content = EditionText.objects.filter(edition=edition).only("snapshot").first()
    return content if content is not None and content.snapshot else None
