"""Page seams: which sentences a page break has cut, and putting those together again."""

from __future__ import annotations

import re
from enum import Enum

from papers.importing.document import Doubtful, Joined
from papers.importing.markdown import Piece
from papers.importing.source import Vocabulary, join_hyphens

_SENTENCE_END = re.compile(r"[.!?…][\"'”’“‘»)\]]*$")
_CLAUSE_END = re.compile(r"[:;][\"'”’“‘»)\]]*$")
_CUT_WORD = re.compile(r"[^\W\d_][-‐\u00ad]$")
_OPENING = "\"'„“”‘’‚«»([*_"
# A text without an end that is shorter than this (in characters) may be a caption or a line of its own.
SHORTEST_CUT = 40
# How many words of each side a report quotes.
QUOTED = 6


class _Verdict(Enum):
    JOIN = "one sentence"
    # The next page begins with a capital, or the last one ends with a full stop.
    PROBABLY_JOIN = "probably_one_sentence"
    DOUBTFUL = "one_paragraph_or_two"
    APART = "two blocks"


def join_seams(
    pieces: list[Piece], vocabulary: Vocabulary
) -> tuple[list[Piece], list[Joined], list[Doubtful]]:
    """The pieces with cut sentences joined; each seam joined, and each doubtful one.

    Only the first piece of a page is ever joined to what stands before it; footnotes at the foot of the page are
    looked past. A joined piece keeps the page where it begins.
    """
    result: list[Piece] = []
    joined: list[Joined] = []
    doubtful: list[Doubtful] = []
    sheet, page = 0, 0
    for piece in pieces:
        before = next((other for other in reversed(result) if other.kind != "footnote"), None)
        begins_sheet = piece.sheet != sheet
        last_page = page
        sheet, page = piece.sheet, piece.page
        if before is None or not begins_sheet:
            result.append(piece)
            continue
        verdict = _judge(before, piece)
        if verdict in (_Verdict.JOIN, _Verdict.PROBABLY_JOIN):
            quotation = _join(before, piece, vocabulary)
            joined.append(Joined(last_page, piece.page, quotation))
            if verdict is _Verdict.PROBABLY_JOIN:
                doubtful.append(Doubtful(last_page, piece.page, verdict.value, quotation))
            continue
        if verdict is _Verdict.DOUBTFUL:
            quotation = f"…{_tail(before.plain_text())} ¶ {_head(piece.plain_text())}…"
            doubtful.append(Doubtful(last_page, piece.page, verdict.value, quotation))
        result.append(piece)
    return result, joined, doubtful


def _judge(before: Piece, after: Piece) -> _Verdict:
    """What the seam between two pieces is, by how the one ends and the other begins."""
    flows = (
        before.kind in ("paragraph", "list_item", "quote")
        and (after.kind == "paragraph" or before.kind == after.kind == "quote")
        and before.text is None
        and after.text is None
        and not before.part
        and not after.part
    )
    if not flows:
        return _Verdict.APART
    end, begin = before.plain_text(), after.plain_text().lstrip(_OPENING)
    ended = bool(_SENTENCE_END.search(end))
    same_kind = before.kind == after.kind
    if begin[:1].islower():
        return _Verdict.PROBABLY_JOIN if ended else _Verdict.JOIN
    if _CUT_WORD.search(end) and begin[:1].isalpha():
        return _Verdict.JOIN
    if ended or _CLAUSE_END.search(end) or len(end) < SHORTEST_CUT:
        return _Verdict.DOUBTFUL if same_kind else _Verdict.APART
    return _Verdict.JOIN if _leans_forward(end) else _Verdict.PROBABLY_JOIN


def _leans_forward(end: str) -> bool:
    """A comma or a short small word ("of", "the", "ve") cannot be the last of a sentence."""
    last = end.split()[-1]
    return last.endswith((",", "–", "—")) or (last.islower() and len(last) <= 3)


def _join(before: Piece, after: Piece, vocabulary: Vocabulary) -> str:
    """Append `after` to `before`; returns a quotation of the place as it reads now."""
    tail, head = _tail(before.plain_text()), _head(after.plain_text())
    before.source = _together(before.source, after.source, vocabulary)
    return f"…{_together(tail, head, vocabulary)}…"


def _together(end: str, begin: str, vocabulary: Vocabulary) -> str:
    if _CUT_WORD.search(end):
        return join_hyphens(f"{end}\n{begin}", vocabulary).replace("\n", " ")
    return f"{end} {begin}"


def _tail(text: str) -> str:
    return " ".join(text.split()[-QUOTED:])


def _head(text: str) -> str:
    return " ".join(text.split()[:QUOTED])
