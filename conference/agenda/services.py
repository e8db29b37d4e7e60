"""Changing the programme: the one door. Every change names the version it was made on and leaves a log row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from conference.agenda import drafts
from conference.agenda.content import complete
from conference.agenda.models import AgendaItem, BoardMode
from conference.agenda.records import AgendaChange, DraftItem, Operation
from conference.agenda.writing import (
    Maker,
    NotPossible,
    Stale,
    as_content,
    begin,
    free_slug,
    lock,
    locked_draft,
    locked_drafts,
    tell,
    tell_if_seen,
    write,
)
from conference.event.clocks import conference_now
from conference.event.models import Conference, User

__all__ = [
    "NotPossible",
    "Stale",
    "add_item",
    "add_items",
    "cancel_item",
    "close_board",
    "edit_item",
    "edit_items",
    "ensure_draft",
    "reopen_board",
    "set_board_mode",
]


@transaction.atomic
def add_item(
    *,
    conference: Conference,
    by: User,
    values: dict[str, Any],
    people: Iterable[Any] | None = None,
    slug: str = "",
) -> DraftItem:
    """Add an item to the draft; the public sees it with the next release.

    `values` has keys of `content.DEFAULTS`; rooms and papers may be rows, times aware datetimes, `people` pairs of
    person and role. Without a `slug` the item's address is made of its title.
    """
    return add_items(conference=conference, by=by, new=[(slug, values, people)])[0]


@transaction.atomic
def add_items(
    *,
    conference: Conference,
    by: User,
    new: Iterable[tuple[str, dict[str, Any], Iterable[Any] | None]],
    kind: str = Operation.Kind.ADD,
    operation: Operation | None = None,
) -> list[DraftItem]:
    """Add several items as one operation: [(slug or "", values, people)]. See `add_item`."""
    row = lock(conference)
    operation = operation or begin(row, by, kind)
    added = []
    for slug, values, people in new:
        content = complete(as_content(values, people, row))
        draft = DraftItem.objects.create(
            conference=row, slug=slug or free_slug(row, content["title"]), content=content
        )
        AgendaChange.objects.create(operation=operation, draft=draft, version=1, before={}, after=content)
        added.append(draft)
    return added


@transaction.atomic
def edit_item(
    *,
    item: DraftItem,
    by: User,
    version: int,
    values: dict[str, Any],
    people: Iterable[Any] | None = None,
    kind: str = Operation.Kind.EDIT,
) -> DraftItem:
    """Change an item of the draft. Raises Stale when it is no longer at `version`, unless it is so already.

    What is not in `values` stays (`people` too, when None).
    """
    return edit_items(
        conference=item.conference, by=by, changes=[(item, version, values, people)], kind=kind
    )[0]


@transaction.atomic
def edit_items(
    *,
    conference: Conference,
    by: User,
    changes: Iterable[tuple[DraftItem, int, dict[str, Any], Iterable[Any] | None]],
    kind: str = Operation.Kind.EDIT,
    operation: Operation | None = None,
) -> list[DraftItem]:
    """Change several items as one operation that is undone as one: [(item, version, values, people)].

    Raises Stale for the first that is no longer at its version; then nothing is written.
    """
    row = lock(conference)
    wanted = list(changes)
    found = {draft.pk: draft for draft in locked_drafts(row, [item for item, *_ in wanted])}
    todo = []
    for item, version, values, people in wanted:
        draft = found[item.pk]
        now = drafts.state_of(draft)
        after = {**now, **as_content(values, people, row)}
        if after == now:
            continue
        if draft.version != version or now["removed"]:
            raise Stale(draft, drafts.last_change(draft))
        todo.append((draft, after))
    if todo:
        operation = operation or begin(row, by, kind)
        tell_if_seen(row, [(draft, write(operation, draft, after)) for draft, after in todo])
    return [found[item.pk] for item, *_ in wanted]


@transaction.atomic
def cancel_item(*, item: DraftItem, by: User, version: int, cancelled: bool) -> DraftItem:
    """Cancel an item or put it back: that acts at once. Raises Stale; the same decision twice is success."""
    values = {"cancelled": cancelled}
    return edit_item(item=item, by=by, version=version, values=values, kind=Operation.Kind.CANCEL)


@transaction.atomic
def close_board(*, item: AgendaItem, by: Maker) -> AgendaItem:
    """Let an item take no more questions, for good; twice is success. A panel chair does it by private link."""
    row = _locked_item(item)
    if row.is_closed:
        return row
    mode = row.board_mode
    row = set_board_mode(item=row, by=by, mode=BoardMode.CLOSED)
    row.closed_at, row.mode_before_closing = conference_now(row.conference), mode
    row.save(update_fields=["closed_at", "mode_before_closing"])
    tell(row.conference, [row.slug])
    return row


@transaction.atomic
def reopen_board(*, item: AgendaItem, by: Maker) -> AgendaItem:
    """Take `close_board` back: questions are taken as before it; twice is success."""
    row = _locked_item(item)
    if not row.is_closed:
        return row
    row = set_board_mode(item=row, by=by, mode=row.mode_before_closing or BoardMode.CLOSED)
    row.closed_at, row.mode_before_closing = None, ""
    row.save(update_fields=["closed_at", "mode_before_closing"])
    tell(row.conference, [row.slug])
    return row


@transaction.atomic
def set_board_mode(*, item: AgendaItem, by: Maker, mode: str) -> AgendaItem:
    """Open or close an item's board, at once; twice is success. The draft takes it over."""
    row = _locked_item(item)
    if row.board_mode == mode:
        return row
    draft = locked_draft(ensure_draft(row))
    assert draft.item is not None
    operation = begin(row.conference, by, Operation.Kind.DAY)
    names = write(operation, draft, {**drafts.state_of(draft), "board_mode": str(mode)})
    tell_if_seen(row.conference, [(draft, names)])
    return draft.item


def ensure_draft(item: AgendaItem) -> DraftItem:
    """The draft of an item that the public has; made of it where there is none yet."""
    content = drafts.content_of_item(item)
    draft, _created = DraftItem.objects.get_or_create(
        item=item,
        defaults={
            "conference": item.conference,
            "slug": item.slug,
            "content": content,
            "published": content,
        },
    )
    return draft


def _locked_item(item: AgendaItem) -> AgendaItem:
    rows = AgendaItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("conference").get(pk=item.pk)
