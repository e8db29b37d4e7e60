"""Word documents (.docx): looked at as an archive first, then turned into HTML by mammoth."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile

import mammoth
from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from papers.importing.document import Dropped
from papers.importing.flow import sheets_of
from papers.importing.markup import HARD_PAGE, SOFT_PAGE
from papers.importing.opened import Opened, opened
from papers.importing.refusals import (
    BOMB,
    BROKEN_WORD,
    ENCRYPTED_WORD,
    ENTITIES,
    NOT_WORD,
    TOO_LARGE,
    TOO_NESTED,
    UnreadablePaper,
)
from papers.importing.tree import parse

# Bytes: the file as sent (pictures included), and the text parts that are unpacked from it.
LARGEST_FILE = 20_000_000
LARGEST_TEXT = 40_000_000
MOST_PARTS = 5_000
DEEPEST = 150

_MAIN = "word/document.xml"
_TEXT_PART = re.compile(r"^(?:\[Content_Types\]\.xml|_rels/\.rels|word/[^/]+\.xml|word/_rels/[^/]+\.rels)$")
_SOFT = re.compile(r"<w:lastRenderedPageBreak\s*/>")
_HARD = re.compile(r"<w:br\b[^>]*\bw:type=\"page\"[^>]*/>")
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='caption'] => p.caption:fresh
r[style-name='Emphasis'] => em
r[style-name='Intense Emphasis'] => em
r[style-name='Footnote Reference'] =>
r[style-name='Endnote Reference'] =>
"""


def open_word(source: bytes) -> Opened:
    """The paper in a Word document. Raises UnreadablePaper for what is no such document, or would not be safe."""
    if len(source) > LARGEST_FILE:
        raise UnreadablePaper(TOO_LARGE, limit=LARGEST_FILE // 1_000_000)
    parts = _text_parts(source)
    for content in parts.values():
        _check(content)
    main = parts[_MAIN].decode("utf-8", errors="replace")
    main = _HARD.sub(f"<w:t>{HARD_PAGE}</w:t>", _SOFT.sub(f"<w:t>{SOFT_PAGE}</w:t>", main))
    parts[_MAIN] = main.encode()
    try:
        html = _html(parts)
    except RecursionError as error:
        raise UnreadablePaper(TOO_NESTED) from error
    except (KeyError, ValueError, IndexError, AttributeError, TypeError, OSError) as error:
        # The archive is sound and its XML is well-formed, but it is not what Word writes.
        raise UnreadablePaper(BROKEN_WORD) from error
    made, lost = sheets_of(parse(html))
    dropped = [Dropped(None, "markup", " ".join(lost))] if lost else []
    sheets = [(sheet.lines, sheet.number, sheet.whole) for sheet in made]
    return opened("docx", sheets, paged=len(sheets) > 1, dropped=dropped)


def _html(parts: dict[str, bytes]) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return mammoth.convert_to_html(
        archive,
        style_map=_STYLES,
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
    ).value


def _text_parts(source: bytes) -> dict[str, bytes]:
    """The parts of the archive that hold text, each read with a limit, whatever the archive says of their sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            entries = archive.infolist()
            if _MAIN not in {entry.filename for entry in entries}:
                raise UnreadablePaper(NOT_WORD)
            if len(entries) > MOST_PARTS:
                raise UnreadablePaper(BROKEN_WORD)
            parts: dict[str, bytes] = {}
            left = LARGEST_TEXT
            for entry in entries:
                if not _TEXT_PART.match(entry.filename):
                    continue
                if entry.flag_bits & 1:
                    raise UnreadablePaper(ENCRYPTED_WORD)
                if entry.file_size > left:
                    raise UnreadablePaper(BOMB, limit=LARGEST_TEXT // 1_000_000)
                with archive.open(entry) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise UnreadablePaper(BOMB, limit=LARGEST_TEXT // 1_000_000)
                parts[entry.filename] = content
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, UnreadablePaper):
            raise
        raise UnreadablePaper(BROKEN_WORD) from error
    return parts


def _check(content: bytes) -> None:
    """Refuses a part that is no XML, declares a document type or entities, or is nested beyond reason."""
    depth = 0
    try:
        events = SafeTree.iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)
        for event, element in events:
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise UnreadablePaper(TOO_NESTED)
            if event == "end":
                element.clear()
    except DefusedXmlException as error:
        raise UnreadablePaper(ENTITIES) from error
    except ElementTree.ParseError as error:
        raise UnreadablePaper(BROKEN_WORD) from error
