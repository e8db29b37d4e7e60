"""One block's words as a person edits them, and back to clean HTML and plain text. Pure Python: no Django.

A reviewer edits light Markdown (`*emphasis*`, `**strong**`, `[words](address)`); where that could not say everything
(tables, figures, footnotes with their links) the block's own HTML. Both come back through the importer's own renderer
and cleaner, so that nothing reaches a page that an import could not have brought.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass

from papers.importing.inline import clean, escape, render

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>", re.IGNORECASE)
_PIECE = re.compile(r"<[^>]+>|&[^;\s]{1,31};|.", re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_MARKS = {"em": "*", "strong": "**"}
_EMPTY = re.compile(r"\n[ \t]*\n")
WHOLE = ("table", "figure")


@dataclass(frozen=True)
class Wording:
    """What stands in the field: Markdown, or with `is_html` the block's HTML."""

    source: str
    is_html: bool


@dataclass(frozen=True)
class Words:
    """A block's words: clean HTML and plain text."""

    html: str
    text: str


def wording(html: str) -> Wording:
    """The words of a block as they can be edited: `words(wording(html))` is `html` again."""
    for escaped in (False, True):
        source = _markdown(html, escaped=escaped)
        if source is not None and render(source).html == html:
            return Wording(source, False)
    return Wording(html, True)


def words(source: str, *, is_html: bool, whole: bool = False) -> list[Words]:
    """What was edited, as one block for each stretch between empty lines; none for nothing but space.

    With `whole` HTML is one block and may be a table or a figure.
    """
    source = source.replace("\r\n", "\n")
    if is_html:
        pieces = [source] if whole else _EMPTY.split(source)
        found = [Words(html, plain(html)) for html in (clean(piece, blocks=whole) for piece in pieces)]
    else:
        found = [Words(each.html, each.text) for each in map(render, _EMPTY.split(source))]
    return [each for each in found if each.text]


def plain(html: str) -> str:
    """The plain text of clean HTML; cells of a table with | between them, its rows on lines of their own."""
    html = re.sub(r"</t[hd]>\s*(?=<t[hd])", " | ", html)
    html = re.sub(r"</(?:tr|caption)>", "\n", html)
    text = entities.unescape(_TAG.sub("", re.sub(r"<br\s*/?>|</(?:p|figcaption)>", " ", html)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def cut(html: str, offset: int) -> tuple[Words, Words] | None:
    """Both halves of a block whose plain text is cut before the sign at `offset`; None when a half would be empty.

    Marks that are open at the cut are closed before it and opened again after it.
    """
    at, seen, last = 0, 0, " "
    opened: list[str] = []
    for piece in _PIECE.findall(html):
        tag = _TAG.fullmatch(piece)
        if tag is None:
            # Runs of space count once, as in the plain text.
            sign = entities.unescape(piece)
            if seen >= offset and not sign.isspace():
                break
            seen += 0 if sign.isspace() and last.isspace() else len(sign)
            last = sign
        elif tag[1]:
            if opened:
                opened.pop()
        elif tag[2].lower() == "br":
            seen += 0 if last.isspace() else 1
            last = " "
        elif seen >= offset:
            break
        else:
            opened.append(piece)
        at += len(piece)
    closing = "".join(f"</{_name(tag)}>" for tag in reversed(opened))
    # An id stays with the first half: it must not be there twice.
    reopening = "".join(re.sub(r'\sid="[^"]*"', "", tag) for tag in opened)
    halves = [clean(html[:at] + closing), clean(reopening + html[at:])]
    first, second = (Words(half, plain(half)) for half in halves)
    return (first, second) if first.text and second.text else None


def joined(first: Words, second: Words) -> Words:
    """Two blocks as one, with a space between them, or nothing where a hyphen ends the first."""
    between = "" if re.search(r"[^\W\d_]-$", first.text) else " "
    return Words(f"{first.html}{between}{second.html}", f"{first.text}{between}{second.text}")


def _markdown(html: str, *, escaped: bool) -> str | None:
    result: list[str] = []
    links: list[str] = []
    at = 0
    for tag in _TAG.finditer(html):
        text = entities.unescape(html[at : tag.start()])
        result.append(escape(text) if escaped else text)
        at = tag.end()
        closes, name, rest = tag[1], tag[2].lower(), tag[3]
        if name in _MARKS:
            result.append(_MARKS[name])
        elif name == "a" and closes:
            if not links:
                return None
            result.append(f"]({links.pop()})")
        elif name == "a":
            href = _HREF.search(rest)
            if href is None or "id=" in rest:
                return None
            links.append(entities.unescape(href[1]))
            result.append("[")
        else:
            result.append(tag[0])
    text = entities.unescape(html[at:])
    return "".join([*result, escape(text) if escaped else text])


def _name(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    return found[2] if found else ""
