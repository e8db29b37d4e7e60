"""A document that a person corrected, made consistent again: every footnote linked with its signs as in an import."""

from __future__ import annotations

import re
from dataclasses import replace

from papers.importing.document import Block, Document
from papers.importing.exporting import block_markdown
from papers.importing.finishing import finish
from papers.importing.notes import NoteLinks, mark_signs
from papers.importing.pieces import Piece
from papers.importing.strict import read_block

# How a note begins that was made one by hand.
_OWN_SIGN = re.compile(
    r"^\[\^\]: (?:<sup>)?\\?\[?(\d{1,3}|\\?[*†‡§]{1,3})(?:\\?\]|\\?[.)])?(?:</sup>)?\s+(?=\S)"
)


def settled(document: Document) -> Document:
    """The document with the same blocks in the same order, their notes and signs linked anew.

    For after corrections: a note that was dropped leaves its signs unlinked, one that was made a footnote by hand
    ("3. See …") is linked with the signs that stand for it, a block that was split keeps no id twice. Blocks without
    notes stay as they are; what is no table or picture inside such a block becomes one.
    """
    pieces = [_piece(block) for block in document.blocks]
    mark_signs(pieces)
    blocks, index, _ = finish(pieces, NoteLinks(pieces), "")
    made = [
        replace(block, html=blocks[index[id(piece)]].html, text=blocks[index[id(piece)]].text)
        if id(piece) in index
        else block
        for block, piece in zip(document.blocks, pieces, strict=True)
    ]
    return replace(document, blocks=made)


def _piece(block: Block) -> Piece:
    source = block_markdown(block)
    if block.kind == "footnote":
        source = _OWN_SIGN.sub(lambda found: f"[^{found[1].lstrip(chr(92))}]: ", source)
    return read_block(source.split("\n"), block.page)
