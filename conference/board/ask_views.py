"""Sending a question, a comment or a reply."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda.queries import items_of
from conference.board import keys, queries, services, similar, words
from conference.board.entering import code_wanted, let_in, read_audience, renew_key
from conference.board.forms import SEEN, AskForm, SendForm
from conference.board.models import Post
from conference.board.presets import preset_item
from conference.event import limits
from conference.event.access import participant_of, remember_device
from conference.event.clocks import conference_now
from conference.event.models import Conference
from conference.live.reading import Reading, page_context, read_conference

PRESET = ("item", "block", "to", "quote", "before", "after", "kind")


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, conference: str) -> HttpResponse:
    """The form of a question or comment, with its token and key; POST sends it."""
    reading = read_conference(conference, [])
    row, items = reading.conference, items_of(reading.conference)
    if request.method == "POST":
        limits.take(limits.POSTS_OF_ADDRESS, limits.client_address(request))
        form = AskForm(request.POST, conference=row, items=items, code_of=code_wanted(request, row))
        return _send(request, reading, form)
    wanted = {name: request.GET[name] for name in PRESET if name in request.GET}
    if "item" not in wanted:
        preset = preset_item(items, conference_now(row), room=request.GET.get("room", ""))
        wanted["item"] = preset.slug if preset else ""
    initial = {"key": keys.new_key(), "kind": Post.Kind.QUESTION, **wanted}
    form = AskForm(initial=initial, conference=row, items=items, code_of=code_wanted(request, row))
    return _page(request, reading, form)


@never_cache
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """The form of a reply to a published question or comment; POST sends it."""
    reading = read_conference(conference, [])
    row = reading.conference
    parent = queries.post_or_joined(read_audience(request, row), row, public_id)
    context: dict[str, object] = {"parent": parent}
    if not queries.takes_replies(parent):
        return _page(
            request, reading, None, {**context, "closed": True}, 200 if request.method == "GET" else 409
        )
    people = AskForm(conference=row, items=items_of(row)).people
    if request.method == "POST":
        limits.take(limits.POSTS_OF_ADDRESS, limits.client_address(request))
        form = SendForm(request.POST, people=people, code_of=code_wanted(request, row))
        return _send(request, reading, form, parent=parent)
    form = SendForm(initial={"key": keys.new_key()}, people=people, code_of=code_wanted(request, row))
    return _page(request, reading, form, context)


@never_cache
@require_POST
def hints(request: HttpRequest, conference: str) -> HttpResponse:
    """The published questions that a text being typed is similar to, as a fragment.

    By POST, which writes nothing here: what is typed would be logged with an address.
    """
    reading = read_conference(conference, [])
    row = reading.conference
    limits.take_write(request, participant_of(request), limits.HINTS_OF_DEVICE, limits.HINTS_OF_ADDRESS)
    text = request.POST.get("text", "")[: services.LONGEST_TEXT]
    audience = read_audience(request, row)
    found = similar.similar_to(text, audience=audience, conference=row, least=similar.HINT)
    return render(request, "board/similar.html", {**page_context(reading), "similar": found})


def _send(
    request: HttpRequest, reading: Reading, form: SendForm, *, parent: Post | None = None
) -> HttpResponse:
    """Store what a form holds and lead to what becomes of it; or say why not, keeping what was typed."""
    row, device = reading.conference, participant_of(request)
    if not form.is_valid():
        return _page(request, reading, form, {"parent": parent}, 422)
    key, content = form.cleaned_data["key"], form.content()
    if not keys.is_spent(key) and (advice := _second_look(request, row, form, parent)):
        return _page(request, reading, form, {"parent": parent, **advice}, 422)
    if device is not None:
        limits.take(limits.POSTS_OF_DEVICE, device.pk.hex)
    try:
        sent = services.send_post(conference=row, key=key, participant=device, parent=parent, **content)
    except keys.KeyReused:
        return _page(request, reading, form, {"parent": parent}, 409)
    except services.BoardClosed:
        if parent is not None:
            return _page(request, reading, form, {"parent": parent, "closed": True}, 409)
        form.add_error("item", form.fields["item"].error_messages["invalid_choice"])
        return _page(request, reading, form, status=422)
    response = redirect(f"{reverse('me', args=[row.slug])}?sent={sent.public_id}")
    response.status_code = 303
    if sent.participant is not None:
        remember_device(response, sent.participant)
    return let_in(request, response, row, form)


def _second_look(
    request: HttpRequest, conference: Conference, form: SendForm, parent: Post | None
) -> dict[str, object]:
    """What the sender should see before the text is stored; empty when there is nothing, or they saw it already.

    Who posts without having opened the form is asked only about what is the same question beyond doubt.
    """
    text = form.cleaned_data["text"]
    item = parent.item if parent is not None else form.content()["item"]
    advice: dict[str, object] = {}
    nameless = item is not None and not item.names_speakers
    if nameless and form.cleaned_data["warned"] != SEEN and (telling := words.tells_who(text)):
        advice["telling"] = telling
    if (
        parent is None
        and form.content()["kind"] == Post.Kind.QUESTION
        and form.cleaned_data["similar"] != SEEN
    ):
        least = similar.OFFER if "similar" in request.POST else similar.SAME
        audience = read_audience(request, conference)
        if found := similar.similar_to(text, audience=audience, conference=conference, least=least):
            advice["similar"] = [{"post": post, "key": keys.new_key()} for post in found]
    return advice


def _page(
    request: HttpRequest,
    reading: Reading,
    form: SendForm | None,
    context: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, object] = {**page_context(reading), "tab": "board", "form": form, "asking": True}
    if status == 409 and form is not None:
        renew_key(request, form)
        shown["key_reused"] = True
    if isinstance(form, AskForm):
        block_id = str(form["block"].value() or "")
        nameless = [slug for slug, item in form.open_items.items() if not item.names_speakers]
        shown |= {
            "item": form.chosen_item,
            "addressee": form.addressees.get(str(form["to"].value() or "")),
            "passage": form.blocks().filter(public_id=block_id).first() if block_id else None,
            "nameless": " ".join(nameless),
        }
    template = "board/ask.html" if isinstance(form, AskForm) else "board/reply.html"
    return render(request, template, {**shown, **(context or {})}, status=status)
