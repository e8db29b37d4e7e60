"""The page for 08:30."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.staff import staff_context
from conference.pages import preflight


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, conference: str) -> HttpResponse:
    """Everything that has to be right; POST sends one test question through and away again."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    if request.method == "POST":
        if preflight.send_test_question(conference=row, by=audience.user, roles=audience.roles):
            messages.success(request, _("A test question went all the way and is gone again."))
        else:
            messages.error(request, _("The test question did not arrive where the public reads."))
        response = redirect("organise-preflight", conference)
        response.status_code = 303
        return response
    findings = preflight.look(row)
    context = {
        "findings": findings,
        "all_well": all(finding.state == preflight.GOOD for finding in findings),
        "address": settings.BASE_URL + reverse("home", args=[row.slug]),
    }
    return render(request, "organise/preflight.html", {**staff_context(row, audience), **context})


@require_safe
def code(request: HttpRequest, conference: str) -> HttpResponse:
    """The QR code of the conference's home as a picture, to be tried with a phone."""
    row, _audience = staff_conference(request, conference, ORGANISER_ROLES)
    address = settings.BASE_URL + reverse("home", args=[row.slug])
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    head = (
        drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) if "xmlns" not in drawn else drawn
    )
    return HttpResponse(head, content_type="image/svg+xml")
