"""The two pages of a room: the panel chair's, and the screen that the hall looks at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conference.board import closing, keys, services, stage_messages, states
from conference.board.access import visible_to
from conference.board.labels import session_closed_text, state_label_for_desk
from conference.board.models import Post, StageMessage
from conference.board.staff_forms import DecideForm
from conference.event.access import STAFF, Audience
from conference.event.clocks import conference_now
from conference.event.links import note_use
from conference.event.models import Conference, PrivateLink
from conference.live.responses import mark
from conference.live.services import newest_event, read_revisions
from conference.live.topics import DESK, HALL, staff_topic
from conference.pages import staging
from conference.pages.qr import qr_code

CHAIR, SCREEN = PrivateLink.Kind.CHAIR, PrivateLink.Kind.SCREEN
# "Last two questions": so much time is left for them.
CALL_MINUTES = 8
# What the chair may do to a question, and nothing else.
CHAIRS_STEPS = {states.LIVE, states.ANSWERED, states.SHORTLISTED}


@never_cache
def rooms(request: HttpRequest, conference: str, kind: str) -> HttpResponse:
    """Straight to the only room, or the one where something runs; else the rooms to choose from."""
    row, found, current = staging.rooms_of(request, conference, kind)
    name = "stage" if kind == CHAIR else "screen"
    if current is not None:
        return redirect(name, row.slug, current.slug)
    context = {"conference": row, "rooms": found, "name": name, "home": reverse("home", args=[row.slug])}
    return render(request, "stage/rooms.html", context)


# The chair ----------------------------------------------------------------------------------------------------


@never_cache
def chair(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """The round that is being answered, what comes next, the time left; for a tablet on the panel's table."""
    return _chair_page(request, staging.holder_of(request, conference, room, CHAIR))


@require_POST
def chair_decide(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """Answer now, answered, or back to the shortlist, on the version that the page showed."""
    holder = _acting(request, conference, room)
    audience = Audience(STAFF, roles=holder.roles)
    posts = visible_to(audience, holder.conference).filter(item__room=holder.room)
    post = posts.filter(public_id=request.POST.get("post", "")[:10]).first()
    if post is None:
        raise Http404
    form = DecideForm(request.POST, conference=holder.conference)
    if not form.is_valid() or form.cleaned_data["to"] not in CHAIRS_STEPS:
        return _chair_page(request, holder, refusal=_("This form is damaged. Open it again."), status=422)
    try:
        to, version = form.cleaned_data["to"], form.cleaned_data["version"]
        services.decide(post=post, to=to, by=holder.by, roles=holder.roles, version=version)
    except services.Stale as stale:
        return _chair_page(request, holder, refusal=_what_happened(stale), status=409)
    except services.StageFull:
        text = _("Four questions are being answered already. Mark one of them as answered first.")
        return _chair_page(request, holder, refusal=text, status=409)
    except services.SessionClosed:
        return _chair_page(request, holder, refusal=session_closed_text(), status=409)
    except services.NotAllowed:
        return _chair_page(request, holder, refusal=_("This step is not possible from here."), status=409)
    return _back(request, holder)


@require_POST
def chair_close(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """Bring the session's questions to an end, or open it again."""
    holder = _acting(request, conference, room)
    item = holder.room.items.filter(slug=request.POST.get("item", ""), conference=holder.conference).first()
    if item is None:
        raise Http404
    if request.POST.get("reopen"):
        closing.reopen_session(item=item, by=holder.by, roles=holder.roles)
    else:
        answered = request.POST.get("live") == "answered"
        closing.close_session(item=item, by=holder.by, roles=holder.roles, live_answered=answered)
    return _back(request, holder)


@require_POST
def chair_say(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """A word to the desk, or the chair has read the desk's."""
    holder = _acting(request, conference, room)
    if read := request.POST.get("read", ""):
        found = StageMessage.objects.filter(room=holder.room, pk=int(read) if read.isdecimal() else 0).first()
        if found is None:
            raise Http404
        stage_messages.acknowledge(message=found, roles=holder.roles)
        return _back(request, holder)
    key = request.POST.get("key", "")
    if keys.parsed(key) is None:
        return _chair_page(request, holder, refusal=_("This form is damaged. Open it again."), status=422)
    try:
        stage_messages.send_message(
            room=holder.room,
            key=key,
            to_chair=False,
            by=holder.by,
            roles=holder.roles,
            word=request.POST.get("word", "")[:10],
            text=request.POST.get("text", ""),
        )
    except stage_messages.SaysNothing:
        return _chair_page(request, holder, refusal=_("Please write a word first."), status=422)
    return _back(request, holder)


@require_POST
def seen(request: HttpRequest, conference: str, room: str, kind: str) -> HttpResponse:
    """The page's script says every minute that it is open: what the organiser's list of links shows."""
    holder = staging.holder_of(request, conference, room, kind)
    if holder.link is not None:
        note_use(holder.link)
    return HttpResponse(status=204)


@never_cache
def stage_live(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """What the front asks before it opens a chair's stream: the desk's events, which carry no text."""
    return _stream(staging.holder_of(request, conference, room, CHAIR), DESK)


def _acting(request: HttpRequest, conference: str, room: str) -> staging.Holder:
    holder = staging.holder_of(request, conference, room, CHAIR)
    if holder.link is not None:
        note_use(holder.link)
    return holder


def _chair_page(
    request: HttpRequest, holder: staging.Holder, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    row = holder.conference
    # Before anything is read: an event in between is shown again rather than missed.
    number = newest_event(row.pk, DESK)
    shown = staging.on_stage(row, holder.room, chair=True, wanted=request.GET.get("item", ""))
    messages = stage_messages.open_messages(row, room=holder.room)
    left = shown.seconds_left
    context = {
        "stage": shown,
        "messages_to_chair": [message for message in messages if message.to_chair],
        "messages_to_desk": [message for message in messages if not message.to_chair],
        "words": StageMessage.Word.choices,
        "key": keys.new_key(),
        "refusal": refusal,
        "minutes_left": None if left is None else left // 60,
        "last_call": left is not None and left <= CALL_MINUTES * 60,
        "call_seconds": CALL_MINUTES * 60,
        "most_live": states.MAY_LIVE_AT_ONCE,
        "typed": request.POST.get("text", "") if refusal else "",
        "may_reopen": shown.item is not None and shown.item.is_closed,
    }
    return _page(request, holder, "stage/chair.html", "stage", number, context, status)


def _what_happened(stale: services.Stale) -> str:
    last = stale.last
    if last is None:
        return _("This question changed meanwhile. Nothing was done; look again.")
    what = state_label_for_desk(last.target)
    if last.by_author:
        return _("Meanwhile its author changed this question: %(what)s.") % {"what": what}
    return _("Meanwhile %(who)s decided: %(what)s.") % {"who": last.maker, "what": what}


def _back(request: HttpRequest, holder: staging.Holder) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _chair_page(request, holder)
    response = redirect("stage", holder.conference.slug, holder.room.slug)
    response.status_code = 303
    return response


# The screen ---------------------------------------------------------------------------------------------------


@never_cache
def screen(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """What the hall looks at: no input, big type, never more than the hall may read."""
    holder = staging.holder_of(request, conference, room, SCREEN)
    row = holder.conference
    number = newest_event(row.pk, HALL)
    shown = staging.on_stage(row, holder.room, chair=False)
    address = reverse("ask", args=[row.slug])
    query = f"?room={holder.room.slug}"
    context = {
        "stage": shown,
        "wanted": shown.wanted if _may_show_wanted(shown, row) else [],
        "ask_address": (settings.BASE_URL + address).partition("://")[2].rstrip("/"),
        "qr": qr_code(settings.BASE_URL + address + query),
        "takes_questions": shown.item is not None and shown.item.takes_questions,
        "size": _size_of(shown.live),
    }
    return _page(request, holder, "stage/screen.html", "screen", number, context, 200)


@never_cache
def screen_live(request: HttpRequest, conference: str, room: str) -> HttpResponse:
    """What the front asks before it opens a screen's stream: the hall's events, byte for byte."""
    return _stream(staging.holder_of(request, conference, room, SCREEN), HALL)


def _may_show_wanted(shown: staging.OnStage, conference: Conference) -> bool:
    """Whether the organiser wants it, nothing else is on the screen, and no order may tell hidden numbers."""
    hidden = shown.item is not None and shown.item.hide_votes
    return conference.screen_shows_wanted and not shown.live and not hidden


def _size_of(posts: list[Post]) -> str:
    """How big a round can be written, so that all of it fits on the screen."""
    letters = sum(len(post.text) + len(post.stage_line) + (120 if post.block else 0) for post in posts)
    return next(
        (size for size, most in (("huge", 130), ("large", 350), ("medium", 800)) if letters <= most), "small"
    )


def _stream(holder: staging.Holder, audience: str) -> HttpResponse:
    row = holder.conference
    revisions = read_revisions([staff_topic(row.pk)])
    answer = JsonResponse({"conference": row.pk, "event": newest_event(row.pk, audience)})
    return mark(answer, revisions=revisions)


def _page(
    request: HttpRequest,
    holder: staging.Holder,
    template: str,
    name: str,
    number: int,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    """A stage page, or its panel alone for the script."""
    row = holder.conference
    place = reverse(name, args=[row.slug, holder.room.slug])
    around = {
        "conference": row,
        "demonstration": row.demonstration,
        "room": holder.room,
        "home": reverse("home", args=[row.slug]),
        "prefix": reverse("home", args=[row.slug]),
        "place": place,
        "stream": f"{place}live/?since={number}",
        "now": conference_now(row),
        "made": timezone.now().isoformat(timespec="seconds"),
    }
    chosen = f"{template}#panel" if request.headers.get("HX-Request") else template
    return render(request, chosen, {**around, **context}, status=status)
