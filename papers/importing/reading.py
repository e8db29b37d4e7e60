"""The whole import, step by step."""

from __future__ import annotations

import html as entities

from papers.importing import markdown, source, structure
from papers.importing.document import Block, Document, Doubtful, Dropped
from papers.importing.fields import TitlePage
from papers.importing.markdown import Piece
from papers.importing.running import Running, take_running
from papers.importing.seams import join_seams
from papers.importing.titlepage import take_title_page
from papers.importing.words import missing_words


def read(source_bytes: bytes) -> Document:
    """One clean document from a paper's Markdown (UTF-8, scanned or written).

    Nothing is invented and nothing lost: each word of the source is in a block, in a field of the title page or in
    `dropped`. Raises UnreadablePaper for what is empty, binary or not UTF-8.
    """
    text, comments = source.take_comments(source.decode(source_bytes))
    vocabulary = source.Vocabulary(text)
    running = take_running(source.pages(text))
    dropped = [Dropped(None, "comment", comment) for comment in comments] + running.dropped
    pieces, lost = _parse(running, vocabulary)
    dropped += lost
    page, pieces = take_title_page(pieces, running.lines, running.footer)
    pieces, joined, doubtful = join_seams(pieces, vocabulary)
    structure.set_levels(pieces)
    structure.set_parts(pieces, page)
    _give_title(page, pieces, doubtful)
    blocks, targets = _blocks(pieces)
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
        doubtful=doubtful,
    )


def _parse(running: Running, vocabulary: source.Vocabulary) -> tuple[list[Piece], list[Dropped]]:
    """The pieces of all pages, and what their markup swallowed."""
    found: list[Piece] = []
    lost: list[Dropped] = []
    for sheet, (lines, number) in enumerate(zip(running.pages, running.numbers, strict=True), start=1):
        text = source.join_hyphens(source.tidy(lines), vocabulary)
        pieces, swallowed = markdown.pieces(text, sheet=sheet, page=number)
        _demote_chance_lists(found, pieces)
        found += pieces
        swallowed += _swallowed(text, pieces, swallowed)
        lost += [Dropped(number, "markup", entry) for entry in swallowed]
    return found, lost


def _swallowed(text: str, pieces: list[Piece], known: list[str]) -> list[str]:
    """The safety net: words of a page that its pieces have not (surplus table cells, empty items, …)."""
    kept = list(known)
    for piece in pieces:
        inline = markdown.render(piece.marker + piece.source)
        kept += [piece.plain_text(), *inline.lost, *inline.targets]
    missing = missing_words(entities.unescape(markdown.without_plain_tags(text)), " ".join(kept))
    return [" ".join(missing)] if missing else []


def _demote_chance_lists(before: list[Piece], pieces: list[Piece]) -> None:
    """A lone paragraph that happens to begin with "1989." or "20." is no list: its number is part of its text."""
    numbered = [piece for piece in before if piece.marker]
    last = _number(numbered[-1]) if numbered else 0
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


def _give_title(page: TitlePage, pieces: list[Piece], doubtful: list[Doubtful]) -> None:
    """A paper without a title page is called by its first heading, which stays where it is."""
    if page.title:
        return
    heading = next((piece for piece in pieces if piece.kind == "heading"), None)
    page.title = heading.plain_text() if heading else ""
    doubtful.append(Doubtful(None, None, "no_title_page", page.title))


def _blocks(pieces: list[Piece]) -> tuple[list[Block], list[Dropped]]:
    """The finished blocks, and the targets of dead links and images in them."""
    blocks: list[Block] = []
    lost: list[Dropped] = []
    for piece in pieces:
        inline = markdown.render(piece.marker + piece.source)
        html = piece.html if piece.html is not None else inline.html
        text = piece.text if piece.text is not None else inline.text
        lost += [Dropped(piece.page, "dead_link", target) for target in inline.lost]
        if text:
            blocks.append(Block(piece.kind, piece.level, text, html, piece.page, piece.part or "body"))
    return blocks, lost
