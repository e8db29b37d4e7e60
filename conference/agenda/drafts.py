"""Reading the draft, its log and its releases, for organisers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.http import Http404

from conference.agenda.content import AT_ONCE, FACTS, Content, complete
from conference.agenda.models import AgendaItem
from conference.agenda.records import AgendaChange, DraftItem, Operation, Release
from conference.event.models import Conference

# Somebody added it and took it off again before the public had seen it.
REMOVED = Q(content__removed=True)


def drafts_of(conference: Conference) -> list[DraftItem]:
    """The draft in the order of the programme (one query)."""
    drafts = DraftItem.objects.filter(conference=conference).exclude(REMOVED).select_related("item")
    return sorted(map(_current, drafts), key=lambda draft: (draft.start, draft.end, draft.pk))


def draft_of(conference: Conference, slug: str) -> DraftItem:
    """One item of the draft; raises Http404."""
    found = DraftItem.objects.filter(conference=conference, slug=slug).exclude(REMOVED).select_related("item")
    draft = found.first()
    if draft is None:
        raise Http404
    return _current(draft)


def _current(draft: DraftItem) -> DraftItem:
    """With the switches of the day as they stand: the question desk may have closed a board."""
    draft.content = content_now(draft)
    return draft


def content_now(draft: DraftItem) -> Content:
    """What is drafted, with the switches that act at once as the public has them."""
    if draft.item is None:
        return complete(draft.content)
    return {**complete(draft.content), **{name: _plain(draft, name) for name in AT_ONCE}}


def _plain(draft: DraftItem, name: str) -> Any:
    """A column of the public's row as contents and logs keep it."""
    value = getattr(draft.item, name) if draft.item else None
    return value.astimezone(draft.conference.zone).isoformat() if isinstance(value, datetime) else value


def state_of(draft: DraftItem) -> dict[str, Any]:
    """What the log keeps: the content, and the facts of the day in the conference's zone."""
    state: dict[str, Any] = content_now(draft)
    return state | {name: _plain(draft, name) for name in FACTS}


def content_of_item(item: AgendaItem) -> Content:
    """What the public has of an item, as content; for items that have no draft yet. Appearances are read."""
    zone = item.conference.zone
    people = item.appearances.select_related("person", "replaced_by").order_by("pk")
    return complete(
        {
            **{
                name: getattr(item, name)
                for name in (
                    "title",
                    "abstract",
                    "language",
                    "interpretation",
                    "stream_url",
                    "fixed",
                    "cancelled",
                )
            },
            "hide_votes": item.hide_votes,
            "board_opens_at": item.board_opens_at.astimezone(zone).isoformat()
            if item.board_opens_at
            else None,
            **{name: str(getattr(item, name)) for name in ("kind", "attribution", "board_mode")},
            "start": item.start.astimezone(zone).isoformat(),
            "end": item.end.astimezone(zone).isoformat(),
            "room": item.room.slug if item.room else "",
            "papers": list(item.papers.order_by("slug").values_list("slug", flat=True)),
            "people": [
                {
                    "person": each.person.slug,
                    "role": str(each.role),
                    "billed_as": each.billed_as,
                    "coming": each.coming,
                    "remote": each.remote,
                    "cancelled": each.cancelled,
                    "replaced_by": each.replaced_by.slug if each.replaced_by else "",
                }
                for each in people
            ],
        }
    )


def drafts_by_day(drafts: Iterable[DraftItem], conference: Conference) -> list[dict[str, Any]]:
    """Grouped by the day of their start: [{"date", "items"}]."""
    days: dict[date, list[DraftItem]] = {}
    for draft in drafts:
        days.setdefault(draft.start.astimezone(conference.zone).date(), []).append(draft)
    return [{"date": day, "items": days[day]} for day in sorted(days)]


def unpublished(conference: Conference) -> int:
    """How many items the public has otherwise than they are drafted (one query)."""
    waiting = DraftItem.objects.filter(conference=conference).exclude(REMOVED)
    never = Q(published__isnull=True, content__cancelled=False)
    return waiting.filter(never | Q(published__isnull=False) & ~Q(content=F("published"))).count()


def newest_operation(conference: Conference) -> int:
    """The number of the last thing that was done; what a form about the whole draft names as seen. 0 at first."""
    newest = Operation.objects.filter(conference=conference).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


def content_at(draft: DraftItem, version: int) -> Content | None:
    """The draft as it was at a version; None for a version that never was."""
    change = AgendaChange.objects.filter(draft=draft, version=version).first()
    return None if change is None else complete(change.after)


def last_change(draft: DraftItem) -> AgendaChange | None:
    """The newest change of an item with who made it."""
    changes = draft.changes.select_related(
        "operation__by", "operation__by_link__room", "operation__by_link__person"
    )
    return changes.last()


def newest_release(conference: Conference) -> Release | None:
    """What the public has; None before the first release."""
    return Release.objects.filter(conference=conference).order_by("-number").first()
