"""The inline part of an HTML tree as Markdown that says just that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from papers.importing.inline import LANGUAGE, escape
from papers.importing.tree import Node

# Private signs that the reader of Word documents puts where a page ends: within a text, or by the author's will.
SOFT_PAGE, HARD_PAGE = "\ue00c", "\ue00d"
# A picture's address that is longer (in characters) is the picture itself.
LONGEST_ADDRESS = 300

_SPACE = re.compile(r"\s+")
_MARKS = {"em": "em", "i": "em", "cite": "em", "dfn": "em", "strong": "strong", "b": "strong"}
_TAGS = {"sub", "sup", "code", "u"} | {"kbd", "tt"}
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_ITALIC_STYLE = re.compile(r"font-style:\s*(?:italic|oblique)")
_SIMPLE = re.compile(r"(?<![\w*\\])<(em|strong)>(\w(?:[^<>*\\]*\w)?)</\1>(?![\w*])")
_STARS = {"em": "*", "strong": "**"}
_EMPTY_MARK = re.compile(r"<(em|strong|sub|sup|u|code)>(\s*)</\1>")
_DOUBLE_MARK = re.compile(r"</(em|strong)>(\s*)<\1>")


@dataclass
class Signs:
    """What is known of footnotes: the label for each element that is a sign, and the elements that lead back."""

    labels: dict[int, str] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)


def inline(nodes: Iterable[Node | str], signs: Signs, *, line_break: str = "\\\n") -> str:
    """Markdown for inline content. `line_break` is what stands for `<br>`."""
    source = _join(nodes, signs, line_break)
    source = _DOUBLE_MARK.sub(r"\2", source)
    for _ in range(3):
        source = _EMPTY_MARK.sub(r"\2", source)
    source = simplify_marks(source)
    lines = [" ".join(line.split(" ")).strip(" ") for line in source.split("\n")]
    return "\n".join(line for line in lines if line.strip("\\ ")).removesuffix("\\")


def simplify_marks(source: str) -> str:
    """Stars instead of tags for emphasis, where they surely say the same."""
    return _SIMPLE.sub(lambda found: _STARS[found[1]] + found[2] + _STARS[found[1]], source)


def _join(nodes: Iterable[Node | str], signs: Signs, line_break: str) -> str:
    return "".join(
        escape(_SPACE.sub(" ", node)) if isinstance(node, str) else _element(node, signs, line_break)
        for node in nodes
    )


def _element(node: Node, signs: Signs, line_break: str) -> str:
    if node.order in signs.labels:
        return f"[^{signs.labels[node.order]}]"
    if node.order in signs.back:
        return ""
    if node.tag == "br":
        return line_break
    if node.tag == "img":
        return picture(node)
    inner = _join(node.children, signs, line_break)
    language = node.attributes.get("lang", "")
    if inner.strip() and node.tag in ("span", "em", "i") and re.fullmatch(LANGUAGE, language):
        inner = f'<span lang="{language}">{inner}</span>'
    tag = _MARKS.get(node.tag) or _styled(node)
    if tag:
        return _around(tag, inner)
    if node.tag in _TAGS:
        # A footnote's sign is raised by itself.
        return inner if re.fullmatch(r"\s*(?:\[\^[^\]]+\]\s*)+", inner) else _around(_tag(node.tag), inner)
    if node.tag == "a":
        return _link(node, inner)
    if node.tag == "q":
        return f"“{inner}”"
    return inner


def _tag(tag: str) -> str:
    return "code" if tag in ("kbd", "tt") else tag


def _styled(node: Node) -> str:
    style = node.attributes.get("style", "").lower() if node.tag in ("span", "font") else ""
    if _BOLD_STYLE.search(style):
        return "strong"
    return "em" if _ITALIC_STYLE.search(style) else ""


def _around(tag: str, inner: str) -> str:
    """The mark around a text, spaces at its ends outside."""
    if not inner.strip():
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    return f"{before}<{tag}>{inner.strip()}</{tag}>{after}"


def _link(node: Node, inner: str) -> str:
    address = node.attributes.get("href", "").strip()
    if not address or address.startswith("#") or not inner.strip() or len(address) > 2_000:
        return inner
    address = re.sub(r"[<>\s\\]", lambda sign: f"%{ord(sign[0]):02X}", address).replace("&", "&amp;")
    return f"[{inner}](<{address}>)"


def picture(node: Node) -> str:
    """A picture by its description and its file's name."""
    address = node.attributes.get("src", "")
    if len(address) > LONGEST_ADDRESS or address.startswith("data:"):
        address = ""
    address = re.sub(r"[<>\s\\()]", "", address)
    return f"![{escape(_SPACE.sub(' ', node.attributes.get('alt', '')).strip())}](<{address}>)"
