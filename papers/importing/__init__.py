"""Turning the file of a paper into one clean document. Pure Python: knows neither Django nor any one paper's words.

`read` a file's bytes; `to_markdown` a document, which reads back as the same; `settled` after corrections by hand.
"""

from papers.importing.document import Block, Document, Doubtful, Dropped, Joined
from papers.importing.exporting import to_markdown
from papers.importing.reading import read
from papers.importing.refusals import UnreadablePaper
from papers.importing.settling import settled

__all__ = [
    "Block",
    "Document",
    "Doubtful",
    "Dropped",
    "Joined",
    "UnreadablePaper",
    "read",
    "settled",
    "to_markdown",
]
