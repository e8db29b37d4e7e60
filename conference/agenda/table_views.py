"""The timetable of a day: columns are rooms. Everything in it works by mouse, by keyboard and by form."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.agenda import drafts, moving, services, undoing
from conference.agenda.findings import problems_of
from conference.agenda.records import DraftItem
from conference.agenda.staff_views import see_other
from conference.agenda.table_forms import BlockForm, MoveItemForm, QuickForm, TakeOverForm
from conference.agenda.writing import NotPossible
from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.models import Conference, Role
from conference.event.staff import staff_context


@never_cache
@require_safe
def timetable(request: HttpRequest, conference: str) -> HttpResponse:
    """One day of the draft."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    return _page(request, row, audience)


def _page(
    request: HttpRequest,
    conference: Conference,
    audience: Staff,
    *,
    quick: QuickForm | None = None,
    block: BlockForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = drafts.drafts_of(conference)
    days = _days(conference, found)
    typed = request.POST.get("day") if quick is not None else request.GET.get("day")
    day = next((each for each in days if each.isoformat() == typed), days[0])
    here = [draft for draft in found if draft.start.astimezone(conference.zone).date() == day]
    last = max((draft.end for draft in here), default=None)
    starts = last.astimezone(conference.zone).time() if last else None
    seen = drafts.newest_operation(conference)
    slugs = [draft.slug for draft in found]
    quick = quick or QuickForm(conference=conference, initial={"day": day, "start": starts})
    block = block or BlockForm(conference=conference, slugs=slugs, initial={"seen": seen})
    context = {
        "days": days,
        "day": day,
        "columns": _columns(conference, here),
        "seen": seen,
        "quick": quick,
        "block_form": block,
        "undoable": undoing.next_undo(conference),
        "redoable": undoing.next_redo(conference),
        "back": "organise-timetable",
        "added": "added" in request.GET,
        **problems_of(conference, found),
    }
    page = {**staff_context(conference, audience), **context}
    return render(request, "organise/timetable.html", page, status=status)


def _days(conference: Conference, found: list[DraftItem]) -> list[date]:
    """The days of the conference, and others that hold items by mistake."""
    length = (conference.ends_on - conference.starts_on).days
    days = {conference.starts_on + timedelta(days=number) for number in range(min(length, 30) + 1)}
    return sorted(days | {draft.start.astimezone(conference.zone).date() for draft in found})


def _columns(conference: Conference, here: list[DraftItem]) -> list[dict[str, Any]]:
    rooms = list(conference.rooms.order_by("pk").values_list("slug", "name"))
    columns = [{"slug": slug, "name": name, "items": []} for slug, name in [("", _("No room")), *rooms]]
    by_slug: dict[str, dict[str, Any]] = {str(column["slug"]): column for column in columns}
    for draft in here:
        by_slug.get(draft.content["room"], columns[0])["items"].append(draft)
    return columns


@require_POST
def move(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """One item to other times or another room: from the script (JSON) and from its small form."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = drafts.draft_of(row, item)
    form = MoveItemForm(request.POST, conference=row)
    by_script = request.headers.get("Accept") == "application/json"
    refusal, status = _("These times cannot be read. Look at what is marked."), 422
    if form.is_valid():
        try:
            moved = moving.move_item(item=found, by=audience.user, **form.values())
        except services.Stale as stale:
            who = stale.change.operation.maker if stale.change else "—"
            refusal, status = (
                _("Meanwhile %(who)s changed this item. Nothing of yours was saved.") % {"who": who},
                409,
            )
        except NotPossible as error:
            refusal, status = str(error), 409
        else:
            if not by_script:
                return _back(row, form.cleaned_data["day"])
            versions = {each.slug: each.version for each in moved}
            return JsonResponse({"versions": versions, "seen": drafts.newest_operation(row)})
    if by_script:
        return JsonResponse({"refusal": refusal}, status=status)
    messages.error(request, refusal)
    return _page(request, row, audience, status=status)


@require_POST
def block(request: HttpRequest, conference: str) -> HttpResponse:
    """Several items to another time, room or day."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = BlockForm(request.POST, conference=row, slugs=[draft.slug for draft in drafts.drafts_of(row)])
    if not form.is_valid():
        messages.error(request, _("Choose what to move, and where to."))
        return _page(request, row, audience, block=form, status=422)
    try:
        moved = moving.move_block(conference=row, by=audience.user, **form.values())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return _page(request, row, audience, status=409)
    text = ngettext("%(n)d item moved.", "%(n)d items moved.", len(moved)) % {"n": len(moved)}
    messages.success(request, text)
    return _back(row, moved[0].start.astimezone(row.zone).date())


@require_POST
def quick(request: HttpRequest, conference: str) -> HttpResponse:
    """A new item in one line; the keyboard is ready for the next."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = QuickForm(request.POST, conference=row)
    if not form.is_valid():
        return _page(request, row, audience, quick=form, status=422)
    services.add_item(conference=row, by=audience.user, values=form.values(), people=[])
    return _back(row, form.cleaned_data["day"], added=True)


@require_POST
def duplicate(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """A copy right after an item."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    copy = moving.duplicate(item=drafts.draft_of(row, item), by=audience.user)
    messages.success(request, _("Duplicated: %(title)s") % {"title": copy.title})
    return see_other("organise-edit", conference, copy.slug)


@require_http_methods(["GET", "POST"])
def take_over(request: HttpRequest, conference: str) -> HttpResponse:
    """Start from another conference that one organises too."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    mine = Conference.objects.filter(memberships__user=audience.user, memberships__role=Role.ORGANISER)
    sources = list(mine.exclude(pk=row.pk).order_by("-starts_on", "-pk"))
    form = TakeOverForm(request.POST or None, sources=sources)
    status = 200
    if request.method == "POST" and form.is_valid():
        source = next(each for each in sources if each.slug == form.cleaned_data["source"])
        people = form.cleaned_data["with_people"]
        try:
            taken = moving.take_over(source=source, target=row, by=audience.user, with_people=people)
        except NotPossible as refusal:
            form.add_error("source", str(refusal))
        else:
            text = ngettext("%(n)d item taken over.", "%(n)d items taken over.", len(taken)) % {
                "n": len(taken)
            }
            messages.success(request, text)
            return see_other("organise", conference)
    if request.method == "POST":
        status = 422
    context = {"form": form, "sources": sources}
    return render(
        request, "organise/take_over.html", {**staff_context(row, audience), **context}, status=status
    )


def _back(conference: Conference, day: date, *, added: bool = False) -> HttpResponse:
    query = f"?day={day.isoformat()}{'&added=1' if added else ''}"
    response = redirect(reverse("organise-timetable", args=[conference.slug]) + query)
    response.status_code = 303
    return response
