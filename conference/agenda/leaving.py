"""What of the programme may leave the house, and who may be named there.

Calendars, schedules, spreadsheets and feeds are copied on and never called back. So a session for those present only
is in none of them, and one under the Chatham House rule is there without names.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from conference.agenda.importing import Item, Someone
from conference.agenda.models import AgendaItem, Attribution
from conference.event.models import Conference

# The namespace of our identifiers: they hold across exports, hosts and restored databases.
SPACE = uuid.UUID("0a3f5a62-6a0d-4c2e-9a0b-6f2a1d6a7c11")


def leaving(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The items that an export may list, cancelled ones included."""
    return [item for item in items if item.attribution != Attribution.THOSE_PRESENT]


def guid(conference: Conference, kind: str, slug: str) -> str:
    """The identifier of an item, a room or a person: the same in every export."""
    return str(uuid.uuid5(SPACE, f"{conference.slug}/{kind}/{slug}"))


def named(item: AgendaItem) -> list[Someone]:
    """Who appears in an item, as an export may say it: nobody under the Chatham House rule.

    Whoever is not coming is not among them; a replacement stands in their place.
    """
    if not item.names_speakers:
        return []
    found = []
    for each in item.appearances.all():
        person = each.person
        if each.cancelled or not each.coming:
            if each.replaced_by is None:
                continue
            person = each.replaced_by
        found.append(Someone(person.name, each.billed_as or person.affiliation, str(each.role)))
    return found


def entry(item: AgendaItem, conference: Conference) -> Item:
    """An item in the form that files are written from and read to; planned times in the conference's zone."""
    return Item(
        row=0,
        title=item.title,
        start=item.start.astimezone(conference.zone),
        end=item.end.astimezone(conference.zone),
        kind=str(item.kind),
        room=item.room.name if item.room else "",
        language=item.language,
        abstract=item.abstract,
        people=named(item),
        id=item.slug,
        attribution=str(item.attribution),
        cancelled=item.cancelled,
    )
