"""Moving, duplicating and taking over whole parts of the draft: each one operation, undone as one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conference.agenda import drafts
from conference.agenda.content import complete
from conference.agenda.records import DraftItem, Operation
from conference.agenda.services import add_items, edit_items
from conference.agenda.writing import NotPossible, lock
from conference.event.models import Conference, Person, Room, User

Change = tuple[DraftItem, int, dict[str, Any], None]


@transaction.atomic
def move_item(
    *,
    item: DraftItem,
    by: User,
    version: int,
    start: datetime,
    end: datetime,
    room: str,
    all_after: bool = False,
    seen: int | None = None,
) -> list[DraftItem]:
    """Give an item other times or another room (by slug); returns what moved, the item first.

    With `all_after` everything that follows it on its day moves by as much, except what is at a fixed time; `seen` is
    then `drafts.newest_operation` of the page. Raises writing.Stale, and NotPossible when more was done since.
    """
    conference = lock(item.conference)
    changes: list[Change] = [(item, version, {"start": start, "end": end, "room": room}, None)]
    now = drafts.draft_of(conference, item.slug)
    shifted = start - now.start or end - now.end
    if all_after and shifted:
        if seen != drafts.newest_operation(conference):
            raise NotPossible(_("The draft changed while you looked. Look again."))
        day = now.start.astimezone(conference.zone).date()
        for other in drafts.drafts_of(conference):
            same_day = other.start.astimezone(conference.zone).date() == day
            later = same_day and other.slug != item.slug and other.start >= now.end
            if later and not other.is_cancelled and not other.content["fixed"]:
                times = {"start": other.start + shifted, "end": other.end + shifted}
                changes.append((other, other.version, times, None))
    return edit_items(conference=conference, by=by, changes=changes, kind=Operation.Kind.MOVE)


@transaction.atomic
def move_block(
    *,
    conference: Conference,
    by: User,
    slugs: Collection[str],
    seen: int,
    day: date | None = None,
    minutes: int = 0,
    room: str | None = None,
) -> list[DraftItem]:
    """Move several items together: to another day (that of the first of them is meant), by so many minutes, to a room.

    None keeps day and room. Local times stay across a change of the clocks. Raises NotPossible when more was done since
    the page was made, or when nothing was chosen.
    """
    row = lock(conference)
    if seen != drafts.newest_operation(row):
        raise NotPossible(_("The draft changed while you looked. Look again."))
    chosen = [draft for draft in drafts.drafts_of(row) if draft.slug in slugs]
    if not chosen:
        raise NotPossible(_("Choose what to move first."))
    first = chosen[0].start.astimezone(row.zone).date()
    days = timedelta(days=(day - first).days if day else 0)

    def moved(moment: datetime) -> datetime:
        # Wall-clock arithmetic in the conference's zone.
        return moment.astimezone(row.zone) + days + timedelta(minutes=minutes)

    changes: list[Change] = []
    for draft in chosen:
        values: dict[str, Any] = {"start": moved(draft.start), "end": moved(draft.end)}
        if room is not None:
            values["room"] = room
        changes.append((draft, draft.version, values, None))
    return edit_items(conference=row, by=by, changes=changes, kind=Operation.Kind.MOVE)


@transaction.atomic
def duplicate(*, item: DraftItem, by: User) -> DraftItem:
    """A copy of an item right after it, in the draft."""
    now = drafts.draft_of(item.conference, item.slug)
    values = {**now.content, "cancelled": False, "start": now.end, "end": now.end + (now.end - now.start)}
    people = values.pop("people")
    return add_items(conference=item.conference, by=by, new=[("", values, people)])[0]


@transaction.atomic
def take_over(*, source: Conference, target: Conference, by: User, with_people: bool) -> list[DraftItem]:
    """Start from another conference: its draft, moved to the target's first day, as one operation.

    Rooms that are missing are made, people too when they come along; papers, cancelled items and switches of the day
    stay behind. Raises NotPossible when there is nothing to take over.
    """
    row = lock(target)
    found = [draft for draft in drafts.drafts_of(source) if not draft.is_cancelled]
    if not found:
        raise NotPossible(_("That conference has no programme."))
    for room in source.rooms.order_by("pk"):
        Room.objects.get_or_create(conference=row, slug=room.slug, defaults={"name": room.name})
    if with_people:
        for person in source.people.order_by("pk"):
            kept = {"name": person.name, "affiliation": person.affiliation, "biography": person.biography}
            Person.objects.get_or_create(conference=row, slug=person.slug, defaults=kept)
    days = row.starts_on - source.starts_on
    new = []
    for draft in found:
        content = complete(draft.content)
        times = {
            name: datetime.fromisoformat(content[name]).astimezone(source.zone).replace(tzinfo=row.zone)
            + days
            for name in ("start", "end")
        }
        left = ("people", "papers", "board_mode", "board_opens_at", "hide_votes", "cancelled", "removed")
        values = {name: value for name, value in content.items() if name not in left} | times
        new.append(("", values, content["people"] if with_people else []))
    return add_items(conference=row, by=by, new=new, kind=Operation.Kind.IMPORT)
