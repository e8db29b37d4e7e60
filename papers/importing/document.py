"""What an import yields: a document of blocks, and what was done to the source on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


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
class Document:
    """A paper: what its title page says, its blocks in order, and an account of the cleaning.

    `dropped` holds the source's words that are in no block and no field (running headers, footers, page numbers,
    targets of dead links), one entry for each place. `joined` quotes each page seam where a sentence was put together
    again, `doubtful` each place where a person should look.
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
    dropped: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The document as plain dicts and lists, keys in the order of the public contract."""
        return asdict(self)
