"""A document as Markdown that a person can read, mend by hand and import again: the very same document comes back.

The fields stand between two lines of dashes, as JSON; then come the blocks, one paragraph of Markdown each. Comments
say where a printed page and a part begin. The importer knows such a file by its first lines and guesses nothing in it.
"""

from __future__ import annotations

import html as entities
import json
import re

from papers.importing.document import FIELDS, Block, Document
from papers.importing.inline import escape, escape_start

FIRST_LINES = "---\npaper-markdown: 1\n"

_TAG = re.compile(r"<[^>]*>")
_SIGN = re.compile(
    r'<sup><a href="#note-[0-9a-z-]+" id="ref-[0-9a-z-]+" role="doc-noteref">\[([^\]]+)\]</a></sup>'
)
_NOTE = re.compile(
    r'^<sup id="note-[0-9a-z-]+">(?:<a href="#ref-[0-9a-z-]+" role="doc-backlink">)?\[([^\]]+)\](?:</a>)?</sup> ?'
)
_BACK = re.compile(r'(?: <a href="#ref-[0-9a-z-]+" role="doc-backlink">↩\d+</a>)+$')
_LINK = re.compile(r'<a href="([^"]*)"')
_FIGURE = re.compile(r"^<figure>(?:<p>(.*?)</p>)?(?:<figcaption>(.*?)</figcaption>)?</figure>$", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r'<t([hd])(?: scope="(col|row)")?>(.*?)</t[hd]>', re.DOTALL)
_NUMBERED = re.compile(r"^(\d{1,9})\\([.)]) (?=\S)")
_TABLE_MARK = re.compile(r"^Table:")
# Signs that a text file would not keep, and gaps that the importer makes shorter.
_FRAGILE = re.compile("[\n\r\f\v\x7f\u2028\u2029\ufeff]|[ \t]{9,}")


def to_markdown(document: Document) -> str:
    """The document as Markdown; `read` of it gives the same title page and the same blocks."""
    lines = [FIRST_LINES.rstrip("\n")]
    for name in FIELDS:
        value = getattr(document, name)
        if value:
            lines.append(f"{name}: {_json(value)}")
    lines += ["---", ""]
    page: int | None = None
    part = "body"
    for block in document.blocks:
        if block.page != page:
            page = block.page
            lines += [f"<!-- page {'-' if page is None else page} -->", ""]
        if block.part != part:
            part = block.part
            lines += [f"<!-- part {part} -->", ""]
        lines += [*block_markdown(block).split("\n"), ""]
    return "\n".join(lines)


def block_markdown(block: Block) -> str:
    """One block as Markdown: what stands for it in the export, and what a person may edit."""
    if block.kind == "heading":
        return f"{'#' * (block.level or 2)} {inline_markdown(block.html)}"
    if block.kind == "list_item":
        return _item(block)
    if block.kind == "quote":
        return f"> {inline_markdown(block.html)}"
    if block.kind == "footnote":
        return _note(block.html)
    if block.kind == "table":
        return _table(block.html)
    if block.kind == "figure":
        return _figure(block.html)
    return _TABLE_MARK.sub(r"Table\\:", escape_start(inline_markdown(block.html)))


def inline_markdown(html: str) -> str:
    """Clean inline HTML as Markdown that renders to just that."""
    html = _SIGN.sub(lambda found: f"\x00{found[1]}\x01", html)
    parts: list[str] = []
    end = 0
    address = ""
    for found in _TAG.finditer(html):
        parts.append(_text(html[end : found.start()]))
        link = _LINK.match(found[0])
        if link:
            address = link[1]
            parts.append("[")
        elif found[0] == "</a>":
            parts.append(f"](<{_address(address)}>)")
        else:
            parts.append(found[0])
        end = found.end()
    parts.append(_text(html[end:]))
    return re.sub("\x00([^\x01]*)\x01", lambda found: f"[^{found[1]}]", "".join(parts))


def _text(html: str) -> str:
    # An exclamation mark before a link would make it a picture.
    text = re.sub(r"!(?=$|\x00)", r"\!", escape(entities.unescape(html)))
    return _FRAGILE.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), text)


def _address(html: str) -> str:
    address = re.sub(r"[<>\s\\]", lambda sign: f"%{ord(sign[0]):02X}", entities.unescape(html))
    return address.replace("&", "&amp;")


def _item(block: Block) -> str:
    indent = "  " * ((block.level or 1) - 1)
    source = escape_start(inline_markdown(block.html))
    if _NUMBERED.match(source):
        return indent + _NUMBERED.sub(r"\1\2 ", source)
    return f"{indent}- {source}"


def _note(html: str) -> str:
    found = _NOTE.match(html)
    if not found:
        return f"[^]: {inline_markdown(html)}"
    return f"[^{found[1]}]: {inline_markdown(_BACK.sub('', html[found.end() :]))}"


def _figure(html: str) -> str:
    found = _FIGURE.match(html)
    picture, caption = (found[1] or "", found[2] or "") if found else ("", html)
    alternative = f"![{inline_markdown(picture)}](<>)"
    return f"{alternative}\n{inline_markdown(caption)}" if caption else alternative


def _table(html: str) -> str:
    caption = _CAPTION.search(html)
    lines = [f"Table: {inline_markdown(caption[1])}"] if caption else []
    rows = [_CELL.findall(row) for row in _ROW.findall(html)]
    cells = [[_cell(scope, inner) for _, scope, inner in row] for row in rows]
    width = max(map(len, cells), default=0)
    if "<thead>" not in html:
        cells.insert(0, [""] * width)
    table = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([*lines, *table[:1], f"|{'---|' * max(width, 1)}", *table[1:]])


def _cell(scope: str, html: str) -> str:
    source = inline_markdown(html)
    return f"**{source}**" if scope == "row" else source


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _FRAGILE.sub(lambda found: "".join(f"\\u{ord(sign):04x}" for sign in found[0]), text)
