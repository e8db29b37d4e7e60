"""A page's Markdown to pieces, and a piece's inline Markdown to clean HTML and plain text."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_TAGS = {"em", "strong", "b", "i", "u", "sub", "sup", "code", "br", "a"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_SCHEMES = {"http", "https", "mailto"}
_PLAIN_TAG = re.compile(r"</?(?:em|strong|b|i|u|sub|sup|code|br)\s*/?>", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\[\^([\w-]+)\]:\s*")
_FOOTNOTE_SIGN = re.compile(r"\[\^([\w-]+)\]")
_RAISED_NUMBER = re.compile(r"^<sup>\s*\[?\d+\]?\s*</sup>", re.IGNORECASE)
_ONLY_IMAGE = re.compile(r"^!\[[^\]]*\]\([^)]*\)$")
_ALL_BOLD = re.compile(r"^(\*\*|__)(?!\s)((?:(?!\1).)+)(?<!\s)\1$", re.DOTALL)


@dataclass
class Piece:
    """A block on its way: its inline Markdown (`source`), or for tables and code finished `html` and `text`.

    `sheet` counts the source's pages from 1, `page` is the number printed there. `part` is set by the structure step.
    """

    kind: str
    source: str
    sheet: int
    page: int
    level: int | None = None
    marker: str = ""
    html: str | None = None
    text: str | None = None
    part: str = ""

    def plain_text(self) -> str:
        """The plain text."""
        return self.text if self.text is not None else render(self.marker + self.source).text


@dataclass(frozen=True)
class Inline:
    """Rendered inline Markdown. `lost` are targets of dead links and images, `targets` those of live links."""

    html: str
    text: str
    lost: list[str]
    targets: list[str]


def _plain_tag(state: StateInline, silent: bool) -> bool:
    """Lets the few HTML tags pass that scans use for raised numbers and line breaks; any other stays visible text."""
    found = _PLAIN_TAG.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _parser() -> MarkdownIt:
    # No raw HTML, no indented code (scans indent at random), no reference definitions (they would vanish).
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["code", "reference", "html_block", "html_inline"])
    parser.inline.ruler.before("autolink", "plain_tag", _plain_tag)
    return parser


_MARKDOWN = _parser()


def clean(html: str, *, table: bool = False) -> str:
    """HTML reduced to the allow-list: emphasis, raised and lowered signs, code, line breaks, web and mail links."""
    return nh3.clean(
        html,
        tags=_TAGS | _TABLE_TAGS if table else _TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    ).strip()


def render(source: str) -> Inline:
    """One block's inline Markdown as clean HTML and plain text."""
    tokens = _MARKDOWN.parseInline(source, {})
    return _render(tokens[0].children or [] if tokens else [])


def _render(children: list[Token]) -> Inline:
    kept: list[Token] = []
    text: list[str] = []
    lost: list[str] = []
    targets: list[str] = []
    open_links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            live = href.split(":", 1)[0].lower() in _SCHEMES and ":" in href
            open_links.append(live)
            (targets if live else lost).append(href)
            lost.append(str(token.attrGet("title") or ""))
            if not live:
                continue
        elif token.type == "link_close":
            if not open_links.pop():
                continue
        elif token.type == "image":
            lost += [str(token.attrGet("src") or ""), str(token.attrGet("title") or "")]
            token = Token("text", "", 0, content=token.content)
        kept.append(token)
        text.append(_token_text(token))
    html = _MARKDOWN.renderer.render(kept, _MARKDOWN.options, {})
    html = clean(_FOOTNOTE_SIGN.sub(r"<sup>[\1]</sup>", html))
    plain = " ".join(_FOOTNOTE_SIGN.sub(r"[\1]", "".join(text)).split())
    gone = [item for item in lost if item.strip("#")]
    return Inline(html.replace("\n", " ").replace("<br> ", "<br>"), plain, gone, targets)


def _token_text(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return " " if token.type == "html_inline" and token.content.lower().startswith("<br") else ""


def without_plain_tags(source: str) -> str:
    """The source without the HTML tags that are let through as markup."""
    return _PLAIN_TAG.sub(" ", source)


def whole_bold(source: str) -> str | None:
    """What stands between the marks of a text that is bold as a whole, else None."""
    found = _ALL_BOLD.match(source.strip())
    return found[2] if found else None


def pieces(markdown: str, *, sheet: int, page: int) -> tuple[list[Piece], list[str]]:
    """The pieces of one page's Markdown, and words that belong to none (a code block's language)."""
    walker = _Walker(sheet, page)
    walker.walk(_MARKDOWN.parse(markdown, {}))
    return walker.found, walker.lost


class _Walker:
    """Walks the block tokens of one page."""

    def __init__(self, sheet: int, page: int) -> None:
        self.sheet, self.page = sheet, page
        self.found: list[Piece] = []
        self.lost: list[str] = []
        self._quotes = 0
        # For each open list item: its marker ("3. " or ""), and whether its first paragraph has come.
        self._items: list[tuple[str, bool]] = []

    def walk(self, tokens: list[Token]) -> None:
        """Adds a piece for each heading, paragraph, item, table and code block."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
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
                self.found[-1].source += "\\\n" + content
                return
            self._items[-1] = (marker, True)
            self._add("list_item", content, level=len(self._items), marker=marker)
        elif _FOOTNOTE.match(content):
            self._add("footnote", _FOOTNOTE.sub(r"[^\1] ", content))
        elif _RAISED_NUMBER.match(content):
            self._add("footnote", content)
        elif _ONLY_IMAGE.match(content.strip()):
            self._add("figure", content)
        else:
            self._add("quote" if self._quotes else "paragraph", content)

    def _code(self, token: Token) -> None:
        html = clean(f"<code>{entities.escape(token.content.strip())}</code>")
        self._add("paragraph", "", html=html.replace("\n", "<br>"), text=token.content.strip())
        if token.info.strip():
            self.lost.append(token.info.strip())

    def _table(self, tokens: list[Token]) -> None:
        html: list[str] = []
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "inline":
                cell = _render(token.children or [])
                html.append(cell.html)
                rows[-1].append(cell.text)
                self.lost += cell.lost
            elif token.tag in _TABLE_TAGS:
                html.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")
                if token.type == "tr_open":
                    rows.append([])
        text = "\n".join(" | ".join(row) for row in rows)
        self._add("table", "", html=clean("".join(html) + "</table>", table=True), text=text)

    def _add(
        self,
        kind: str,
        source: str,
        *,
        level: int | None = None,
        marker: str = "",
        html: str | None = None,
        text: str | None = None,
    ) -> None:
        self.found.append(Piece(kind, source, self.sheet, self.page, level, marker, html, text))
