"""From pieces to finished blocks, and the report about seams and supposed headings."""

from __future__ import annotations

from papers.importing.document import Block, Doubtful, Dropped, Joined
from papers.importing.inline import Inline, render
from papers.importing.notes import NoteLinks
from papers.importing.pieces import Piece
from papers.importing.polish import polish
from papers.importing.seams import Seam

# Where two halves of a longer text (in characters) met is not worked out.
LONGEST_MEASURED = 50_000


def finish(
    pieces: list[Piece], links: NoteLinks, language: str
) -> tuple[list[Block], dict[int, int], list[Dropped]]:
    """The finished blocks, each piece's place among them (by its `id()`), and the targets of dead links and images.

    With a language, bare addresses and foreign words are marked as well.
    """
    rendered: list[Inline] = []
    for at, piece in enumerate(pieces):
        links.at = at
        inline = piece.body(links)
        html = polish(inline.html, language) if language else inline.html
        rendered.append(Inline(html, inline.text, inline.lost, inline.targets))
    blocks: list[Block] = []
    index: dict[int, int] = {}
    lost: list[Dropped] = []
    for at, (piece, inline) in enumerate(zip(pieces, rendered, strict=True)):
        whole = links.note(at, piece, inline) if piece.label else inline
        lost += [Dropped(piece.page, "dead_link", target, piece.lines) for target in whole.lost]
        if whole.text:
            index[id(piece)] = len(blocks)
            part = piece.part or "body"
            blocks.append(
                Block(piece.kind, piece.level, whole.text, whole.html, piece.page, part, piece.lines)
            )
    return blocks, index, lost


def report(seams: list[Seam], index: dict[int, int]) -> tuple[list[Joined], list[Doubtful]]:
    """The seams as they are reported."""
    joined: list[Joined] = []
    doubtful: list[Doubtful] = []
    for seam in seams:
        block = index.get(id(seam.piece))
        if seam.joined:
            joined.append(Joined(seam.page, seam.next_page, seam.quotation, seam.lines, block, _offset(seam)))
        if not seam.sure:
            reason = "probably_one_sentence" if seam.joined else "one_paragraph_or_two"
            doubtful.append(Doubtful(seam.page, seam.next_page, reason, seam.quotation, seam.lines, block))
    return joined, doubtful


def _offset(seam: Seam) -> int | None:
    """Where in its block's text the second half begins."""
    before = seam.piece.marker + "".join(seam.piece.parts[: seam.part])
    if len(before) > LONGEST_MEASURED:
        return None
    return len(render(before).text) + before.endswith(" ")


def looks_like_headings(supposed: list[Piece], index: dict[int, int]) -> list[Doubtful]:
    """The lines that were taken for headings by their looks."""
    return [
        Doubtful(
            piece.page, None, "heading_by_its_looks", piece.plain_text(), piece.lines, index.get(id(piece))
        )
        for piece in supposed
    ]
