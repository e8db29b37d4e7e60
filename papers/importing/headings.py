"""Headings that only look like it (bold, in capitals, numbered), drop caps, and the captions of tables and pictures."""

from __future__ import annotations

import re
from collections import Counter

from papers.importing.hyphens import Vocabulary
from papers.importing.inline import whole_bold
from papers.importing.pieces import Piece
from papers.importing.words import SECTION, words

# A longer line (in characters, in words) is a sentence, not a heading.
LONGEST = 120
MOST_WORDS = 14
# So many words and more below a numbered line make it a heading and no item of a list.
A_PARAGRAPH = 15
LONGEST_CAPTION = 250

_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})\\?[.)]?\s+(?=\S)")
_ROMAN = re.compile(r"^([IVX]{1,5})\\?[.)]\s+(?=\S)")
_ENDS_SENTENCE = re.compile(r"[.,;:…][\"'”’“‘»)\]]*$")
_TABLE_CAPTION = re.compile(r"^(?:table|tabulka|tab\.|tabelle|tableau)\s*\d{1,3}\b", re.IGNORECASE)
_CAP_LINE = re.compile(r"^[^\W\d_]\n(?=[^\W\d_])")
_MARKED_CAPTION = re.compile(r"^Table:\s+")
_PICTURES = "figure|fig\\.|chart|graph|map|obrázek|obr\\.|graf|schéma|mapa|abbildung|abb\\.|graphique|carte"
_CAPTION = re.compile(rf"^(?:{_PICTURES})\s*\d{{1,3}}\b", re.IGNORECASE)
_SURE_CAPTION = re.compile(rf"^(?:{_PICTURES})\s*\d{{1,3}}\s*[.:–—-]\s", re.IGNORECASE)


def find_headings(pieces: list[Piece]) -> list[Piece]:
    """Makes headings of lines that only look like it; returns those."""
    found: list[Piece] = []
    numbered = _numbered(pieces)
    above = 1
    real = any(piece.kind == "heading" for piece in pieces)
    for index, piece in enumerate(pieces):
        if piece.kind == "heading":
            above = piece.level or 2
            continue
        following = next((other for other in pieces[index + 1 : index + 3] if other.kind != "footnote"), None)
        if piece.part or following is None:
            continue
        depth = _depth(piece, following, numbered)
        if depth:
            base = above if real else 1
            piece.kind, piece.level = "heading", min(base + depth, 6)
            source = piece.marker + piece.source
            piece.source, piece.marker = whole_bold(source) or source, ""
            found.append(piece)
    return found


def _depth(piece: Piece, following: Piece, numbered: set[int]) -> int:
    """How deep below the heading above a line is one itself, 0 for what is none."""
    if piece.kind not in ("paragraph", "list_item") or piece.text is not None:
        return 0
    source = piece.marker + piece.source
    text = piece.plain_text()
    bold = whole_bold(source)
    if not _is_short(text) or "\n" in source.strip():
        return 0
    if id(piece) in numbered:
        number = _NUMBER.match(source)
        return 1 + (number[1].count(".") if number else 0)
    if piece.kind == "list_item":
        return 0
    by_name = bool(SECTION.match(text))
    if not bold and not by_name and not _is_capitals(text):
        return 0
    # Bold lines one below the other are emphasis, or names.
    if following.kind == "paragraph" and whole_bold(following.source) and not by_name:
        return 0
    number = _NUMBER.match(text)
    return 1 + (number[1].count(".") if number else 0)


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST and len(text.split()) <= MOST_WORDS and not _ENDS_SENTENCE.search(text)


def _is_capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 5 and text.upper() == text and len(words(text)) <= 10


def _numbered(pieces: list[Piece]) -> set[int]:
    """Lines such as "2. What It Costs" or "2.1 Steel" (by `id()`): short, each with a text below, and in a row."""
    candidates: list[tuple[Piece, str]] = []
    for index, piece in enumerate(pieces[:-1]):
        if piece.kind not in ("paragraph", "list_item") or piece.part or (piece.level or 1) > 1:
            continue
        source = piece.marker + piece.source
        found = _NUMBER.match(source) or _ROMAN.match(source)
        text = piece.plain_text()
        following = pieces[index + 1]
        below = following.kind == "paragraph" and len(following.plain_text().split()) >= A_PARAGRAPH
        inner = _NUMBER.match(following.marker + following.source)
        nested = following.kind in ("paragraph", "list_item") and bool(inner and "." in inner[1])
        if not found or not _is_short(text) or not (below or nested):
            continue
        if text[found.end() - found[0].count("\\") :][:1].isupper():
            candidates.append((piece, found[1]))
    forms = Counter("roman" if number[0] in "IVX" else "number" for _, number in candidates)
    return {
        id(piece) for piece, number in candidates if forms["roman" if number[0] in "IVX" else "number"] >= 2
    }


def join_drop_caps(pieces: list[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """A lone capital before a text is the first letter of its first word, or the word "A"."""
    result: list[Piece] = []
    for piece in pieces:
        before = result[-1] if result else None
        if before is not None and _is_cap(before) and _goes_on(piece):
            cap = result.pop()
            piece.source = vocabulary.with_cap(cap.plain_text(), piece.source)
            piece.first, piece.sheet, piece.page = cap.first, cap.sheet, cap.page
        elif piece.kind == "paragraph" and _CAP_LINE.match(piece.source) and piece.source[0].isupper():
            piece.source = vocabulary.with_cap(piece.source[0], piece.source[2:])
        result.append(piece)
    return result


def _goes_on(piece: Piece) -> bool:
    """Whether a text begins as after a first letter: in lower case, or with a word in capitals."""
    first = piece.source.split(maxsplit=1)[0] if piece.source.strip() else ""
    return piece.kind == "paragraph" and piece.text is None and (first[:1].islower() or first.isupper())


def _is_cap(piece: Piece) -> bool:
    text = piece.plain_text()
    return piece.kind in ("paragraph", "heading") and len(text) == 1 and text.isupper()


def give_captions(pieces: list[Piece]) -> list[Piece]:
    """Captions go to their tables and pictures; one whose picture the source has not is a figure of its own."""
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        before = result[-1] if result else None
        text = piece.plain_text() if piece.kind == "paragraph" and piece.text is None else ""
        short = 0 < len(text) <= LONGEST_CAPTION
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if (
            piece.kind == "table"
            and before is not None
            and before.kind == "paragraph"
            and _heads_table(before)
        ):
            _caption(piece, result.pop(), before=True)
        elif short and before is not None and _is_below(text, before, following):
            _caption(before, piece, before=False)
            continue
        elif short and _SURE_CAPTION.match(text):
            piece.kind, piece.caption, piece.source = "figure", piece.source, ""
        result.append(piece)
    return result


def _is_below(text: str, before: Piece, following: Piece | None) -> bool:
    """Whether a text is the caption of the picture or table above it."""
    if before.caption:
        return False
    if before.kind == "figure":
        return bool(_CAPTION.match(text))
    heads_next = following is not None and following.kind == "table"
    return before.kind == "table" and bool(_TABLE_CAPTION.match(text)) and not heads_next


def _heads_table(piece: Piece) -> bool:
    text = piece.plain_text()
    return len(text) <= LONGEST_CAPTION and bool(
        _TABLE_CAPTION.match(text) or _MARKED_CAPTION.match(piece.source)
    )


def _caption(piece: Piece, caption: Piece, *, before: bool) -> None:
    piece.caption = _MARKED_CAPTION.sub("", caption.source)
    if before:
        piece.first, piece.page, piece.sheet = caption.first, caption.page, caption.sheet
    else:
        piece.last = caption.last
