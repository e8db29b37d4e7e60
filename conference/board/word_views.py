"""The desk's side of the words between it and the panel chairs; and closing a session from the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda.models import AgendaItem
from conference.board import closing, keys, stage_messages
from conference.board.models import StageMessage
from conference.event.access import DESK_ROLES, staff_conference
from conference.event.models import Conference, Room
from conference.event.staff import staff_context


def words_context(conference: Conference) -> dict[str, Any]:
    """What `stage/desk_messages.html` asks for (two queries)."""
    return {
        "stage_messages": stage_messages.open_messages(conference),
        "stage_rooms": list(Room.objects.filter(conference=conference).order_by("name")),
        "stage_key": keys.new_key(),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, conference: str) -> HttpResponse:
    """What nobody has acknowledged yet, for the desk's script; POST says a word to a chair, or that one was read."""
    row, staff = staff_conference(request, conference, DESK_ROLES)
    if request.method == "POST":
        if read := request.POST.get("read", ""):
            number = int(read) if read.isdecimal() and len(read) < 10 else 0
            found = StageMessage.objects.filter(conference=row, pk=number).first()
            if found is None:
                raise Http404
            stage_messages.acknowledge(message=found, roles=staff.roles)
        else:
            _say(request, row, staff.user, staff.roles)
        if not request.headers.get("HX-Request"):
            return _to_the_desk(request, conference)
    context = {**staff_context(row, staff), **words_context(row)}
    return render(request, "stage/desk_messages.html", context)


def _say(request: HttpRequest, row: Conference, user: Any, roles: frozenset[str]) -> None:
    room = Room.objects.filter(conference=row, slug=request.POST.get("room", "")).first()
    if room is None:
        raise Http404
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    if keys.parsed(key) is None:
        messages.error(request, _("This form is damaged. Open it again."))
        return
    try:
        stage_messages.send_message(room=room, key=key, to_chair=True, by=user, roles=roles, text=text)
    except stage_messages.SaysNothing:
        messages.error(request, _("Please write a word first."))
    except stage_messages.NotAllowed:
        messages.error(request, _("This step is not possible from here."))


@require_POST
def close(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Close a session's board, what was not reached goes to the speaker; or open it again."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    found = AgendaItem.objects.filter(conference=row, slug=item).first()
    if found is None:
        raise Http404
    if request.POST.get("reopen"):
        closing.reopen_session(item=found, by=audience.user, roles=audience.roles)
        messages.success(request, _("Open again. Every question is back where it was."))
        return _to_the_desk(request, conference)
    answered = request.POST.get("live") == "answered"
    passed_on = closing.close_session(
        item=found, by=audience.user, roles=audience.roles, live_answered=answered
    )
    text = ngettext(
        "Closed. %(count)s question goes to the speaker for a written answer.",
        "Closed. %(count)s questions go to the speaker for a written answer.",
        passed_on,
    )
    messages.success(request, text % {"count": passed_on})
    return _to_the_desk(request, conference)


def _to_the_desk(request: HttpRequest, conference: str) -> HttpResponse:
    item = request.POST.get("item_filter", "")
    query = f"?item={item}" if item and item.replace("-", "").isalnum() else ""
    response = redirect(reverse("moderate", args=[conference]) + query)
    response.status_code = 303
    return response
