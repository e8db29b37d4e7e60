"""What every staff page shows around its content."""

from typing import Any

from django.urls import reverse

from conference.event.access import DESK_ROLES, ORGANISER_ROLES, Audience
from conference.event.clocks import conference_now
from conference.event.models import Conference


def staff_context(conference: Conference, audience: Audience) -> dict[str, Any]:
    """The conference, what its staff navigation may offer, and the conference's clock."""
    home = reverse("home", args=[conference.slug])
    return {
        "conference": conference,
        "demonstration": conference.demonstration,
        "audience": audience.name,
        "home": home,
        "prefix": home,
        "roles": audience.roles,
        "may_moderate": bool(audience.roles & DESK_ROLES),
        "may_organise": bool(audience.roles & ORGANISER_ROLES),
        "now": conference_now(conference),
    }
