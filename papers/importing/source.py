"""From bytes to pages of lines: decoding, page seams, hyphens at line ends, lines that only separate."""

from __future__ import annotations

import re
from collections import Counter

from papers.importing.document import UnreadablePaper
from papers.importing.words import heading_mark, words

# Bytes; a book of a thousand pages has about two million.
LARGEST = 5_000_000
# A text may hold one stray control character in so many; more are a sign of a binary file.
RARE = 200

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SEAM = re.compile(r"\n(?:[ \t]*\n){3,}|\f")
_COMMENT = re.compile(r"<!--((?:(?!-->|<!--).)*)-->", re.DOTALL)
_SEPARATOR = re.compile(r"^[\s\-–—―‒_*=•·~.]+$")
_UNDERLINE = re.compile(r"^ {0,3}(?:-{3,}|={3,})\s*$")
_BULLET = re.compile(r"^(\s*)[•▪‣◦●■]\s+")
_LINE_END_HYPHEN = re.compile(r"([^\W\d_]+)[-‐\u00ad][ \t]*\n[ \t]*(?:>[ \t]?)*([^\W\d_][\w’']*)")

# After a hyphen these begin the next word of a pair ("long- and short-term"): the hyphen is meant.
_CONJUNCTIONS = {"and", "or", "nor", "to", "und", "oder", "bis", "a", "i", "nebo", "či", "až", "et", "ou"}


def decode(source: bytes) -> str:
    """The text of a UTF-8 source, without byte-order mark, line ends as `\\n`. Raises UnreadablePaper."""
    if len(source) > LARGEST:
        raise UnreadablePaper(f"The file is larger than {LARGEST // 1_000_000} MB: no paper's text is.")
    if not source.strip():
        raise UnreadablePaper("The file is empty.")
    if source.startswith((b"%PDF-", b"PK\x03\x04")) or b"\x00" in source[:4096]:
        raise UnreadablePaper(
            "The file is not a text: it looks like a PDF, an office document or another binary file."
        )
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadablePaper(f"The file is not UTF-8: byte {error.start + 1} cannot be read.") from error
    if len(_CONTROL.findall(text)) * RARE > len(text):
        raise UnreadablePaper("The file is not a text: it holds control characters.")
    text = _CONTROL.sub(" ", text)
    if not words(text):
        raise UnreadablePaper("The file holds no words.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def take_comments(text: str) -> tuple[str, list[str]]:
    """The text without HTML comments, and the comments."""
    comments = [found.strip() for found in _COMMENT.findall(text) if words(found)]
    return _COMMENT.sub("", text), comments


def pages(text: str) -> list[list[str]]:
    """The lines of each page: a seam is a run of three or more blank lines, or a form feed."""
    parts = _SEAM.split("\n" + text.replace("\v", "\n") + "\n")
    return [part.strip("\n").split("\n") for part in parts if part.strip()]


class Vocabulary:
    """The words of the whole source, asked how a word that a line end has cut is written elsewhere."""

    def __init__(self, text: str) -> None:
        unbroken = _LINE_END_HYPHEN.sub(" ", text).casefold()
        self._words = Counter(re.findall(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", unbroken))

    def join(self, before: str, after: str) -> str:
        """What stands where `before`, a hyphen, a line end and `after` stood.

        The hyphen goes only when lower case continues, and stays if the source writes the word with one elsewhere.
        """
        first = words(after)[0] if words(after) else after
        if first in _CONJUNCTIONS:
            return f"{before}- {after}"
        if not first[:1].islower():
            return f"{before}-{after}"
        whole, compound = f"{before}{first}".casefold(), f"{before}-{first}".casefold()
        keeps_hyphen = self._words[compound] > 0 and self._words[whole] == 0
        return f"{before}-{after}" if keeps_hyphen else f"{before}{after}"


def join_hyphens(text: str, vocabulary: Vocabulary) -> str:
    """The text with words that a line end has cut put together."""
    joined = _LINE_END_HYPHEN.sub(lambda found: vocabulary.join(found[1], found[2]), text)
    return joined.replace("\u00ad", "")


def is_separator(line: str) -> bool:
    """Whether a line is only dashes, stars or dots."""
    return bool(line.strip()) and bool(_SEPARATOR.match(line))


def tidy(lines: list[str]) -> str:
    """A page's lines as Markdown: bullets typed as characters made real, separators blank, real underlines kept."""
    result: list[str] = []
    for index, line in enumerate(lines):
        if is_separator(line) and not _underlines_heading(lines, index):
            result.append("")
        else:
            result.append(_BULLET.sub(r"\1- ", line))
    return "\n".join(result)


def _underlines_heading(lines: list[str], index: int) -> bool:
    """A run of - or = right below one short line of its own, as in `Title` above `-----`."""
    if index == 0 or not _UNDERLINE.match(lines[index]):
        return False
    title = lines[index - 1]
    alone = index == 1 or not lines[index - 2].strip()
    return (
        alone
        and 0 < len(title.strip()) <= 100
        and not heading_mark(title)
        and title.strip()[0] not in "-*+>|"
    )
