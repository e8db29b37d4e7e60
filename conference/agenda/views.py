"""The programme, the fragment of now and next, rooms' door signs. Session pages join agenda and board: see `pages`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from conference.agenda import following, queries
from conference.event.clocks import conference_now
from conference.event.models import Room
from conference.live.reading import open_page, respond


def programme(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """The whole programme, day by day, or what the filters of a form without scripts leave of it."""
    reading = open_page(request, conference, ["agenda"], hall=hall)
    row, moment = reading.conference, conference_now(reading.conference)
    items = following.show(queries.items_of(row), moment, hall=hall)
    filters = following.choices(items, request.GET.dict())
    shown = following.matching(items, filters.chosen)
    days = queries.by_day(shown, row)
    context = {
        "days": [{**day, "slots": following.slots(day["items"])} for day in days],
        "filters": filters,
        "searchable": True,
        "count": len(shown),
        "of": len(items),
        "current": next((item for item in items if item.is_current), None),  # type: ignore[attr-defined]
        "calendar": calendar_addresses(row.slug),
        "home_address": settings.BASE_URL + reverse("home", args=[row.slug]),
    }
    until = queries.seconds_to_boundary(items, moment)
    response = respond(request, reading, "agenda/programme.html", context, tab="agenda", until=until)
    if not filters.is_common:
        response["Cache-Control"] = "no-store"
    return response


def now(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """The fragment that tells what runs now and what comes next; streams carry it with `agenda`."""
    reading = open_page(request, conference, ["agenda"], hall=hall)
    moment = conference_now(reading.conference)
    items = following.show(queries.items_of(reading.conference), moment, hall=hall)
    running, coming = queries.now_and_next(items, moment)
    context = {
        "now_items": running,
        "next_items": coming,
        "goes_on": following.goes_on(running, coming),
    }
    until = queries.seconds_to_boundary(items, moment)
    return respond(request, reading, "pages/home.html#now", context, until=until)


def room_sign(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """A sign for a door: what is in this room now, next and today; a tablet follows the day, paper stays."""
    reading = open_page(request, conference, ["agenda"], hall=False)
    row, moment = reading.conference, conference_now(reading.conference)
    found = Room.objects.filter(conference=row, slug=room).first()
    if found is None:
        raise Http404
    items = [item for item in queries.items_of(row) if item.room_id == found.pk]
    following.show(items, moment)
    running, coming = queries.now_and_next(items, moment)
    context = {
        "room": found,
        "now_items": running,
        "next_items": coming,
        "days": queries.by_day(items, row),
        "ask_address": settings.BASE_URL + reverse("home", args=[row.slug]),
    }
    until = queries.seconds_to_boundary(items, moment)
    return respond(request, reading, "agenda/room.html", context, tab="agenda", until=until)


def calendar_addresses(slug: str) -> dict[str, str]:
    """Where a calendar subscribes (`webcal`) and where the file is; the personal feed adds `?show=` to both."""
    path = reverse("agenda-ics", args=[slug])
    host = settings.BASE_URL.partition("://")[2]
    return {"webcal": f"webcal://{host}{path}", "file": path}


def notices(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """What is announced now; streams carry it with `notice`."""
    reading = open_page(request, conference, [], hall=hall)
    return respond(request, reading, "agenda/notices.html", {})
