"""The day itself: delays, beginnings and endings. They act at once, over draft and release alike, and can be undone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conference.agenda import announcing, drafts, queries, shift
from conference.agenda.models import AgendaItem
from conference.agenda.records import DraftItem, Operation
from conference.agenda.services import ensure_draft
from conference.agenda.writing import NotPossible, begin, lock, locked_drafts, tell_if_seen, write
from conference.event.clocks import conference_now
from conference.event.models import Conference, User

MOST_MINUTES = 240


class WordMissing(Exception):
    """Something would begin earlier than people were told: that needs a word to all phones."""


def items_of_day(conference: Conference, day: date) -> list[AgendaItem]:
    """What the public has on that day (conference's zone), cancelled items left out, in order (two queries)."""
    items = queries.items_of(conference, cancelled=False)
    return [item for item in items if item.start.astimezone(conference.zone).date() == day]


def slots(items: list[AgendaItem], moment: datetime) -> list[shift.Slot]:
    """The items that can still be moved at `moment`: those that run or are yet to come."""
    return [
        shift.Slot(
            slug=item.slug,
            start=item.start,
            end=item.end,
            expected_start=item.begins,
            expected_end=item.finishes,
            room=item.room.slug if item.room else "",
            fixed=item.fixed,
            running=item.is_now(moment),
        )
        for item in items
        if item.finishes > moment
    ]


@transaction.atomic
def run_late(
    *,
    conference: Conference,
    by: User,
    first: str,
    minutes: int,
    room: str | None = None,
    word: str = "",
    seen: int | None = None,
) -> Operation:
    """From the item `first` on, expect everything `minutes` later than planned; see `shift.late`.

    `word` is announced to all phones. `seen` is `drafts.newest_operation` of the preview. Raises NotPossible when more
    was done since, when `first` is over, or when it is so already; WordMissing when something would begin earlier
    than people were told and nobody tells them.
    """
    row = lock(conference)
    if seen is not None and seen != drafts.newest_operation(row):
        raise NotPossible(_("The programme changed while you looked. Look again."))
    moment = conference_now(row)
    found = slots(items_of_day(row, moment.date()), moment)
    if first not in {slot.slug for slot in found} or not 0 <= minutes <= MOST_MINUTES:
        raise NotPossible(_("This item cannot be moved any more."))
    moves = shift.late(found, first, minutes, room)
    if shift.earlier(found, moves) and not word.strip():
        raise WordMissing
    states = {
        move.slug: {"day_start": move.start.isoformat(), "day_end": move.end.isoformat()} for move in moves
    }
    operation = _write_facts(row, by, states)
    if operation is None:
        raise NotPossible(_("That is how it stands already."))
    if word.strip():
        announcing.announce(conference=row, by=by, text=word, minutes=announcing.USUAL_MINUTES)
    return operation


def _write_facts(conference: Conference, by: User, states: dict[str, dict[str, Any]]) -> Operation | None:
    """Write facts of several items as one operation; None when they are so already."""
    for item in AgendaItem.objects.filter(conference=conference, slug__in=states, draft__isnull=True):
        ensure_draft(item)
    wanted = DraftItem.objects.filter(conference=conference, slug__in=states, item__isnull=False)
    found = locked_drafts(conference, wanted)
    after = {draft.pk: _with_facts(draft, states[draft.slug]) for draft in found}
    if all(after[draft.pk] == drafts.state_of(draft) for draft in found):
        return None
    operation = begin(conference, by, Operation.Kind.DAY)
    tell_if_seen(conference, [(draft, write(operation, draft, after[draft.pk])) for draft in found])
    return operation


def _with_facts(draft: DraftItem, facts: dict[str, Any]) -> dict[str, Any]:
    """The state with these facts; expected times that are the planned ones are no fact."""
    assert draft.item is not None
    zone = draft.conference.zone
    state = drafts.state_of(draft) | {
        name: datetime.fromisoformat(value).astimezone(zone).isoformat() if value else None
        for name, value in facts.items()
    }
    planned = (draft.item.start.astimezone(zone).isoformat(), draft.item.end.astimezone(zone).isoformat())
    if (state["day_start"], state["day_end"]) == planned:
        state["day_start"] = state["day_end"] = None
    return state


@transaction.atomic
def start_item(*, item: AgendaItem, by: User) -> Operation | None:
    """Say that an item begins now; twice is success (None). What ran in its room has ended.

    One that begins after its expected end gets its planned length from now on.
    """
    row = lock(item.conference)
    moment = conference_now(row)
    items = {each.slug: each for each in items_of_day(row, item.start.astimezone(row.zone).date())}
    found = items.get(item.slug)
    if found is None or (found.started_at is not None and found.ended_at is None):
        return None
    facts: dict[str, dict[str, Any]] = {item.slug: {"started_at": moment.isoformat(), "ended_at": None}}
    if moment >= found.expected_end:
        end = moment + (found.end - found.start)
        facts[item.slug] |= {"day_start": moment.isoformat(), "day_end": end.isoformat()}
    for other in items.values():
        same_room = found.room_id is not None and other.room_id == found.room_id
        if other.slug != item.slug and same_room and other.is_now(moment):
            facts[other.slug] = {"ended_at": moment.isoformat()}
    return _write_facts(row, by, facts)


@transaction.atomic
def end_item(*, item: AgendaItem, by: User) -> Operation | None:
    """Say that an item has ended now; twice is success (None), and so is one that does not run."""
    row = lock(item.conference)
    moment = conference_now(row)
    found = AgendaItem.objects.get(pk=item.pk)
    if not found.is_now(moment):
        return None
    return _write_facts(row, by, {item.slug: {"ended_at": max(moment, found.begins).isoformat()}})
