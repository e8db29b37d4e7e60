"""Publishing an edition: the one door by which a paper's text changes (rule 1, docs/design.md)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from papers import signals
from papers.importing import Block as Read
from papers.importing import Document
from papers.importing.document import FIELDS
from papers.matching import Matching, Text, match
from papers.models import Block, Edition, EditionChange, EditionText, Maker, Paper
from papers.queries import current_blocks

COLUMNS = ("kind", "level", "text", "html", "page", "part")


@transaction.atomic
def store_edition(
    *, document: Document, slug: str, source: bytes, source_name: str, is_summary: bool = False
) -> Edition:
    """Make `document` the present text of the paper at `slug` at once, creating the paper if it is new.

    Old blocks are matched to new ones and keep their permanent ids (`papers.matching`). An old block without a match
    stays as `removed`; one that comes back is the same block again. The same source twice stores nothing new, unless
    it is read differently by now. Sends `signals.edition_stored` inside the transaction. A summary and a full text are
    different papers: raises ValueError when one would become the other, and for a document without a title or with a
    field longer than its column.
    """
    check(document)
    paper = paper_at(slug, title=document.title, is_summary=is_summary)
    current = paper.editions.filter(current=True).first()
    digest = hashlib.sha256(source).hexdigest()
    if current is not None and current.source_sha256 == digest and _holds(paper, document):
        return current
    edition = new_edition(paper, document, source=source, source_name=source_name, by=None)
    publish_locked(paper, edition, document, by=None)
    return edition


def check(document: Document) -> None:
    """Raise ValueError, in one sentence, for a document that cannot be stored."""
    if not document.title:
        raise ValueError("The paper has no title: give it a first heading.")
    if not document.blocks:
        raise ValueError("The paper has no text.")
    for name in FIELDS:
        longest = getattr(Paper._meta.get_field(name), "max_length", None)
        if longest and len(getattr(document, name)) > longest:
            raise ValueError(f"The paper's {name} has more than {longest} characters.")


def paper_at(slug: str, *, title: str, is_summary: bool) -> Paper:
    """The paper at `slug`, locked; a new one if there is none. Raises ValueError as `store_edition` does."""
    Paper.objects.bulk_create([Paper(slug=slug, title=title, is_summary=is_summary)], ignore_conflicts=True)
    paper = Paper.objects.select_for_update().get(slug=slug)
    if paper.is_summary != is_summary:
        raise ValueError(
            f"“{slug}” holds a {'summary' if paper.is_summary else 'full text'}: choose another slug."
        )
    return paper


def new_edition(paper: Paper, document: Document, *, source: bytes, source_name: str, by: Maker) -> Edition:
    """A draft of a paper, with its source and what was read of it. Part of the caller's transaction."""
    edition = Edition.objects.create(
        paper=paper,
        source_name=source_name[-200:],
        source_sha256=hashlib.sha256(source).hexdigest(),
        current=False,
        published_at=None,
        made_by=by,
    )
    EditionText.objects.create(edition=edition, source=source, document=document.to_json())
    EditionChange.objects.create(edition=edition, version=1, operation={"op": "upload"}, by=by)
    return edition


def publish_locked(paper: Paper, edition: Edition, document: Document, *, by: Maker) -> None:
    """Make a draft whose paper is locked the paper's present text. Part of the caller's transaction."""
    for name in FIELDS:
        setattr(paper, name, getattr(document, name))
    paper.save(update_fields=FIELDS)
    paper.editions.filter(current=True).update(current=False)
    last = paper.editions.aggregate(last=Max("number"))["last"] or 0
    edition.number, edition.current = last + 1, True
    edition.published_at, edition.publish_at, edition.published_by = timezone.now(), None, by
    edition.save(update_fields=["number", "current", "published_at", "publish_at", "published_by"])
    log(edition, {"op": "publish"}, by)
    blocks = _place(paper, edition, document.blocks)
    content = edition.content
    content.snapshot = {
        "fields": {name: getattr(document, name) for name in FIELDS},
        "blocks": [{"id": b.public_id, **{name: getattr(b, name) for name in COLUMNS}} for b in blocks],
    }
    content.save(update_fields=["snapshot"])
    tell(paper, edition)


def tell(paper: Paper, edition: Edition) -> None:
    """Let everybody hear that what readers see of a paper changed. Part of the caller's transaction."""
    signals.edition_stored.send(sender=Paper, paper=paper, edition=edition)


def log(edition: Edition, operation: dict[str, Any], by: Maker) -> None:
    """Move a locked edition to its next version, with the row that says why."""
    edition.version += 1
    edition.save(update_fields=["version"])
    EditionChange.objects.create(edition=edition, version=edition.version, operation=operation, by=by)


def compare(paper: Paper, blocks: list[Read]) -> tuple[list[Block], Matching]:
    """The paper's present blocks, and what would become of them if `blocks` were published now."""
    old = current_blocks(paper)
    return old, match([Text(b.kind, b.text) for b in old], [Text(b.kind, b.text) for b in blocks])


def _holds(paper: Paper, document: Document) -> bool:
    """Whether the paper's present text is this document."""
    stored = current_blocks(paper)
    return (
        all(getattr(paper, name) == getattr(document, name) for name in FIELDS)
        and [Read(b.kind, b.level or None, b.text, b.html, b.page, b.part) for b in stored] == document.blocks
    )


def _place(paper: Paper, edition: Edition, reads: list[Read]) -> list[Block]:
    """Write the blocks of a new text over the old ones; nothing is deleted. Returns them in order."""
    old, found = compare(paper, reads)
    # The newest of equal texts that earlier editions had comes back first.
    gone_before: dict[str, list[Block]] = {}
    for gone in Block.objects.filter(paper=paper, removed=True).order_by("edition_id", "-order"):
        gone_before.setdefault(gone.text, []).append(gone)
    placed: list[Block] = []
    for order, read in enumerate(reads, start=1):
        if order - 1 in found.kept:
            block = old[found.kept[order - 1]]
        elif gone_before.get(read.text):
            block = gone_before[read.text].pop()
        else:
            block = Block(paper=paper)
        block.removed, block.continues_in = False, None
        block.edition, block.order, block.kind, block.level = edition, order, read.kind, read.level or 0
        block.text, block.html, block.page, block.part = read.text, read.html, read.page, read.part
        placed.append(block)
    kept = [block for block in placed if block.pk]
    Block.objects.bulk_update(kept, [*COLUMNS, "edition", "order", "removed", "continues_in"])
    Block.objects.bulk_create([block for block in placed if not block.pk])
    lost = [b for index, b in enumerate(old) if index not in set(found.kept.values())]
    for index, block in enumerate(old):
        if index in found.merged_into:
            block.continues_in = placed[found.merged_into[index]]
    for block in lost:
        block.removed = True
        # What went into it before goes along.
        block.absorbed.update(continues_in=block.continues_in)
    Block.objects.bulk_update(lost, ["removed", "continues_in"])
    return placed
