"""What a delay moves and what it keeps. Pure: no Django. All times are aware."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FIXED, SHORTENED, AFTER_FIXED = "fixed", "shortened", "after_fixed"


@dataclass(frozen=True)
class Slot:
    """An item of one day, as planned and as it is expected now. `room` is empty for what everybody joins."""

    slug: str
    start: datetime
    end: datetime
    expected_start: datetime
    expected_end: datetime
    room: str = ""
    fixed: bool = False
    # It runs: its start cannot move any more.
    running: bool = False


@dataclass(frozen=True)
class Move:
    """What becomes of one item: its new expected times, and why it is not simply later (`kept`)."""

    slug: str
    start: datetime
    end: datetime
    kept: str = ""


def late(slots: Iterable[Slot], first: str, minutes: int, room: str | None = None) -> list[Move]:
    """Expected times when the day is `minutes` later than planned from the item `first` on (0: on time again).

    An item at a fixed time keeps it and stops the delay: what would run into it ends when it begins, and what comes
    after it is as planned. With `room` only that room's items move. What is already late by another number of minutes
    gets the new number: the delay is counted from the plan. Raises KeyError when `first` is none of the slots.
    """
    ordered = sorted(slots, key=lambda slot: (slot.start, slot.end, slot.slug))
    origin = {slot.slug: slot for slot in ordered}[first]
    delay = timedelta(minutes=minutes)
    from_here = [
        slot
        for slot in ordered
        if slot.start >= origin.start and (room is None or slot.room == room or slot.slug == first)
    ]
    wall = min((slot.start for slot in from_here if slot.fixed and slot.slug != first), default=None)
    return [_moved(slot, delay, wall) for slot in from_here]


def _moved(slot: Slot, delay: timedelta, wall: datetime | None) -> Move:
    if wall is not None and slot.start >= wall:
        return Move(slot.slug, slot.start, slot.end, FIXED if slot.fixed else AFTER_FIXED)
    start = slot.expected_start if slot.running else slot.start + delay
    end = slot.end + delay
    if wall is not None and end > wall and start < wall:
        return Move(slot.slug, start, wall, SHORTENED if wall < slot.end + delay else "")
    return Move(slot.slug, start, max(end, start + timedelta(minutes=1)))


def earlier(slots: Iterable[Slot], moves: Iterable[Move]) -> list[str]:
    """Which items would begin earlier than people were told: they may be at coffee."""
    told = {slot.slug: slot.expected_start for slot in slots}
    return [move.slug for move in moves if move.start < told[move.slug]]
