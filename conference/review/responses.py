"""Answers that several of the review's views give."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from conference.review.screen import OPERATIONS
from papers.models import Edition, EditionChange


def see_other(url: str) -> HttpResponse:
    """303 to a page that shows the result."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def stale(
    request: HttpRequest,
    context: dict[str, Any],
    edition: Edition,
    last: EditionChange | None,
    typed: str = "",
) -> HttpResponse:
    """409: what happened meanwhile and by whom; nothing of the request was carried out, what was typed is shown."""
    last = last or edition.changes.select_related("by").last()
    told = {
        "edition": edition,
        "last": last,
        "what": OPERATIONS.get(last.operation["op"], "") if last else "",
        "typed": typed,
    }
    return render(request, "review/stale.html", {**context, **told}, status=409)
