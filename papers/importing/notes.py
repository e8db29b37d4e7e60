"""Footnotes and endnotes: finding them, and linking each sign to its note and each note back to its signs.

The ids are made of the note's printed sign (`note-3`, `ref-3`; a second reference `ref-3-2`; where numbers begin anew,
the second note 3 is `note-3n2`), so they are unique in the document, stay as they are when it is imported again, and
cannot meet a block's id (which has no hyphen).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable

from papers.importing.document import Doubtful
from papers.importing.inline import Inline
from papers.importing.pieces import Piece
from papers.importing.words import RAISED_DIGITS, normal

_SECTION = re.compile(
    r"^(?:end|foot)?notes?$|^(?:poznámky(?: pod čarou)?|poznámkový aparát|anmerkungen|endnoten|fußnoten)$"
)
_RAISED = re.compile(
    r"<sup>\s{0,9}\\?\[?(\d{1,3}(?:\s{0,3}[,;]\s{0,3}\d{1,3}){0,9}|\\?[*†‡§]{1,3})\\?\]?\s{0,9}</sup>",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<=[^\W\d_][^\W\d_]|.[.,;:!?”\"’)\]])([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?!\w)")
_BRACKETS = re.compile(r"(?<=\S)(?<![\\\]!])\\?\[(\d{1,3})\\?\](?![(:\[])")
_NUMBERED = re.compile(r"^\\?\[?(\d{1,3})(?:\\?\]|\\?[.)])?\s+(?=\S)")
_SIGN = re.compile(r"\[\^([^\]\[\s^<>&\\]{1,32})\]")


def take_endnotes(pieces: list[Piece]) -> None:
    """The numbered entries below a heading "Notes" become notes, if the text has signs for them."""
    signs = {label for piece in pieces for label in _signs_in(piece)}
    level = 0
    entries: list[tuple[Piece, re.Match[str]]] = []
    for piece in pieces:
        if piece.kind == "heading":
            own = piece.level or 2
            if _SECTION.match(normal(piece.plain_text())):
                level = own
            elif level and own <= level:
                level = 0
        elif level and piece.kind in ("list_item", "paragraph") and piece.text is None:
            found = _NUMBERED.match(piece.marker + piece.source)
            entries += [(piece, found)] if found else []
    if not signs & {found[1] for _, found in entries}:
        return
    for piece, found in entries:
        source = (piece.marker + piece.source)[found.end() :]
        piece.kind, piece.level, piece.marker, piece.label = "footnote", None, "", found[1]
        piece.source = source


def _signs_in(piece: Piece) -> set[str]:
    if piece.label:
        return set()
    labels: set[str] = set()
    for source in _sources(piece):
        labels |= set(_SIGN.findall(source)) | set(_BRACKETS.findall(source))
        labels |= {label for run in _RAISED.findall(source) for label in _labels(run)}
        labels |= {run.translate(RAISED_DIGITS) for run in _SMALL.findall(source)}
    return labels


def _labels(run: str) -> list[str]:
    return [label.strip().lstrip("\\") for label in re.split(r"[,;]", run)]


def _sources(piece: Piece) -> list[str]:
    return [*piece.parts, piece.caption, *(cell for row in piece.rows or [] for cell in row)]


def mark_signs(pieces: list[Piece]) -> None:
    """Raised numbers (and numbers in brackets where nothing is raised) become signs where there is such a note."""
    known = {piece.label for piece in pieces if piece.label}
    if not known:
        return
    marked: set[str] = set()
    for piece in pieces:
        if piece.text is None:
            _change(piece, lambda source: _mark(source, known))
            marked |= {label for source in _sources(piece) for label in _SIGN.findall(source)}
    in_brackets = known - marked

    def bracketed(found: re.Match[str]) -> str:
        return _sign(found[0], found[1], in_brackets)

    for piece in pieces if in_brackets else []:
        if piece.text is None and not piece.label:
            _change(piece, lambda source: _BRACKETS.sub(bracketed, source))


def _change(piece: Piece, change: Callable[[str], str]) -> None:
    piece.parts = [change(part) for part in piece.parts]
    piece.caption = change(piece.caption)
    if piece.rows is not None:
        piece.rows = [[change(cell) for cell in row] for row in piece.rows]


def _mark(source: str, known: set[str]) -> str:
    def raised(found: re.Match[str]) -> str:
        labels = _labels(found[1])
        return "".join(f"[^{label}]" for label in labels) if set(labels) <= known else found[0]

    source = _RAISED.sub(raised, source)
    return _SMALL.sub(lambda found: _sign(found[0], found[1].translate(RAISED_DIGITS), known), source)


def _sign(whole: str, label: str, known: set[str]) -> str:
    return f"[^{label}]" if label in known else whole


class NoteLinks:
    """Knows the notes of a document while its pieces are rendered in order; tell it where you are by `at`."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.at = 0
        self.missing: list[tuple[int, str]] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._keys: dict[int, str] = {}
        self._references: Counter[int] = Counter()
        symbols = 0
        for index, piece in enumerate(pieces):
            if not piece.label:
                continue
            same = self._places[piece.label]
            key = re.sub(r"[^0-9a-z]", "", piece.label.lower())
            if key != piece.label.lower():
                symbols += 1
                key = f"x{symbols}"
            same.append(index)
            self._keys[index] = key if len(same) == 1 or key.startswith("x") else f"{key}n{len(same)}"

    def refer(self, label: str) -> tuple[str, str] | None:
        """The note's id and the id of this reference: of equal labels the next note, else the last one."""
        places = self._places.get(label)
        if not places:
            self.missing.append((self.at, label))
            return None
        index = places[min(bisect_right(places, self.at), len(places) - 1)]
        self._references[index] += 1
        key, count = self._keys[index], self._references[index]
        return f"note-{key}", f"ref-{key}" if count == 1 else f"ref-{key}-{count}"

    def note(self, index: int, piece: Piece, body: Inline) -> Inline:
        """The finished note: its sign leads back to its first reference, arrows at its end to the others."""
        key, count = self._keys[index], self._references[index]
        sign = f"[{piece.label}]"
        if count:
            sign = f'<a href="#ref-{key}" role="doc-backlink">{sign}</a>'
        back = "".join(
            f' <a href="#ref-{key}-{number}" role="doc-backlink">↩{number}</a>'
            for number in range(2, count + 1)
        )
        return Inline(
            f'<sup id="note-{key}">{sign}</sup> {body.html}{back}'.rstrip(),
            f"[{piece.label}] {body.text}".strip(),
            body.lost,
            body.targets,
        )

    def doubtful(self, pieces: list[Piece], index: dict[int, int]) -> list[Doubtful]:
        """Notes that nothing refers to and signs that lead nowhere; `index` is each piece's place among the blocks."""
        found = [(at, "note_without_sign", pieces[at].label) for at in self._keys if not self._references[at]]
        found += [(at, "sign_without_note", label) for at, label in self.missing]
        return [
            Doubtful(pieces[at].page, None, reason, f"[{label}]", pieces[at].lines, index.get(id(pieces[at])))
            for at, reason, label in sorted(found)
        ]
