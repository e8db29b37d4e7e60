"""The review screen as data: the draft beside its source, in the order of the source, made for one template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from papers.draft import Doubt, Draft, Gone, Part
from papers.models import Block

# Around a seam that can be parted again, so many signs are quoted on each side.
AROUND_SEAM = 40
# A heading this many levels below the one before it has lost its parent.
DEEPEST_STEP = 1

KINDS: dict[str, str | Promise] = {
    "heading": _("Heading"),
    "paragraph": _("Paragraph"),
    "list_item": _("List item"),
    "quote": _("Quote"),
    "footnote": _("Footnote"),
    "table": _("Table"),
    "figure": _("Figure"),
}
DROPPED_REASONS: dict[str, str | Promise] = {
    "running_header": _("Running header"),
    "running_footer": _("Running footer"),
    "page_number": _("Page number"),
    "masthead": _("Masthead"),
    "title_page": _("Title page"),
    "dead_link": _("Target of a dead link"),
    "comment": _("Comment in the file"),
    "navigation": _("Navigation of a web page"),
    "markup": _("Markup"),
    "by_hand": _("Dropped by hand"),
}
DOUBTS: dict[str, str | Promise] = {
    "one_paragraph_or_two": _("One paragraph or two? The page break left it open; they were left apart."),
    "probably_one_sentence": _("Probably one sentence across the page break; it was joined."),
    "no_title_page": _("No title page was found; the paper is called by its first heading."),
    "heading_by_its_looks": _("A heading by its looks: a line in bold or capitals."),
    "note_without_sign": _("Nothing in the text refers to this footnote."),
    "sign_without_note": _("This sign refers to a footnote that is not there."),
}
# What one tap does about a doubt: (operation, label).
ANSWERS: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    "one_paragraph_or_two": (("merge", _("Join them")), ("seen", _("Two paragraphs"))),
    "probably_one_sentence": (("seen", _("One sentence")), ("split", _("Part them"))),
    "heading_by_its_looks": (("seen", _("It is a heading")), ("paragraph", _("It is a paragraph"))),
}
RIGHT: tuple[tuple[str, str | Promise], ...] = (("seen", _("It is right as it is")),)
OPERATIONS: dict[str, str | Promise] = {
    "upload": _("uploaded the file"),
    "merge": _("joined two blocks"),
    "split": _("split a block"),
    "text": _("edited the words of a block"),
    "kind": _("changed the kind of a block"),
    "drop": _("dropped a block"),
    "restore": _("restored what was dropped"),
    "fields": _("changed the title page"),
    "seen": _("settled a doubtful place"),
    "undo": _("undid the last correction"),
    "schedule": _("set the time of publication"),
    "unschedule": _("took the time of publication back"),
    "publish": _("published the edition"),
    "discard": _("discarded the draft"),
    "link": _("made a link for a preview"),
    "revoke": _("ended a link for a preview"),
    "offer": _("changed whether readers may download the original"),
}


@dataclass(frozen=True)
class Seam:
    """A place where two halves were joined, and the signs around it."""

    offset: int
    before: str
    after: str


@dataclass
class BlockRow:
    """A block of the draft beside the lines that it came from."""

    key: str
    block: Block
    label: str | Promise
    corrected: bool
    lines: list[tuple[int, str]]
    seams: list[Seam] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


@dataclass
class GoneRow:
    """What was dropped, at the place where it stood."""

    gone: Gone
    reason: str | Promise


@dataclass
class Screen:
    """Everything that the review screen shows of a draft."""

    rows: list[BlockRow | GoneRow]
    headings: list[dict[str, Any]]
    fields: dict[str, Any]
    # Doubts about no block in particular.
    doubts: list[Doubt]
    doubts_left: int
    doubts_in_all: int
    blocks: int
    dropped: int
    seams: int
    last: dict[str, Any] | None


def screen_of(draft: Draft) -> Screen:
    """The screen for a draft; pure, no query."""
    rows = [*_merged(draft)]
    document = draft.finished()
    for doubt in draft.doubts:
        doubt.words = DOUBTS.get(doubt.reason, doubt.reason)  # type: ignore[attr-defined]
        doubt.answers = ANSWERS.get(doubt.reason, RIGHT)  # type: ignore[attr-defined]
    placed = {part.key for part in draft.parts}
    return Screen(
        rows=rows,
        headings=headings_of(draft),
        fields={name: getattr(document, name) for name in _FIELDS},
        doubts=[doubt for doubt in draft.doubts if doubt.at not in placed and not doubt.seen],
        doubts_left=sum(not doubt.seen for doubt in draft.doubts),
        doubts_in_all=len(draft.doubts),
        blocks=len(draft.parts),
        dropped=len(draft.gone),
        seams=sum(len(part.offsets) for part in draft.parts),
        last=draft.done[-1][1] if draft.done else None,
    )


_FIELDS = ("title", "subtitle", "authors", "date", "series", "number", "publisher", "language")


def row_of(draft: Draft, part: Part) -> BlockRow:
    """One block with its source, seams and open doubts."""
    block = part.block
    shown = Block(kind=block.kind, level=block.level or 0, text=block.text, html=block.html)
    shown.page, shown.part = block.page, block.part
    text = block.text
    seams = [
        Seam(offset, text[max(0, offset - AROUND_SEAM) : offset], text[offset : offset + AROUND_SEAM])
        for offset in part.offsets
        if 0 < offset < len(text)
    ]
    doubts = [doubt for doubt in draft.doubts if doubt.at == part.key and not doubt.seen]
    return BlockRow(
        part.key,
        shown,
        KINDS[block.kind],
        part.corrected,
        draft.document.source_of(block.lines),
        seams,
        doubts,
    )


def headings_of(draft: Draft) -> list[dict[str, Any]]:
    """The tree of headings; `jump` where a level was left out."""
    found = []
    level = 1
    for part in draft.parts:
        if part.block.kind == "heading":
            own = part.block.level or 2
            found.append(
                {
                    "key": part.key,
                    "text": part.block.text,
                    "level": own,
                    "jump": own > level + DEEPEST_STEP,
                    "part": part.block.part,
                }
            )
            level = own
    return found


def _merged(draft: Draft) -> list[BlockRow | GoneRow]:
    """Blocks in their order, and what was dropped before the first block that came after it in the source."""
    waiting = sorted(
        (gone for gone in draft.gone if gone.part is None and gone.lines is not None),
        key=lambda gone: gone.lines or (0, 0),
    )
    loose = [gone for gone in draft.gone if gone.part is None and gone.lines is None]
    by_hand: dict[str | None, list[Gone]] = {}
    for gone in draft.gone:
        if gone.part is not None:
            by_hand.setdefault(gone.before, []).append(gone)
    rows: list[BlockRow | GoneRow] = [_gone_row(gone) for gone in by_hand.pop(None, [])]
    for part in draft.parts:
        start = part.block.lines[0] if part.block.lines else 0
        while waiting and waiting[0].lines is not None and waiting[0].lines[0] < start:
            rows.append(_gone_row(waiting.pop(0)))
        rows.append(row_of(draft, part))
        rows += [_gone_row(gone) for gone in by_hand.pop(part.key, [])]
    left = [gone for group in by_hand.values() for gone in group]
    return rows + [_gone_row(gone) for gone in [*waiting, *left, *loose]]


def _gone_row(gone: Gone) -> GoneRow:
    return GoneRow(gone, DROPPED_REASONS.get(gone.reason, gone.reason))
