"""An imported programme and the draft: what would change, and changing it. Nothing is ever deleted by an import."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from conference.agenda import drafts, services
from conference.agenda.content import PERSON_DEFAULTS
from conference.agenda.importing import Item, Programme, Someone, fold
from conference.agenda.leaving import guid
from conference.agenda.records import DraftItem, Operation
from conference.agenda.writing import NOT_AN_ITEM, begin, lock
from conference.event.models import Conference, Person, Room, User

PEOPLE_COLUMNS = frozenset({"people", "chair", "discussants"})
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Changed(Exception):
    """The draft changed since the preview was made; nothing was written."""


@dataclass
class Row:
    """One item of the file: the draft that it is about (None for a new one) and the fields that would change."""

    # Its place among the file's items: rows of two sheets may have the same number.
    index: int
    item: Item
    draft: DraftItem | None
    before: Item | None
    fields: tuple[str, ...]


@dataclass
class Plan:
    """What an import would do. `missing` are items of the draft that the file does not have: they stay."""

    rows: list[Row] = field(default_factory=list)
    missing: list[DraftItem] = field(default_factory=list)
    # `drafts.newest_operation` of the draft that was compared with.
    seen: int = 0

    @property
    def news(self) -> list[Row]:
        """Items that would be added."""
        return [row for row in self.rows if row.draft is None]

    @property
    def changes(self) -> list[Row]:
        """Items that would be changed."""
        return [row for row in self.rows if row.draft is not None and row.fields]

    @property
    def is_empty(self) -> bool:
        """Whether the draft says the same already."""
        return not self.news and not self.changes


@dataclass(frozen=True)
class Done:
    """How many items an import added, changed, and found as they were."""

    added: int
    changed: int
    same: int


class Names:
    """Rooms and people of a conference by slug and by folded name (two queries)."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.rooms = {room.slug: room for room in Room.objects.filter(conference=conference).order_by("pk")}
        people = Person.objects.filter(conference=conference).order_by("pk")
        self.people = {person.slug: person for person in people}

    def room_named(self, name: str) -> Room | None:
        """The room with this name, however it is accented."""
        return next((room for room in self.rooms.values() if fold(room.name) == fold(name)), None)

    def person_named(self, name: str, but: Collection[str]) -> Person | None:
        """Somebody with this name whose slug is not in `but`; the exact spelling first."""
        free = [person for person in self.people.values() if person.slug not in but]
        exact = (person for person in free if person.name == name)
        return next(exact, None) or next((p for p in free if fold(p.name) == fold(name)), None)

    def someone(self, entry: dict[str, Any]) -> Someone:
        """A person of an item's content."""
        person = self.people.get(entry["person"])
        name, affiliation = (person.name, person.affiliation) if person else (entry["person"], "")
        return Someone(name, entry.get("billed_as") or affiliation, entry["role"])


def drafted(draft: DraftItem, names: Names) -> Item:
    """An item of the draft in the form of the importer, with everybody named: for organisers only."""
    content = draft.content
    room = names.rooms.get(content["room"])
    zone = names.conference.zone
    return Item(
        row=0,
        title=draft.title,
        start=draft.start.astimezone(zone),
        end=draft.end.astimezone(zone),
        kind=content["kind"],
        room=room.name if room else content["room"],
        language=content["language"],
        abstract=content["abstract"],
        people=[names.someone(entry) for entry in content["people"]],
        id=draft.slug,
        attribution=content["attribution"],
        cancelled=draft.is_cancelled,
    )


def plan(conference: Conference, programme: Programme) -> Plan:
    """Compare a file with the draft (a constant number of queries)."""
    names = Names(conference)
    found = drafts.drafts_of(conference)
    matches = _matches(conference, found, programme.items)
    made = Plan(seen=drafts.newest_operation(conference))
    for index, (item, draft) in enumerate(zip(programme.items, matches, strict=True)):
        before = drafted(draft, names) if draft else None
        fields = _fields(before, item, programme.told) if before else ()
        made.rows.append(Row(index, item, draft, before, fields))
    taken = {draft.pk for draft in matches if draft}
    made.missing = [draft for draft in found if draft.pk not in taken]
    return made


@transaction.atomic
def apply_plan(
    *,
    conference: Conference,
    by: User,
    plan: Plan,
    told: Collection[str],
    only: Collection[int] | None = None,
) -> Done:
    """Write a plan into the draft as one operation, which is undone as one; of it the rows `only`, by `index`.

    `told` are the fields that the file has. Rooms and people that are not known yet are made. Raises Changed when the
    draft is no longer what the plan was made on.
    """
    row = lock(conference)
    if drafts.newest_operation(row) != plan.seen:
        raise Changed
    wanted = [each for each in plan.rows if only is None or each.index in only]
    news = [each for each in wanted if each.draft is None]
    changes = [each for each in wanted if each.draft is not None and each.fields]
    if news or changes:
        writer = _Writer(row, told)
        operation = begin(row, by, Operation.Kind.IMPORT)
        services.add_items(
            conference=row, by=by, new=[writer.new(each.item) for each in news], operation=operation
        )
        services.edit_items(
            conference=row,
            by=by,
            changes=[writer.change(each.draft, each.item, each.fields) for each in changes if each.draft],
            operation=operation,
        )
    return Done(len(news), len(changes), len(wanted) - len(news) - len(changes))


def _matches(
    conference: Conference, found: Sequence[DraftItem], items: Iterable[Item]
) -> list[DraftItem | None]:
    """For each item of the file the one of the draft that it means: by ID, by title and start, by title alone."""
    items = list(items)
    free = {draft.slug: draft for draft in found}
    by_guid = {guid(conference, "item", slug): slug for slug in free}
    matched: list[DraftItem | None] = [None] * len(items)

    def take(index: int, slug: str) -> None:
        matched[index] = free.pop(slug)

    for index, item in enumerate(items):
        slug = by_guid.get(item.id, item.id)
        if slug in free:
            take(index, slug)
    for same in (
        lambda item, draft: fold(draft.title) == fold(item.title) and draft.start == item.start,
        lambda item, draft: fold(draft.title) == fold(item.title),
    ):
        for index, item in enumerate(items):
            if matched[index] is None:
                fits = [slug for slug, draft in free.items() if same(item, draft)]
                # Three coffee breaks: which is meant is told by the time alone.
                if len(fits) == 1:
                    take(index, fits[0])
    return matched


def _fields(before: Item, after: Item, told: Collection[str]) -> tuple[str, ...]:
    """The fields that the file tells otherwise than the draft has them."""
    changed = []
    if _lines(before.title) != _lines(after.title):
        changed.append("title")
    changed += [name for name in ("start", "end") if getattr(before, name) != getattr(after, name)]
    for name in ("kind", "language"):
        if name in told and getattr(before, name) != getattr(after, name):
            changed.append(name)
    if "room" in told and fold(before.room) != fold(after.room):
        changed.append("room")
    if "abstract" in told and _lines(before.abstract) != _lines(after.abstract):
        changed.append("abstract")
    if "attribution" in told and after.attribution and before.attribution != after.attribution:
        changed.append("attribution")
    if "status" in told and before.cancelled != after.cancelled:
        changed.append("cancelled")
    if PEOPLE_COLUMNS & set(told) and not _same_people(before.people, after.people):
        changed.append("people")
    return tuple(changed)


def _same_people(before: list[Someone], after: list[Someone]) -> bool:
    if len(before) != len(after):
        return False
    # A file that tells no affiliation takes none away.
    return all(
        fold(one.name) == fold(other.name)
        and one.role == other.role
        and (not other.affiliation or one.affiliation == other.affiliation)
        for one, other in zip(before, after, strict=True)
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\xa0", " ").strip()


class _Writer:
    """Makes contents of items, and rooms and people where the file names new ones."""

    def __init__(self, conference: Conference, told: Collection[str]) -> None:
        self.conference = conference
        self.names = Names(conference)
        self.told = told

    def new(self, item: Item) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        values = {
            "title": item.title,
            "start": item.start,
            "end": item.end,
            "kind": item.kind,
            "language": item.language,
            "abstract": item.abstract,
            "attribution": item.attribution or "on_record",
            "cancelled": item.cancelled,
            "room": self._room(item.room),
        }
        return self._slug(item.id), values, self._people(item.people, [])

    def change(
        self, draft: DraftItem, item: Item, fields: Collection[str]
    ) -> tuple[DraftItem, int, dict[str, Any], list[dict[str, Any]] | None]:
        values = {name: getattr(item, name) for name in fields if name not in ("people", "room")}
        if "room" in fields:
            values["room"] = self._room(item.room)
        people = self._people(item.people, draft.content["people"]) if "people" in fields else None
        return draft, draft.version, values, people

    def _slug(self, wanted: str) -> str:
        """The file's own address for a new item, where it is one and free."""
        if not SLUG.fullmatch(wanted) or len(wanted) > 60 or UUID.fullmatch(wanted) or wanted.isdecimal():
            return ""
        taken = DraftItem.objects.filter(conference=self.conference, slug=wanted).exists()
        return "" if taken or wanted in NOT_AN_ITEM else wanted

    def _room(self, name: str) -> str:
        if not name.strip():
            return ""
        room = self.names.room_named(name)
        if room is None:
            slug = _free(slugify(name)[:50].strip("-") or "room", self.names.rooms)
            room = Room.objects.create(conference=self.conference, slug=slug, name=name.strip())
            self.names.rooms[slug] = room
        return room.slug

    def _people(self, people: list[Someone], held: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Entries for `people`; whoever is in the item already keeps what else is known: remote, replaced."""
        entries: list[dict[str, Any]] = []
        for someone in people:
            used = {entry["person"] for entry in entries}
            entry = self._held(someone, held, used)
            if entry is None:
                person = self.names.person_named(someone.name, used) or self._person(someone)
                entry = {**PERSON_DEFAULTS, "person": person.slug}
            entry["role"] = someone.role
            known = self.names.people.get(entry["person"])
            billed = entry["billed_as"] or (known.affiliation if known else "")
            if someone.affiliation and someone.affiliation != billed:
                entry["billed_as"] = someone.affiliation[:200]
            entries.append(entry)
        return entries

    def _held(
        self, someone: Someone, held: list[dict[str, Any]], used: Collection[str]
    ) -> dict[str, Any] | None:
        for entry in held:
            if entry["person"] not in used and fold(self.names.someone(entry).name) == fold(someone.name):
                return {**PERSON_DEFAULTS, **entry}
        return None

    def _person(self, someone: Someone) -> Person:
        name = someone.name[:120]
        slug = _free(slugify(name)[:50].strip("-") or "person", self.names.people)
        person = Person.objects.create(
            conference=self.conference, slug=slug, name=name, affiliation=someone.affiliation[:200]
        )
        self.names.people[slug] = person
        return person


def _free(stem: str, taken: Collection[str]) -> str:
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
