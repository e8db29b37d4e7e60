"""The whole import, step by step."""

from __future__ import annotations

import html as entities
from dataclasses import replace

from papers.importing import notes, source, strict, structure
from papers.importing.document import Document, Doubtful, Dropped
from papers.importing.fields import TitlePage
from papers.importing.finishing import finish, looks_like_headings, report
from papers.importing.headings import find_headings, give_captions, join_drop_caps
from papers.importing.hyphens import Vocabulary, join_hyphens
from papers.importing.inline import without_plain_tags
from papers.importing.kinds import open_file
from papers.importing.notes import NoteLinks
from papers.importing.opened import Opened
from papers.importing.pieces import Piece, pieces_of
from papers.importing.refusals import TOO_NESTED, UnreadablePaper
from papers.importing.running import Running, take_running
from papers.importing.seams import join_seams
from papers.importing.source import Line, Page
from papers.importing.titlepage import take_title_page
from papers.importing.words import RAISED_DIGITS, missing_words

# So many items below one are looked past for the next number.
MOST_NESTED = 50


def read(source_bytes: bytes) -> Document:
    """One clean document from the file of a paper: Markdown or plain text, .docx, a web page, or a PDF with text.

    What kind it is, its bytes say. Nothing is invented and nothing lost: each word of the source is in a block, in a
    field of the title page or in `dropped`. Raises UnreadablePaper, with a reason to show, for what cannot be read.
    """
    try:
        opened = open_file(source_bytes)
        return _as_written(opened) if opened.kind == "export" else _clean(opened)
    except RecursionError as error:
        raise UnreadablePaper(TOO_NESTED) from error


def _clean(opened: Opened) -> Document:
    """The document of a file's pages."""
    vocabulary = Vocabulary([line for page in opened.pages for line in page.lines])
    running = take_running(opened.pages)
    pieces, lost = _parse(opened.pages, running, vocabulary)
    dropped = [*opened.dropped, *running.dropped, *lost]
    if not opened.paged:
        for piece in pieces:
            piece.page = None
        dropped = [replace(gone, page=None) for gone in dropped]
    page, pieces = take_title_page(pieces, running.lines, running.footer)
    pieces = give_captions(join_drop_caps(pieces, vocabulary))
    supposed = find_headings(pieces)
    pieces, seams = join_seams(pieces, vocabulary)
    structure.set_levels(pieces)
    structure.set_parts(pieces, page)
    notes.take_endnotes(pieces)
    notes.mark_signs(pieces)
    untitled = _give_title(page, pieces)
    language = structure.language(pieces)
    links = NoteLinks(pieces)
    blocks, index, targets = finish(pieces, links, language)
    joined, doubtful = report(seams, index)
    doubtful += looks_like_headings(supposed, index) + links.doubtful(pieces, index)
    return Document(
        title=page.title,
        subtitle=page.subtitle,
        authors=page.authors,
        date=page.date,
        series=page.series,
        number=page.number,
        publisher=structure.publisher_in_one_language(page, pieces),
        language=language,
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


def _as_written(opened: Opened) -> Document:
    """The document of a file that `exporting.to_markdown` wrote: nothing is guessed, only notes are linked anew."""
    fields, start = strict.read_fields(opened.source_lines) or ({}, 0)
    pieces = strict.read_pieces(opened.source_lines, start)
    links = NoteLinks(pieces)
    blocks, index, targets = finish(pieces, links, "")
    return Document(
        **{"title": "", **fields},
        blocks=blocks,
        dropped=targets,
        doubtful=links.doubtful(pieces, index),
        source_kind="export",
        source_lines=opened.source_lines,
    )


def _parse(pages: list[Page], running: Running, vocabulary: Vocabulary) -> tuple[list[Piece], list[Dropped]]:
    """The pieces of all pages, and what their markup swallowed."""
    found: list[Piece] = []
    lost: list[Dropped] = []
    bullets = source.weak_bullets(running.pages)
    for sheet, (page, lines, number) in enumerate(
        zip(pages, running.pages, running.numbers, strict=True), start=1
    ):
        lines = join_hyphens(source.tidy(lines, bullets), vocabulary)
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
    text = entities.unescape(without_plain_tags(text)).translate(RAISED_DIGITS)
    missing = missing_words(text, " ".join(kept).translate(RAISED_DIGITS))
    return [" ".join(missing)] if missing else []


def _demote_chance_lists(before: list[Piece], pieces: list[Piece]) -> None:
    """A lone paragraph that happens to begin with "1989." or "20." is no list: its number is part of its text."""
    last = next((_number(piece) for piece in reversed(before) if piece.marker), 0)
    for index, piece in enumerate(pieces):
        if not piece.marker:
            continue
        number = _number(piece)
        after = index + 1
        while after < len(pieces) and after - index <= MOST_NESTED and _is_nested(pieces[after], piece):
            after += 1
        following = pieces[after] if after < len(pieces) else None
        in_a_row = following is not None and following.marker and _number(following) == number + 1
        if number in (0, 1, last + 1) or in_a_row:
            last = number
        else:
            piece.kind, piece.level = "paragraph", None
            piece.source, piece.marker = piece.marker + piece.source, ""


def _is_nested(piece: Piece, above: Piece) -> bool:
    return piece.kind == "list_item" and (piece.level or 1) > (above.level or 1)


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
