"""The title page and the notes before the first section: title, authors, date, series, publisher, note, rights."""

from __future__ import annotations

import re
from itertools import pairwise

from papers.importing.document import Dropped
from papers.importing.fields import TitlePage, fill_from_header, name_publisher
from papers.importing.inline import render, whole_bold
from papers.importing.naming import (
    ITALIC,
    RIGHTS,
    are_names,
    split_authors,
    split_title,
    title_lines,
)
from papers.importing.pieces import Piece
from papers.importing.titling import BY, LONGEST_LINE, SENTENCE, TitleFinder, bold_names, could_be_field
from papers.importing.words import is_date, missing_words, normal, plain, series_and_number

# A longer text (in characters) is no note.
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

    def take(self) -> list[Piece]:
        title, end = TitleFinder(self.pieces, self.running).find()
        kept: list[tuple[int, Piece]] = []
        last_field, sheets, text_begun = -1, set(), False
        for index in range(end):
            piece = self.pieces[index]
            whole = piece.source
            # Names, date and subtitle stand above the text: a bold line further down is no author.
            after_title = (title is None or index > title) and not text_begun
            text_begun = text_begun or not (piece.kind == "heading" or could_be_field(piece))
            known = self.page.values()
            rest = self._take_piece(piece, index, is_title=index == title, after_title=after_title)
            if piece.lines:
                changed = [name for name, value in self.page.values().items() if value != known[name]]
                self.page.places |= dict.fromkeys(changed, piece.lines)
            if rest is None or rest.source != whole:
                last_field = index
                sheets.add(piece.sheet)
            if rest is not None:
                kept.append((index, rest))
        # Pages of text before the first section: then what shares the title's page is text as well.
        many_sheets = bool(self.pieces) and self.pieces[-1].sheet > 1
        many_sheets = many_sheets and all(piece.sheet in sheets for _, piece in kept)
        for index, piece in kept:
            alone = not SENTENCE.search(piece.plain_text()) and len(piece.plain_text()) < LONGEST_LINE
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

    def _take_piece(self, piece: Piece, index: int, *, is_title: bool, after_title: bool) -> Piece | None:
        """The piece without what became a field; None if nothing is left."""
        if is_title:
            self._set_title(piece.plain_text())
            self._account(piece, piece.source, piece.plain_text())
            return None
        if piece.text is not None or piece.kind not in ("paragraph", "heading"):
            return piece
        lines = title_lines(piece.source)
        if index == 0 and len(lines) > 1 and not after_title and could_be_field(piece):
            # A masthead that only this page has.
            self.page.masthead = [_text(line) for line in lines]
            self.page.dropped.append(Dropped(piece.page, "masthead", "\n".join(lines), piece.lines))
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
            self.page.dropped.append(Dropped(piece.page, "title_page", " ".join(missing), piece.lines))

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
            page.authors = split_authors(BY.sub("", _text(whole_bold(line) or line)))
            return " ".join(page.authors)
        if self._is_subtitle(line, text, index):
            page.subtitle = _text(line if not ITALIC.match(line) else line.strip()[1:-1])
            return page.subtitle
        return None

    def _are_authors(self, line: str, text: str, index: int) -> bool:
        """Names in bold or after "by"; plain ones where no other line can be the names."""
        if bold_names(line) or BY.match(text):
            return True
        if not are_names(text):
            return False
        if self.page.subtitle or split_title(self.page.title)[1]:
            return True
        following = [
            line for other in self.pieces[index + 1 : index + 3] for line in title_lines(other.source)
        ]
        return bool(following) and is_date(plain(following[0]))

    def _is_subtitle(self, line: str, text: str, index: int) -> bool:
        """A short line right below the title, itself above the author, the date or the rights, or in italics."""
        page = self.page
        if page.subtitle or page.authors or page.date or not page.title or SENTENCE.search(text.rstrip("?!")):
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
            bold_names(other)
            or BY.match(plain(other))
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
    return render(source).text
