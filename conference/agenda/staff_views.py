"""The organiser's editor of the programme: the draft as a list, and one item of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.agenda import drafts, publishing, services, undoing
from conference.agenda.content import clashes, complete
from conference.agenda.findings import problems_of
from conference.agenda.forms import ItemForm
from conference.agenda.labels import FIELDS, Names
from conference.agenda.records import DraftItem
from conference.agenda.writing import as_content
from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context


def index(request: HttpRequest, conference: str) -> HttpResponse:
    """The draft as a list, with its cancelled items: where organisers start."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found, rooms = drafts.drafts_of(row), dict(row.rooms.values_list("slug", "name"))
    for draft in found:
        draft.room_name = rooms.get(draft.content["room"], "")  # type: ignore[attr-defined]
    context = {
        "days": drafts.drafts_by_day(found, row),
        "undoable": undoing.next_undo(row),
        "redoable": undoing.next_redo(row),
        "back": "organise",
        **problems_of(row, found),
    }
    return render(request, "organise/index.html", {**staff_context(row, audience), **context})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, conference: str) -> HttpResponse:
    """A new item of the draft."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = ItemForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        item = services.add_item(conference=row, by=audience.user, values=form.values(), people=form.people())
        messages.success(request, _("Added to the draft: %(title)s") % {"title": item.title})
        return see_other("organise", conference)
    context = {**staff_context(row, audience), "form": form, "item": None}
    return render(
        request, "organise/item_form.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Change an item, on the version that the form names."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    current = drafts.draft_of(row, item)
    form = ItemForm(request.POST or None, conference=row, content=current.content, version=current.version)
    context = {**staff_context(row, audience), "form": form, "item": current}
    if request.method == "GET" or not form.is_valid():
        return render(request, "organise/item_form.html", context, status=422 if form.is_bound else 200)
    version, values = form.cleaned_data["version"], as_content(form.values(), form.people(), row)
    if taken := [name for name in FIELDS if request.POST.get(f"take-{name}") == "theirs"]:
        values = {name: value for name, value in values.items() if name not in taken}
    try:
        saved = services.edit_item(item=current, by=audience.user, version=version, values=values)
    except services.Stale as stale:
        return _stale(request, row, audience, stale, version, values)
    if request.POST.get("then") == "publish":
        _publish_now(request, row, audience, saved)
    else:
        messages.success(request, _("Saved: %(title)s") % {"title": saved.title})
    return see_other("organise", conference)


def _publish_now(request: HttpRequest, conference: Conference, audience: Staff, item: DraftItem) -> None:
    """A single change goes out at once; where the checks forbid it, it stays saved in the draft."""
    title = {"title": item.title}
    try:
        publishing.publish(conference=conference, by=audience.user, only=[item.slug])
    except publishing.Blocked:
        messages.error(request, _("Saved, but not published, since there is an error: %(title)s") % title)
    except publishing.NothingToPublish:
        messages.info(request, _("Saved; the public has it already: %(title)s") % title)
    else:
        messages.success(request, _("Saved and on every phone: %(title)s") % title)


def _stale(
    request: HttpRequest,
    conference: Conference,
    audience: Staff,
    stale: services.Stale,
    version: int,
    values: dict[str, Any],
) -> HttpResponse:
    """Both versions side by side: one chooses field by field, and nothing was written yet."""
    theirs = drafts.content_now(stale.item)
    base = drafts.content_at(stale.item, version) or theirs
    names, found = Names(conference), clashes(base, theirs, complete({**theirs, **values}))
    lines = [
        {
            "name": clash.name,
            "label": FIELDS[clash.name],
            "theirs": names.value(clash.name, {clash.name: clash.theirs}),
            "mine": names.value(clash.name, {clash.name: clash.mine}),
            # Who alone touched a field is right about it; where both did, somebody has to choose.
            "chosen": "theirs" if clash.only_theirs else "mine" if clash.only_mine else "",
        }
        for clash in found
    ]
    kept = [
        (name, value)
        for name, listed in request.POST.lists()
        for value in listed
        if name not in ("csrfmiddlewaretoken", "version") and not name.startswith("take-")
    ]
    context = {"item": stale.item, "last": stale.change, "lines": lines, "kept": kept}
    return render(
        request, "organise/stale.html", {**staff_context(conference, audience), **context}, status=409
    )


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Cancel an item or put it back, at once: a page with one button."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    current = drafts.draft_of(row, item)
    context = {**staff_context(row, audience), "item": current}
    if request.method == "GET":
        return render(request, "organise/cancel.html", context)
    cancelled = request.POST.get("cancelled") == "1"
    try:
        services.cancel_item(item=current, by=audience.user, version=version_in(request), cancelled=cancelled)
    except services.Stale as stale:
        context |= {"item": drafts.draft_of(row, item), "last": stale.change}
        return render(request, "organise/cancel.html", context, status=409)
    done = _("Cancelled: %(title)s") if cancelled else _("Back on the programme: %(title)s")
    messages.success(request, done % {"title": current.title})
    return see_other("organise", conference)


def version_in(request: HttpRequest) -> int:
    """The version that a form of one button names; 0, which no item has, for nonsense."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def see_other(name: str, *args: str) -> HttpResponse:
    """303: the answer to a form is a page of its own."""
    response = redirect(name, *args)
    response.status_code = 303
    return response
