"""Correcting a draft: a document with a list of operations applied to it. Pure Python: no Django.

The file and what the importer made of it stay as they are; a correction is data, for example
`{"op": "merge", "key": "b7"}`, and undoing one means leaving it out. Every block has a key that no correction changes:
`b7` for the importer's seventh block from 0, `d2` for a dropped place that was restored, `s5` for a block that the
fifth operation made.

Operations (`key` names a block unless told otherwise):

- `merge`: into the block before it;
- `split` with `offset`: in two, before that sign of its plain text;
- `text` with `source` and `html` (whether `source` is HTML): other words; empty lines in Markdown split;
- `kind` with `kind`, `level`, `part` and `page`;
- `drop`: out of the text, into the list of what was dropped;
- `restore` with the key of a dropped place, the importer's or one's own;
- `fields` with `values`: the title page;
- `seen` with the key of a doubtful place: it is right as it is;
- `undo`: leaves out the newest operation that is not left out yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from papers.draft import Draft, Gone, Impossible, Part, fresh
from papers.importing import Block, Document
from papers.importing.document import KINDS, PARTS, Lines
from papers.importing.refusals import gettext_noop as _
from papers.wording import WHOLE, Words, cut, joined, words

BY_HAND = "by_hand"
NOT_CORRECTIONS = (
    "upload",
    "undo",
    "schedule",
    "unschedule",
    "publish",
    "discard",
    "link",
    "revoke",
    "offer",
)


def corrected(document: Document, operations: Iterable[dict[str, Any]]) -> Draft:
    """The draft of a document after these operations, numbered from 1. Raises Impossible for one that fails."""
    draft = fresh(document)
    for number, operation in effective(operations):
        apply(draft, number, operation)
        draft.done.append((number, operation))
    return draft


def effective(operations: Iterable[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The corrections that count, with their numbers: without what was undone and what is no correction."""
    kept: list[tuple[int, dict[str, Any]]] = []
    for number, operation in enumerate(operations, start=1):
        if operation["op"] == "undo":
            if kept:
                kept.pop()
        elif operation["op"] not in NOT_CORRECTIONS:
            kept.append((number, operation))
    return kept


def apply(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    """Do one operation on a draft. Raises Impossible and leaves the draft as it was."""
    _OPERATIONS[operation["op"]](draft, number, operation)


def _merge(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    index = draft.index_of(operation["key"])
    if index == 0:
        raise Impossible(_("There is no block before the first one."))
    first, second = draft.parts[index - 1], draft.parts[index]
    if first.block.kind in WHOLE or second.block.kind in WHOLE:
        raise Impossible(_("A table or a figure cannot be joined with anything."))
    both = joined(_words(first.block), _words(second.block))
    seam = len(both.text) - len(second.block.text)
    block = replace(
        first.block, html=both.html, text=both.text, lines=_span(first.block.lines, second.block.lines)
    )
    offsets = [*first.offsets, seam, *(seam + each for each in second.offsets)]
    draft.parts[index - 1 : index + 1] = [Part(first.key, block, offsets, True)]
    for doubt in draft.doubts:
        if doubt.at == second.key:
            # The doubt was whether to join them.
            doubt.at, doubt.seen = first.key, doubt.seen or doubt.reason == "one_paragraph_or_two"


def _split(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    index, offset = draft.index_of(operation["key"]), operation["offset"]
    part = draft.parts[index]
    if part.block.kind in WHOLE:
        raise Impossible(_("A table or a figure cannot be split."))
    halves = cut(part.block.html, offset)
    if halves is None:
        raise Impossible(_("There are no words on one side of this place."))
    _replace(draft, index, number, list(halves))
    first, second = draft.parts[index : index + 2]
    first.offsets = [each for each in part.offsets if each < offset]
    start = len(part.block.text) - len(second.block.text)
    second.offsets = [each - start for each in part.offsets if each > offset]
    for doubt in draft.doubts:
        if doubt.at == part.key and doubt.offset == offset:
            doubt.seen = True


def _text(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    index = draft.index_of(operation["key"])
    whole = draft.parts[index].block.kind in WHOLE
    found = words(operation["source"], is_html=operation["html"], whole=whole)
    if not found:
        raise Impossible(_("A block has words. To take it out of the text, drop it."))
    _replace(draft, index, number, found)


def _replace(draft: Draft, index: int, number: int, found: list[Words]) -> None:
    """Other words for a block: the first keep its key, further ones come after it."""
    part = draft.parts[index]
    new = [
        Part(
            part.key if place == 0 else f"s{number}" + (f".{place}" if place > 1 else ""),
            replace(part.block, html=each.html, text=each.text),
            corrected=True,
        )
        for place, each in enumerate(found)
    ]
    draft.parts[index : index + 1] = new


def _kind(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    part = draft.parts[draft.index_of(operation["key"])]
    kind, level = operation["kind"], operation["level"]
    if kind not in KINDS or operation["part"] not in PARTS:
        raise Impossible(_("There is no such kind of block."))
    if (kind in WHOLE) != (part.block.kind in WHOLE):
        raise Impossible(_("A table or a figure stays one; other blocks cannot become one."))
    if kind == "heading" and not 2 <= (level or 0) <= 6:
        raise Impossible(_("A heading has a level from 2 to 6."))
    if kind == "list_item":
        level = min(max(level or 1, 1), 6)
    elif kind != "heading":
        level = None
    part.block = replace(part.block, kind=kind, level=level, part=operation["part"], page=operation["page"])
    part.corrected = True


def _drop(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    index = draft.index_of(operation["key"])
    if len(draft.parts) == 1:
        raise Impossible(_("A paper keeps at least one block."))
    part = draft.parts.pop(index)
    before = draft.parts[index - 1].key if index else None
    block = part.block
    draft.gone.append(Gone(part.key, BY_HAND, block.text, block.page, block.lines, part, before))
    for doubt in draft.doubts:
        if doubt.at == part.key:
            doubt.at, doubt.seen = None, True


def _restore(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    place = next((each for each in draft.gone if each.key == operation["key"]), None)
    if place is None:
        raise Impossible(_("This place is not among what was dropped any more."))
    if place.part is not None:
        keys = [part.key for part in draft.parts]
        index = (
            keys.index(place.before) + 1
            if place.before in keys
            else (0 if place.before is None else _place(draft, place))
        )
        draft.parts.insert(index, place.part)
    else:
        index = _place(draft, place)
        near = draft.parts[min(index, len(draft.parts) - 1)].block
        text = " ".join(place.text.split())
        found = words(_plainly(place.text), is_html=False) or [Words("", text)]
        html = " ".join(each.html for each in found)
        text = " ".join(each.text for each in found)
        block = Block("paragraph", None, text, html, place.page, near.part, place.lines)
        draft.parts.insert(index, Part(place.key, block, corrected=True))
    draft.gone.remove(place)


def _plainly(text: str) -> str:
    """A dropped stretch of source as words: marks of headings at the beginning of its lines are none."""
    return " ".join(line.lstrip("# ").strip() for line in text.split("\n"))


def _place(draft: Draft, place: Gone) -> int:
    """Where a dropped place belongs: before the first block that came after it in the source."""
    for index, part in enumerate(draft.parts):
        lines, page = part.block.lines, part.block.page
        if place.lines is not None and lines is not None:
            if lines[0] > place.lines[0]:
                return index
        elif place.page is not None and page is not None and page >= place.page:
            return index
    return len(draft.parts)


def _fields(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    if not str(operation["values"].get("title", "x")).strip():
        raise Impossible(_("A paper has a title."))
    draft.values.update(operation["values"])
    for doubt in draft.doubts:
        if doubt.reason == "no_title_page":
            doubt.seen = True


def _seen(draft: Draft, number: int, operation: dict[str, Any]) -> None:
    doubt = next((each for each in draft.doubts if each.key == operation["key"]), None)
    if doubt is None:
        raise Impossible(_("There is no such doubtful place."))
    doubt.seen = True


_OPERATIONS = {
    "merge": _merge,
    "split": _split,
    "text": _text,
    "kind": _kind,
    "drop": _drop,
    "restore": _restore,
    "fields": _fields,
    "seen": _seen,
}


def _words(block: Block) -> Words:
    return Words(block.html, block.text)


def _span(first: Lines | None, second: Lines | None) -> Lines | None:
    if first is None or second is None:
        return first or second
    return min(first[0], second[0]), max(first[1], second[1])
