"""The day itself, from a phone: late, started, ended, announced."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda import announcing, day, drafts, queries, shift, undoing
from conference.agenda.day_forms import AnnounceForm, LateForm
from conference.agenda.models import AgendaItem
from conference.agenda.records import Announcement, Operation
from conference.agenda.staff_views import see_other
from conference.agenda.writing import NotPossible
from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.clocks import conference_now
from conference.event.models import Conference
from conference.event.staff import staff_context

STEPS = (5, 10, 15, 20, 30, 45)


@never_cache
def today(request: HttpRequest, conference: str) -> HttpResponse:
    """What runs and what comes, with one button for each thing that happens."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    return _today(request, row, audience, AnnounceForm())


def _today(
    request: HttpRequest, conference: Conference, audience: Staff, form: AnnounceForm, status: int = 200
) -> HttpResponse:
    moment = conference_now(conference)
    items = queries.describe(day.items_of_day(conference, moment.date()), moment)
    running, coming = queries.now_and_next(items, moment)
    movable = {slot.slug for slot in day.slots(items, moment)}
    undoable = undoing.next_undo(conference)
    context = {
        "items": items,
        "running": running,
        "coming": coming,
        # From where the delay counts: what runs, otherwise what comes next.
        "here": next((item for item in [*running, *coming] if item.slug in movable), None),
        "steps": STEPS,
        "announced": announcing.current(conference),
        "form": form,
        # Only what was done on the day: the draft has its own button.
        "undoable": undoable if undoable and _of_the_day(undoable) else None,
        "redoable": undoing.next_redo(conference),
        "back": "organise-day",
    }
    page = {**staff_context(conference, audience), **context}
    return render(request, "organise/day.html", page, status=status)


def _of_the_day(operation: Operation) -> bool:
    while operation.undoes is not None:
        operation = operation.undoes
    return operation.kind == Operation.Kind.DAY


@never_cache
@require_http_methods(["GET", "POST"])
def late(request: HttpRequest, conference: str) -> HttpResponse:
    """What a delay would move and what it keeps; POST says it on every phone."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = LateForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    data, refusal, status = form.cleaned_data, "", 200
    if request.method == "POST":
        try:
            day.run_late(
                conference=row,
                by=audience.user,
                first=data["first"],
                minutes=data["minutes"],
                room=data["room"] or None,
                word=data["word"],
                seen=data["seen"],
            )
        except NotPossible as error:
            refusal, status = str(error), 409
        except day.WordMissing:
            refusal, status = (
                _("Something would begin earlier than people were told. Tell them in a word."),
                422,
            )
        else:
            messages.success(request, _("On every phone."))
            return see_other("organise-day", conference)
    context = {"form": form, "refusal": refusal, **_preview(row, data)}
    return render(request, "organise/late.html", {**staff_context(row, audience), **context}, status=status)


def _preview(conference: Conference, data: dict[str, Any]) -> dict[str, Any]:
    moment = conference_now(conference)
    items = day.items_of_day(conference, moment.date())
    found = day.slots(items, moment)
    if data["first"] not in {slot.slug for slot in found}:
        raise Http404
    moves = shift.late(found, data["first"], data["minutes"], data["room"] or None)
    by_slug = {item.slug: item for item in items}
    first = by_slug[data["first"]]
    return {
        "moves": [{"item": by_slug[move.slug], "to": move} for move in moves],
        "first": first,
        "minutes": data["minutes"],
        "room": first.room if data["room"] else None,
        "may_narrow": bool(first.room) and len({slot.room for slot in found if slot.room}) > 1,
        "earlier": bool(shift.earlier(found, moves)),
        "seen": drafts.newest_operation(conference),
        "word": data["word"],
    }


@require_POST
def mark(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """An item begins now, or has ended now."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(AgendaItem, conference=row, slug=item)
    found.conference = row
    service = day.end_item if request.POST.get("what") == "end" else day.start_item
    if service(item=found, by=audience.user) is not None:
        messages.success(request, _("On every phone."))
    return see_other("organise-day", conference)


@require_POST
def announce(request: HttpRequest, conference: str) -> HttpResponse:
    """A sentence to all phones."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = AnnounceForm(request.POST)
    if not form.is_valid():
        return _today(request, row, audience, form, status=422)
    announcing.announce(conference=row, by=audience.user, **form.cleaned_data)
    messages.success(request, _("On every phone."))
    return see_other("organise-day", conference)


@require_POST
def take_back(request: HttpRequest, conference: str, number: int) -> HttpResponse:
    """An announcement is shown no more."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Announcement, conference=row, pk=number)
    announcing.take_back(announcement=found, by=audience.user)
    return see_other("organise-day", conference)
