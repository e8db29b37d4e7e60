"""What attendees read of the board, and what they do with one post: vote and flag."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.agenda.queries import items_of, seconds_to_boundary
from conference.board import answering, flags, keys, queries, services, votes
from conference.board.entering import code_wanted, let_in, read_audience
from conference.board.filters import Filters
from conference.board.forms import FlagForm, KeyedForm
from conference.board.models import Post
from conference.event import limits
from conference.event.access import PUBLIC, Audience, participant_of, remember_device
from conference.event.clocks import conference_now
from conference.live.reading import Reading, open_page, page_context, read_conference, respond


def board(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """Published questions and comments of the whole conference, or those that the parameters choose."""
    reading = open_page(request, conference, ["~board", "agenda"], hall=hall)
    audience, row = Audience(reading.audience), reading.conference
    sort = request.GET.get("sort", "")
    posts = queries.published(audience, row, sort=sort)
    chosen = Filters.read(request.GET, posts)
    if not chosen.says(request.GET):
        # What names nothing is not kept as a page of its own: one could fill the memory with it.
        return HttpResponseRedirect(request.path + chosen.query)
    found = queries.in_groups(chosen.chosen(posts))
    answering.put_answers(audience, row, found.done)
    context = {
        "live_posts": found.live,
        "posts": found.waiting,
        "answered_posts": found.done,
        "comments": found.comments,
        "chosen": chosen,
        "sort": chosen.sort,
    }
    until = _until(reading)
    if not found.waiting:
        # Only the empty board says whether one may ask, and knows the time for it.
        items, moment = items_of(row), conference_now(row)
        context["may_ask"] = any(item.takes_questions and item.finishes > moment for item in items)
        until = seconds_to_boundary(items, moment)
    return respond(request, reading, "board/board.html", context, tab="board", until=until)


def post(request: HttpRequest, conference: str, public_id: str, hall: bool = False) -> HttpResponse:
    """One published post with its replies."""
    reading = open_page(request, conference, ["~board", "agenda"], hall=hall)
    audience = Audience(reading.audience)
    if joined := queries.joined_with(audience, reading.conference, public_id):
        return redirect("hall-post" if hall else "post", conference, joined.public_id, permanent=True)
    found = queries.post_for(audience, reading.conference, public_id)
    answering.put_answers(audience, reading.conference, [found])
    context = {
        "post": found,
        "replies": queries.replies_to(audience, reading.conference, found),
        "takes_replies": queries.takes_replies(found),
        "alone": True,
    }
    return respond(request, reading, "board/post.html", context, tab="board", until=_until(reading))


def card(request: HttpRequest, conference: str, public_id: str, hall: bool = False) -> HttpResponse:
    """The card of one post as pages and streams carry it."""
    reading = open_page(request, conference, ["~board", "agenda"], hall=hall)
    found = queries.post_for(Audience(reading.audience), reading.conference, public_id)
    answering.put_answers(Audience(reading.audience), reading.conference, [found])
    return respond(request, reading, "board/card.html", {"post": found}, tab="board", until=_until(reading))


def _until(reading: Reading) -> float | None:
    """A session for those present only takes its questions along when it ends; no other page knows the time."""
    if reading.audience == PUBLIC:
        return None
    moment = conference_now(reading.conference)
    return seconds_to_boundary(items_of(reading.conference, cancelled=False), moment)


@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, conference: str, public_id: str, active: bool = True) -> HttpResponse:
    """A page with one button; POST votes, or takes the vote back."""
    reading = read_conference(conference, [])
    row, device = reading.conference, participant_of(request)
    found = queries.post_or_joined(read_audience(request, row), row, public_id)
    action = "vote" if active else "unvote"
    if request.method == "GET":
        closed = not votes.takes_votes(found)
        return _act(request, reading, found, action, _keyed_form(request, reading), closed=closed)
    limits.take_write(request, device, limits.VOTES_OF_DEVICE, limits.VOTES_OF_ADDRESS)
    form = KeyedForm(request.POST, code_of=code_wanted(request, row))
    if not form.is_valid():
        return _act(request, reading, found, action, _keyed_form(request, reading, form), status=422)
    try:
        device = votes.cast_vote(post=found, participant=device, key=form.cleaned_data["key"], active=active)
    except keys.KeyReused:
        return _act(request, reading, found, action, _keyed_form(request, reading), status=409, reused=True)
    except votes.NotVotable:
        return _act(request, reading, found, action, None, status=409, closed=True)
    response = _see(reading, found)
    remember_device(response, device)
    return let_in(request, response, row, form)


@never_cache
@require_http_methods(["GET", "POST"])
def flag(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """The form to tell the desk that a published post needs another look; POST tells it."""
    reading = read_conference(conference, [])
    row, device = reading.conference, participant_of(request)
    found = queries.post_or_joined(read_audience(request, row), row, public_id)
    context = {**page_context(reading), "tab": "board", "post": found}
    if request.method == "GET":
        form = FlagForm(initial={"key": keys.new_key()}, code_of=code_wanted(request, row))
        return render(request, "board/flag.html", {**context, "form": form})
    limits.take_write(request, device, limits.VOTES_OF_DEVICE, limits.VOTES_OF_ADDRESS)
    form = FlagForm(request.POST, code_of=code_wanted(request, row))
    if not form.is_valid():
        return render(request, "board/flag.html", {**context, "form": form}, status=422)
    data = form.cleaned_data
    try:
        device = flags.flag_post(
            post=found, participant=device, key=data["key"], reason=data["reason"], note=data["note"].strip()
        )
    except keys.KeyReused:
        context |= {"form": FlagForm(initial={**data, "key": keys.new_key()}), "key_reused": True}
        return render(request, "board/flag.html", context, status=409)
    except services.NotAllowed:
        return render(request, "board/flag.html", {**context, "closed": True}, status=409)
    response = redirect(f"{reverse('flag', args=[row.slug, found.public_id])}?sent=1")
    response.status_code = 303
    remember_device(response, device)
    return let_in(request, response, row, form)


def _keyed_form(request: HttpRequest, reading: Reading, refused: KeyedForm | None = None) -> KeyedForm:
    """The form of a button, with a fresh key; what was wrong with the hall code of a refused one is said again."""
    code_of = code_wanted(request, reading.conference) if refused is None else refused.code_of
    if refused is None or code_of is None:
        return KeyedForm(initial={"key": keys.new_key()}, code_of=code_of)
    data = request.POST.copy()
    data["key"] = keys.new_key()
    return KeyedForm(data, code_of=code_of)


def _act(
    request: HttpRequest,
    reading: Reading,
    found: Post,
    action: str,
    form: KeyedForm | None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    shown = {**page_context(reading), "tab": "board", "post": found, "action": action, "form": form}
    return render(request, "board/act.html", {**shown, **context}, status=status)


def _see(reading: Reading, found: Post) -> HttpResponse:
    """To the post, on a page that its reader may see."""
    hall = found.item is not None and found.item.hall_only
    name = "hall-post" if hall else "post"
    response = redirect(name, reading.conference.slug, found.public_id)
    response.status_code = 303
    return response
