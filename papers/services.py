"""Storing an import: the one door by which a paper's text changes."""

import hashlib
from difflib import SequenceMatcher

from django.db import transaction

from papers import signals
from papers.importing import Block as Read
from papers.importing import Document
from papers.models import Block, Edition, Paper
from papers.queries import current_blocks

_FIELDS = (
    "title",
    "subtitle",
    "authors",
    "date",
    "series",
    "number",
    "publisher",
    "language",
    "rights",
    "note",
)
_COLUMNS = ("kind", "level", "text", "html", "page", "part")
# Two paragraphs whose words agree to this degree are the same paragraph, corrected.
SAME_PARAGRAPH = 0.75


@transaction.atomic
def store_edition(
    *, document: Document, slug: str, source: bytes, source_name: str, is_summary: bool = False
) -> Edition:
    """Make `document` the present text of the paper at `slug`, creating the paper if it is new.

    Old blocks are matched to new ones and keep their permanent ids: equal text first, then, between two matched
    neighbours, similar text in the same order. An old block without a match stays as `removed`. The same source twice
    stores nothing new, unless it is read differently by now. An old block that comes back is the same block again.
    Sends `signals.edition_stored` inside the transaction. A summary and a full text are different
    papers: raises ValueError when one would become the other, and for a document without a title or with a field
    longer than its column.
    """
    _check(document)
    digest = hashlib.sha256(source).hexdigest()
    Paper.objects.bulk_create(
        [Paper(slug=slug, title=document.title, is_summary=is_summary)], ignore_conflicts=True
    )
    paper = Paper.objects.select_for_update().get(slug=slug)
    if paper.is_summary != is_summary:
        raise ValueError(
            f"“{slug}” holds a {'summary' if paper.is_summary else 'full text'}: choose another slug."
        )
    current = paper.editions.filter(current=True).first()
    if current is not None and current.source_sha256 == digest and _holds(paper, document):
        return current
    for name in _FIELDS:
        setattr(paper, name, getattr(document, name))
    paper.save()
    paper.editions.filter(current=True).update(current=False)
    edition = Edition.objects.create(paper=paper, source_name=source_name, source_sha256=digest)
    _store_blocks(paper, edition, document.blocks)
    signals.edition_stored.send(sender=Paper, paper=paper, edition=edition)
    return edition


def _check(document: Document) -> None:
    if not document.title:
        raise ValueError("The paper has no title: give it a first heading.")
    for name in _FIELDS:
        longest = getattr(Paper._meta.get_field(name), "max_length", None)
        if longest and len(getattr(document, name)) > longest:
            raise ValueError(f"The paper's {name} has more than {longest} characters.")


def _holds(paper: Paper, document: Document) -> bool:
    """Whether the paper's present text is this document."""
    stored = current_blocks(paper)
    return (
        all(getattr(paper, name) == getattr(document, name) for name in _FIELDS)
        and [Read(b.kind, b.level or None, b.text, b.html, b.page, b.part) for b in stored] == document.blocks
    )


def _store_blocks(paper: Paper, edition: Edition, blocks: list[Read]) -> None:
    old = current_blocks(paper)
    matched = match([b.text for b in old], [b.text for b in blocks])
    # The newest of equal texts that earlier editions had comes back first.
    gone_before: dict[str, list[Block]] = {}
    for block in Block.objects.filter(paper=paper, removed=True).order_by("edition_id", "-order"):
        gone_before.setdefault(block.text, []).append(block)
    new: list[Block] = []
    kept: list[Block] = []
    for order, read in enumerate(blocks, start=1):
        if order - 1 in matched:
            block = old[matched[order - 1]]
        elif gone_before.get(read.text):
            block = gone_before[read.text].pop()
        else:
            block = Block(paper=paper)
        block.removed = False
        block.edition, block.order, block.kind, block.level = edition, order, read.kind, read.level or 0
        block.text, block.html, block.page, block.part = read.text, read.html, read.page, read.part
        (kept if block.pk else new).append(block)
    gone = {b.pk for b in old} - {b.pk for b in kept}
    Block.objects.filter(pk__in=gone).update(removed=True)
    Block.objects.bulk_update(kept, [*_COLUMNS, "edition", "order", "removed"])
    Block.objects.bulk_create(new)


def match(old: list[str], new: list[str]) -> dict[int, int]:
    """Which new text is which old one: a dict from index in `new` to index in `old`, one to one.

    Order is kept between similar texts; an equal text that moved is found as well.
    """
    found: dict[int, int] = {}
    for tag, o1, o2, n1, n2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.update(zip(range(n1, n2), range(o1, o2), strict=True))
        elif tag == "replace":
            _match_similar(old, new, range(o1, o2), range(n1, n2), found)
    _match_moved(old, new, found)
    return found


def _match_similar(old: list[str], new: list[str], olds: range, news: range, found: dict[int, int]) -> None:
    start = olds.start
    for n in news:
        for o in range(start, olds.stop):
            if _similar(old[o], new[n]) >= SAME_PARAGRAPH:
                found[n] = o
                start = o + 1
                break


def _match_moved(old: list[str], new: list[str], found: dict[int, int]) -> None:
    taken = set(found.values())
    free = {text: index for index, text in enumerate(old) if index not in taken}
    for n, text in enumerate(new):
        if n not in found and text in free:
            found[n] = free.pop(text)


def _similar(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= SAME_PARAGRAPH else 0.0
