"""Reading papers."""

from papers.models import Block, Paper

# What the title page says; columns of Paper and fields of importing.Document alike.
FIELDS = (
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
