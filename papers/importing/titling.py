"""Where the title is, and where the first section begins."""

from __future__ import annotations

import re

from papers.importing.inline import whole_bold
from papers.importing.naming import RIGHTS, are_names, title_lines, titles_in
from papers.importing.pieces import Piece
from papers.importing.words import SECTION, is_date, normal, plain, series_and_number

# A line longer than this (in characters) is a text, not a line of a title page.
LONGEST_LINE = 200
LONGEST_TITLE = 300

BY = re.compile(r"^(?:by|autor(?:ka|ři)?:?|authors?:)\s+", re.IGNORECASE)
_BOLD_ROW = re.compile(r"^\*\*[^*]+\*\*(?:\s*(?:,|;|&|and|und|et|a)\s*\*\*[^*]+\*\*)+$")
SENTENCE = re.compile(r"[.!?…][\"”’)]*$")


def could_be_field(piece: Piece) -> bool:
    """A short line, be it one that ends in a degree's full stop, or the rights."""
    text = piece.plain_text()
    sentence = bool(SENTENCE.search(text)) and len(text.split()) > 8
    short = len(text) < LONGEST_LINE and not sentence
    short = short and not SECTION.match(text)
    return piece.kind == "paragraph" and (short or bool(RIGHTS.match(text)))


def bold_names(line: str) -> bool:
    """Whether the line is bold as a whole, or a row of bold names, and neither date nor long."""
    text = plain(line)
    bold = whole_bold(line) is not None or _BOLD_ROW.match(line.strip())
    return bool(bold) and len(text) <= LONGEST_LINE and not is_date(text) and any(map(str.isalpha, text))


class TitleFinder:
    """Looks for the title's heading among the pieces, knowing the lines that run along the pages."""

    def __init__(self, pieces: list[Piece], running: list[str]) -> None:
        self.pieces = pieces
        self._known_titles = titles_in(running)

    def find(self) -> tuple[int | None, int]:
        """Where the title's heading is (None if there is none) and where the first section begins."""
        title: int | None = None
        end = 0
        for index, piece in enumerate(self.pieces):
            if piece.kind == "paragraph" and title is not None and SECTION.match(piece.plain_text()):
                return title, index  # The first section, though its heading only looks like one.
            if piece.kind != "heading":
                continue
            if series_and_number(piece.plain_text()) and title is None:
                continue
            if title is None and self._is_title(index):
                title, end = index, index + 1
                continue
            if title is not None and index == title + 1 and self._stands_above_names(index):
                end = index + 1  # The subtitle, set as a heading of its own.
                continue
            return (self._first_line_as_title() if title is None else title), index
        # Without any section only short lines can belong to a title page.
        if title is None:
            title = self._first_line_as_title()
            end = 0 if title is None else 1
        while end < len(self.pieces) and could_be_field(self.pieces[end]):
            end += 1
        return title, end

    def _first_line_as_title(self) -> int | None:
        """Without a heading for it: the first line, if it is short, no other field, and no header says the title."""
        first = self.pieces[0] if self.pieces else None
        if first is None or self._known_titles or not could_be_field(first):
            return None
        text = first.plain_text()
        other = is_date(text) or series_and_number(text) or RIGHTS.match(text) or text.endswith(".")
        return None if other else 0

    def _is_title(self, index: int) -> bool:
        piece = self.pieces[index]
        text = piece.plain_text()
        if len(text) > LONGEST_TITLE:
            return False
        if normal(text) in self._known_titles and piece.sheet <= 2:
            return True
        first_levels = sum(other.level == 1 for other in self.pieces if other.kind == "heading")
        if piece.level == 1 and piece.sheet == 1 and (first_levels == 1 or not self._known_titles):
            return True
        for other in self.pieces[index + 1 : index + 5]:
            if not could_be_field(other):
                return False
            if any(is_date(plain(line)) or bold_names(line) for line in title_lines(other.source)):
                return True
        return False

    def _stands_above_names(self, index: int) -> bool:
        """Whether names, a date or rights follow at once."""
        if len(self.pieces) <= index + 1 or not could_be_field(self.pieces[index + 1]):
            return False
        line = title_lines(self.pieces[index + 1].source)[0]
        text = plain(line)
        return (
            bold_names(line) or is_date(text) or are_names(text) or bool(BY.match(text) or RIGHTS.match(text))
        )
