"""Tables: rows of cells in inline Markdown to one clean `<table>` with header cells and a caption."""

from __future__ import annotations

from papers.importing.inline import Inline, Notes, clean, render, whole_bold


def render_table(rows: list[list[str]], caption: str = "", notes: Notes | None = None) -> Inline:
    """The table and its plain text (caption, then a line for each row, cells apart by " | ").

    The first row holds the headers of the columns; where all its cells are empty the table has none. Where the first
    cell of each other row is bold, it is the header of its row.
    """
    said = render(caption, notes) if caption else Inline("", "")
    cells = [[render(cell, notes) for cell in row] for row in rows]
    headers, body = (cells[:1], cells[1:]) if cells else ([], [])
    if headers and not any(cell.text for cell in headers[0]):
        headers = []
    by_row = bool(rows[1:]) and all(row and whole_bold(row[0]) for row in rows[1:])
    html = ["<table>"]
    if said.html:
        html.append(f"<caption>{said.html}</caption>")
    for row in headers:
        html.append(f"<thead><tr>{''.join(_header(cell.html) for cell in row)}</tr></thead>")
    if body:
        html += ["<tbody>", *(_row(source, row, by_row) for source, row in zip(rows[1:], body, strict=True))]
        html.append("</tbody>")
    html.append("</table>")
    lines = [" | ".join(cell.text for cell in row) for row in (*headers, *body)]
    everything = [said, *(cell for row in cells for cell in row)]
    return Inline(
        clean("".join(html), blocks=True),
        "\n".join(line for line in (said.text, *lines) if line.strip(" |")),
        [lost for cell in everything for lost in cell.lost],
        [target for cell in everything for target in cell.targets],
    )


def _header(html: str) -> str:
    # An empty corner is no header of anything.
    return f'<th scope="col">{html}</th>' if html else "<td></td>"


def _row(source: list[str], cells: list[Inline], by_row: bool) -> str:
    html = [f"<td>{cell.html}</td>" for cell in cells]
    if by_row:
        html[0] = f'<th scope="row">{render(whole_bold(source[0]) or source[0]).html}</th>'
    return f"<tr>{''.join(html)}</tr>"
