"""A page's Markdown to pieces: what will be the blocks, with the lines that they came from."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from papers.importing.inline import Inline, Notes, clean, parser, render, whole_bold
from papers.importing.source import Line
from papers.importing.tables import render_table
from papers.importing.words import RAISED_DIGITS

# At the beginning of a line: `[^3]: `, `<sup>3</sup> ` or `³ `.
_NOTE = re.compile(
    r"^(?:\[\^(?P<md>[^\]\[\s^<>&\\]{1,32})\]:\s*|<sup>\s{0,9}\[?(?P<tag>\d{1,3}|[*†‡§]{1,3})\]?\s{0,9}</sup>\s*|"
    r"(?P<sign>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*(?=\w))",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"^!\[(?:\\.|[^\]\\])*\]\([^)]*\)(?=\n|$)")

_MARKDOWN = parser()


@dataclass
class Piece:
    """A block on its way.

    Its inline Markdown is `source` (for a table the cells in `rows`, for code finished `html` and `text`). `sheet`
    counts the source's pages from 1, `page` is the number printed there, `first` and `last` are lines of the source.
    `label` is a footnote's sign, `marker` a numbered item's number. `part` is set by the structure step, `whole` says
    that it is known to be no second half of a block.
    """

    kind: str
    parts: list[str]
    sheet: int
    page: int | None
    level: int | None = None
    marker: str = ""
    html: str | None = None
    text: str | None = None
    rows: list[list[str]] | None = None
    caption: str = ""
    label: str = ""
    part: str = ""
    first: int = 0
    last: int = 0
    whole: bool = False
    _said: tuple[str, str] = field(default=("", ""), repr=False, compare=False)

    @property
    def source(self) -> str:
        """The inline Markdown."""
        return self.parts[0] if len(self.parts) == 1 else "".join(self.parts)

    @source.setter
    def source(self, source: str) -> None:
        self.parts = [source]

    @property
    def lines(self) -> tuple[int, int] | None:
        """Where it came from."""
        return (self.first, self.last) if self.first else None

    def plain_text(self) -> str:
        """The plain text, remembered for this source."""
        whole = f"{self.marker}\n{self.label}\n{self.caption}\n{self.source}"
        if self._said[0] != whole:
            self._said = (whole, self.rendered().text)
        return self._said[1]

    def last_text(self) -> str:
        """The plain text of what was added last."""
        return self.plain_text() if len(self.parts) < 2 else render(self.parts[-1]).text

    def rendered(self) -> Inline:
        """The content, a footnote's sign before it, nothing linked."""
        body = self.body()
        if not self.label:
            return body
        html, text = f"<sup>[{self.label}]</sup> {body.html}", f"[{self.label}] {body.text}".strip()
        return Inline(html, text, body.lost, body.targets)

    def body(self, notes: Notes | None = None) -> Inline:
        """The content without a footnote's sign; signs of known `notes` become links to them."""
        if self.rows is not None:
            return render_table(self.rows, self.caption, notes)
        if self.html is not None and self.text is not None:
            return Inline(self.html, self.text)
        inline = render(self.marker + self.source, notes)
        return _figure(inline, render(self.caption, notes)) if self.kind == "figure" else inline


def _figure(picture: Inline, caption: Inline) -> Inline:
    html = f"<p>{picture.html}</p>" if picture.html else ""
    html += f"<figcaption>{caption.html}</figcaption>" if caption.html else ""
    return Inline(
        clean(f"<figure>{html}</figure>", blocks=True) if html else "",
        f"{picture.text} {caption.text}".strip(),
        picture.lost + caption.lost,
        picture.targets + caption.targets,
    )


def pieces_of(lines: list[Line], *, sheet: int, page: int | None) -> tuple[list[Piece], list[str]]:
    """The pieces of one page's lines of Markdown, and words that belong to none (a code block's language)."""
    walker = _Walker(lines, sheet, page)
    walker.walk(_MARKDOWN.parse("\n".join(line.text for line in lines), {}))
    return walker.found, walker.lost


class _Walker:
    """Walks the block tokens of one page."""

    def __init__(self, lines: list[Line], sheet: int, page: int | None) -> None:
        self.lines, self.sheet, self.page = lines, sheet, page
        self.found: list[Piece] = []
        self.lost: list[str] = []
        self._quotes = 0
        self._at = (0, 0)
        # For each open list item: its marker ("3. " or ""), and whether its first paragraph has come.
        self._items: list[tuple[str, bool]] = []

    def walk(self, tokens: list[Token]) -> None:
        """Adds a piece for each heading, paragraph, item, table and code block."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.map:
                self._at = (token.map[0], max(token.map[1] - 1, token.map[0]))
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(tokens[index:end])
                index = end
            elif token.type == "heading_open":
                self._heading(tokens[index + 1].content, int(token.tag[1]))
            elif token.type == "paragraph_open":
                self._paragraph(tokens[index + 1].content)
            elif token.type == "fence":
                self._code(token)
            else:
                self._nest(token)
            index += 1

    def _nest(self, token: Token) -> None:
        if token.type in ("blockquote_open", "blockquote_close"):
            self._quotes += token.nesting
        elif token.type == "list_item_open":
            self._items.append((f"{token.info}\\{token.markup} " if token.info else "", False))
        elif token.type == "list_item_close":
            self._items.pop()

    def _heading(self, content: str, level: int) -> None:
        source = whole_bold(content) or content
        if source.strip():
            self._add("heading", source, level=level)

    def _paragraph(self, content: str) -> None:
        if self._items:
            marker, begun = self._items[-1]
            if begun and self.found and self.found[-1].kind == "list_item":
                self.found[-1].parts.append("\\\n" + content)
                self.found[-1].last = self._source_line(self._at[1]).end
                return
            self._items[-1] = (marker, True)
            self._add("list_item", content, level=len(self._items), marker=marker)
            return
        begin, _ = self._at
        rows = content.split("\n")
        starts = [index for index, row in enumerate(rows) if index == 0 or _NOTE.match(row)]
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            self._at = (begin + start, begin + end - 1)
            self._text("\n".join(rows[start:end]))

    def _text(self, content: str) -> None:
        note, image = _NOTE.match(content), _IMAGE.match(content)
        if note:
            label = note["md"] or note["tag"] or note["sign"].translate(RAISED_DIGITS)
            self._add("footnote", content[note.end() :], label=label)
        elif image:
            self._add("figure", image[0], caption=content[image.end() :].strip())
        else:
            self._add("quote" if self._quotes else "paragraph", content)

    def _code(self, token: Token) -> None:
        html = clean(f"<code>{entities.escape(token.content.strip(), quote=False)}</code>")
        html = re.sub(r"\n[ \t]*", "<br>", html)
        self._add("paragraph", "", html=html, text=" ".join(token.content.split()))
        if token.info.strip():
            self.lost.append(token.info.strip())

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token.content)
        self._add("table", "", rows=rows)

    def _source_line(self, index: int) -> Line:
        return self.lines[min(max(index, 0), len(self.lines) - 1)]

    def _add(
        self,
        kind: str,
        source: str,
        *,
        level: int | None = None,
        marker: str = "",
        html: str | None = None,
        text: str | None = None,
        rows: list[list[str]] | None = None,
        caption: str = "",
        label: str = "",
    ) -> None:
        piece = Piece(kind, [source], self.sheet, self.page, level, marker, html, text, rows, caption, label)
        piece.first, piece.last = self._source_line(self._at[0]).number, self._source_line(self._at[1]).end
        self.found.append(piece)
