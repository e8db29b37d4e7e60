"""What attendees' pages show of the programme beyond its rows: who is named, filters, neighbours, marks of change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conference.agenda import queries
from conference.agenda.importing import fold
from conference.agenda.models import AgendaItem, Attribution
from conference.event.models import Person, Room

FILTERS = ("room", "person", "language", "q")
LONGEST_SEARCH = 80


def show(items: list[AgendaItem], moment: datetime, *, hall: bool = False) -> list[AgendaItem]:
    """`queries.describe`, with nobody named to the public where nobody may be, and each item's `mark` and `shift`.

    Whoever sits in the hall sees who is on stage; the rule is about what is carried outside.
    """
    for item in queries.describe(items, moment):
        if not (hall or item.names_speakers):
            item.people_list = []  # type: ignore[attr-defined]
        item.mark = mark(item)  # type: ignore[attr-defined]
        item.leaves = item.attribution != Attribution.THOSE_PRESENT  # type: ignore[attr-defined]
    return items


def mark(item: AgendaItem) -> str:
    """A short sign of what a reader would notice: it changes when the item does, and is the same for every audience.

    Where nobody may be named it knows nobody: from a sign of few names one could find out which they are.
    """
    people = [
        (each.person_id, each.role, each.cancelled) for each in item.appearances.all() if item.names_speakers
    ]
    seen = (item.title, item.expected_start, item.expected_end, item.room_id, item.cancelled, people)
    return hashlib.blake2b(repr(seen).encode(), digest_size=4).hexdigest()


@dataclass
class Choices:
    """What the filters offer, and what was chosen."""

    rooms: list[Room] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    # A choice that nothing offers, or a search: such pages are as many as people type, and none of them is kept.
    is_common: bool = True


def choices(items: list[AgendaItem], asked: Mapping[str, str]) -> Choices:
    """The filters for these items (already shown, see `show`), with what was `asked` of them."""
    rooms = {item.room.slug: item.room for item in items if item.room}
    people = {each["person"].slug: each["person"] for item in items for each in item.people_list}  # type: ignore[attr-defined]
    offered = {
        "room": set(rooms),
        "person": set(people),
        "language": {item.language for item in items},
        "q": set(),
    }
    chosen = {name: asked.get(name, "").strip()[:LONGEST_SEARCH] for name in FILTERS}
    return Choices(
        rooms=sorted(rooms.values(), key=lambda room: room.pk),
        people=sorted(people.values(), key=lambda person: fold(person.name.split()[-1])),
        languages=sorted(offered["language"]),
        chosen={name: value for name, value in chosen.items() if value},
        is_common=all(value in offered[name] for name, value in chosen.items() if value),
    )


def matching(items: list[AgendaItem], chosen: Mapping[str, str]) -> list[AgendaItem]:
    """The items that fit every filter; the search folds accents and wants every word."""
    return [item for item in items if _fits(item, chosen)]


def _fits(item: AgendaItem, chosen: Mapping[str, str]) -> bool:
    people = item.people_list  # type: ignore[attr-defined]
    if "room" in chosen and (item.room is None or item.room.slug != chosen["room"]):
        return False
    if "language" in chosen and item.language != chosen["language"]:
        return False
    if "person" in chosen and all(each["person"].slug != chosen["person"] for each in people):
        return False
    text = fold(searchable(item))
    return all(word in text for word in fold(chosen.get("q", "")).split())


def searchable(item: AgendaItem) -> str:
    """The text of an item that a search looks through."""
    people = [f"{each['person'].name} {each['person'].affiliation}" for each in item.people_list]  # type: ignore[attr-defined]
    room = item.room.name if item.room else ""
    return " ".join([item.title, item.abstract, room, str(item.get_kind_display()), *people])


def slots(items: list[AgendaItem]) -> list[dict[str, Any]]:
    """Items in order, with those that overlap in different rooms side by side: [{"items", "parallel"}]."""
    groups: list[list[AgendaItem]] = []
    until: datetime | None = None
    for item in items:
        if until is not None and item.expected_start < until and item.room_id:
            groups[-1].append(item)
            until = max(until, item.expected_end)
        else:
            groups.append([item])
            until = item.expected_end if item.room_id else None
    return [{"items": group, "parallel": len({item.room_id for item in group}) > 1} for group in groups]


@dataclass
class Neighbours:
    """What is before, after and beside an item on its day."""

    previous: AgendaItem | None
    following: AgendaItem | None
    parallel: list[AgendaItem]


def neighbours(items: list[AgendaItem], item: AgendaItem) -> Neighbours:
    """Of items with a page of their own: the last before `item` begins, the first after it, those beside it."""
    others = [each for each in items if each.pk != item.pk and each.has_board and not each.cancelled]
    before = [each for each in others if each.end <= item.start]
    after = [each for each in others if each.start >= item.end]
    beside = [each for each in others if each.start < item.end and each.end > item.start]
    return Neighbours(before[-1] if before else None, after[0] if after else None, beside)


def goes_on(running: list[AgendaItem], coming: list[AgendaItem]) -> AgendaItem | None:
    """In a break, the item with which it goes on; None while something with questions runs."""
    if any(item.has_board for item in running) or not coming:
        return None
    return next((item for item in coming if item.has_board), coming[0])


def sessions_of(items: list[AgendaItem], person: str) -> list[AgendaItem]:
    """The items (see `show`) in which the person with this slug appears, or steps in for somebody."""
    found = []
    for item in items:
        for each in item.people_list:  # type: ignore[attr-defined]
            stands_in = each["replaced_by"] is not None and each["replaced_by"].slug == person
            if stands_in or (each["person"].slug == person and not each["cancelled"]):
                found.append(item)
                break
    return found
