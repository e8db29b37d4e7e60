"""The programme and the fragment of now and next. Session pages join agenda and board: see `pages`."""

from django.http import HttpRequest, HttpResponse

from conference.agenda import queries
from conference.event.clocks import conference_now
from conference.live.reading import open_page, respond


def programme(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """The whole programme, day by day."""
    reading = open_page(request, conference, ["agenda"], hall=hall)
    moment = conference_now(reading.conference)
    items = queries.describe(queries.items_of(reading.conference), moment)
    context = {"days": queries.by_day(items, reading.conference)}
    until = queries.seconds_to_boundary(items, moment)
    return respond(request, reading, "agenda/programme.html", context, tab="agenda", until=until)


def now(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """The fragment that tells what runs now and what comes next; streams carry it with `agenda`."""
    reading = open_page(request, conference, ["agenda"], hall=hall)
    moment = conference_now(reading.conference)
    items = queries.describe(queries.items_of(reading.conference), moment)
    running, coming = queries.now_and_next(items, moment)
    context = {"now_items": running, "next_items": coming}
    until = queries.seconds_to_boundary(items, moment)
    return respond(request, reading, "pages/home.html#now", context, until=until)


def notices(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """What is announced now; streams carry it with `notice`."""
    reading = open_page(request, conference, [], hall=hall)
    return respond(request, reading, "agenda/notices.html", {})
