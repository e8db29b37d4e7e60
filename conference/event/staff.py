"""What every staff page shows around its content."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from conference.event.access import DESK_ROLES, ORGANISER_ROLES, Audience
from conference.event.clocks import conference_now
from conference.event.models import Conference

# Features above add what every organiser's page shows ("3 changes not public yet").
ORGANISER_FACTS: list[Callable[[Conference], dict[str, Any]]] = []


def staff_context(conference: Conference, audience: Audience) -> dict[str, Any]:
    """The conference, what its staff navigation may offer, and the conference's clock."""
    home = reverse("home", args=[conference.slug])
    may_organise = bool(audience.roles & ORGANISER_ROLES)
    facts: dict[str, Any] = {}
    for of_feature in ORGANISER_FACTS if may_organise else ():
        facts |= of_feature(conference)
    return {
        **facts,
        "conference": conference,
        "demonstration": conference.demonstration,
        "audience": audience.name,
        "home": home,
        "prefix": home,
        "roles": audience.roles,
        "may_moderate": bool(audience.roles & DESK_ROLES),
        "may_organise": may_organise,
        "now": conference_now(conference),
    }
