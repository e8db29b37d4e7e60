"""What the public sees beside the reading page: older editions, the original file, previews by secret address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from conference.event.models import Conference
from conference.live.reading import open_page, page_context, read_conference, respond
from conference.review import queries
from papers import drafts
from papers.importing.document import FIELDS
from papers.models import Edition, PreviewLink
from papers.services import COLUMNS


def edition(request: HttpRequest, conference: str, paper: str, number: int) -> HttpResponse:
    """A published edition as it was, marked when it is not the present text."""
    reading = open_page(request, conference, [f"paper/{paper}"], hall=False)
    found = queries.published_edition(reading.conference, paper, number)
    content = queries.text_of(found)
    context = {
        "paper": found.paper,
        "edition": found,
        "text": queries.reading_of(content.snapshot["fields"], content.snapshot["blocks"])
        if content
        else None,
        "day": found.published_at.astimezone(reading.conference.zone).date() if found.published_at else None,
    }
    response = respond(request, reading, "review/edition.html", context, tab="paper")
    response["X-Robots-Tag"] = "noindex"
    return response


def original(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """The file that the present text was read from, where the organisers allow it."""
    reading = read_conference(conference, [])
    found = (
        Edition.objects.filter(paper__slug=paper, current=True, paper__offers_original=True)
        .filter(paper__in=reading.conference.conference_papers.values("paper"))
        .first()
    )
    response = queries.download_of(found) if found is not None else None
    if response is None:
        raise Http404
    return response


@never_cache
def preview(request: HttpRequest, conference: str, secret: str) -> HttpResponse:
    """A draft at its secret address: for the press, before it is public. Never kept by anybody."""
    row = Conference.objects.filter(slug=conference).first()
    link = (
        PreviewLink.objects.filter(digest=drafts.digest_of(secret)).select_related("edition__paper").first()
    )
    if row is None or link is None or not queries.belongs(row, link.edition):
        raise Http404
    found = link.edition
    if found.published_at is not None and link.revoked_at is None and row.is_public:
        return redirect("paper", row.slug, found.paper.slug)
    context: dict[str, Any] = {"paper": found.paper, "edition": found, "of": row}
    if link.revoked_at is not None or not found.is_draft:
        response = render(request, "review/preview_ended.html", context, status=404)
    else:
        document = drafts.draft_of(found).finished()
        blocks = [{name: getattr(each, name) for name in COLUMNS} for each in document.blocks]
        values = {name: getattr(document, name) for name in FIELDS}
        # Its own conference only where that is public: a hidden one is not told of.
        base = page_context(read_conference(row.slug, [])) if row.is_public else {}
        context |= {**base, "text": queries.reading_of(values, blocks)}
        response = render(request, "review/preview.html", context)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
