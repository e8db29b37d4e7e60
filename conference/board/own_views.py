"""What became of what a device sent: the trail, changing and taking back, and carrying it to another device."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.board import answering, editing, keys, queries, services, trail, votes, words
from conference.board.entering import read_audience, renew_key
from conference.board.forms import SEEN, EditForm
from conference.event import limits
from conference.event.access import (
    Audience,
    carry_token,
    participant_carried,
    participant_of,
    remember_device,
)
from conference.event.models import Conference, Participant
from conference.live.reading import page_context, read_conference


@never_cache
def me(request: HttpRequest, conference: str) -> HttpResponse:
    """What became of what this device sent; as a fragment for the script, as a page otherwise."""
    reading = read_conference(conference, [])
    device = participant_of(request)
    sent = trail.trail_of(device, reading.conference) if device else []
    answering.put_answers(read_audience(request, reading.conference), reading.conference, sent)
    just_sent = request.GET.get("sent", "")
    context = {
        **page_context(reading),
        "tab": "",
        "live": True,
        "posts": sent,
        "voted": votes.voted_of(device, reading.conference) if device else [],
        "sent": just_sent,
        "sent_post": next((post for post in sent if post.public_id == just_sent), None),
    }
    if request.headers.get("HX-Request"):
        return render(request, "board/me.html#fragment", context)
    if device is not None:
        context |= _private_link(device, reading.conference)
    return render(request, "board/me.html", context)


def _private_link(device: Participant, conference: Conference) -> dict[str, str]:
    """The address that carries a device's trail, and a letter to oneself with it: no address of a person is stored."""
    # In the query: paths are what logs keep.
    address = f"{settings.BASE_URL}{reverse('carry', args=[conference.slug])}?token={carry_token(device)}"
    subject = _("My questions: %(conference)s") % {"conference": conference.title}
    text = _("Open this on the other device within three days. It is as good as your key: do not pass it on.")
    letter = f"{text}\n\n{address}\n"
    return {
        "carry_address": address,
        "mailto": f"mailto:?subject={quote(subject)}&body={quote(letter)}",
    }


@never_cache
@require_http_methods(["GET", "POST"])
def carry(request: HttpRequest, conference: str) -> HttpResponse:
    """What a private link opens: a page with one button, since mail scanners follow links; POST makes this device the
    same as the one that the link came from.
    """
    reading = read_conference(conference, [])
    device, here = participant_carried(request.GET.get("token", "")), participant_of(request)
    context = {**page_context(reading), "tab": "", "good": device is not None}
    if request.method == "POST" and device is not None:
        response = redirect("me", conference)
        response.status_code = 303
        remember_device(response, device)
        return response
    if here is not None and here != device:
        context["left_behind"] = bool(queries.posts_of(here, reading.conference))
    return render(request, "board/carry.html", context, status=200 if device is not None else 410)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """The text of one's own post to be changed; POST changes it or proposes the change."""
    reading = read_conference(conference, [])
    device = participant_of(request)
    found = queries.post_for(Audience(participant=device), reading.conference, public_id)
    context = {**page_context(reading), "tab": "board", "post": found}
    if device is None or found.participant_id != device.pk or not editing.may_edit(found):
        status = 200 if request.method == "GET" else 409
        return render(request, "board/edit.html", {**context, "closed": True}, status=status)
    if request.method == "GET":
        form = EditForm(initial={"key": keys.new_key(), "text": found.proposed_text or found.text})
        return render(request, "board/edit.html", {**context, "form": form})
    limits.take_write(request, device, limits.POSTS_OF_DEVICE, limits.POSTS_OF_ADDRESS)
    form = EditForm(request.POST)
    if not form.is_valid():
        return render(request, "board/edit.html", {**context, "form": form}, status=422)
    text = form.cleaned_data["text"].strip()
    nameless = found.item is not None and not found.item.names_speakers
    if nameless and form.cleaned_data["warned"] != SEEN and (telling := words.tells_who(text)):
        return render(request, "board/edit.html", {**context, "form": form, "telling": telling}, status=422)
    try:
        editing.edit_own(post=found, participant=device, text=text, key=form.cleaned_data["key"])
    except keys.KeyReused:
        renew_key(request, form)
        context |= {"form": form, "key_reused": True}
        return render(request, "board/edit.html", context, status=409)
    except services.NotAllowed:
        context |= {"closed": True, "typed": text}
        return render(request, "board/edit.html", context, status=409)
    response = redirect("me", conference)
    response.status_code = 303
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
