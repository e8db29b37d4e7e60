"""Page seams: which sentences a page break has cut, and putting those together again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from papers.importing.document import Lines
from papers.importing.hyphens import Vocabulary
from papers.importing.pieces import Piece

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


@dataclass
class Seam:
    """A page seam to report: joined or left apart, for sure or not; `piece` is the joined one or the second of two.

    `part` is the index of its second half among the piece's parts.
    """

    piece: Piece
    page: int | None
    next_page: int | None
    quotation: str
    lines: Lines
    joined: bool
    sure: bool
    part: int = 0


def join_seams(pieces: list[Piece], vocabulary: Vocabulary) -> tuple[list[Piece], list[Seam]]:
    """The pieces with cut sentences joined, and each seam that was joined or is doubtful.

    Only the first piece of a page is ever joined to what stands before it; footnotes at the foot of the page are
    looked past. A joined piece keeps the page where it begins.
    """
    result: list[Piece] = []
    seams: list[Seam] = []
    sheet, page = 0, None
    before: Piece | None = None
    for piece in pieces:
        begins_sheet = piece.sheet != sheet
        last_page = page
        sheet, page = piece.sheet, piece.page
        verdict = _Verdict.APART if before is None or not begins_sheet else _judge(before, piece)
        if before is not None and verdict in (_Verdict.JOIN, _Verdict.PROBABLY_JOIN):
            seams.append(_join(before, piece, vocabulary, last_page, verdict is _Verdict.PROBABLY_JOIN))
            continue
        if before is not None and verdict is _Verdict.DOUBTFUL:
            quotation = f"…{_tail(before.last_text())} ¶ {_head(piece.plain_text())}…"
            seams.append(
                Seam(
                    piece,
                    last_page,
                    piece.page,
                    quotation,
                    (before.last, piece.first),
                    joined=False,
                    sure=False,
                )
            )
        result.append(piece)
        before = before if piece.kind == "footnote" else piece
    return result, seams


def _judge(before: Piece, after: Piece) -> _Verdict:
    """What the seam between two pieces is, by how the one ends and the other begins."""
    flows = (
        before.kind in ("paragraph", "list_item", "quote")
        and (after.kind == "paragraph" or before.kind == after.kind == "quote")
        and before.text is None
        and after.text is None
        and not before.part
        and not after.part
        and not after.whole
    )
    if not flows:
        return _Verdict.APART
    end, begin = before.last_text(), after.plain_text().lstrip(_OPENING)
    ended = bool(_SENTENCE_END.search(end))
    same_kind = before.kind == after.kind
    if begin[:1].islower():
        return _Verdict.PROBABLY_JOIN if ended else _Verdict.JOIN
    if _CUT_WORD.search(end) and begin[:1].isalpha():
        return _Verdict.JOIN
    short = len(before.parts) == 1 and len(end) < SHORTEST_CUT
    if ended or _CLAUSE_END.search(end) or short:
        return _Verdict.DOUBTFUL if same_kind else _Verdict.APART
    return _Verdict.JOIN if _leans_forward(end) else _Verdict.PROBABLY_JOIN


def _leans_forward(end: str) -> bool:
    """A comma or a short small word ("of", "the", "ve") cannot be the last of a sentence."""
    last = (end.split() or [""])[-1]
    return last.endswith((",", "–", "—")) or (last.islower() and len(last) <= 3)


def _join(before: Piece, after: Piece, vocabulary: Vocabulary, page: int | None, in_doubt: bool) -> Seam:
    """Append `after` to `before`; returns the seam with a quotation of the place as it reads now."""
    tail, head = _tail(before.last_text()), _head(after.plain_text())
    quotation = f"…{vocabulary.mend(tail, head)}…"
    lines = (before.last, after.first)
    end = before.parts[-1]
    mended = vocabulary.mend(end, after.source)
    # A cut word loses its hyphen; what the second half begins with follows where the first one ended.
    cut = len(mended) - len(after.source)
    before.parts[-1], before.last = mended[:cut], after.last
    before.parts.append(mended[cut:])
    return Seam(
        before, page, after.page, quotation, lines, joined=True, sure=not in_doubt, part=len(before.parts) - 1
    )


def _tail(text: str) -> str:
    return " ".join(text.split()[-QUOTED:])


def _head(text: str) -> str:
    return " ".join(text.split()[:QUOTED])
