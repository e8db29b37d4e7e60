"""How every change of the programme is written: locked, compared, logged, told. Used by the services alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from conference.agenda import drafts
from conference.agenda.content import (
    AT_ONCE,
    DEFAULTS,
    FACTS,
    MOMENTS,
    PERSON_DEFAULTS,
    changed_fields,
    complete,
    stricter,
)
from conference.agenda.models import AgendaItem
from conference.agenda.records import AgendaChange, DraftItem, Operation
from conference.event.models import Conference, Person, PrivateLink, User
from conference.live.services import announce

Maker = User | PrivateLink

# First segments of pages below /agenda/ that are not items.
NOT_AN_ITEM = frozenset({"now", "notices", "changes", "search"})


class Stale(Exception):
    """The item changed since the form was made; `change` is the newest one, nothing was written."""

    def __init__(self, item: DraftItem, change: AgendaChange | None) -> None:
        super().__init__("The item changed meanwhile.")
        self.item = item
        self.change = change


class NotPossible(Exception):
    """The programme does not allow this; the message says why, in the reader's language."""


def lock(conference: Conference) -> Conference:
    """The conference's row: changes of one programme wait for each other.

    The order of locks is the same everywhere: conference, items, drafts. Whoever holds an item's row already (the
    question desk closing a session) leaves the conference's out.
    """
    return Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)


def locked_draft(draft: DraftItem) -> DraftItem:
    """One item as it is now, locked."""
    return locked_drafts(draft.conference, DraftItem.objects.filter(pk=draft.pk))[0]


def locked_drafts(conference: Conference, wanted: Iterable[DraftItem] | None = None) -> list[DraftItem]:
    """Items as they are now, locked; all of the conference when none are named."""
    rows = DraftItem.objects.filter(conference=conference)
    if wanted is not None:
        rows = rows.filter(pk__in=[draft.pk for draft in wanted])
    items = (
        AgendaItem.objects.filter(draft__in=rows).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    by_pk = {item.pk: item for item in items.select_related("room")}
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    for draft in found:
        draft.conference = conference
        if draft.item_id is not None:
            draft.item = by_pk[draft.item_id]
            draft.item.conference = conference
    return found


def begin(conference: Conference, by: Maker, kind: str, undoes: Operation | None = None) -> Operation:
    """The log's row for what is about to be done."""
    return Operation.objects.create(
        conference=conference,
        kind=kind,
        by=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PrivateLink) else None,
        undoes=undoes,
    )


def write(operation: Operation, draft: DraftItem, after: dict[str, Any]) -> list[str]:
    """Bring a locked item to the state `after` and log it; returns what changed, nothing when it was so already.

    Switches of the day and its facts act on the public's row too, and so does a stricter attribution rule.
    """
    before = drafts.state_of(draft)
    names = changed_fields(before, after)
    if not names:
        return []
    draft.content = complete(after)
    if draft.item is not None:
        _act_at_once(draft, draft.item, after, names)
    draft.version += 1
    draft.save()
    AgendaChange.objects.create(
        operation=operation,
        draft=draft,
        version=draft.version,
        before=before,
        after={**draft.content, **{name: after.get(name) for name in FACTS}},
    )
    return names


def _act_at_once(draft: DraftItem, item: AgendaItem, after: dict[str, Any], names: list[str]) -> None:
    published = {**(draft.published or {})}
    for name in AT_ONCE:
        if name in names:
            setattr(item, name, as_column(name, after[name]))
        published[name] = draft.content[name]
    for name in FACTS:
        if name in names:
            setattr(item, name, as_column(name, after.get(name)))
    draft.published = published
    rule = stricter(draft.content["attribution"], published["attribution"])
    moved = rule != item.attribution or any(name in names for name in (*AT_ONCE, *FACTS))
    item.attribution = rule
    if moved:
        item.version += 1
        item.changed_at = timezone.now()
        item.save()


def as_column(name: str, value: Any) -> Any:
    """A value of a content as the public's row keeps it."""
    if name in MOMENTS:
        return datetime.fromisoformat(value) if value else None
    return value


def tell(conference: Conference, slugs: Iterable[str], *, refresh: bool = False) -> None:
    """Announce that the public sees these items otherwise: programme, home, boards, their pages.

    With `refresh` every open page is read again: another attribution rule moves questions into the hall or out of it.
    """
    key, named = conference.pk, sorted(set(slugs))
    events = [("public", "agenda", named[0] if len(named) == 1 else ""), ("desk", "agenda", "")]
    if refresh:
        events.append(("public", "refresh", ""))
    pages = [f"{key}/{place}item/{slug}" for slug in named for place in ("", "hall/")]
    topics = [f"{key}/agenda", f"{key}/board", f"{key}/hall/board", *pages]
    announce(conference_id=key, topics=topics, events=events)


def tell_if_seen(conference: Conference, changed: list[tuple[DraftItem, list[str]]]) -> None:
    """Announce an operation, as far as the public can see any of it."""
    seen = [
        (draft, names)
        for draft, names in changed
        if draft.item is not None and any(name in names for name in (*AT_ONCE, *FACTS, "attribution"))
    ]
    if seen:
        rules = any("attribution" in names for _, names in seen)
        tell(conference, [draft.slug for draft, _ in seen], refresh=rules)


def as_content(
    values: dict[str, Any], people: Iterable[Any] | None, conference: Conference
) -> dict[str, Any]:
    """Plain content of what forms and importers hand over: rooms, papers and people may be rows, times moments."""
    content = {name: value for name, value in values.items() if name in DEFAULTS}
    for name in ("start", "end", "board_opens_at"):
        if isinstance(content.get(name), datetime):
            content[name] = content[name].astimezone(conference.zone).isoformat()
    if "room" in content:
        content["room"] = getattr(content["room"], "slug", content["room"]) or ""
    if "papers" in content:
        content["papers"] = sorted(getattr(paper, "slug", paper) for paper in content["papers"])
    if people is not None:
        content["people"] = [_as_person(each) for each in people]
    for name in ("kind", "attribution", "board_mode"):
        if name in content:
            content[name] = str(content[name])
    return content


def _as_person(each: Any) -> dict[str, Any]:
    if isinstance(each, dict):
        return {**PERSON_DEFAULTS, **each}
    person, role = each
    return {
        **PERSON_DEFAULTS,
        "person": person.slug if isinstance(person, Person) else person,
        "role": str(role),
    }


def free_slug(conference: Conference, title: str) -> str:
    """An address for a new item, made of its title, that no item of the conference has or had."""
    stem = slugify(title)[:50].strip("-") or "item"
    taken = set(NOT_AN_ITEM)
    for model in (DraftItem, AgendaItem):
        found = model._default_manager.filter(conference=conference, slug__startswith=stem)
        taken.update(found.values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
