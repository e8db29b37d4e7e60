"""What a programme is once it was read: items, and what was not understood, by row and column."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# What a column may hold, in the order in which a form offers it.
FIELDS = (
    "id",
    "date",
    "time",
    "start",
    "end",
    "duration",
    "title",
    "kind",
    "room",
    "language",
    "people",
    "chair",
    "discussants",
    "affiliation",
    "abstract",
    "attribution",
    "status",
)


class Unreadable(Exception):
    """The file as a whole cannot be read; `text` (English, to be translated) says why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Someone:
    """A person in an item. `role` is speaker, chair, discussant or author."""

    name: str
    affiliation: str = ""
    role: str = "speaker"


@dataclass
class Item:
    """A row of the programme. `start` and `end` are aware. What the file does not tell is None."""

    row: int
    title: str
    start: datetime
    end: datetime
    kind: str = "talk"
    room: str = ""
    language: str = "en"
    abstract: str = ""
    people: list[Someone] = field(default_factory=list)
    id: str = ""
    attribution: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Problem:
    """Something that was not understood. `template` and `values` make the text, so that it can be translated.

    `row` counts as the spreadsheet does, from 1 with the headings; `column` is the heading as it is written there.
    With `lost` the row is not among the items; otherwise it is, as the text says.
    """

    row: int
    column: str
    template: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    lost: bool = True

    @property
    def text(self) -> str:
        """The text in English."""
        return self.template % self.values


@dataclass
class Programme:
    """Everything that a file told. `told` names the fields that it has columns for: only those can have changed."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    told: frozenset[str] = frozenset()
    # The headings as written, and the field that each column was taken for ("" for none), for a form to change.
    headings: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


def fold(text: str) -> str:
    """Text for comparing: without accents and case, spaces single."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def noop(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text
