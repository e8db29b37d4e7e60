"""Feeds and exports of the programme as the public has it: calendars, schedules, spreadsheets, changes.

They leave the house, so they hold what `leaving` lets out. Most are pages like all others and kept by the front. A
calendar of chosen sessions has its choice in its address, and there are as many of those as people: it is made each
time and recognised by its ETag.
"""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from conference.agenda import calendars, changes, exporting, queries, schedules
from conference.agenda.leaving import entry, leaving
from conference.agenda.models import AgendaItem
from conference.live.reading import Reading, open_page
from conference.live.responses import mark

CALENDAR = "text/calendar; charset=utf-8"
# How many sessions one address may choose; more than any day has.
MOST_CHOSEN = 200
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def calendar(request: HttpRequest, conference: str) -> HttpResponse:
    """`agenda.ics`: the whole programme, or with `?show=one,two` the sessions that somebody starred."""
    reading = open_page(request, conference, ["agenda"], hall=False)
    items = queries.items_of(reading.conference)
    name = reading.conference.title
    if "show" in request.GET:
        wanted = chosen(request.GET["show"])
        items = [item for item in items if item.slug in wanted]
        name = f"{_('My programme')} · {name}"
    body = calendars.calendar(reading.conference, items, home=home_of(reading), name=name)
    response = HttpResponse(body, content_type=CALENDAR)
    response["Content-Disposition"] = f'inline; filename="{reading.conference.slug}.ics"'
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["ETag"] = quote_etag(hashlib.blake2b(body, digest_size=12).hexdigest())
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response


def item_calendar(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """One session as a calendar of its own."""
    reading = open_page(request, conference, ["agenda"], hall=False)
    found = queries.item_of(reading.conference, item)
    if not leaving([found]):
        raise Http404
    body = calendars.calendar(reading.conference, [found], home=home_of(reading), name=found.title)
    return _file(reading, body, CALENDAR, f"{found.slug}.ics")


def schedule_json(request: HttpRequest, conference: str) -> HttpResponse:
    """`schedule.json`, as pretalx and frab write it."""
    reading, items = _read(request, conference)
    body = schedules.as_json(
        reading.conference, items, home=home_of(reading), version=changes.version(reading.conference, items)
    )
    return _file(reading, body, "application/json", "schedule.json")


def schedule_xml(request: HttpRequest, conference: str) -> HttpResponse:
    """`schedule.xml`, as frab writes it."""
    reading, items = _read(request, conference)
    body = schedules.as_xml(
        reading.conference, items, home=home_of(reading), version=changes.version(reading.conference, items)
    )
    return _file(reading, body, "application/xml; charset=utf-8", "schedule.xml")


def spreadsheet(request: HttpRequest, conference: str, form: str) -> HttpResponse:
    """`agenda.csv` and `agenda.xlsx`."""
    reading, items = _read(request, conference)
    entries = [entry(item, reading.conference) for item in leaving(items)]
    return _file(reading, *sheet(entries, form), f"{reading.conference.slug}.{form}")


def sheet(entries: list[exporting.Item], form: str) -> tuple[bytes, str]:
    """A spreadsheet and its type; `form` is csv or xlsx."""
    if form == "csv":
        return exporting.as_csv(entries), "text/csv; charset=utf-8"
    return (
        exporting.as_xlsx(entries),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def changes_feed(request: HttpRequest, conference: str) -> HttpResponse:
    """`changes.atom`: what was published and what happened on the day, newest first."""
    reading, items = _read(request, conference)
    body = changes.atom(reading.conference, items, home=home_of(reading))
    return _file(reading, body, "application/atom+xml; charset=utf-8", "changes.atom")


def chosen(show: str) -> frozenset[str]:
    """The slugs in a `show` parameter; what is none of ours is left out."""
    return frozenset(
        slug for slug in show.split(",")[:MOST_CHOSEN] if SLUG.fullmatch(slug) and len(slug) <= 60
    )


def home_of(reading: Reading) -> str:
    """The conference's absolute address in the present language: feeds are read far from here."""
    from django.urls import reverse

    return settings.BASE_URL + reverse("home", args=[reading.conference.slug])


def _read(request: HttpRequest, conference: str) -> tuple[Reading, list[AgendaItem]]:
    reading = open_page(request, conference, ["agenda"], hall=False)
    return reading, queries.items_of(reading.conference)


def _file(reading: Reading, body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return mark(response, revisions=reading.revisions)
