"""The title page and the notes before the first section: title, authors, date, series, publisher, note, rights."""

from __future__ import annotations

import re
from itertools import pairwise

from papers.importing.document import Dropped
from papers.importing.fields import TitlePage, fill_from_header, name_publisher
from papers.importing.markdown import Piece, whole_bold
from papers.importing.naming import (
    ITALIC,
    RIGHTS,
    are_names,
    split_authors,
    split_title,
    title_lines,
    titles_in,
)
from papers.importing.words import is_date, missing_words, normal, plain, series_and_number

# A line longer than this (in characters) is a text, not a line of a title page.
LONGEST_LINE = 200
LONGEST_TITLE = 300
LONGEST_NOTE = 800

_NOTE = re.compile(
    r"\b(?:prepared|written|presented|published|produced|supported|commissioned|funded|conference|workshop|project|"
    r"připraven\w*|vznik\w*|vydán\w*|podpo\w+|konferenc\w*|projekt\w*)\b",
    re.IGNORECASE,
)
_NOTE_BEGINS = re.compile(
    r"^(?:(?:this|the) (?:\w+ ){1,3}(?:was|is|has been) |(?:tento|tato|toto|text|studie) (?:\w+ ){0,3})?"
    r"(?:prepared|written|presented|published|produced|commissioned|funded|připraven\w*|vznikl\w*|vydán\w*)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:by|autor(?:ka|ři)?:?|authors?:)\s+", re.IGNORECASE)
_BOLD_ROW = re.compile(r"^\*\*[^*]+\*\*(?:\s*(?:,|;|&|and|und|et|a)\s*\*\*[^*]+\*\*)+$")
_SENTENCE = re.compile(r"[.!?…][\"”’)]*$")


def take_title_page(
    pieces: list[Piece], running: list[str], footer: list[str]
) -> tuple[TitlePage, list[Piece]]:
    """Read the fields before the first section; returns them and the pieces that are left.

    `running` and `footer` are the lines that run along the pages, from which what the title page lacks is filled in.
    A piece before the first section that is no field stays, with `part` "front" if it stands among the fields or on
    their page.
    """
    reader = _Reader(pieces, running, footer)
    left = reader.take()
    return reader.page, left


class _Reader:
    def __init__(self, pieces: list[Piece], running: list[str], footer: list[str]) -> None:
        self.pieces = pieces
        self.running = running
        self.footer = footer
        self.page = TitlePage()
        self._known_titles = titles_in(running)

    def take(self) -> list[Piece]:
        title, end = self._find_title()
        kept: list[tuple[int, Piece]] = []
        last_field, sheets, text_begun = -1, set(), False
        for index in range(end):
            piece = self.pieces[index]
            whole = piece.source
            # Names, date and subtitle stand above the text: a bold line further down is no author.
            after_title = (title is None or index > title) and not text_begun
            text_begun = text_begun or not (piece.kind == "heading" or self._could_be_field(piece))
            rest = self._take_piece(piece, index, is_title=index == title, after_title=after_title)
            if rest is None or rest.source != whole:
                last_field = index
                sheets.add(piece.sheet)
            if rest is not None:
                kept.append((index, rest))
        # Pages of text before the first section: then what shares the title's page is text as well.
        many_sheets = bool(self.pieces) and self.pieces[-1].sheet > 1
        many_sheets = many_sheets and all(piece.sheet in sheets for _, piece in kept)
        for index, piece in kept:
            alone = not _SENTENCE.search(piece.plain_text()) and len(piece.plain_text()) < LONGEST_LINE
            on_their_page = many_sheets and piece.sheet in sheets
            if index < last_field or (last_field >= 0 and (alone or on_their_page)):
                piece.part = "front"
        fill_from_header(self.page, self.running)
        if not self.page.rights:
            # A line about the rights further on is a field as well, but stays in its place.
            texts = [piece.plain_text() for piece in self.pieces[end:] if piece.kind == "paragraph"]
            self.page.rights = next((text for text in (*texts, *self.footer) if RIGHTS.match(text)), "")
        name_publisher(self.page)
        return [piece for _, piece in kept] + self.pieces[end:]

    def _find_title(self) -> tuple[int | None, int]:
        """Where the title's heading is (None if there is none) and where the first section begins."""
        title: int | None = None
        end = 0
        for index, piece in enumerate(self.pieces):
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
        while end < len(self.pieces) and self._could_be_field(self.pieces[end]):
            end += 1
        return title, end

    def _first_line_as_title(self) -> int | None:
        """Without a heading for it: the first line, if it is short, no other field, and no header says the title."""
        first = self.pieces[0] if self.pieces else None
        if first is None or self._known_titles or not self._could_be_field(first):
            return None
        text = first.plain_text()
        return None if is_date(text) or series_and_number(text) or RIGHTS.match(text) else 0

    def _could_be_field(self, piece: Piece) -> bool:
        """A short line, be it one that ends in a degree's full stop, or the rights."""
        text = piece.plain_text()
        sentence = bool(_SENTENCE.search(text)) and len(text.split()) > 8
        short = len(text) < LONGEST_LINE and not sentence
        return piece.kind == "paragraph" and (short or bool(RIGHTS.match(text)))

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
            if not self._could_be_field(other):
                return False
            if any(is_date(plain(line)) or self._bold_names(line) for line in title_lines(other.source)):
                return True
        return False

    def _stands_above_names(self, index: int) -> bool:
        """Whether names, a date or rights follow at once."""
        if len(self.pieces) <= index + 1 or not self._could_be_field(self.pieces[index + 1]):
            return False
        line = title_lines(self.pieces[index + 1].source)[0]
        text = plain(line)
        return (
            self._bold_names(line)
            or is_date(text)
            or are_names(text)
            or bool(_BY.match(text) or RIGHTS.match(text))
        )

    def _take_piece(self, piece: Piece, index: int, *, is_title: bool, after_title: bool) -> Piece | None:
        """The piece without what became a field; None if nothing is left."""
        if is_title:
            self._set_title(piece.plain_text())
            self._account(piece, piece.source, piece.plain_text())
            return None
        if piece.text is not None or piece.kind not in ("paragraph", "heading"):
            return piece
        lines = title_lines(piece.source)
        if index == 0 and len(lines) > 1 and not after_title and self._could_be_field(piece):
            # A masthead that only this page has.
            self.page.masthead = [_text(line) for line in lines]
            self.page.dropped.append(Dropped(piece.page, "masthead", "\n".join(lines)))
            return None
        left = []
        for line in lines:
            value = self._take_line(line, index, after_title=after_title)
            if value is None:
                left.append(line)
            else:
                self._account(piece, line, value)
        if not left:
            return None
        with_rights = len(left) < len(lines) or self._next_to_rights(index)
        if piece.kind == "paragraph" and self._take_note(" ".join(left), with_rights=with_rights):
            return None
        if len(left) < len(lines):
            piece.source = "\n".join(left)
        return piece

    def _account(self, piece: Piece, source: str, value: str) -> None:
        """What of a line did not get into its field ("and" between authors, "No." before a number) is dropped."""
        missing = missing_words(source, value)
        if missing:
            self.page.dropped.append(Dropped(piece.page, "title_page", " ".join(missing)))

    def _take_line(self, line: str, index: int, *, after_title: bool) -> str | None:
        """Put the line into the field it belongs to; returns what the field took, None if it is no field."""
        page, text = self.page, plain(line)
        if RIGHTS.match(text):
            page.rights = f"{page.rights} {_text(line)}".strip()
            return page.rights
        if len(text) > LONGEST_LINE:
            return None
        if not page.date and is_date(text):
            page.date = text
            return text
        series = series_and_number(text)
        if series and not page.series:
            page.series, page.number = series
            return " ".join(series)
        if not after_title:
            return None
        if not page.authors and self._are_authors(line, text, index):
            page.authors = split_authors(_BY.sub("", _text(whole_bold(line) or line)))
            return " ".join(page.authors)
        if self._is_subtitle(line, text, index):
            page.subtitle = _text(line if not ITALIC.match(line) else line.strip()[1:-1])
            return page.subtitle
        return None

    def _are_authors(self, line: str, text: str, index: int) -> bool:
        """Names in bold or after "by"; plain ones where no other line can be the names."""
        if self._bold_names(line) or _BY.match(text):
            return True
        if not are_names(text):
            return False
        if self.page.subtitle or split_title(self.page.title)[1]:
            return True
        following = [
            line for other in self.pieces[index + 1 : index + 3] for line in title_lines(other.source)
        ]
        return bool(following) and is_date(plain(following[0]))

    def _bold_names(self, line: str) -> bool:
        """Whether the line is bold as a whole, or a row of bold names, and neither date nor long."""
        text = plain(line)
        bold = whole_bold(line) is not None or _BOLD_ROW.match(line.strip())
        return bool(bold) and len(text) <= LONGEST_LINE and not is_date(text) and any(map(str.isalpha, text))

    def _is_subtitle(self, line: str, text: str, index: int) -> bool:
        """A short line right below the title, itself above the author, the date or the rights, or in italics."""
        page = self.page
        if (
            page.subtitle
            or page.authors
            or page.date
            or not page.title
            or _SENTENCE.search(text.rstrip("?!"))
        ):
            return False
        previous = self.pieces[index - 1] if index else None
        if previous is None or previous.kind != "heading":
            return False
        if ITALIC.match(line.strip()):
            return True
        following = [
            line for other in self.pieces[index + 1 : index + 2] for line in title_lines(other.source)
        ]
        own = title_lines(self.pieces[index].source)
        following = own[own.index(line) + 1 :] + following
        return any(
            self._bold_names(other)
            or _BY.match(plain(other))
            or are_names(plain(other))
            or is_date(plain(other))
            or RIGHTS.match(plain(other))
            for other in following[:1]
        )

    def _next_to_rights(self, index: int) -> bool:
        """Whether the piece before or after, on the same page of a scan, is the line about the rights."""
        near = self.pieces[max(index - 1, 0) : index + 2]
        return self.pieces[-1].sheet > 1 and any(
            RIGHTS.match(other.plain_text()) for other in near if other.sheet == self.pieces[index].sheet
        )

    def _take_note(self, text: str, *, with_rights: bool) -> bool:
        """What the paper was written for: beside the rights such words suffice, elsewhere it must begin with them."""
        if len(text) > LONGEST_NOTE or not (
            _NOTE.search(text) if with_rights else _NOTE_BEGINS.match(plain(text))
        ):
            return False
        self.page.note = f"{self.page.note} {_text(text)}".strip()
        return True

    def _set_title(self, text: str) -> None:
        wanted = normal(text)
        first = next((a for a, b in pairwise(self.running) if normal(f"{a} {b}") == wanted), None)
        if first is not None:
            count = len(first.split())
            parts = text.split()
            self.page.title = " ".join(parts[:count]).rstrip(":–— ")
            self.page.subtitle = " ".join(parts[count:]).lstrip(":–— ")
        else:
            self.page.title = text


def _text(source: str) -> str:
    return Piece("paragraph", source, 1, 1).plain_text()
