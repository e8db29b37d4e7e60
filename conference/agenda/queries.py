"""Reading the programme as the public has it: the newest release with the facts of the day. Times are conference time.

The draft is read by `drafts`; nothing here knows it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from conference.agenda.models import AgendaItem, Appearance
from conference.event.clocks import conference_now, wall_time
from conference.event.models import Conference


def items_of(conference: Conference, *, cancelled: bool = True) -> list[AgendaItem]:
    """The programme in order with rooms and people (two queries)."""
    items = AgendaItem.objects.filter(conference=conference).select_related("room")
    if not cancelled:
        items = items.filter(cancelled=False)
    found = list(items.prefetch_related(_people()))
    for item in found:
        item.conference = conference
    return found


def item_of(conference: Conference, slug: str) -> AgendaItem:
    """One item with its room, people and papers; raises Http404."""
    item = (
        AgendaItem.objects.filter(conference=conference, slug=slug)
        .select_related("room")
        .prefetch_related(_people(), "papers")
        .first()
    )
    if item is None:
        raise Http404
    item.conference = conference
    return item


def _people() -> Prefetch[str, QuerySet[Appearance], str]:
    return Prefetch("appearances", Appearance.objects.select_related("person", "replaced_by"))


def describe(items: list[AgendaItem], moment: datetime) -> list[AgendaItem]:
    """The same items with what templates ask for: is_current, is_over and people_list at `moment`."""
    for item in items:
        item.is_current = item.is_now(moment)  # type: ignore[attr-defined]
        item.is_over = item.finishes <= moment  # type: ignore[attr-defined]
        item.people_list = [  # type: ignore[attr-defined]
            {
                "person": each.person,
                "role": each.role,
                "role_display": each.get_role_display(),
                "billed_as": each.billed_as,
                "remote": each.remote,
                "cancelled": each.cancelled or not each.coming,
                "replaced_by": each.replaced_by if each.cancelled else None,
            }
            for each in item.appearances.all()
        ]
    return items


def by_day(items: list[AgendaItem], conference: Conference) -> list[dict[str, Any]]:
    """Items grouped by their day in the conference's zone: [{"date", "items"}]."""
    days: dict[date, list[AgendaItem]] = {}
    for item in items:
        days.setdefault(item.start.astimezone(conference.zone).date(), []).append(item)
    return [{"date": day, "items": of_day} for day, of_day in days.items()]


def now_and_next(items: list[AgendaItem], moment: datetime) -> tuple[list[AgendaItem], list[AgendaItem]]:
    """What runs at `moment`, and what starts next (all that start at the same time)."""
    standing = [item for item in items if not item.cancelled]
    coming = [item for item in standing if item.begins > moment]
    first = min((item.begins for item in coming), default=None)
    return [item for item in standing if item.is_now(moment)], [
        item for item in coming if item.begins == first
    ]


def next_boundary(items: list[AgendaItem], moment: datetime) -> datetime | None:
    """The next moment (conference time) at which an item starts, ends or opens its board; None after the last one."""
    standing = [item for item in items if not item.cancelled]
    moments = [edge for item in standing for edge in (item.begins, item.finishes, item.board_opens_at)]
    return min((edge for edge in moments if edge is not None and edge > moment), default=None)


def seconds_to_boundary(items: list[AgendaItem], moment: datetime) -> float | None:
    """Seconds from `moment` to the next boundary; both clocks run equally fast, so they are wall seconds too."""
    boundary = next_boundary(items, moment)
    return None if boundary is None else (boundary - moment).total_seconds()


def next_boundary_wall(conference_id: int) -> datetime | None:
    """The wall time of the next boundary of a conference, for the timer of the live part."""
    conference = Conference.objects.filter(pk=conference_id).first()
    if conference is None:
        return None
    times = ("start", "end", "day_start", "day_end", "started_at", "ended_at", "board_opens_at", "cancelled")
    items = list(AgendaItem.objects.filter(conference=conference, cancelled=False).only(*times))
    boundary = next_boundary(items, conference_now(conference))
    return None if boundary is None else wall_time(conference, boundary)
