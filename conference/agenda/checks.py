"""What is wrong, or looks wrong, in a programme ({slug: content}). Pure: no Django.

An error keeps the programme from being published; a warning can be acknowledged with a word why; a note is only said.
None of them ever keeps a draft from being saved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from conference.agenda.content import Content

ERROR, WARNING, NOTE = "error", "warning", "note"
GRADES = (ERROR, WARNING, NOTE)

NO_TITLE = "no_title"
ENDS_BEFORE_START = "ends_before_start"
OUTSIDE_DAYS = "outside_days"
UNKNOWN = "unknown"
ROOM_TAKEN = "room_taken"
PERSON_TWICE = "person_twice"
NO_GAP = "no_gap"
BREAK_MISSING = "break_missing"
PAST_CLOSING = "past_closing"
NO_ROOM = "no_room"
NO_CHAIR = "no_chair"
NOT_REPLACED = "not_replaced"

GRADE_OF = {
    NO_TITLE: ERROR,
    ENDS_BEFORE_START: ERROR,
    OUTSIDE_DAYS: ERROR,
    UNKNOWN: ERROR,
    ROOM_TAKEN: WARNING,
    PERSON_TWICE: WARNING,
    NO_GAP: WARNING,
    BREAK_MISSING: WARNING,
    PAST_CLOSING: WARNING,
    NO_ROOM: NOTE,
    NO_CHAIR: NOTE,
    NOT_REPLACED: NOTE,
}

WORK = frozenset({"panel", "keynote", "talk"})
# A minute less and people walk in late.
SHORTEST_GAP = timedelta(minutes=5)
LONGEST_WITHOUT_BREAK = timedelta(hours=2, minutes=30)
# A pause between two sessions that counts as one.
SHORTEST_BREAK = timedelta(minutes=10)


@dataclass(frozen=True)
class Venue:
    """What the checks need to know of the conference."""

    zone: ZoneInfo
    starts_on: date
    ends_on: date
    closes_at: time | None = None
    rooms: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """One finding: which items, and what about (a person's or room's slug, a field)."""

    code: str
    slugs: tuple[str, ...]
    about: str = ""
    # The times that it stands on: when they change, an acknowledgement of it does not hold any more.
    times: tuple[str, ...] = field(default=(), compare=False)

    @property
    def grade(self) -> str:
        """error, warning or note."""
        return GRADE_OF[self.code]

    @property
    def key(self) -> str:
        """By which an acknowledgement recognises it; changes with the times that it stands on."""
        text = "\n".join((self.code, *self.slugs, self.about, *self.times))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Slot:
    slug: str
    content: Content
    start: datetime
    end: datetime

    @property
    def times(self) -> tuple[str, str]:
        """For the key of a problem."""
        return self.content["start"], self.content["end"]

    def meets(self, other: _Slot) -> bool:
        """Whether both run at the same moment."""
        return self.start < other.end and other.start < self.end


def problems(programme: Mapping[str, Content], venue: Venue) -> list[Problem]:
    """Everything that the checks find, errors first. Cancelled and removed items take no part."""
    slots = [
        _Slot(slug, each, datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"]))
        for slug, each in programme.items()
        if not each["cancelled"] and not each["removed"]
    ]
    slots.sort(key=lambda slot: (slot.start, slot.end, slot.slug))
    found = [problem for slot in slots for problem in _of_one(slot, venue)]
    # What ends before it starts takes no room from anybody.
    real = [slot for slot in slots if slot.end > slot.start]
    found += [*_rooms(real), *_people(real), *_breaks(real, venue)]
    return sorted(found, key=lambda problem: (GRADES.index(problem.grade), problem.slugs, problem.code))


def errors(programme: Mapping[str, Content], venue: Venue) -> list[Problem]:
    """What keeps a programme from being published."""
    return [problem for problem in problems(programme, venue) if problem.grade == ERROR]


def present(content: Content) -> Iterator[tuple[str, str]]:
    """Who will be there, and as what: (person, role); a replacement stands for whom it replaces."""
    for each in content["people"]:
        if each["cancelled"]:
            if each["replaced_by"]:
                yield each["replaced_by"], each["role"]
        elif each["coming"]:
            yield each["person"], each["role"]


def _of_one(slot: _Slot, venue: Venue) -> Iterator[Problem]:
    content, here = slot.content, (slot.slug,)
    if not content["title"].strip():
        yield Problem(NO_TITLE, here)
    if slot.end <= slot.start:
        yield Problem(ENDS_BEFORE_START, here)
    first, last = slot.start.astimezone(venue.zone), slot.end.astimezone(venue.zone)
    # Midnight after the last day still belongs to it.
    after = datetime.combine(venue.ends_on + timedelta(days=1), time.min, venue.zone)
    if first.date() < venue.starts_on or first.date() > venue.ends_on or last > after:
        yield Problem(OUTSIDE_DAYS, here)
    yield from _unknown(content, here, venue)
    if venue.closes_at is not None and slot.end > slot.start:
        closing = datetime.combine(first.date(), venue.closes_at, venue.zone)
        if last > closing:
            yield Problem(PAST_CLOSING, here, times=slot.times)
    if content["kind"] in WORK and not content["room"]:
        yield Problem(NO_ROOM, here)
    if content["kind"] == "panel" and not any(role == "chair" for _, role in present(content)):
        yield Problem(NO_CHAIR, here)
    for each in content["people"]:
        if each["cancelled"] and not each["replaced_by"]:
            yield Problem(NOT_REPLACED, here, each["person"])


def _unknown(content: Content, here: tuple[str], venue: Venue) -> Iterator[Problem]:
    if content["room"] and content["room"] not in venue.rooms:
        yield Problem(UNKNOWN, here, content["room"])
    for each in content["people"]:
        for slug in (each["person"], each["replaced_by"]):
            if slug and slug not in venue.people:
                yield Problem(UNKNOWN, here, slug)
    for slug in content["papers"]:
        if slug not in venue.papers:
            yield Problem(UNKNOWN, here, slug)


def _rooms(slots: list[_Slot]) -> Iterator[Problem]:
    for one, other in combinations(slots, 2):
        if one.content["room"] and one.content["room"] == other.content["room"] and one.meets(other):
            yield Problem(ROOM_TAKEN, _pair(one, other), one.content["room"], (*one.times, *other.times))


def _people(slots: list[_Slot]) -> Iterator[Problem]:
    where: dict[str, list[_Slot]] = {}
    for slot in slots:
        for person in {person for person, _ in present(slot.content)}:
            where.setdefault(person, []).append(slot)
    for person, theirs in where.items():
        for one, other in combinations(theirs, 2):
            times = (*one.times, *other.times)
            if one.meets(other):
                yield Problem(PERSON_TWICE, _pair(one, other), person, times)
            elif one.content["room"] != other.content["room"]:
                gap = max(one.start, other.start) - min(one.end, other.end)
                if gap < SHORTEST_GAP:
                    yield Problem(NO_GAP, _pair(one, other), person, times)


def _pair(one: _Slot, other: _Slot) -> tuple[str, str]:
    first, second = sorted((one, other), key=lambda slot: (slot.start, slot.slug))
    return first.slug, second.slug


def _breaks(slots: Iterable[_Slot], venue: Venue) -> Iterator[Problem]:
    """More than two and a half hours of sessions on end, with no ten minutes in which nothing is said."""
    days: dict[date, list[_Slot]] = {}
    for slot in slots:
        if slot.content["kind"] in WORK:
            days.setdefault(slot.start.astimezone(venue.zone).date(), []).append(slot)
    for of_day in days.values():
        run: list[_Slot] = []
        for slot in of_day:
            if run and slot.start - max(each.end for each in run) >= SHORTEST_BREAK:
                run = []
            run.append(slot)
            first, end = run[0], max(each.end for each in run)
            if end - first.start > LONGEST_WITHOUT_BREAK:
                times = (*first.times, *slot.times)
                yield Problem(BREAK_MISSING, (first.slug, slot.slug), times=times)
                run = [slot]
