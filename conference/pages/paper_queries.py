"""What the reading page and the pages of a passage read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from conference.agenda.models import AgendaItem
from conference.event.models import Conference
from papers.models import Block, Paper

WORDS_A_MINUTE = 230


@dataclass
class Reader:
    """A paper's blocks as the reading page shows them."""

    front: list[dict[str, Any]] = field(default_factory=list)
    back: list[dict[str, Any]] = field(default_factory=list)
    minutes: int = 1


def paper_of(conference: Conference, slug: str) -> Paper:
    """A paper that the conference discusses; raises Http404."""
    paper = Paper.objects.filter(slug=slug, pk__in=conference.conference_papers.values("paper")).first()
    if paper is None:
        raise Http404
    return paper


def reader_of(blocks: list[Block]) -> Reader:
    """The blocks numbered, with the printed pages marked and lists put together."""
    numbered(blocks)
    words = sum(len(block.text.split()) for block in blocks if block.part != Block.Part.BACK)
    return Reader(
        front=grouped([block for block in blocks if block.part != Block.Part.BACK]),
        back=grouped([block for block in blocks if block.part == Block.Part.BACK]),
        minutes=max(1, round(words / WORDS_A_MINUTE)),
    )


def grouped(blocks: list[Block]) -> list[dict[str, Any]]:
    """Blocks for reading, with neighbouring list items as one list."""
    groups: list[dict[str, Any]] = []
    for block in blocks:
        if block.kind == Block.Kind.LIST_ITEM:
            if groups and groups[-1]["kind"] == "list":
                groups[-1]["blocks"].append(block)
            else:
                groups.append({"kind": "list", "blocks": [block]})
        else:
            groups.append({"kind": "block", "block": block})
    return groups


def numbered(blocks: list[Block]) -> None:
    """Give each block its margin `number` (headings have none), and `begins_page` where a printed page begins.

    A paper that has one page only was not printed: its paragraphs get no page.
    """
    number = 0
    printed = len({block.page for block in blocks if block.page}) > 1
    page = None
    for block in blocks:
        block.begins_page = None  # type: ignore[attr-defined]
        if printed and block.page and block.page != page:
            page = block.page
            block.begins_page = page  # type: ignore[attr-defined]
        if block.kind == Block.Kind.HEADING:
            block.number = None  # type: ignore[attr-defined]
        else:
            number += 1
            block.number = number  # type: ignore[attr-defined]


def sessions_about(conference: Conference, paper: Paper) -> list[AgendaItem]:
    """The sessions of the public programme in which the paper is discussed, in order (one query)."""
    return list(AgendaItem.objects.filter(conference=conference, cancelled=False, papers=paper))
