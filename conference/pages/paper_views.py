"""The paper: reading it, what is said about its passages, citing it and taking it along."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from conference.board import passages
from conference.board import queries as posts
from conference.event.access import Audience
from conference.live.reading import Reading, open_page, respond
from conference.live.responses import mark
from conference.pages import paper_queries as queries
from papers import citing
from papers.card import draw_card
from papers.epub import write_epub
from papers.models import Paper
from papers.queries import contents, current_blocks

CITATIONS = {
    "bib": ("application/x-bibtex; charset=utf-8", citing.bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", citing.ris),
    "json": ("application/vnd.citationstyles.csl+json", citing.csl_json),
}

SIZES = (
    ("s", _lazy("Small")),
    ("", _lazy("Normal")),
    ("l", _lazy("Large")),
    ("xl", _lazy("Larger")),
    ("xxl", _lazy("Largest")),
)
THEMES = (("", _lazy("As on this device")), ("light", _lazy("Light")), ("dark", _lazy("Dark")))


def reading_page(request: HttpRequest, conference: str, paper: str, hall: bool = False) -> HttpResponse:
    """The paper, with a permanent address for each paragraph."""
    reading = open_page(request, conference, [f"paper/{paper}", f"~comments/{paper}"], hall=hall)
    row, audience = reading.conference, Audience(reading.audience)
    found = queries.paper_of(row, paper)
    blocks = current_blocks(found)
    counts = posts.counts_by_block(audience, row, found)
    staged = passages.staged_on(audience, row, found)
    for block in blocks:
        block.comment_count = counts.get(block.pk, 0)  # type: ignore[attr-defined]
        block.asked = staged.answered.get(block.pk, [])  # type: ignore[attr-defined]
    context = {
        "paper": found,
        "contents": contents(blocks),
        "reader": queries.reader_of(blocks),
        "on_stage": staged.live,
        "discussed": sum(counts.values()),
        "address": _address(reading, found),
        "share_line": _share_line(found),
        "cite": None if found.is_summary else citing.Work(found, _address(reading, found)),
        "sizes": SIZES,
        "themes": THEMES,
    }
    return respond(request, reading, "papers/reading.html", context, tab="paper", dense=True)


def passage(
    request: HttpRequest, conference: str, paper: str, block: str, hall: bool = False
) -> HttpResponse:
    """One paragraph and what is said about it."""
    topics = [f"paper/{paper}", f"~comments/{paper}", "agenda"]
    reading = open_page(request, conference, topics, hall=hall)
    row = reading.conference
    found = posts.block_of(row, block)
    if found.paper.slug != paper:
        raise Http404
    sort = request.GET.get("sort", "")
    sort = sort if sort in passages.SORTS else passages.SORTS[0]
    context = {
        "paper": found.paper,
        "passage": found,
        "discussion": passages.discussion_of(Audience(reading.audience), row, found, sort=sort),
        "sessions": queries.sessions_about(row, found.paper),
        "sort": sort,
    }
    return respond(request, reading, "papers/discussion.html", context, tab="paper")


def comments(request: HttpRequest, conference: str, paper: str, hall: bool = False) -> HttpResponse:
    """Every published comment on a paper, in the paper's order or newest first."""
    reading = open_page(request, conference, [f"paper/{paper}", f"~comments/{paper}"], hall=hall)
    found = queries.paper_of(reading.conference, paper)
    sort = request.GET.get("sort", "")
    sort = sort if sort in passages.PAPER_SORTS else passages.PAPER_SORTS[0]
    said = passages.comments_on(Audience(reading.audience), reading.conference, found, sort=sort)
    context = {"paper": found, "comments": said, "sort": sort}
    return respond(request, reading, "papers/comments.html", context, tab="paper")


def cite(request: HttpRequest, conference: str, paper: str, form: str) -> HttpResponse:
    """The paper's reference for a program: BibTeX, RIS or CSL JSON. A summary has none."""
    reading = open_page(request, conference, [f"paper/{paper}"], hall=False)
    found = _citable(reading, paper)
    kind, write = CITATIONS[form]
    response = HttpResponse(write(citing.Work(found, _address(reading, found))), content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{paper}.{form}"'
    return mark(response, revisions=reading.revisions)


def _citable(reading: Reading, slug: str) -> Paper:
    found = queries.paper_of(reading.conference, slug)
    if found.is_summary:
        raise Http404
    return found


def _address(reading: Reading, paper: Paper) -> str:
    """The paper's permanent address, the same in every language."""
    return f"{settings.BASE_URL}/{reading.conference.slug}/papers/{paper.slug}/"


def _share_line(paper: Paper) -> str:
    """What goes along with everything that is shared from the paper; a summary says that it is one."""
    if paper.is_summary:
        return f"{paper.title} ({_('summary for this demonstration, not the author’s text')})"
    parts = (paper.author_line, citing.full_title(paper), paper.date)
    return ", ".join(part for part in parts if part)


def epub(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """The paper as an EPUB. A summary has none."""
    reading = open_page(request, conference, [f"paper/{paper}"], hall=False)
    found = _citable(reading, paper)
    edition = found.editions.filter(current=True).first()
    if edition is None:
        raise Http404
    work = citing.Work(found, _address(reading, found))
    with override(found.language if found.language in dict(settings.LANGUAGES) else "en"):
        about = _("Made from the reading page of the conference “%(title)s”:") % {
            "title": reading.conference.title
        }
        written = write_epub(
            work, current_blocks(found), modified=edition.imported_at, contents=_("Contents"), about=about
        )
    response = HttpResponse(written, content_type="application/epub+zip")
    response["Content-Disposition"] = f'attachment; filename="{paper}.epub"'
    return mark(response, revisions=reading.revisions)


def card(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """The picture that stands beside a shared link."""
    reading = open_page(request, conference, [f"paper/{paper}"], hall=False)
    found = queries.paper_of(reading.conference, paper)
    stamp = _("Summary for this demonstration, not the author’s text") if found.is_summary else ""
    byline = "" if found.is_summary else ", ".join(filter(None, (found.author_line, found.date)))
    picture = draw_card(
        title=found.title,
        subtitle=found.subtitle,
        byline=byline,
        event=reading.conference.title,
        stamp=stamp,
    )
    return mark(HttpResponse(picture, content_type="image/png"), revisions=reading.revisions)
