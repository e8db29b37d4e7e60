"""What an import yields: a document of blocks, and what was done to the source on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("heading", "paragraph", "list_item", "quote", "table", "figure", "footnote")
PARTS = ("front", "summary", "body", "back")


class UnreadablePaper(ValueError):
    """The source is not a text that can be read as a paper; the message says why, in one sentence."""


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item, quote, table, figure or footnote.

    `level` is 2 to 6 for a heading, the depth from 1 for a list item, else None. `text` is plain. `html` is what
    stands inside the block's element, cleaned by nh3 (a table is a whole `<table>`). A numbered item keeps its
    number at the beginning of both. `page` is the printed page number where the block begins, or the running count.
    `part` is front, summary, body or back.
    """

    kind: str
    level: int | None
    text: str
    html: str
    page: int | None
    part: str


@dataclass(frozen=True)
class Dropped:
    """Words of the source that are in no block and no field: where they stood (None: unknown) and why they went.

    `reason` is `running_header`, `running_footer`, `page_number`, `masthead`, `title_page` (words between names,
    "No." before a number), `dead_link` (its target, or a picture's file), `comment` or `markup`.
    """

    page: int | None
    reason: str
    text: str


@dataclass(frozen=True)
class Joined:
    """A page seam where a sentence was put together again, quoted as it reads now."""

    page: int
    next_page: int
    text: str


@dataclass(frozen=True)
class Doubtful:
    """A place where a person should look.

    `reason` is `one_paragraph_or_two` (left apart; ¶ marks the seam), `probably_one_sentence` (joined) or
    `no_title_page` (pages None).
    """

    page: int | None
    next_page: int | None
    reason: str
    text: str


@dataclass(frozen=True)
class Document:
    """A paper: what its title page says, its blocks in order, and an account of the cleaning.

    `dropped` has one entry for each place where something was taken off, `joined` one for each page seam that cut a
    sentence, `doubtful` one for each place where a person should look.
    """

    title: str
    subtitle: str = ""
    authors: list[str] = field(default_factory=list)
    date: str = ""
    series: str = ""
    number: str = ""
    publisher: str = ""
    language: str = "en"
    rights: str = ""
    note: str = ""
    blocks: list[Block] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The document as plain dicts and lists, keys in the order of the public contract."""
        return asdict(self)
