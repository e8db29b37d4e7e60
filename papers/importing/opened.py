"""What every kind of file is turned into before it is cleaned: pages of numbered lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from papers.importing.document import Dropped
from papers.importing.refusals import NO_WORDS, TOO_LARGE, TOO_MANY_PAGES, UnreadablePaper
from papers.importing.source import LARGEST, MOST_PAGES, PAGE_BREAK, Line, Page
from papers.importing.words import words


@dataclass
class Opened:
    """A file as pages of lines, and the same lines as they are shown; `dropped` never got onto them.

    `paged` says whether the file has pages at all.
    """

    kind: str
    pages: list[Page]
    source_lines: list[str]
    dropped: list[Dropped] = field(default_factory=list)
    paged: bool = True


def opened(
    kind: str, sheets: Iterable[tuple[list[str], int | None, bool]], *, paged: bool, dropped: list[Dropped]
) -> Opened:
    """Pages made of lines, a label and whether they begin a block; raises UnreadablePaper if there are no words."""
    pages: list[Page] = []
    shown: list[str] = []
    for lines, label, whole in sheets:
        if pages:
            shown.append(PAGE_BREAK)
        page = Page([], label, whole)
        for text in lines:
            shown.append(text)
            page.lines.append(Line(text, len(shown), len(shown)))
        pages.append(page)
    if not words(" ".join(shown)):
        raise UnreadablePaper(NO_WORDS)
    if sum(map(len, shown)) > LARGEST:
        raise UnreadablePaper(TOO_LARGE, limit=LARGEST // 1_000_000)
    if len(pages) > MOST_PAGES:
        raise UnreadablePaper(TOO_MANY_PAGES, limit=MOST_PAGES)
    return Opened(kind, pages, shown, dropped, paged)
