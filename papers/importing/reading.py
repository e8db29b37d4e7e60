"""The whole import, step by step."""

from __future__ import annotations

import html as entities
from dataclasses import replace

from papers.importing import source, structure
from papers.importing.document import Block, Document, Doubtful, Dropped, Joined
from papers.importing.fields import TitlePage
from papers.importing.hyphens import Vocabulary, join_hyphens
from papers.importing.inline import render, without_plain_tags
from papers.importing.kinds import open_file
from papers.importing.opened import Opened
from papers.importing.pieces import Piece, pieces_of
from papers.importing.refusals import TOO_NESTED, UnreadablePaper
from papers.importing.running import Running, take_running
from papers.importing.seams import Seam, join_seams
from papers.importing.source import Line, Page
from papers.importing.titlepage import take_title_page
from papers.importing.words import missing_words

# Where two halves of a longer text (in characters) met is not worked out.
LONGEST_MEASURED = 50_000


def read(source_bytes: bytes) -> Document:
    """One clean document from the file of a paper: Markdown or plain text, .docx, a web page, or a PDF with text.

    What kind it is, its bytes say. Nothing is invented and nothing lost: each word of the source is in a block, in a
    field of the title page or in `dropped`. Raises UnreadablePaper, with a reason to show, for what cannot be read.
    """
    try:
        return _clean(open_file(source_bytes))
    except RecursionError as error:
        raise UnreadablePaper(TOO_NESTED) from error


def _clean(opened: Opened) -> Document:
    """The document of a file's pages."""
    pages = opened.pages
    vocabulary = Vocabulary([line for page in pages for line in page.lines])
    running = take_running(pages)
    pieces, lost = _parse(pages, running, vocabulary)
    dropped = [*opened.dropped, *running.dropped, *lost]
    if not opened.paged:
        for piece in pieces:
            piece.page = None
        dropped = [replace(gone, page=None) for gone in dropped]
    page, pieces = take_title_page(pieces, running.lines, running.footer)
    pieces, seams = join_seams(pieces, vocabulary)
    structure.set_levels(pieces)
    structure.set_parts(pieces, page)
    untitled = _give_title(page, pieces)
    blocks, index, targets = _blocks(pieces)
    joined, doubtful = _report(seams, index)
    return Document(
        title=page.title,
        subtitle=page.subtitle,
        authors=page.authors,
        date=page.date,
        series=page.series,
        number=page.number,
        publisher=structure.publisher_in_one_language(page, pieces),
        language=structure.language(pieces),
        rights=page.rights,
        note=page.note,
        blocks=blocks,
        dropped=dropped + page.dropped + targets,
        joined=joined,
        doubtful=doubtful + untitled,
        source_kind=opened.kind,
        source_lines=opened.source_lines,
        field_lines=page.places,
    )


def _parse(pages: list[Page], running: Running, vocabulary: Vocabulary) -> tuple[list[Piece], list[Dropped]]:
    """The pieces of all pages, and what their markup swallowed."""
    found: list[Piece] = []
    lost: list[Dropped] = []
    for sheet, (page, lines, number) in enumerate(
        zip(pages, running.pages, running.numbers, strict=True), start=1
    ):
        lines = join_hyphens(source.tidy(lines), vocabulary)
        pieces, swallowed = pieces_of(lines, sheet=sheet, page=number)
        _demote_chance_lists(found, pieces)
        if pieces:
            pieces[0].whole = page.whole
        found += pieces
        swallowed += _swallowed(lines, pieces, swallowed)
        place = (lines[0].number, lines[-1].end) if lines else None
        lost += [Dropped(number, "markup", entry, place) for entry in swallowed]
    return found, lost


def _swallowed(lines: list[Line], pieces: list[Piece], known: list[str]) -> list[str]:
    """The safety net: words of a page that its pieces have not (surplus table cells, empty items, …)."""
    kept = list(known)
    for piece in pieces:
        inline = piece.rendered()
        kept += [inline.text, *inline.lost, *inline.targets]
    text = "\n".join(line.text for line in lines)
    missing = missing_words(entities.unescape(without_plain_tags(text)), " ".join(kept))
    return [" ".join(missing)] if missing else []


def _demote_chance_lists(before: list[Piece], pieces: list[Piece]) -> None:
    """A lone paragraph that happens to begin with "1989." or "20." is no list: its number is part of its text."""
    last = next((_number(piece) for piece in reversed(before) if piece.marker), 0)
    for index, piece in enumerate(pieces):
        if not piece.marker:
            continue
        number = _number(piece)
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        in_a_row = following is not None and following.marker and _number(following) == number + 1
        if number in (0, 1, last + 1) or in_a_row:
            last = number
        else:
            piece.kind, piece.level = "paragraph", None
            piece.source, piece.marker = piece.marker + piece.source, ""


def _number(piece: Piece) -> int:
    return int(piece.marker.split("\\")[0])


def _give_title(page: TitlePage, pieces: list[Piece]) -> list[Doubtful]:
    """A paper without a title page is called by its first heading, which stays where it is."""
    if page.title:
        return []
    heading = next((piece for piece in pieces if piece.kind == "heading"), None)
    page.title = heading.plain_text() if heading else ""
    lines = heading.lines if heading else None
    return [Doubtful(None, None, "no_title_page", page.title, lines)]


def _blocks(pieces: list[Piece]) -> tuple[list[Block], dict[int, int], list[Dropped]]:
    """The finished blocks, each piece's place among them (by its `id()`), and the targets of dead links and images."""
    blocks: list[Block] = []
    index: dict[int, int] = {}
    lost: list[Dropped] = []
    for piece in pieces:
        inline = piece.rendered()
        lost += [Dropped(piece.page, "dead_link", target, piece.lines) for target in inline.lost]
        if inline.text:
            index[id(piece)] = len(blocks)
            part = piece.part or "body"
            blocks.append(
                Block(piece.kind, piece.level, inline.text, inline.html, piece.page, part, piece.lines)
            )
    return blocks, index, lost


def _report(seams: list[Seam], index: dict[int, int]) -> tuple[list[Joined], list[Doubtful]]:
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
