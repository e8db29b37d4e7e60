"""What an item of the programme holds, as plain values: the shape of drafts, logs and releases. Pure: no Django.

Times are ISO 8601 in the conference's zone; rooms, people and papers stand by their slugs, which never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Content = dict[str, Any]

# In the order in which people read them.
DEFAULTS: Content = {
    "title": "",
    "kind": "talk",
    "start": "",
    "end": "",
    "room": "",
    "people": [],
    "abstract": "",
    "papers": [],
    "language": "en",
    "interpretation": "",
    "attribution": "on_record",
    "stream_url": "",
    "fixed": False,
    "board_mode": "moderated",
    "board_opens_at": None,
    "hide_votes": False,
    "cancelled": False,
    "removed": False,
}
# Switches of the day: they act at once on what the public sees and wait for no release.
AT_ONCE = ("board_mode", "board_opens_at", "hide_votes", "cancelled")
# What happened on the day. Only an item that the public knows has it; it is in the log, and in no release.
FACTS = ("day_start", "day_end", "started_at", "ended_at")
# Kept as ISO 8601, or None.
MOMENTS = (*FACTS, "board_opens_at")
# Never public: an item that was taken off the draft before anybody had seen it.
PRIVATE = ("removed",)

PERSON_DEFAULTS: dict[str, Any] = {
    "person": "",
    "role": "speaker",
    "billed_as": "",
    "coming": True,
    "remote": False,
    "cancelled": False,
    "replaced_by": "",
}


def complete(values: Mapping[str, Any]) -> Content:
    """`values` with defaults for what is missing, every person with all keys, and nothing that has no place here."""
    content = {name: values.get(name, default) for name, default in DEFAULTS.items()}
    content["people"] = [
        {name: each.get(name, default) for name, default in PERSON_DEFAULTS.items()}
        for each in content["people"]
    ]
    content["papers"] = list(content["papers"])
    return content


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields in which two contents differ, in the order of reading. A missing field is its default."""
    names = [*DEFAULTS, *FACTS]
    return [name for name in names if _value(before, name) != _value(after, name)]


def _value(content: Mapping[str, Any], name: str) -> Any:
    return content.get(name, DEFAULTS.get(name))


@dataclass(frozen=True)
class Clash:
    """A field as it was when I opened the form, as a colleague saved it meanwhile, and as I typed it."""

    name: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def only_theirs(self) -> bool:
        """I did not touch it."""
        return bool(self.mine == self.base)

    @property
    def only_mine(self) -> bool:
        """They did not touch it."""
        return bool(self.theirs == self.base)


def clashes(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Clash]:
    """The fields in which what I typed differs from what is there now (three-way)."""
    return [
        Clash(name, _value(base, name), _value(theirs, name), _value(mine, name))
        for name in changed_fields(theirs, mine)
        if name not in FACTS
    ]


STRICTNESS = ("on_record", "chatham_house", "those_present")


def stricter(one: str, other: str) -> str:
    """Of two attribution rules the one that lets less out."""
    return max(one, other, key=STRICTNESS.index)
