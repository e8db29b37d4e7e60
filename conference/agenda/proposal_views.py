"""The organiser decides on what speakers propose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.agenda import directory_views, proposals
from conference.agenda.proposal_models import PersonProposal
from conference.agenda.staff_views import see_other, version_in
from conference.event.access import ORGANISER_ROLES, staff_conference

STEPS = {
    "take": PersonProposal.State.TAKEN,
    "leave": PersonProposal.State.LEFT,
    "undo": PersonProposal.State.WAITING,
}


@require_POST
def decide(request: HttpRequest, conference: str, person: str, number: int) -> HttpResponse:
    """Take a proposal over, leave it, or undo that; a stale page is shown again as it is now."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(PersonProposal, person__conference=row, person__slug=person, number=number)
    seen = request.POST.get("person_version", "")
    try:
        proposals.decide(
            proposal=found,
            by=audience.user,
            to=STEPS.get(request.POST.get("what", ""), found.state),
            version=version_in(request),
            person_version=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0,
        )
    except proposals.Stale:
        text = _("Somebody changed this meanwhile. Look again.")
        return directory_views.person_page(request, row, audience, found.person, refusal=text, status=409)
    return see_other("organise-person", conference, person)
