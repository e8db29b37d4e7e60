"""Refusals become answers here: one place decides what a stranger, a full limit or a lost database looks like."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from psycopg_pool import PoolTimeout

from conference.event.access import NotSignedIn
from conference.event.limits import TooMany
from conference.event.links import LinkClosed
from conference.live.reading import HallClosed

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


class Refusals:
    """What views raise to refuse, as HTTP; and what no browser sends but PostgreSQL would stumble over."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request):
            return render(request, "errors/400.html", status=400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An answer for our own refusals; None for everything else."""
        if isinstance(exception, NotSignedIn):
            return _see_other(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
        if isinstance(exception, LinkClosed):
            return render(request, "stage/link_closed.html", status=410)
        if isinstance(exception, HallClosed):
            place = reverse("hall", args=[exception.slug])
            return _see_other(f"{place}?{urlencode({'next': request.get_full_path()})}")
        if isinstance(exception, TooMany):
            context = {"seconds": exception.retry_after, "typed": request.POST.get("text", "")}
            response = render(request, "errors/429.html", context, status=429)
            response["Retry-After"] = str(exception.retry_after)
            return response
        return None


class DatabaseAway:
    """A database that cannot be reached: 503 with a mark for the front, which then shows the last public pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "database_away", False):
            return _away(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Recognise what psycopg and its pool raise when nobody answers."""
        if not isinstance(exception, OperationalError | InterfaceError | PoolTimeout):
            return None
        logger.error("The database cannot be reached: %s", type(exception).__name__)
        request.database_away = True  # type: ignore[attr-defined]
        return _away(request)


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a value of the query or the form holds U+0000, which text in PostgreSQL cannot."""
    return any(
        "\0" in value
        for data in (request.GET, request.POST)
        for _, values in data.lists()
        for value in values
    )


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _away(request: HttpRequest) -> HttpResponse:
    response = render(request, "errors/503.html", {"typed": request.POST.get("text", "")}, status=503)
    response["X-Live-Away"] = "1"
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response
