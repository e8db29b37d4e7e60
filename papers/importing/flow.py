"""An HTML tree as pages of Markdown: headings, paragraphs, lists, quotes, tables, figures and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from papers.importing.inline import escape_start
from papers.importing.markup import HARD_PAGE, SOFT_PAGE, inline, picture
from papers.importing.tree import Node
from papers.importing.treenotes import find_notes
from papers.importing.treetables import captions_of, cells_of, is_layout, table_rows
from papers.importing.words import missing_words

_CONTAINERS_NAMES = "body html div section article main header footer aside details center form address"
_CONTAINERS = set(_CONTAINERS_NAMES.split())
_BLOCKS_NAMES = (
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote table figure pre hr dl dt dd summary nav figcaption caption"
)
_BLOCKS = _CONTAINERS | set(_BLOCKS_NAMES.split())
_ALL_MARKED = re.compile(r"^<(em|strong)>((?:(?!</?\1>).)+)</\1>$", re.DOTALL)
_STARS = {"em": "*", "strong": "**"}


@dataclass
class Sheet:
    """A page's lines of Markdown; `number` counts from 1. `whole`: no paragraph is cut where it begins."""

    number: int
    lines: list[str] = field(default_factory=list)
    whole: bool = False


def sheets_of(root: Node) -> tuple[list[Sheet], list[str]]:
    """The pages of a tree (one if nothing in it ends a page), and words that got onto none of them."""
    flow = _Flow(root)
    flow.children(root)
    flow.finish()
    sheets = [sheet for sheet in flow.sheets if any(sheet.lines)]
    back = [node.text() for node in root.walk() if node.order in flow.signs.back]
    kept = [line for sheet in sheets for line in sheet.lines]
    return sheets, missing_words(flow.said, " ".join([*kept, *back, *flow.labels]))


class _Flow:
    def __init__(self, root: Node) -> None:
        # How many lists, quotes and tables are open: no page ends within them.
        self._inside = 0
        self.signs, self.notes = find_notes(root)
        # All words of the tree, and the signs that were taken off the beginnings of notes.
        self.said = root.text()
        self.labels: list[str] = []
        self.sheets = [Sheet(1)]
        self._holds_blocks = _with_blocks(root)
        self._hard, self._soft = False, 0
        self._kept_back: list[str] = []

    def children(self, node: Node) -> None:
        """The content of a container: blocks, and between them runs of text that are paragraphs."""
        for child in self._runs(node):
            if isinstance(child, list):
                self._paragraph(child)
            else:
                self._block(child)

    def finish(self) -> None:
        """What was kept back until the end."""
        self._release()

    def _is_block(self, node: Node) -> bool:
        return node.tag in _BLOCKS or node.order in self._holds_blocks

    def _block(self, node: Node) -> None:
        if node.order in self.notes:
            self._note(node)
        elif re.fullmatch(r"h[1-6]", node.tag):
            text = self._signs_out(" ".join(self._texts(node))).replace("\\\n", " ").replace("\n", " ")
            if text:
                self._emit([f"{'#' * int(node.tag[1])} {text}"])
        elif node.tag in ("ul", "ol"):
            self._emit(self._list(node, ""))
            self._release()
        elif node.tag == "li":
            self._emit(self._item(node, "- ", ""))
        elif node.tag == "blockquote":
            self._quote(node)
        elif node.tag == "table":
            self._table(node)
        elif node.tag == "figure":
            self._figure(node)
        elif node.tag == "pre":
            self._code(node)
        elif node.tag == "dt":
            text = self._signs_out(" ".join(self._texts(node)).replace("\\\n", "<br>").replace("\n", " "))
            self._emit([escape_start(f"<strong>{text}</strong>")] if text else [])
        elif node.tag == "p" and not any(isinstance(c, Node) and self._is_block(c) for c in node.children):
            self._paragraph(node.children, attached=node.has("caption"))
        else:
            self.children(node)

    def _paragraph(self, run: list[Node | str], *, attached: bool = False) -> None:
        lines = self._lines(run)
        last = self.sheets[-1].lines
        if attached and lines and len(last) > 1 and last[-2].startswith("!["):
            last.pop()
        self._emit(lines)

    def _lines(self, run: list[Node | str]) -> list[str]:
        source = self._signs_out(inline(run, self.signs))
        marked = _ALL_MARKED.match(source)
        if marked:
            source = f"{_STARS[marked[1]]}{marked[2]}{_STARS[marked[1]]}"
        return [escape_start(line) for line in source.split("\n") if line.strip()]

    def _signs_out(self, source: str) -> str:
        """The text without the signs of page ends, which are remembered; one at its beginning ends a page at once."""
        bare = source.lstrip()
        while bare[:1] in (SOFT_PAGE, HARD_PAGE) and bare:
            self._remember(bare[0])
            bare = bare[1:].lstrip()
        self._end_page()
        for sign in re.findall(f"[{SOFT_PAGE}{HARD_PAGE}]", bare):
            self._remember(sign)
        return re.sub(f"[{SOFT_PAGE}{HARD_PAGE}]", "", bare).strip()

    def _remember(self, sign: str) -> None:
        # A word processor writes both where a page ends by the author's will.
        if sign == HARD_PAGE:
            self._hard = True
        else:
            self._soft += 1

    def _end_page(self) -> None:
        """Ends the page if something said so, but never within a list or a quotation."""
        if self._inside or not (self._hard or self._soft):
            return
        number = self.sheets[-1].number + max(self._soft, 1)
        self.sheets.append(Sheet(number, whole=not self._hard))
        self._hard, self._soft = False, 0

    def _emit(self, lines: list[str]) -> None:
        if lines:
            self.sheets[-1].lines += [*lines, ""]
        self._end_page()

    def _release(self) -> None:
        kept, self._kept_back = self._kept_back, []
        for line in kept:
            self._emit([line])

    def _note(self, node: Node) -> None:
        label = self.notes[node.order]
        source = self._signs_out(" ".join(self._texts(node)))
        own = re.escape(label)
        begin = re.match(rf"(?:<sup>)?\\?\[?{own}\\?\]?(?:</sup>)?[.:)]?(?:</sup>)?\s+", source)
        if begin:
            self.labels.append(label)
            source = source[begin.end() :]
        source = source.replace("\\\n", "<br>").replace("\n", " ")
        line = f"[^{label}]: {source}"
        if self._inside:
            self._kept_back.append(line)
        else:
            self._emit([line])

    def _texts(self, node: Node) -> list[str]:
        """The paragraphs below an element, as inline Markdown."""
        found: list[str] = []
        for child in self._runs(node):
            found += [inline(child, self.signs)] if isinstance(child, list) else self._texts(child)
        return [text for text in found if text.strip()]

    def _runs(self, node: Node) -> Iterator[Node | list[Node | str]]:
        """The content of an element: its blocks, and between them runs of text."""
        run: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str) or not self._is_block(child):
                run.append(child)
                continue
            yield run
            run = []
            yield child
        yield run

    def _list(self, node: Node, indent: str) -> list[str]:
        lines: list[str] = []
        number = _number(node.attributes.get("start"), 1)
        self._inside += 1
        for item in node.children:
            if isinstance(item, str) or item.tag not in ("li", "ul", "ol"):
                # Sloppy pages have more in their lists than items.
                item = Node("li", {}, [item], None, -1)
            if item.tag in ("ul", "ol"):
                lines += self._list(item, indent + "  ")
                continue
            number = _number(item.attributes.get("value"), number)
            marker = f"{number}. " if node.tag == "ol" else "- "
            lines += self._item(item, marker, indent)
            number += 1
        self._inside -= 1
        return lines

    def _item(self, node: Node, marker: str, indent: str) -> list[str]:
        if node.order in self.notes:
            self._inside += 1
            self._note(node)
            self._inside -= 1
            return []
        own: list[str] = []
        nested: list[str] = []
        for child in self._runs(node):
            if isinstance(child, list):
                own += inline(child, self.signs).split("\n")
            elif child.tag in ("ul", "ol"):
                nested += self._list(child, indent + " " * len(marker))
            else:
                own += [line for text in self._texts(child) for line in text.split("\n")]
        self._inside += 1
        own = [escape_start(line) for line in map(self._signs_out, own) if line.strip("\\ ")]
        self._inside -= 1
        if not own:
            return [line[len(marker) :] for line in nested]
        own = [line.removesuffix("\\") for line in own]
        lines = [f"{indent}{marker}{own[0]}", *(f"{indent}{' ' * len(marker)}{line}" for line in own[1:])]
        return [*"\\\n".join(lines).split("\n"), *nested]

    def _quote(self, node: Node) -> None:
        sheet, self.sheets[-1] = self.sheets[-1], Sheet(0)
        self._inside += 1
        self.children(node)
        self._inside -= 1
        inner, self.sheets[-1] = self.sheets[-1].lines, sheet
        self._emit([f"> {line}".rstrip() for line in inner[:-1]])

    def _table(self, node: Node) -> None:
        if is_layout(node):
            for cell in (*captions_of(node), *cells_of(node)):
                self.children(cell)
            return

        def cell_source(cell: Node) -> str:
            return self._signs_out("<br>".join(self._texts(cell)).replace("\\\n", "<br>").replace("\n", " "))

        self._inside += 1
        rows = table_rows(node, cell_source)
        title = " ".join(text for caption in captions_of(node) for text in self._texts(caption))
        self._inside -= 1
        if title:
            self._emit([f"Table: {title}"])
        self._emit(rows)

    def _figure(self, node: Node) -> None:
        caption = next((child for child in node.walk() if child.tag == "figcaption"), None)
        pictures = [child for child in node.walk() if child.tag == "img"]
        said = " ".join(self._texts(caption)) if caption else ""
        said = self._signs_out(said).replace("\\\n", " ").replace("\n", " ")
        if pictures:
            self._emit([*map(picture, pictures[:1]), *([escape_start(said)] if said else [])])
            for more in pictures[1:]:
                self._emit([picture(more)])
        elif any(child.tag == "table" for child in node.walk()):
            self._emit([f"Table: {said}"] if said else [])
            if caption is not None and caption.parent is not None:
                caption.parent.children = [child for child in caption.parent.children if child is not caption]
            self.children(node)
        else:
            self.children(node)

    def _code(self, node: Node) -> None:
        text = node.text().strip("\n")
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
        if text.strip():
            self._emit([fence, *text.split("\n"), fence])


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,6}", value) else default


def _with_blocks(root: Node) -> set[int]:
    """The inline elements (by order) that hold blocks all the same, as sloppy pages have them."""
    found: set[int] = set()
    for node in root.walk():
        if node.tag in _BLOCKS:
            for around in node.up():
                if around.order in found:
                    break
                found.add(around.order)
    return found
