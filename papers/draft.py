"""A draft as a reviewer sees it: the importer's blocks under keys, and its account of what it did. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from papers.importing import Block, Document, settled
from papers.importing.document import Lines
from papers.importing.refusals import gettext_noop as _


class Impossible(ValueError):
    """The operation cannot be done on the draft as it is. Its text is marked for translation."""


@dataclass
class Part:
    """A block of the draft. `offsets` are the places in its text where two were joined; `corrected` by a person."""

    key: str
    block: Block
    offsets: list[int] = field(default_factory=list)
    corrected: bool = False


@dataclass
class Gone:
    """What was dropped: by the importer, or by hand (then `part` is the block as it was)."""

    key: str
    reason: str
    text: str
    page: int | None
    lines: Lines | None
    part: Part | None = None
    before: str | None = None


@dataclass
class Doubt:
    """A doubtful place. `at` is the key of the block to look at, if there is one; `seen` when somebody settled it."""

    key: str
    reason: str
    text: str
    page: int | None
    next_page: int | None
    lines: Lines | None
    at: str | None
    offset: int | None = None
    seen: bool = False


@dataclass
class Draft:
    """The document as it stands after the corrections."""

    document: Document
    parts: list[Part]
    gone: list[Gone]
    doubts: list[Doubt]
    values: dict[str, Any] = field(default_factory=dict)
    # The operations that count, oldest first, each with its number.
    done: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def index_of(self, key: str) -> int:
        """Where the block with this key stands. Raises Impossible."""
        for index, part in enumerate(self.parts):
            if part.key == key:
                return index
        raise Impossible(_("This block is not in the draft any more."))

    def finished(self) -> Document:
        """The document to publish, its footnotes linked anew."""
        return settled(replace(self.document, **self.values, blocks=[part.block for part in self.parts]))


def fresh(document: Document) -> Draft:
    """The draft of a document that nobody has corrected yet."""
    parts = [Part(f"b{index}", block) for index, block in enumerate(document.blocks)]
    for seam in document.joined:
        if seam.block is not None and seam.offset is not None:
            parts[seam.block].offsets.append(seam.offset)
    gone = [
        Gone(f"d{index}", each.reason, each.text, each.page, each.lines)
        for index, each in enumerate(document.dropped)
    ]
    offsets = {seam.lines: seam.offset for seam in document.joined}
    doubts = [
        Doubt(
            f"q{index}",
            each.reason,
            each.text,
            each.page,
            each.next_page,
            each.lines,
            f"b{each.block}" if each.block is not None else None,
            offsets.get(each.lines) if each.reason == "probably_one_sentence" else None,
        )
        for index, each in enumerate(document.doubtful)
    ]
    return Draft(document, parts, gone, doubts)
