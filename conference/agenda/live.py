"""What the programme tells the live part."""

from typing import Any

from conference.agenda.drafts import unpublished
from conference.agenda.following import FILTERS
from conference.agenda.materials import MOST_BYTES
from conference.agenda.queries import next_boundary_wall
from conference.event.models import CONFERENCE_PATTERN, Conference
from conference.event.staff import ORGANISER_FACTS
from conference.live.registry import (
    CachedRoute,
    register_boundary,
    register_fragment,
    register_pages,
    register_upload,
)
from conference.live.topics import HALL

SLUG = r"[a-z0-9-]+"


def register() -> None:
    """Cached pages of the programme, the fragment of now and next, and its boundaries."""
    filters = frozenset(FILTERS)
    for route, params in ((r"/agenda/", filters), (rf"/agenda/{SLUG}/", frozenset[str]())):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{route}", params)])
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}/hall{route}", params, audience=HALL)])
    # Not agenda.ics: its address may choose sessions, in more ways than anything could keep (see `feeds`).
    files = r"agenda\.csv|agenda\.xlsx|schedule\.json|schedule\.xml|changes\.atom"
    for route in (rf"/(?:{files})", rf"/agenda/{SLUG}\.ics", rf"/rooms/{SLUG}/"):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{route}")])
    register_fragment("agenda", _now_address)
    register_upload(rf"/{CONFERENCE_PATTERN}/organise/(people|items)/.*", MOST_BYTES + (1 << 20))
    register_upload(rf"/{CONFERENCE_PATTERN}/speaker/{SLUG}/materials/", MOST_BYTES + (1 << 20))
    register_fragment("notice", _notices_address)
    register_boundary(next_boundary_wall)
    ORGANISER_FACTS.append(_facts)


def _now_address(conference_slug: str, subject: str, audience: str) -> str:
    return f"/{conference_slug}/{'hall/' if audience == HALL else ''}agenda/now/"


def _notices_address(conference_slug: str, subject: str, audience: str) -> str:
    return f"/{conference_slug}/{'hall/' if audience == HALL else ''}agenda/notices/"


def _facts(conference: Conference) -> dict[str, Any]:
    """What stands on every organiser's page."""
    return {"not_public_yet": unpublished(conference)}
