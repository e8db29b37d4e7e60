"""Turning the file of a paper into one clean document. Pure Python: knows neither Django nor any one paper's words."""

from papers.importing.document import Block, Document, Doubtful, Dropped, Joined
from papers.importing.reading import read
from papers.importing.refusals import UnreadablePaper

__all__ = ["Block", "Document", "Doubtful", "Dropped", "Joined", "UnreadablePaper", "read"]
