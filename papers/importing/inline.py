"""One block's inline Markdown: to clean HTML and plain text, and plain text to Markdown that says just that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_TAGS = {"em", "strong", "b", "i", "u", "sub", "sup", "code", "br", "a", "span"}
_BLOCK_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "p"}
_SCHEMES = {"http", "https", "mailto"}
LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_PLAIN_TAG = re.compile(
    rf'</?(?:em|strong|b|i|u|sub|sup|code|br)\s{{0,9}}/?>|<span lang="{LANGUAGE}">|</span>', re.IGNORECASE
)
_NOTE_SIGN = re.compile(r"\[\^([^\]\[\s^<>&\\]{1,32})\]")
_NOTE_ID = re.compile(r"(?:note|ref)-[0-9a-z]+(?:-\d+)*")
_ALL_BOLD = re.compile(r"^(\*\*|__)(?!\s)((?:(?!\1).)+)(?<!\s)\1$", re.DOTALL)
_OWN_LINK = re.compile(r'(<a href="#[^"]*"[^>]*?) rel="noopener noreferrer"')
_AFTER_BREAK = re.compile(r"<br>[ \t]+")
_DEAD_LINK = re.compile(r'<a(?: rel="noopener noreferrer")?>(.*?)</a>', re.DOTALL)
# What would be read as markup wherever it stands, and what only at the beginning of a line.
_SPECIAL = re.compile(r"[\\`*_\[\]|#]|<(?=[A-Za-z/!?])|&(?=#|\w{1,32};)")
_BLOCK_START = re.compile(r"^(\s*)(?:(\d{1,9})([.)])(?=\s|$)|([-+=:>~]))")


class Notes(Protocol):
    """Who knows the footnotes of the document."""

    def refer(self, label: str) -> tuple[str, str] | None:
        """The ids of the note of that label and of this reference to it; None if there is no such note."""


@dataclass(frozen=True)
class Inline:
    """Rendered inline Markdown. `lost` are targets of dead links and images, `targets` those of live links."""

    html: str
    text: str
    lost: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)


def _plain_tag(state: StateInline, silent: bool) -> bool:
    """Lets the few HTML tags pass that scans use for raised numbers and line breaks; any other stays visible text."""
    found = _PLAIN_TAG.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _note_sign(state: StateInline, silent: bool) -> bool:
    """A footnote's sign, `[^3]`."""
    found = _NOTE_SIGN.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("note_sign", "", 0).content = found[1]
    state.pos = found.end()
    return True


def parser() -> MarkdownIt:
    """CommonMark with tables, without raw HTML, indented code (scans indent at random) and reference definitions."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.disable(["code", "reference", "html_block", "html_inline"])
    made.inline.ruler.before("link", "note_sign", _note_sign)
    made.inline.ruler.before("autolink", "plain_tag", _plain_tag)
    return made


_MARKDOWN = parser()


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What stays of an attribute: ids only of our own making, a link's place in the page only to such."""
    if name == "id":
        return value if _NOTE_ID.fullmatch(value) else None
    if tag == "a" and name == "href" and value.startswith("#"):
        return value if _NOTE_ID.fullmatch(value[1:]) else None
    if tag == "span":
        return value if re.fullmatch(LANGUAGE, value) else None
    return value


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={"a": {"href", "id"}, "sup": {"id"}, "span": {"lang"}},
        attribute_filter=_attribute,
        tag_attribute_values={
            "a": {"role": {"doc-noteref", "doc-backlink"}},
            "th": {"scope": {"col", "row"}},
        },
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )


_INLINE_CLEANER = _cleaner(_TAGS)
_BLOCK_CLEANER = _cleaner(_TAGS | _BLOCK_TAGS)


def clean(html: str, *, blocks: bool = False) -> str:
    """HTML reduced to the allow-list: emphasis, raised and lowered signs, code, line breaks, links, languages, notes.

    With `blocks` also tables and figures.
    """
    cleaned = (_BLOCK_CLEANER if blocks else _INLINE_CLEANER).clean(html).strip()
    return _DEAD_LINK.sub(r"\1", _OWN_LINK.sub(r"\1", cleaned))


def render(source: str, notes: Notes | None = None) -> Inline:
    """One block's inline Markdown as clean HTML and plain text; signs of known `notes` become links to them."""
    tokens = _MARKDOWN.parseInline(source, {})
    return _render(tokens[0].children or [] if tokens else [], notes)


def _render(children: list[Token], notes: Notes | None) -> Inline:
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
            token = Token("text", "", 0, content="".join(map(_token_text, token.children or [])))
        elif token.type == "note_sign":
            # Links do not nest: a sign inside a link stays a sign.
            known = notes.refer(token.content) if notes is not None and not any(open_links) else None
            text.append(f"[{token.content}]")
            kept.append(Token("html_inline", "", 0, content=_sign(token.content, known)))
            continue
        kept.append(token)
        text.append(_token_text(token))
    html = clean(_MARKDOWN.renderer.render(kept, _MARKDOWN.options, {}))
    html = _AFTER_BREAK.sub("<br>", html.replace("\n", " "))
    return Inline(html, " ".join("".join(text).split()), [item for item in lost if item.strip("#")], targets)


def _sign(label: str, known: tuple[str, str] | None) -> str:
    if known is None:
        return f"<sup>[{label}]</sup>"
    note, reference = known
    return f'<sup><a href="#{note}" id="{reference}" role="doc-noteref">[{label}]</a></sup>'


def _token_text(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return " " if token.type == "html_inline" and token.content.lower().startswith("<br") else ""


def normal_address(address: str) -> str | None:
    """A web address as Markdown's links have it, None for one that is no link."""
    whole = _MARKDOWN.normalizeLink(address)
    return whole if _MARKDOWN.validateLink(whole) else None


def without_plain_tags(source: str) -> str:
    """The source without the HTML tags that are let through as markup."""
    return _PLAIN_TAG.sub(" ", source)


def whole_bold(source: str) -> str | None:
    """What stands between the marks of a text that is bold as a whole, else None."""
    found = _ALL_BOLD.match(source.strip())
    return found[2] if found else None


def escape(text: str) -> str:
    """Inline Markdown that says exactly this text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def escape_start(source: str) -> str:
    """Inline Markdown as the first line of a block: nothing at its beginning makes it another kind of block."""
    return _BLOCK_START.sub(
        lambda found: f"{found[1]}{found[2]}\\{found[3]}" if found[2] else f"{found[1]}\\{found[4]}", source
    )
