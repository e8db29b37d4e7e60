"""Pages that join features: start, home, session, hall, and what machines ask."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.agenda import following, materials
from conference.agenda import queries as agenda
from conference.agenda.views import calendar_addresses
from conference.board import answering
from conference.board import queries as posts
from conference.board.passages import passages_in
from conference.board.tally import tally_of_day, tally_of_session
from conference.event import limits, practical
from conference.event.access import Audience, code_opens, give_hall_pass, holds_hall_pass
from conference.event.clocks import conference_now
from conference.event.models import Conference, Person, Room
from conference.live.reading import (
    Reading,
    open_page,
    page_context,
    read_conference,
    read_current,
    respond,
)
from conference.live.responses import mark
from conference.live.services import read_revisions
from conference.live.topics import CONFERENCES, HALL, PUBLIC, hall_topic
from conference.pages import queries
from papers.models import Paper

HOME_TOPICS = ("agenda", "board")


def start(request: HttpRequest) -> HttpResponse:
    """The current conference; the list when there are several."""
    found = read_current(HOME_TOPICS, also=queries.beside_home())
    if len(found) == 1:
        return _home(request, found[0])
    if found:
        revisions = {CONFERENCES: found[0].revisions[CONFERENCES]}
    else:
        # Without a row there is no revision, and one that is read later would promise too much.
        revisions = read_revisions([CONFERENCES])
        found = read_current(HOME_TOPICS)
    context = {"conferences": [reading.conference for reading in found]}
    return mark(render(request, "pages/start.html", context), revisions=revisions)


def home(request: HttpRequest, conference: str) -> HttpResponse:
    """What matters now: before, on the day, in a break, after."""
    return _home(request, open_page(request, conference, HOME_TOPICS, hall=False, also=queries.beside_home()))


def _home(request: HttpRequest, reading: Reading) -> HttpResponse:
    row, moment = reading.conference, conference_now(reading.conference)
    items = following.show(agenda.items_of(row), moment)
    running, coming = agenda.now_and_next(items, moment)
    board = posts.board(Audience(PUBLIC), row)
    face = queries.face_of(row, items, moment)
    answered = board.done[:3] if face == queries.AFTER else []
    answering.put_answers(Audience(PUBLIC), row, answered)
    context = {
        "face": face,
        "now_items": running,
        "next_items": coming,
        "goes_on": following.goes_on(running, coming),
        "days_left": (row.starts_on - moment.date()).days,
        "calendar": calendar_addresses(row.slug),
        "answered": answered,
        "tally": tally_of_day(row, reading.also["tally_rows"]) if face == queries.AFTER else None,
        "top_questions": (board.live + board.waiting)[:3],
        "paper": Paper(**paper) if (paper := reading.also["main_paper"]) else None,
        "has_practical": practical.told(row),
    }
    until = queries.until_home_changes(items, moment)
    return respond(request, reading, "pages/home.html", context, tab="now", until=until)


def session(request: HttpRequest, conference: str, item: str, hall: bool = False) -> HttpResponse:
    """One session with its questions, and what is before, after and beside it."""
    topics, beside = ["agenda", f"~item/{item}"], queries.beside_session(item)
    reading = open_page(request, conference, topics, hall=hall, also=beside)
    row, moment = reading.conference, conference_now(reading.conference)
    items = agenda.items_of(row)
    found = next((each for each in items if each.slug == item), None)
    if found is None:
        raise Http404
    following.show([found], moment, hall=hall)
    files = materials.from_rows(reading.also["material_rows"])
    board = posts.board(Audience(reading.audience), row, item=found)
    answering.put_answers(Audience(reading.audience), row, board.done)
    context = {
        "item": found,
        "address": settings.BASE_URL + reverse("session", args=[row.slug, found.slug]),
        "around": following.neighbours(items, found),
        "papers": reading.also["papers_of_session"],
        "materials": materials.shown(files, found, reading.audience, moment),
        "live_posts": board.live,
        "posts": board.waiting,
        "answered_posts": board.done,
        "comments": board.comments,
        "passages": passages_in([*board.live, *board.waiting, *board.done, *board.comments]),
        "may_ask": found.takes_questions,
        "hall_only": found.hall_only and not hall,
        "tally": None
        if found.hall_only and not hall
        else tally_of_session(row, found, reading.also["tally_rows"]),
    }
    edges = [agenda.next_boundary([found], moment), materials.next_shown(files, moment)]
    until = min(((edge - moment).total_seconds() for edge in edges if edge is not None), default=None)
    return respond(request, reading, "agenda/session.html", context, tab="agenda", until=until)


def person(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Somebody on the programme with the sessions in which they may be named.

    Who appears only where nobody is named has no page: it would say that they were there.
    """
    reading = open_page(request, conference, ["agenda"], hall=False)
    row, moment = reading.conference, conference_now(reading.conference)
    items = following.show(agenda.items_of(row), moment)
    theirs = following.sessions_of(items, person)
    found = Person.objects.filter(conference=row, slug=person).first()
    if found is None or not theirs:
        raise Http404
    context = {"person": found, "items": theirs}
    until = agenda.seconds_to_boundary(theirs, moment)
    return respond(request, reading, "pages/person.html", context, tab="agenda", until=until)


def practical_page(request: HttpRequest, conference: str) -> HttpResponse:
    """Wi-Fi, map, rooms, interpretation, cloakroom, and whom to call."""
    reading = open_page(request, conference, ["agenda"], hall=False)
    row = reading.conference
    context = {
        "rooms": list(Room.objects.filter(conference=row).order_by("pk")),
        "has_practical": practical.told(row),
    }
    return respond(request, reading, "pages/practical.html", context, tab="now")


@never_cache
@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, conference: str) -> HttpResponse:
    """The form for the hall code; the right code opens the hall's pages for this browser."""
    reading = read_conference(conference, [])
    row = reading.conference
    place = reverse("hall-board", args=[row.slug])
    wanted = request.POST.get("next") or request.GET.get("next") or place
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or "/hall/" not in wanted:
        wanted = place
    if request.method == "GET" and holds_hall_pass(request, row):
        return redirect(wanted)
    context = {**page_context(reading), "tab": "board", "next": wanted}
    if request.method == "GET":
        return render(request, "pages/hall.html", context)
    limits.take(limits.CODES_OF_ADDRESS, limits.client_address(request))
    code = request.POST.get("code", "")
    if not code_opens(row, code):
        error = _(
            "That is not the code of this hall. It is shown on the screen and told at the registration desk."
        )
        return render(request, "pages/hall.html", {**context, "code": code, "error": error}, status=422)
    response = redirect(wanted)
    response.status_code = 303
    give_hall_pass(request, response, row)
    return response


def hall_pass(request: HttpRequest, conference: str) -> HttpResponse:
    """What the front asks before it serves a hall page: 204 for a good pass, 404 otherwise."""
    row = Conference.objects.filter(slug=conference, is_public=True).only("pk").first()
    if row is None:
        raise Http404
    revisions = read_revisions([CONFERENCES, hall_topic(row.pk)])
    fresh = Conference.objects.get(pk=row.pk)
    if not fresh.is_public or not holds_hall_pass(request, fresh):
        raise Http404
    return mark(HttpResponse(status=204), revisions=revisions)


def live(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """What the front asks before it opens a stream: the conference's id and its newest event's number."""
    audience = HALL if hall else PUBLIC
    reading = open_page(request, conference, [f"events/{audience}"], hall=hall)
    answer = JsonResponse({"conference": reading.conference.pk, "event": reading.event_number})
    return mark(answer, revisions=reading.revisions)


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Able to serve: the database answers (the middleware turns its absence into 503)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain")


def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: 403, with what was typed."""
    return render(request, "errors/403.html", {"typed": request.POST.get("text", "")}, status=403)
