"""From bytes to pages of lines: decoding, comments, page seams, separators, bullets typed as characters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from papers.importing.refusals import (
    CONTROL_CHARACTERS,
    EMPTY,
    NO_WORDS,
    NOT_A_TEXT,
    NOT_UTF8,
    NOT_UTF16,
    TOO_LARGE,
    TOO_MANY_PAGES,
    UnreadablePaper,
)
from papers.importing.words import heading_mark, words

# Bytes; a book of a thousand pages has about two million.
LARGEST = 5_000_000
# A text may hold one stray control character in so many; more are a sign of a binary file.
RARE = 200
MOST_PAGES = 2_000
# So many blank lines in a row are a page seam.
BLANK_LINES = 3
PAGE_BREAK = "\f"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONG_GAP = re.compile(r"[ \t]{9,}")
_COMMENT = re.compile(r"<!--((?:(?!-->|<!--).)*)-->", re.DOTALL)
_SEPARATOR = re.compile(r"^[\s\-–—―‒_*=•·~.]+$")
_UNDERLINE = re.compile(r"^ {0,3}(?:-{3,}|={3,})\s*$")
_BULLET = re.compile(r"^(\s*)[•▪‣◦●■○□►➢➤✓·⁃∙]\s+(?=\S)")
# A small o or a dash is a bullet only in company.
_WEAK_BULLET = re.compile(r"^(\s*)(?:o|[–—])\s+(?=\S)")
# After such a line no item begins.
_NO_END = re.compile(r"[\w,]\s*$")
# So many lines apart two bullets are of one list.
NEAR = 7
# Where a comment's line ends were: the lines it covered count as one.
_FOLD = "\x00"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and the lines of the source that it came from (from 1; `end` is the last one)."""

    text: str
    number: int
    end: int


@dataclass
class Page:
    """The lines of one page. `label` is the number that the file itself gives the page, if it gives one.

    `whole` says that the file knows where paragraphs begin: its first block is no second half of another.
    """

    lines: list[Line] = field(default_factory=list)
    label: int | None = None
    whole: bool = False


def decode(source: bytes) -> str:
    """The text of a UTF-8 source (UTF-16 with a byte-order mark), line ends as `\\n`. Raises UnreadablePaper."""
    if len(source) > LARGEST:
        raise UnreadablePaper(TOO_LARGE, limit=LARGEST // 1_000_000)
    if not source.strip():
        raise UnreadablePaper(EMPTY)
    text = _text_of(source)
    if len(_CONTROL.findall(text)) * RARE > len(text):
        raise UnreadablePaper(CONTROL_CHARACTERS)
    if not words(text):
        raise UnreadablePaper(NO_WORDS)
    return normalised(text)


def _text_of(source: bytes) -> str:
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return source.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadablePaper(NOT_UTF16) from error
    if b"\x00" in source[:4096]:
        raise UnreadablePaper(NOT_A_TEXT)
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadablePaper(NOT_UTF8, byte=error.start + 1) from error


def normalised(text: str) -> str:
    """The text with `\\n` at its line ends, each form feed on a line of its own, no stray control characters.

    A gap of many spaces is made shorter: it says nothing, and patterns would crawl over it.
    """
    text = _CONTROL.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    text = text.replace("\ufeff", "").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _LONG_GAP.sub(" " * 8, text)
    return re.sub(r"\n?\f\n?", "\n\f\n", text)


def take_comments(text: str) -> tuple[list[Line], list[tuple[str, int, int]]]:
    """The lines of a text without HTML comments; and the comments with their first and last line."""
    comments: list[tuple[str, int, int]] = []
    line, at = 1, 0

    def take(found: re.Match[str]) -> str:
        nonlocal line, at
        line += text.count("\n", at, found.start())
        at = found.start()
        ends = found[0].count("\n")
        if words(found[1]):
            comments.append((found[1].strip(), line, line + ends))
        return _FOLD * ends

    rest = _COMMENT.sub(take, text)
    lines: list[Line] = []
    number = 1
    for raw in rest.split("\n"):
        end = number + raw.count(_FOLD)
        lines.append(Line(raw.replace(_FOLD, ""), number, end))
        number = end + 1
    return lines, comments


def pages(lines: list[Line]) -> list[Page]:
    """The lines of each page: a seam is a run of three or more blank lines, or a form feed. Raises UnreadablePaper."""
    found = [Page()]
    blank = 0
    for line in lines:
        if line.text == PAGE_BREAK:
            found.append(Page())
            blank = 0
        elif not line.text.strip(" \t"):
            blank += 1
            found[-1].lines.append(line)
        else:
            if blank >= BLANK_LINES:
                found.append(Page())
            blank = 0
            found[-1].lines.append(line)
    kept = [page for page in found if any(line.text.strip() for line in page.lines)]
    if len(kept) > MOST_PAGES:
        raise UnreadablePaper(TOO_MANY_PAGES, limit=MOST_PAGES)
    return kept


def is_separator(line: str) -> bool:
    """Whether a line is only dashes, stars or dots."""
    return bool(line.strip()) and bool(_SEPARATOR.match(line))


def weak_bullets(pages: list[list[Line]]) -> set[str]:
    """The signs that are bullets somewhere in the paper: two lines near each other begin with them."""
    found: set[str] = set()
    for lines in pages:
        last: dict[str, int] = {}
        for index, line in enumerate(lines):
            if _WEAK_BULLET.match(line.text):
                sign = line.text.split()[0]
                if index - last.get(sign, -index - NEAR) < NEAR:
                    found.add(sign)
                last[sign] = index
    return found


def tidy(lines: list[Line], bullets: set[str]) -> list[Line]:
    """A page's lines as Markdown: bullets typed as characters made real, separators blank, real underlines kept.

    `bullets` are the weak signs that are bullets in this paper; they are so only where an item can begin.
    """
    result: list[Line] = []
    above = ""
    for index, line in enumerate(lines):
        text = line.text
        if is_separator(text) and not _underlines_heading(lines, index):
            text = ""
        elif _WEAK_BULLET.match(text) and text.split()[0] in bullets and not _NO_END.search(above):
            text = _WEAK_BULLET.sub(r"\1- ", text)
        else:
            text = _BULLET.sub(r"\1- ", text)
        result.append(replace(line, text=text))
        above = line.text
    return result


def _underlines_heading(lines: list[Line], index: int) -> bool:
    """A run of - or = right below one short line of its own, as in `Title` above `-----`."""
    if index == 0 or not _UNDERLINE.match(lines[index].text):
        return False
    title = lines[index - 1].text
    alone = index == 1 or not lines[index - 2].text.strip()
    return (
        alone
        and 0 < len(title.strip()) <= 100
        and not heading_mark(title)
        and title.strip()[0] not in "-*+>|"
    )
