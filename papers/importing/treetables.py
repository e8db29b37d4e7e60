"""Tables of an HTML tree as rows of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from papers.importing.tree import Node

# A cell that says it spans more columns is not believed.
WIDEST = 40

_NOT_IN_CELLS = {"h1", "h2", "h3", "h4", "h5", "h6", "table"}
_ONE_BOLD = re.compile(r"^(?:\*\*[^*]+\*\*|<strong>[^<]*</strong>)$")
_DIGIT = re.compile(r"\d")


def cells_of(table: Node) -> list[Node]:
    """All cells of a table, row by row, without those of tables within."""
    return [cell for row in _rows(table) for cell in row]


def captions_of(table: Node) -> list[Node]:
    """The captions of a table; there should be one at most."""
    return [child for child in table.children if isinstance(child, Node) and child.tag == "caption"]


def _rows(table: Node) -> list[list[Node]]:
    rows: list[list[Node]] = []
    for part in table.children:
        if isinstance(part, str):
            continue
        lines = [part] if part.tag == "tr" else part.children
        for row in lines:
            if isinstance(row, Node) and row.tag == "tr":
                rows.append(
                    [cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th")]
                )
    return [row for row in rows if row]


def is_layout(table: Node) -> bool:
    """Whether it only arranges text: one cell in each row, or headings and tables in its cells."""
    rows = _rows(table)
    deep = any(node.tag in _NOT_IN_CELLS for node in table.walk() if node is not table)
    return deep or all(len(row) == 1 for row in rows)


def table_rows(table: Node, source_of: Callable[[Node], str]) -> list[str]:
    """The rows as Markdown. A table whose first row is no header gets an empty one."""
    nodes = _rows(table)
    rows = [_cells(row, source_of) for row in nodes]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    if not rows or not any(any(row) for row in rows):
        return []
    if not _has_header(nodes, rows):
        rows.insert(0, [""] * width)
        nodes = [[], *nodes]
    if len(rows) > 1 and all(_heads_row(node) for node in nodes[1:]):
        rows[1:] = [[f"**{row[0].strip('*')}**" if row[0] else "", *row[1:]] for row in rows[1:]]
    rows[0] = [_plain_header(cell) for cell in rows[0]]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], f"|{'---|' * width}", *lines[1:]]


def _cells(row: list[Node], source_of: Callable[[Node], str]) -> list[str]:
    found: list[str] = []
    for cell in row:
        found.append(source_of(cell))
        span = cell.attributes.get("colspan", "1")
        found += [""] * (min(int(span), WIDEST) - 1 if re.fullmatch(r"[1-9]\d?", span) else 0)
    return found


def _has_header(nodes: list[list[Node]], rows: list[list[str]]) -> bool:
    """The first row is one by its cells' kind or weight, or because numbers stand below its words."""
    first = nodes[0]
    if all(cell.tag == "th" for cell in first) or any(around.tag == "thead" for around in first[0].up()):
        return True
    said = [cell for cell in rows[0] if cell]
    if said and all(_ONE_BOLD.match(cell) for cell in said):
        return True
    numbers_below = any(_DIGIT.search(cell) for row in rows[1:] for cell in row)
    return all(rows[0]) and numbers_below and not any(_DIGIT.search(cell) for cell in rows[0])


def _heads_row(row: list[Node]) -> bool:
    return len(row) > 1 and row[0].tag == "th" and row[1].tag == "td"


def _plain_header(cell: str) -> str:
    """A header is not bold as well."""
    return re.sub(r"^(?:\*\*|<strong>)|(?:\*\*|</strong>)$", "", cell) if _ONE_BOLD.match(cell) else cell
