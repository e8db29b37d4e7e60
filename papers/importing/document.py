"""What an import yields: a document of blocks, where each came from, and what was done to the source on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("heading", "paragraph", "list_item", "quote", "table", "figure", "footnote")
PARTS = ("front", "summary", "body", "back")
# What a title page says: the fields of a Document besides its blocks.
FIELDS = (
    "title",
    "subtitle",
    "authors",
    "date",
    "series",
    "number",
    "publisher",
    "language",
    "rights",
    "note",
)

# What the reasons of `Dropped` and `Doubtful` can be; each docstring below says what they mean.
DROPPED_REASONS = (
    "running_header",
    "running_footer",
    "page_number",
    "masthead",
    "title_page",
    "dead_link",
    "comment",
    "navigation",
    "markup",
)
DOUBTFUL_REASONS = (
    "one_paragraph_or_two",
    "probably_one_sentence",
    "no_title_page",
    "heading_by_its_looks",
    "note_without_sign",
    "sign_without_note",
)

# The first and the last line of a place, counted from 1, both included: `document.source_lines[first - 1 : last]`.
Lines = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item, quote, table, figure or footnote.

    `level` is 2 to 6 for a heading, the depth from 1 for a list item, else None. `text` is plain. `html` is what
    stands inside the block's element, cleaned by nh3 (a table is a whole `<table>`). A numbered item keeps its
    number at the beginning of both. `page` is the printed page number where the block begins, or the running count,
    or None where the source has no pages. `part` is front, summary, body or back.

    `lines` is where it came from; of a block that was joined over a page seam, from where it begins to where it ends,
    with whatever ran along the pages between. None for a block that no source has. It is provenance and not content:
    two blocks that differ in nothing else are equal.
    """

    kind: str
    level: int | None
    text: str
    html: str
    page: int | None
    part: str
    lines: Lines | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Dropped:
    """Words of the source that are in no block and no field: where they stood (None: unknown) and why they went.

    `reason` is `running_header`, `running_footer`, `page_number`, `masthead`, `title_page` (words between names,
    "No." before a number), `dead_link` (its target, or a picture's file), `comment`, `navigation` (of a web page) or
    `markup`. `lines` is the place in the source; for `markup`, where only the page is sure, the whole page.
    """

    page: int | None
    reason: str
    text: str
    lines: Lines | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Joined:
    """A page seam where a sentence was put together again, quoted as it reads now.

    `lines` are the last line before the seam and the first after it. `block` is the index in `document.blocks` of the
    block that holds the sentence, and `offset` where in its text the second half begins (in characters), so that the
    two can be parted again.
    """

    page: int | None
    next_page: int | None
    text: str
    lines: Lines | None = field(default=None, compare=False)
    block: int | None = field(default=None, compare=False)
    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Doubtful:
    """A place where a person should look.

    `reason` is `one_paragraph_or_two` (left apart; ¶ marks the seam), `probably_one_sentence` (joined),
    `no_title_page` (pages None), `heading_by_its_looks` (a line in bold or capitals was taken for a heading),
    `note_without_sign` (a footnote that nothing refers to) or `sign_without_note` (the reverse). `lines` is the
    place in the source, `block` the index in `document.blocks` of the block to look at: after a seam that was left
    apart, the second of the two.
    """

    page: int | None
    next_page: int | None
    reason: str
    text: str
    lines: Lines | None = field(default=None, compare=False)
    block: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Document:
    """A paper: what its title page says, its blocks in order, and an account of the cleaning.

    `dropped` has one entry for each place where something was taken off, `joined` one for each page seam that cut a
    sentence, `doubtful` one for each place where a person should look.

    `source_kind` is `text` (Markdown and plain text), `docx`, `html`, `pdf` or `export` (Markdown as written by
    `exporting.to_markdown`). `source_lines` is the source as the cleaner saw it, line by line: the file's own lines
    for a text, lines of Markdown made from the file for the others; a line that is only a form feed is a page break.
    All line numbers of the account count them from 1. `field_lines` says for each field of the title page (by name)
    where it was read, if it was read in one place. All three are provenance and not compared.
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
    source_kind: str = field(default="text", compare=False)
    source_lines: list[str] = field(default_factory=list, compare=False)
    field_lines: dict[str, Lines] = field(default_factory=dict, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The document as plain dicts and lists, keys in the order of the public contract, provenance after them."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Document:
        """The document that `to_json` gave, also after a detour through JSON's text (which turns pairs into lists)."""
        values = dict(data)
        for name, entry in (
            ("blocks", Block),
            ("dropped", Dropped),
            ("joined", Joined),
            ("doubtful", Doubtful),
        ):
            values[name] = [
                entry(**(item | {"lines": _pair(item.get("lines"))})) for item in data.get(name, [])
            ]
        values["field_lines"] = {
            name: pair for name, lines in data.get("field_lines", {}).items() if (pair := _pair(lines))
        }
        return cls(**values)

    def source_of(self, lines: Lines | None, around: int = 0) -> list[tuple[int, str]]:
        """The source's lines of a place with their numbers, and so many more on each side ([] for no place)."""
        if lines is None:
            return []
        first, last = max(lines[0] - around, 1), min(lines[1] + around, len(self.source_lines))
        return [(number, self.source_lines[number - 1]) for number in range(first, last + 1)]


def _pair(lines: Any) -> Lines | None:
    return (lines[0], lines[1]) if lines else None
