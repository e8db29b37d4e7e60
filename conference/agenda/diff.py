"""What differs between two programmes ({slug: content}). Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from conference.agenda.content import PRIVATE, Content, changed_fields

Programme = Mapping[str, Content]

NEW, GONE, CANCELLED, BACK, MOVED, RENAMED, ROOM, PEOPLE, RULE, OTHER = (
    "new",
    "gone",
    "cancelled",
    "back",
    "moved",
    "renamed",
    "room",
    "people",
    "rule",
    "other",
)
_KIND_OF_FIELD = {
    "start": MOVED,
    "end": MOVED,
    "title": RENAMED,
    "room": ROOM,
    "people": PEOPLE,
    "attribution": RULE,
}


@dataclass(frozen=True)
class Difference:
    """One item that differs: in which ways, in which fields, and both contents (None where it is absent)."""

    slug: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    before: Content | None
    after: Content | None

    @property
    def title(self) -> str:
        """As it is now, or as it was when it is gone."""
        return str((self.after or self.before or {}).get("title", ""))


def difference(slug: str, before: Content | None, after: Content | None) -> Difference | None:
    """How one item differs; None when it does not."""
    if before is None or after is None:
        kind = NEW if before is None else GONE
        return None if before is after else Difference(slug, (kind,), (), before, after)
    fields = tuple(name for name in changed_fields(before, after) if name not in PRIVATE)
    if not fields:
        return None
    kinds: list[str] = []
    for name in fields:
        if name == "cancelled":
            kind = CANCELLED if after.get("cancelled") else BACK
        else:
            kind = _KIND_OF_FIELD.get(name, OTHER)
        if kind not in kinds:
            kinds.append(kind)
    return Difference(slug, tuple(kinds), fields, before, after)


def differences(before: Programme, after: Programme) -> list[Difference]:
    """Every item that differs, in the order of the programme: by the start it has now (or had)."""
    found = [difference(slug, before.get(slug), after.get(slug)) for slug in {*before, *after}]
    return sorted((each for each in found if each is not None), key=_order)


def _order(each: Difference) -> tuple[datetime, str]:
    content = each.after or each.before
    assert content is not None  # of the two one is there
    return datetime.fromisoformat(content["start"]), each.slug
