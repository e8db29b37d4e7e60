"""The organiser's editor of the programme, under /<conf>/organise/."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.agenda import queries, services
from conference.agenda.forms import ItemForm
from conference.agenda.models import AgendaChange
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.clocks import conference_now
from conference.event.staff import staff_context


def index(request: HttpRequest, conference: str) -> HttpResponse:
    """The programme with its cancelled items, and what was changed last."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    items = queries.describe(queries.items_of(row), conference_now(row))
    changes = (
        AgendaChange.objects.filter(item__conference=row).select_related("item", "by").order_by("-pk")[:10]
    )
    context = {"days": queries.by_day(items, row), "changes": changes}
    return render(request, "organise/index.html", {**staff_context(row, audience), **context})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, conference: str) -> HttpResponse:
    """A new item."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = ItemForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        item = services.add_item(conference=row, by=audience.user, values=form.values(), people=form.people())
        messages.success(request, _("Added: %(title)s") % {"title": item.title})
        return redirect("organise", conference)
    context = {**staff_context(row, audience), "form": form, "item": None}
    return render(request, "organise/item_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Change an item, on the version that the form names."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    current = queries.item_of(row, item)
    form = ItemForm(request.POST or None, conference=row, instance=current)
    context = {**staff_context(row, audience), "form": form, "item": current}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_item(
                item=current, by=audience.user, version=version, values=form.values(), people=form.people()
            )
        except services.Stale as stale:
            # What was typed stays in the form; sending it again is then a decision on the present version.
            form = _on_version(form, request, stale.item.version)
            context |= {"form": form, "current": stale.item, "last": stale.change, "item": stale.item}
            return render(request, "organise/stale.html", context, status=409)
        messages.success(request, _("Saved: %(title)s") % {"title": form.cleaned_data["title"]})
        return redirect("organise", conference)
    return render(request, "organise/item_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Cancel an item or put it back: a page with one button."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    current = queries.item_of(row, item)
    context = {**staff_context(row, audience), "item": current}
    if request.method == "GET":
        return render(request, "organise/cancel.html", context)
    cancelled = request.POST.get("cancelled") == "1"
    version = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else 0
    try:
        services.cancel_item(item=current, by=audience.user, version=version, cancelled=cancelled)
    except services.Stale as stale:
        context |= {"item": stale.item, "current": stale.item, "last": stale.change}
        return render(request, "organise/stale.html", context, status=409)
    done = _("Cancelled: %(title)s") if cancelled else _("Back on the programme: %(title)s")
    messages.success(request, done % {"title": current.title})
    return redirect("organise", conference)


def _on_version(form: ItemForm, request: HttpRequest, version: int) -> ItemForm:
    data = request.POST.copy()
    data["version"] = str(version)
    form.data = data
    return form
