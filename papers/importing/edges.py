"""The lines at the edges of a page, each with what it says and the page number that it may carry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from papers.importing.source import Line, is_separator
from papers.importing.words import heading_mark, normal, plain, words

# How many lines from each edge of a page may belong to a header or a footer, and how long such a line may be.
ZONE = 15
LONGEST = 150

_NUMBER_LINE = re.compile(
    r"^\W*(?:(?:page|p|strana|str|s|seite)\b)?\W*(\d{1,3})(?:\s*(?:of|z|von|/)\s*\d{1,3})?\W*$", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(r"^\W*(\d{1,3})(?:\s*[|·•–—:-]+\s*|\s+)(?=\D)")
_NUMBER_LAST = re.compile(
    r"[\s|·•–—,:-]+(?:(?:page|p|strana|str|s|seite)\b\W*)?(\d{1,3})[\s|·•–—-]*$", re.IGNORECASE
)

# A number that a header sets apart from its words.
SEPARATED = re.compile(
    r"^\W*\d{1,3}\s*[|·•–—]|[|·•–—]\s*\d{1,3}\W*$|\b(?:page|strana|str\.|seite)\s*\d", re.IGNORECASE
)


@dataclass(frozen=True)
class Edge:
    """One line at the edge of a page: where it is, its key for comparison, a number that may be the page's.

    `attached`: the next line inwards follows without a blank one.
    """

    position: int
    line: Line
    key: str
    mark: int
    number: int | None
    attached: bool = False

    @property
    def raw(self) -> str:
        """The line as it is written."""
        return self.line.text


def edges_of(page: list[Line], positions: range) -> list[Edge]:
    """The first lines with something on them, looking at the page in the order of `positions`."""
    found: list[Edge] = []
    for position in positions:
        if page[position].text.strip():
            inwards = position + positions.step
            attached = 0 <= inwards < len(page) and bool(page[inwards].text.strip())
            found.append(replace(_edge(position, page[position]), attached=attached))
        if len(found) == ZONE:
            break
    return found


def _edge(position: int, line: Line) -> Edge:
    raw = line.text
    text = plain(raw)
    if len(raw) > LONGEST:
        return Edge(position, line, normal(text) or "…", heading_mark(raw), None)
    if is_separator(raw):
        return Edge(position, line, "", 0, None)
    alone = _NUMBER_LINE.match(text)
    if alone:
        return Edge(position, line, "", 0, int(alone[1]))
    number = None
    for pattern in (_NUMBER_LAST, _NUMBER_FIRST):
        found = pattern.search(text)
        if found and heading_mark(raw) and not re.search(r"[|·•–—]|page|stran", found[0], re.IGNORECASE):
            continue  # "## Part 2" is a heading with its own number, no header with a page's.
        if found and words(text[: found.start()] + text[found.end() :]):
            number, text = int(found[1]), text[: found.start()] + text[found.end() :]
            break
    # A heading and a plain line, or headings of two levels, are not the same line.
    mark = heading_mark(raw)
    return Edge(position, line, f"{'#' * mark} {normal(text)}".strip(), mark, number)


def without_number(text: str) -> str:
    """A header's text without the page number at its end or beginning."""
    return _NUMBER_FIRST.sub("", _NUMBER_LAST.sub("", text)).strip()
