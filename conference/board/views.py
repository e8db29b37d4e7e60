"""What attendees see of the board and send to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.agenda.models import Attribution
from conference.agenda.queries import items_of, seconds_to_boundary
from conference.board import answering, keys, queries, services, votes
from conference.board.forms import AskForm
from conference.board.models import Post
from conference.event import limits
from conference.event.access import HALL, PUBLIC, Audience, holds_hall_pass, participant_of, remember_device
from conference.event.clocks import conference_now
from conference.live.reading import Reading, open_page, page_context, read_conference, respond


def board(request: HttpRequest, conference: str, hall: bool = False) -> HttpResponse:
    """Published questions and comments of the whole conference."""
    reading = open_page(request, conference, ["~board", "agenda"], hall=hall)
    sort = request.GET.get("sort", "top")
    sort = sort if sort in queries.SORTS else "top"
    found = queries.board(Audience(reading.audience), reading.conference, sort=sort)
    answering.put_answers(Audience(reading.audience), reading.conference, found.done)
    context = {
        "live_posts": found.live,
        "posts": found.waiting,
        "answered_posts": found.done,
        "comments": found.comments,
        "sort": sort,
        "sorts": queries.SORTS,
    }
    return respond(request, reading, "board/board.html", context, tab="board", until=_until(reading))


def post(request: HttpRequest, conference: str, public_id: str, hall: bool = False) -> HttpResponse:
    """One published post."""
    return _one_post(request, conference, public_id, hall, "board/post.html")


def card(request: HttpRequest, conference: str, public_id: str, hall: bool = False) -> HttpResponse:
    """The card of one post as pages and streams carry it."""
    return _one_post(request, conference, public_id, hall, "board/card.html")


def _one_post(request: HttpRequest, slug: str, public_id: str, hall: bool, template: str) -> HttpResponse:
    reading = open_page(request, slug, ["~board", "agenda"], hall=hall)
    audience = Audience(reading.audience)
    if template == "board/post.html" and (
        joined := queries.joined_with(audience, reading.conference, public_id)
    ):
        name = "hall-post" if hall else "post"
        return redirect(reverse(name, args=[slug, joined.public_id]), permanent=True)
    found = queries.post_for(audience, reading.conference, public_id)
    answering.put_answers(audience, reading.conference, [found])
    return respond(request, reading, template, {"post": found}, tab="board", until=_until(reading))


def _until(reading: Reading) -> float | None:
    """A session for those present only takes its questions along when it ends; no other page knows the time."""
    if reading.audience == PUBLIC:
        return None
    moment = conference_now(reading.conference)
    return seconds_to_boundary(items_of(reading.conference, cancelled=False), moment)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, conference: str) -> HttpResponse:
    """The form of a question or comment, with its token and key; POST sends it."""
    reading = read_conference(conference, [])
    row, device = reading.conference, participant_of(request)
    if request.method == "POST":
        limits.take_write(request, device, limits.POSTS_OF_DEVICE, limits.POSTS_OF_ADDRESS)
        form = AskForm(request.POST, conference=row)
        if form.is_valid():
            try:
                sent = services.send_post(
                    conference=row, key=form.cleaned_data["key"], participant=device, **form.content()
                )
            except keys.KeyReused:
                return _ask_page(request, reading, form, status=409)
            except services.BoardClosed:
                form.add_error("item", form.fields["item"].error_messages["invalid_choice"])
                return _ask_page(request, reading, form, status=422)
            response = redirect(f"{reverse('me', args=[row.slug])}?sent={sent.public_id}")
            response.status_code = 303
            if sent.participant is not None:
                remember_device(response, sent.participant)
            return response
        return _ask_page(request, reading, form, status=422)
    asked_for = ("item", "block", "to", "quote", "before", "after", "kind")
    wanted = {name: request.GET[name] for name in asked_for if name in request.GET}
    form = AskForm(initial={"key": keys.new_key(), "kind": Post.Kind.QUESTION, **wanted}, conference=row)
    return _ask_page(request, reading, form)


def _ask_page(request: HttpRequest, reading: Reading, form: AskForm, status: int = 200) -> HttpResponse:
    slug, block_id = str(form["item"].value() or ""), str(form["block"].value() or "")
    item = form.open_items().filter(slug=slug).first() if slug else None
    passage = form.blocks().filter(public_id=block_id).first() if block_id else None
    if status == 409:
        # The key is spent; with a new one the text can be sent as a question of its own.
        data = request.POST.copy()
        data["key"] = keys.new_key()
        form.data = data
    context = {
        "form": form,
        "item": item,
        "passage": passage,
        "key_reused": status == 409,
        "restricted_items": list(form.open_items().exclude(attribution=Attribution.ON_RECORD)),
    }
    return render(
        request, "board/ask.html", {**page_context(reading), "tab": "board", **context}, status=status
    )


@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, conference: str, public_id: str, active: bool = True) -> HttpResponse:
    """A page with one button; POST votes, or takes the vote back."""
    reading = read_conference(conference, [])
    found, device = _readable_post(request, reading, public_id), participant_of(request)
    action = "vote" if active else "unvote"
    context = {**page_context(reading), "tab": "board", "post": found, "action": action}
    if request.method == "GET":
        context |= {"key": keys.new_key(), "closed": not votes.takes_votes(found)}
        return render(request, "board/act.html", context)
    limits.take_write(request, device, limits.VOTES_OF_DEVICE, limits.VOTES_OF_ADDRESS)
    key = request.POST.get("key", "")
    if keys.parsed(key) is None:
        return render(request, "board/act.html", {**context, "key": keys.new_key()}, status=422)
    try:
        device = votes.cast_vote(post=found, participant=device, key=key, active=active)
    except keys.KeyReused:
        return render(
            request, "board/act.html", {**context, "key": keys.new_key(), "reused": True}, status=409
        )
    except votes.NotVotable:
        return render(request, "board/act.html", {**context, "closed": True}, status=409)
    response = redirect(_place_of(reading, found))
    response.status_code = 303
    remember_device(response, device)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """A page with one button for the device that sent the post; POST takes the post back."""
    reading = read_conference(conference, [])
    device = participant_of(request)
    found = queries.post_for(Audience(participant=device), reading.conference, public_id)
    context = {**page_context(reading), "tab": "board", "post": found, "action": "withdraw"}
    if request.method == "GET":
        return render(request, "board/act.html", context)
    try:
        if device is None:
            raise services.NotAllowed
        services.withdraw(post=found, participant=device)
    except services.NotAllowed:
        return render(request, "board/act.html", {**context, "closed": True}, status=409)
    response = redirect("me", conference)
    response.status_code = 303
    return response


@never_cache
def me(request: HttpRequest, conference: str) -> HttpResponse:
    """What became of what this device sent; as a fragment for the script, as a page otherwise."""
    reading = read_conference(conference, [])
    device = participant_of(request)
    sent = queries.posts_of(device, reading.conference) if device else []
    voted = votes.voted_of(device, reading.conference) if device else []
    name = HALL if holds_hall_pass(request, reading.conference) else PUBLIC
    answering.put_answers(Audience(name), reading.conference, sent)
    context = {
        **page_context(reading),
        "tab": "",
        "posts": sent,
        "voted": voted,
        "sent": request.GET.get("sent", ""),
        "live": True,
    }
    template = "board/me.html#fragment" if request.headers.get("HX-Request") else "board/me.html"
    return render(request, template, context)


def _readable_post(request: HttpRequest, reading: Reading, public_id: str) -> Post:
    name = HALL if holds_hall_pass(request, reading.conference) else PUBLIC
    audience = Audience(name)
    joined = queries.joined_with(audience, reading.conference, public_id)
    return joined or queries.post_for(audience, reading.conference, public_id)


def _place_of(reading: Reading, found: Post) -> str:
    """The post on a page that its reader may see."""
    hall = found.item is not None and found.item.hall_only
    name = "hall-post" if hall else "post"
    return reverse(name, args=[reading.conference.slug, found.public_id])
