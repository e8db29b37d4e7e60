"""Reading papers."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from papers.models import Block, Paper


def current_blocks(paper: Paper) -> list[Block]:
    """The blocks of the paper's present text in order (one query).

    `former` of each lists the ids of blocks that were merged into it: their permalinks lead here.
    """
    merged = Block.objects.filter(continues_in=OuterRef("pk")).order_by("pk").values("public_id")
    blocks = Block.objects.filter(paper=paper, removed=False).annotate(former=ArraySubquery(merged))
    return list(blocks.order_by("order"))


def contents(blocks: list[Block]) -> list[Block]:
    """The headings for a table of contents: what the paper says, without its front and back matter."""
    return [
        b
        for b in blocks
        if b.kind == Block.Kind.HEADING and b.part not in (Block.Part.FRONT, Block.Part.BACK)
    ]
