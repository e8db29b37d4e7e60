"""Reading papers."""

from papers.models import Block, Paper


def current_blocks(paper: Paper) -> list[Block]:
    """The blocks of the paper's present text in order (one query)."""
    return list(Block.objects.filter(paper=paper, removed=False).order_by("order"))


def contents(blocks: list[Block]) -> list[Block]:
    """The headings for a table of contents: what the paper says, without its front and back matter."""
    return [
        b
        for b in blocks
        if b.kind == Block.Kind.HEADING and b.part not in (Block.Part.FRONT, Block.Part.BACK)
    ]
