"""What kind of file bytes are, by what they hold and not by a name; and opening each kind."""

from __future__ import annotations

from collections.abc import Callable

from papers.importing import source
from papers.importing.document import Dropped
from papers.importing.opened import Opened
from papers.importing.pdf import open_pdf
from papers.importing.refusals import EMPTY, ENCRYPTED_WORD, NO_WORDS, OLD_WORD, UnreadablePaper
from papers.importing.strict import is_export
from papers.importing.webpage import is_webpage, open_webpage
from papers.importing.word import open_word
from papers.importing.words import words

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# How far into a file a PDF's first mark may stand.
PDF_BEGINS = 1024


def open_file(content: bytes) -> Opened:
    """The pages of a file of any kind. Raises UnreadablePaper with a reason to show for what cannot be read."""
    if not content.strip():
        raise UnreadablePaper(EMPTY)
    return _opener(content)(content)


def _opener(content: bytes) -> Callable[[bytes], Opened]:
    if content.startswith(b"PK\x03\x04"):
        return open_word
    if content.startswith(b"PK\x05\x06"):
        raise UnreadablePaper(EMPTY)
    if content.startswith(_OLE):
        raise UnreadablePaper(ENCRYPTED_WORD if _ENCRYPTED in content else OLD_WORD)
    if b"%PDF-" in content[:PDF_BEGINS] and not _is_about_pdf(content):
        return open_pdf
    if is_webpage(content):
        return open_webpage
    return open_text


def _is_about_pdf(content: bytes) -> bool:
    """A text that mentions the mark of a PDF near its beginning."""
    begin = content[:PDF_BEGINS]
    return (
        not begin.lstrip().startswith(b"%PDF-")
        and b"\x00" not in content[: 4 * PDF_BEGINS]
        and b"endobj" not in content
    )


def open_text(content: bytes) -> Opened:
    """The pages of a Markdown or plain text. Raises UnreadablePaper."""
    text = source.decode(content)
    if is_export(text):
        return Opened("export", [], text.split("\n"))
    lines, comments = source.take_comments(text)
    pages = source.pages(lines)
    if not any(words(line.text) for page in pages for line in page.lines):
        raise UnreadablePaper(NO_WORDS)
    dropped = [Dropped(None, "comment", comment, (first, last)) for comment, first, last in comments]
    return Opened("text", pages, text.split("\n"), dropped)
