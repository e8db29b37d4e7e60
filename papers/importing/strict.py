"""Reads Markdown that `exporting.to_markdown` wrote, perhaps mended by hand since: what it says is taken as it is."""

from __future__ import annotations

import json
import re
from typing import Any

from papers.importing.document import FIELDS, PARTS
from papers.importing.exporting import FIRST_LINES
from papers.importing.pieces import Piece

_FIELD = re.compile(r"^([a-z]{1,20}): (.*)$")
_COMMENT = re.compile(r"^<!-- (page|part) (\S{1,12}) -->$")
_HEADING = re.compile(r"^(#{2,6}) (.*)$")
_ITEM = re.compile(r"^((?:  )*)(?:- |(\d{1,9})([.)]) )(.*)$")
_NOTE = re.compile(r"^\[\^([^\]\[\s^<>&\\]{0,32})\]:(?: (.*))?$")
_DELIMITER = re.compile(r"^\|(?:\s?:?-+:?\s?\|)+$")
_CELLS = re.compile(r"((?:\\.|[^|\\])*)\|")
_PAGE = re.compile(r"[0-9]{1,6}")


def is_export(text: str) -> bool:
    """Whether a text is such an export: its first lines say so, and all its fields can be read."""
    return text.startswith(FIRST_LINES) and read_fields(text.split("\n")) is not None


def read_fields(lines: list[str]) -> tuple[dict[str, Any], int] | None:
    """The fields of the title page and the number of lines they take; None if one cannot be read."""
    fields: dict[str, Any] = {}
    for index, line in enumerate(lines[2:], start=2):
        if line == "---":
            return fields, index + 1
        found = _FIELD.match(line)
        if not found or found[1] not in FIELDS:
            return None
        try:
            value = json.loads(found[2])
        except (ValueError, RecursionError):
            return None
        wanted = list if found[1] == "authors" else str
        if not isinstance(value, wanted) or not all(isinstance(name, str) for name in value):
            return None
        fields[found[1]] = value
    return None


def read_pieces(lines: list[str], start: int) -> list[Piece]:
    """The pieces from line `start` (counted from 0) on: between blank lines one each."""
    found: list[Piece] = []
    page: int | None = None
    part = "body"
    block: list[str] = []
    for index, line in enumerate([*lines[start:], ""], start=start + 1):
        comment = _COMMENT.match(line)
        if line.strip(" ") and not comment:
            block.append(line)
            continue
        if block:
            piece = read_block(block, page)
            piece.part, piece.first, piece.last = part, index - len(block), index - 1
            found.append(piece)
            block = []
        if comment and comment[1] == "page":
            page = int(comment[2]) if _PAGE.fullmatch(comment[2]) else None
        elif comment and comment[2] in PARTS:
            part = comment[2]
    return found


def read_block(lines: list[str], page: int | None) -> Piece:
    """One block from its lines of Markdown, as `exporting.block_markdown` writes them."""
    first, rest = lines[0], lines[1:]
    if first.startswith("|") or (first.startswith("Table: ") and rest and rest[0].startswith("|")):
        caption = "" if first.startswith("|") else first.removeprefix("Table: ")
        rows = lines if first.startswith("|") else rest
        return Piece("table", [""], 1, page, rows=_rows(rows), caption=caption)
    heading, item, note = _HEADING.match(first), _ITEM.match(first), _NOTE.match(first)
    if heading:
        return Piece("heading", [_together([heading[2], *rest])], 1, page, level=len(heading[1]))
    if item:
        marker = f"{item[2]}\\{item[3]} " if item[2] else ""
        level = len(item[1]) // 2 + 1
        return Piece("list_item", [_together([item[4], *rest])], 1, page, level=level, marker=marker)
    if note:
        return Piece("footnote", [_together([note[2] or "", *rest])], 1, page, label=note[1])
    if first.startswith("!["):
        return Piece("figure", [first], 1, page, caption=_together(rest))
    if first.startswith("> "):
        return Piece("quote", [_together([line.removeprefix("> ") for line in lines])], 1, page)
    return Piece("paragraph", [_together(lines)], 1, page)


def _together(lines: list[str]) -> str:
    return "\n".join(lines)


def _rows(lines: list[str]) -> list[list[str]]:
    rows = [line for index, line in enumerate(lines) if not (index == 1 and _DELIMITER.match(line))]
    return [[cell.strip(" ") for cell in _CELLS.findall(row.strip(" ").removeprefix("|"))] for row in rows]
