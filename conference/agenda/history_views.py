"""What was done to the programme, by whom; undo and redo; the releases, compared and brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.agenda import undoing
from conference.agenda.content import changed_fields
from conference.agenda.diff import differences
from conference.agenda.labels import Names, difference_lines, field_lines
from conference.agenda.records import AgendaChange, Operation, Release
from conference.agenda.staff_views import see_other
from conference.agenda.writing import NotPossible
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context

ON_A_PAGE = 40


@require_safe
def history(request: HttpRequest, conference: str) -> HttpResponse:
    """The log, newest first, and the releases."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    operations = Operation.objects.filter(conference=row).order_by("-pk")
    operations = operations.select_related("by", "by_link__room", "by_link__person")
    page = Paginator(operations, ON_A_PAGE).get_page(request.GET.get("page"))
    _with_lines(row, list(page.object_list))
    context = {
        "page": page,
        "releases": row.releases.select_related("by").order_by("-number"),
        "undoable": undoing.next_undo(row),
        "redoable": undoing.next_redo(row),
    }
    return render(request, "organise/history.html", {**staff_context(row, audience), **context})


def _with_lines(conference: Conference, operations: list[Operation]) -> None:
    """Give each operation what it changed, in words, and whether it can be taken back by itself."""
    names = Names(conference)
    changes = AgendaChange.objects.filter(operation__in=operations).select_related("draft").order_by("pk")
    by_operation: dict[int, list[dict[str, Any]]] = {operation.pk: [] for operation in operations}
    for change in changes:
        fields = changed_fields(change.before, change.after) if change.before else []
        settled = not change.before and change.draft.item_id is not None
        line = {
            "settled": settled,
            "draft": change.draft,
            "title": change.after.get("title", ""),
            "fields": field_lines(names, change.before, change.after, fields),
        }
        by_operation[change.operation_id].append(line)
    standing = {step.tail for step in undoing.steps(conference) if step.holds}
    for operation in operations:
        operation.lines = by_operation[operation.pk]  # type: ignore[attr-defined]
        settled = any(line["settled"] for line in by_operation[operation.pk])
        operation.stands = operation.pk in standing and not settled  # type: ignore[attr-defined]


@require_POST
def undo(request: HttpRequest, conference: str) -> HttpResponse:
    """Take back the operation that the form names; what was undone is done again in the same way."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    typed = request.POST.get("operation", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 18):
        raise Http404
    operation = get_object_or_404(Operation, conference=row, pk=int(typed))
    try:
        done = undoing.undo(operation=operation, by=audience.user)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        redone = done.kind == Operation.Kind.REDO
        messages.success(request, _("Done again.") if redone else _("Undone."))
    return see_other(_place(request), conference)


def _place(request: HttpRequest) -> str:
    """Where the button stood: the list, the timetable, the day or the history."""
    wanted = request.POST.get("back", "")
    return wanted if wanted in ("organise", "organise-timetable", "organise-day") else "organise-history"


@require_safe
def release(request: HttpRequest, conference: str, number: int) -> HttpResponse:
    """One release: what it changed against the one before, or against any other (`?with=`)."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Release, conference=row, number=number)
    typed = request.GET.get("with", "")
    known = list(row.releases.order_by("-number").values_list("number", flat=True))
    wanted = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else number - 1
    other = Release.objects.filter(conference=row, number=wanted).first()
    earlier, later = sorted([found, other], key=lambda each: each.number) if other else (None, found)
    lines = difference_lines(Names(row), differences(earlier.items if earlier else {}, later.items))
    context = {"release": found, "earlier": earlier, "later": later, "changes": lines, "numbers": known}
    return render(request, "organise/release.html", {**staff_context(row, audience), **context})


@require_POST
def restore(request: HttpRequest, conference: str, number: int) -> HttpResponse:
    """Make an old release the draft again."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Release, conference=row, number=number)
    try:
        undoing.restore(release=found, by=audience.user)
    except NotPossible as refusal:
        messages.info(request, str(refusal))
        return see_other("organise-history", conference)
    text = _("The draft is release %(number)d again. Publish it for the public to have it too.")
    messages.success(request, text % {"number": number})
    return see_other("organise-publish", conference)
