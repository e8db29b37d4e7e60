"""A web page's HTML, made safe, as a tree: nh3 cleans and closes what strangers left open, then it is only read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from papers.importing.refusals import TOO_NESTED, UnreadablePaper

# Deeper nesting, or more open marks of emphasis, would let a small file grow into a huge tree.
DEEPEST = 120
MOST_OPEN_MARKS = 20
MOST_TAGS = 200_000

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_SELF_CLOSING_NAMES = "p li td th tr dt dd option thead tbody tfoot colgroup rt rp"
_SELF_CLOSING = set(_SELF_CLOSING_NAMES.split())
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_MARKS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}

_GONE_NAMES = "script style template noscript iframe object svg math select textarea button title head"
_GONE = set(_GONE_NAMES.split())
_KEPT_NAMES = (
    "a abbr address article aside b blockquote body br caption center cite code dd details dfn div dl dt "
    "em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr html i img kbd li main mark nav ol p "
    "pre q s section small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul "
    "form"
)
_KEPT = set(_KEPT_NAMES.split())
_WITHIN_LINES_NAMES = "a abbr b cite code dfn em font i kbd mark q s small span strike strong sub sup tt u"
_WITHIN_LINES = set(_WITHIN_LINES_NAMES.split())
_ATTRIBUTES = {
    "*": {"id", "class", "role", "lang", "style"},
    "a": {"href", "name"},
    "img": {"alt", "src"},
    "ol": {"start"},
    "li": {"value"},
    "th": {"scope", "colspan"},
    "td": {"colspan"},
}


@dataclass(eq=False)
class Node:
    """An element with its attributes and children; a child is a Node or a text.

    `order` counts from the beginning; all that is below it has a higher one, up to `last`.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = field(default=None, repr=False)
    order: int = 0
    last: int = 0

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def text(self) -> str:
        """All text below it, with spaces where blocks begin and end."""
        text = "".join(child if isinstance(child, str) else child.text() for child in self.children)
        return text if self.tag in _WITHIN_LINES else f" {text} "

    def up(self) -> Iterator[Node]:
        """The elements around it, from the inside outwards."""
        around = self.parent
        while around is not None:
            yield around
            around = around.parent

    def has(self, *names: str) -> bool:
        """Whether it has one of these classes or this role."""
        return bool(
            set(names) & {*self.attributes.get("class", "").lower().split(), self.attributes.get("role")}
        )


def parse(html: str) -> Node:
    """The tree of what can be shown of a page; raises UnreadablePaper where it is nested beyond reason."""
    _check_nesting(html)
    builder = _Builder()
    builder.feed(
        nh3.clean(
            html,
            tags=_KEPT,
            clean_content_tags=_GONE,
            attributes=_ATTRIBUTES,
            link_rel=None,
            url_schemes={"http", "https", "mailto"},
        )
    )
    builder.close()
    return builder.root


def _check_nesting(html: str) -> None:
    depth = marks = tags = 0
    for found in _TAG.finditer(html):
        tag = found[2].lower()
        tags += 1
        if tag in VOID or tag in _SELF_CLOSING:
            continue
        step = -1 if found[1] else 1
        depth = max(depth + step, 0)
        if tag in _MARKS:
            marks = max(marks + step, 0)
        if depth > DEEPEST or marks > MOST_OPEN_MARKS or tags > MOST_TAGS:
            raise UnreadablePaper(TOO_NESTED)


class _Builder(HTMLParser):
    """Builds the tree of well-formed HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("body")
        self._open = self.root
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new element below the open one."""
        self._count += 1
        node = Node(tag, {name: value or "" for name, value in attrs}, [], self._open, self._count)
        self._open.children.append(node)
        if tag not in VOID:
            self._open = node

    def handle_endtag(self, tag: str) -> None:
        """The open element ends."""
        if tag not in VOID and self._open.parent is not None:
            self._open.last = self._count
            self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        """Text."""
        self._open.children.append(data)
