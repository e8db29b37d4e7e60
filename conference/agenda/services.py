"""Changing the programme: the one door. Every change names the version it was made on and leaves a log row."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from conference.agenda.models import AgendaChange, AgendaItem, Appearance, BoardMode
from conference.event.models import Conference, Person, PrivateLink, User
from conference.live.services import announce

FIELDS = ("title", "kind", "abstract", "start", "end", "room", "language", "attribution", "board_mode")
# How the board behaves on the day; who does not speak of them leaves them as they are.
SWITCHES = ("board_opens_at", "hide_votes")


class Stale(Exception):
    """The item changed since the form was made; `change` is the newest one, nothing was written."""

    def __init__(self, item: AgendaItem, change: AgendaChange | None) -> None:
        super().__init__("The item changed meanwhile.")
        self.item = item
        self.change = change


@transaction.atomic
def add_item(
    *,
    conference: Conference,
    by: User,
    values: dict[str, Any],
    people: list[tuple[Person, str]],
    slug: str = "",
) -> AgendaItem:
    """Add an item to the programme. `values` has the FIELDS; times are aware conference times.

    Without a `slug` the item's address is made of its title.
    """
    # The lock on the conference makes the choice of a free address safe.
    Conference.objects.select_for_update().get(pk=conference.pk)
    item = AgendaItem(conference=conference, slug=slug or _free_slug(conference, values["title"]))
    _set(item, values)
    item.save()
    _appear(item, people)
    AgendaChange.objects.create(item=item, by=by, version=1, before={}, after=snapshot(item))
    _announce(item)
    return item


@transaction.atomic
def edit_item(
    *, item: AgendaItem, by: User, version: int, values: dict[str, Any], people: list[tuple[Person, str]]
) -> AgendaItem:
    """Change an item. Raises Stale when it is no longer at `version`, unless it holds these very values already."""
    row = _locked(item)
    before, rule = snapshot(row), row.attribution
    _set(row, values)
    after = snapshot(row, people)
    if before == after:
        return row
    if row.version != version:
        raise Stale(
            AgendaItem.objects.get(pk=row.pk),
            row.changes.select_related("by", "by_link__room", "by_link__person").last(),
        )
    row.version += 1
    row.save()
    _appear(row, people)
    AgendaChange.objects.create(item=row, by=by, version=row.version, before=before, after=after)
    _announce(row, refresh=rule != row.attribution)
    return row


@transaction.atomic
def cancel_item(*, item: AgendaItem, by: User, version: int, cancelled: bool) -> AgendaItem:
    """Cancel an item or restore it; it is never deleted. Raises Stale; the same decision twice is success."""
    row = _locked(item)
    if row.cancelled == cancelled:
        return row
    if row.version != version:
        raise Stale(row, row.changes.select_related("by", "by_link__room", "by_link__person").last())
    before = snapshot(row)
    row.cancelled = cancelled
    row.version += 1
    row.save()
    AgendaChange.objects.create(item=row, by=by, version=row.version, before=before, after=snapshot(row))
    _announce(row)
    return row


@transaction.atomic
def close_board(*, item: AgendaItem, by: User | PrivateLink) -> AgendaItem:
    """Let an item take no more questions; twice is success. A panel chair does it by private link."""
    row = _locked(item)
    if row.board_mode == BoardMode.CLOSED:
        return row
    before = snapshot(row)
    row.board_mode = BoardMode.CLOSED
    row.version += 1
    row.save(update_fields=["board_mode", "version"])
    AgendaChange.objects.create(
        item=row,
        by=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PrivateLink) else None,
        version=row.version,
        before=before,
        after=snapshot(row),
    )
    _announce(row)
    return row


def snapshot(item: AgendaItem, people: list[tuple[Person, str]] | None = None) -> dict[str, Any]:
    """What the log keeps of an item: plain values, times in ISO 8601 (UTC)."""
    if people is None:
        people = [(a.person, a.role) for a in item.appearances.select_related("person")]
    return {
        "title": item.title,
        "kind": str(item.kind),
        "abstract": item.abstract,
        "start": item.start.astimezone(item.conference.zone).isoformat(),
        "end": item.end.astimezone(item.conference.zone).isoformat(),
        "room": item.room.name if item.room else "",
        "language": item.language,
        "attribution": str(item.attribution),
        "board_mode": str(item.board_mode),
        "board_opens_at": (
            item.board_opens_at.astimezone(item.conference.zone).isoformat() if item.board_opens_at else ""
        ),
        "hide_votes": item.hide_votes,
        "people": sorted([person.slug, str(role)] for person, role in people),
        "cancelled": item.cancelled,
    }


def _set(item: AgendaItem, values: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(item, name, values[name])
    for name in SWITCHES:
        if name in values:
            setattr(item, name, values[name])


def _locked(item: AgendaItem) -> AgendaItem:
    return (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("conference", "room")
        .get(pk=item.pk)
    )


def _appear(item: AgendaItem, people: list[tuple[Person, str]]) -> None:
    item.appearances.all().delete()
    Appearance.objects.bulk_create([Appearance(item=item, person=p, role=role) for p, role in people])


def _free_slug(conference: Conference, title: str) -> str:
    stem = slugify(title)[:50].strip("-") or "item"
    taken = set(
        AgendaItem.objects.filter(conference=conference, slug__startswith=stem).values_list("slug", flat=True)
    )
    # "now" is the address of a fragment.
    taken.add("now")
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _announce(item: AgendaItem, *, refresh: bool = False) -> None:
    """Everything that shows an item: programme, home, its session page; and where its questions may be read.

    With `refresh` every open page is read again: another attribution rule moves questions into the hall or out of it.
    """
    conference = item.conference_id
    events = [("public", "agenda", item.slug), ("desk", "agenda", item.slug)]
    if refresh:
        events.append(("public", "refresh", ""))
    announce(
        conference_id=conference,
        topics=[
            f"{conference}/agenda",
            f"{conference}/board",
            f"{conference}/hall/board",
            f"{conference}/item/{item.slug}",
            f"{conference}/hall/item/{item.slug}",
        ],
        events=events,
    )
