"""Turning the scan of a paper into one clean document. Pure Python: knows neither Django nor any one paper's words."""

from papers.importing.document import Block, Document, Doubtful, Dropped, Joined, UnreadablePaper
from papers.importing.reading import read

__all__ = ["Block", "Document", "Doubtful", "Dropped", "Joined", "UnreadablePaper", "read"]
