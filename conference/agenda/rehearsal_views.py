"""The organiser's page of rehearsals: start one, set its clock, throw it away."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda import rehearsal
from conference.agenda.forms import moment
from conference.agenda.staff_views import see_other
from conference.agenda.writing import NotPossible
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.clocks import conference_now
from conference.event.models import Conference
from conference.event.staff import staff_context


class ClockForm(forms.Form):
    """The time of day from which a rehearsal goes on."""

    clock = forms.TimeField()


@require_http_methods(["GET", "POST"])
def rehearsals(request: HttpRequest, conference: str) -> HttpResponse:
    """What stands, and the button for a new one."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    if request.method == "POST":
        try:
            rehearsal.start(conference=row, by=audience.user)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        return see_other("organise-rehearsal", conference)
    found = rehearsal.rehearsals_of(row)
    for each in found:
        home = reverse("home", args=[each.slug])
        each.address = settings.BASE_URL + home
        each.home = home  # type: ignore[attr-defined]
        each.clock = conference_now(each)  # type: ignore[attr-defined]
    page = {**staff_context(row, audience), "rehearsals": found}
    return render(request, "organise/rehearsal.html", page)


@require_POST
def change(request: HttpRequest, conference: str, slug: str) -> HttpResponse:
    """Set the clock of a rehearsal, or throw it away."""
    row, _audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Conference, rehearsal_of=row, slug=slug)
    form = ClockForm(request.POST)
    if request.POST.get("what") == "throw":
        rehearsal.throw_away(rehearsal=found)
        messages.success(request, _("The rehearsal is gone, with everything that was written in it."))
    elif form.is_valid():
        today: datetime = conference_now(found)
        rehearsal.set_clock(rehearsal=found, moment=moment(found, today.date(), form.cleaned_data["clock"]))
    else:
        messages.error(request, _("This is no time of day."))
    return see_other("organise-rehearsal", conference)
