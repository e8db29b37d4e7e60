"""The footnotes of a web page or Word document: which links are their signs, and which lead back."""

from __future__ import annotations

import re

from papers.importing.markup import Signs
from papers.importing.tree import Node

_LABEL = re.compile(r"\w{1,4}|[*†‡§]{1,3}")
_BLOCKS = {"li", "p", "div", "aside", "dd", "tr", "blockquote", "section"}
# What holds more elements is no note.
LARGEST = 300
# A sign's own id may be on one of so many elements around its link.
AROUND = 2


def find_notes(root: Node) -> tuple[Signs, dict[int, str]]:
    """The signs, and for each element that is a note (by its order) the label under which it is known."""
    nodes = list(root.walk())
    places: dict[str, Node] = {}
    for node in nodes:
        for name in (node.attributes.get("id"), node.attributes.get("name")):
            if name:
                places.setdefault(name, node)
    signs = Signs()
    notes: dict[int, str] = {}
    for node in nodes:
        target = _target(node, places)
        label = node.text().strip().strip("[]()").strip()
        if target is None or target.order < node.order or not _LABEL.fullmatch(label):
            continue
        block = _block(target)
        if block is None or block.order <= node.order <= block.last or block.last - block.order > LARGEST:
            continue
        names = _names(node)
        back = [other for other in block.walk() if other.attributes.get("href", "")[1:] in names and names]
        if not back and not _is_raised(node):
            continue
        notes.setdefault(block.order, label)
        signs.labels[node.order] = notes[block.order]
        signs.back |= {other.order for other in back}
    return signs, notes


def _target(node: Node, places: dict[str, Node]) -> Node | None:
    address = node.attributes.get("href", "")
    return places.get(address[1:]) if node.tag == "a" and address.startswith("#") else None


def _names(sign: Node) -> set[str]:
    """All ids by which a note can lead back to this sign."""
    around = [sign, *list(sign.up())[:AROUND], *sign.walk()]
    names = {node.attributes.get(key, "") for node in around for key in ("id", "name")}
    return names - {""}


def _is_raised(sign: Node) -> bool:
    """Whether the link looks or says it is a footnote's sign."""
    near = [sign, *list(sign.up())[:AROUND], *sign.walk()]
    return any(
        node.tag == "sup" or node.has("doc-noteref", "footnote-ref", "footnoteref", "noteref")
        for node in near
    )


def _block(target: Node) -> Node | None:
    """The whole note: the item or paragraph around the place that the sign leads to."""
    around = [target, *target.up()]
    block = next((node for node in around if node.tag in _BLOCKS), None)
    if block is not None and block.parent is not None and block.parent.tag == "li" and block.tag != "li":
        first = next((child for child in block.parent.children if isinstance(child, Node)), None)
        return block.parent if first is block else block
    return block
