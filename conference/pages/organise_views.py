"""The organiser's pages that join features: practical information, and what is printed for the tables and doors."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from conference.event import practical
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.forms import PracticalForm
from conference.event.models import Conference, Room
from conference.event.staff import staff_context

BADGES_ON_A_PAGE = 8


@require_http_methods(["GET", "POST"])
def edit_practical(request: HttpRequest, conference: str) -> HttpResponse:
    """Practical information: at once on every page."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    stored = Conference.objects.get(pk=row.pk)
    form = PracticalForm(request.POST or None, instance=row)
    context = {**staff_context(stored, audience), "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            practical.change_practical(
                conference=stored, by=audience.user, seen=form.cleaned_data["version"], values=form.values()
            )
        except practical.Stale as stale:
            # What was typed stays; sent again it is a decision on the present version.
            data = request.POST.copy()
            data["version"] = practical.version(stale.conference)
            again = PracticalForm(data, instance=row)
            theirs = [
                (again.fields[name].label, getattr(stale.conference, name))
                for name in practical.FIELDS
                if getattr(stale.conference, name) != data.get(name, "")
            ]
            context |= {"form": again, "change": stale.change, "theirs": theirs}
            return render(request, "organise/practical.html", context, status=409)
        messages.success(request, _("Saved. It is on every page now."))
        return redirect("organise-practical", conference)
    return render(request, "organise/practical.html", context, status=422 if form.errors else 200)


@require_GET
def print_sheets(request: HttpRequest, conference: str) -> HttpResponse:
    """Poster, table tents and backs of badges with their codes, one page each, ready for the printer."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    home = settings.BASE_URL + reverse("home", args=[row.slug])
    rooms = [
        {"room": room, "address": settings.BASE_URL + reverse("room", args=[row.slug, room.slug])}
        for room in Room.objects.filter(conference=row).order_by("pk")
    ]
    context = {
        "address": home,
        "ask": settings.BASE_URL + reverse("ask", args=[row.slug]),
        "rooms": rooms,
        "badges": range(BADGES_ON_A_PAGE),
    }
    return render(request, "organise/print.html", {**staff_context(row, audience), **context})
