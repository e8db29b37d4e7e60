"""PDFs: lines to headings, paragraphs, items and footnotes, by size, weight, indentation and distance."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from papers.importing.inline import escape_start
from papers.importing.markup import simplify_marks
from papers.importing.opened import Opened, opened
from papers.importing.pdfchars import RawPdf, read_pdf
from papers.importing.pdflines import Strip, lines_of, merge_marks
from papers.importing.words import normal

# Against the size of most letters: what is a heading, what is small print.
HEADING = 1.12
SMALL = 0.93
# A larger text (in characters) is no heading.
LONGEST_HEADING = 200
# Against the usual distance between lines: what parts two blocks.
DISTANCE = 1.25
# Against the letters' size: a large first letter; and how many lines stand beside one at most.
DROP_CAP = 1.7
LINES_BESIDE = 5
# Against the letters' size: what is an indentation.
INDENT = 0.8
# A line that ends before this share of the column's width ends a block of its own.
SHORT = 0.6

_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’“‘»)\]]*\s*$")
_ITEM = re.compile(r"^(?:[•▪‣◦●■○□►➢➤✓·⁃∙]\s*|\d{1,2}[.)]\s+|[–—-]\s+)\S")
_PLAIN_NOTE = re.compile(r"^(\d{1,3})[.)]?\s+(?=\S)")


@dataclass
class _Block:
    lines: list[Strip] = field(default_factory=list)
    is_note: bool = False


@dataclass(frozen=True)
class _Looks:
    """What the whole paper looks like: the size of most letters, sizes of headings (largest first), its outline."""

    size: float
    leading: float
    sizes: list[float]
    outline: dict[str, int]


def open_pdf(source: bytes) -> Opened:
    """The paper in a PDF that holds text. Raises UnreadablePaper."""
    raw = read_pdf(source)
    pages = [lines_of(page) for page in raw.pages]
    looks = _looks_of(raw, pages)
    sheets = [
        (_markdown(lines, looks), int(page.label) if re.fullmatch(r"[0-9]{1,4}", page.label) else None, False)
        for page, lines in zip(raw.pages, pages, strict=True)
        if lines
    ]
    return opened("pdf", sheets, paged=True, dropped=[])


def _looks_of(raw: RawPdf, pages: list[list[Strip]]) -> _Looks:
    sizes: Counter[float] = Counter()
    distances: Counter[float] = Counter()
    for lines in pages:
        for index, line in enumerate(lines):
            sizes[_rounded(line.size)] += len(line.chars)
            if index and lines[index - 1].column == line.column and lines[index - 1].size == line.size:
                distances[round((lines[index - 1].base - line.base) / line.size, 2)] += 1
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    near = Counter({distance: count for distance, count in distances.items() if 0.9 < distance < 2.5})
    leading = near.most_common(1)[0][0] if near else 1.2
    headings = sorted((other for other in sizes if other >= HEADING * size), reverse=True)
    outline = {normal(title): depth for title, depth in raw.outline if normal(title)}
    return _Looks(size, leading, headings, outline)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _markdown(lines: list[Strip], looks: _Looks) -> list[str]:
    result: list[str] = []
    margins = {column: _margins([line for line in lines if line.column == column]) for column in (0, 1, 2)}
    for block in _blocks(lines, looks, margins):
        result += [*_source(block, looks, margins), ""]
    return result


def _margins(lines: list[Strip]) -> tuple[float, float]:
    """The left and right edge of a column: where most of its lines begin, and where its longest end."""
    if not lines:
        return 0.0, 0.0
    begins = Counter(round(line.left) for line in lines)
    often = max(begins.values())
    return float(min(x for x, count in begins.items() if count == often)), max(line.right for line in lines)


def _blocks(lines: list[Strip], looks: _Looks, margins: dict[int, tuple[float, float]]) -> list[_Block]:
    blocks: list[_Block] = []
    last_of_body = max(
        (
            index
            for index, line in enumerate(lines)
            if line.size >= SMALL * looks.size and len(line.text()) > 5
        ),
        default=-1,
    )
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        note = bool(line.size < SMALL * looks.size and _note_label(line)) and (
            index > last_of_body or bool(line.starts_raised())
        )
        if before is None or note or _begins(before, line, looks, margins, blocks[-1]):
            blocks.append(_Block([line], note))
        else:
            blocks[-1].lines.append(line)
    return blocks


def _note_label(line: Strip) -> str:
    raised = line.starts_raised()
    plain = _PLAIN_NOTE.match(line.text())
    return raised or (plain[1] if plain else "")


def _begins(
    before: Strip, line: Strip, looks: _Looks, margins: dict[int, tuple[float, float]], block: _Block
) -> bool:
    """Whether a new block begins with this line."""
    size = max(before.size, line.size)
    if abs(before.size - line.size) > 0.08 * size or before.bold != line.bold:
        return True
    ended = bool(_SENTENCE_END.search(before.text()))
    if before.column != line.column:
        # The next column goes on with the sentence, unless it had ended.
        return ended or not (before.column and line.column)
    if before.base - line.base > DISTANCE * looks.leading * size or line.base > before.base:
        return True
    if block.is_note:
        return False
    left, right = margins[line.column]
    # The second line of a hanging item is indented as well.
    hanging = bool(_ITEM.match(block.lines[0].text()))
    indented = line.left > left + INDENT * size and before.left <= left + INDENT * size / 2
    # Lines beside a large first letter are no new paragraphs.
    beside_cap = block.lines[0].chars[0].size > DROP_CAP * size and len(block.lines) < LINES_BESIDE
    if indented and not hanging and not beside_cap:
        return True
    if _ITEM.match(line.text()) and (ended or hanging or before.right < right - size):
        return True
    first_word = line.text().split()[0]
    fits = before.right + (len(first_word) + 1) * 0.5 * size < right
    if hanging and line.left < block.lines[0].left + INDENT * size / 2 and ended and fits:
        return True
    short = before.right - left < SHORT * (right - left)
    return fits and (ended or short) and before.right < right - 2 * size


def _source(block: _Block, looks: _Looks, margins: dict[int, tuple[float, float]]) -> list[str]:
    first = block.lines[0]
    text = " ".join(line.text() for line in block.lines)
    bold = all(line.bold for line in block.lines)
    if block.is_note:
        return _note(block)
    level = _level(text, first, looks)
    if level:
        words = " ".join(line.markdown(plain_bold=True) for line in block.lines)
        return [f"{'#' * level} {words}"]
    lines = merge_marks([line.markdown(plain_bold=bold) for line in block.lines])
    lines = [simplify_marks(line) for line in lines if line]
    if not lines:
        return []
    if bold and len(text) <= LONGEST_HEADING and not _ITEM.match(text):
        return [f"**{' '.join(lines)}**"]
    if _ITEM.match(text):
        # An item begins with its own sign; nested ones stand further in.
        depth = 2 if first.left > margins[first.column][0] + 3 * first.size else 0
        return [" " * depth + lines[0], *(escape_start(line) for line in lines[1:])]
    return [escape_start(line) for line in lines]


def _note(block: _Block) -> list[str]:
    first, *more = block.lines
    label = _note_label(first)
    source = first.markdown(skip_raised=True) if first.starts_raised() else first.markdown()
    if not first.starts_raised():
        source = re.sub(r"^(?:<\w+>)?\d{1,3}\\?[.)]?(?:</\w+>)?\s+", "", source)
    lines = merge_marks([source, *(line.markdown() for line in more)])
    lines = [simplify_marks(line) for line in lines]
    return [f"[^{label}]: {lines[0]}", *(escape_start(line) for line in lines[1:] if line)]


def _level(text: str, first: Strip, looks: _Looks) -> int:
    """The level of a heading, 0 for what is none."""
    if len(text) > LONGEST_HEADING or not any(map(str.isalpha, text)):
        return 0
    size = _rounded(first.size)
    if size in looks.sizes:
        return min(looks.sizes.index(size) + 1, 6)
    depth = looks.outline.get(normal(text))
    return 0 if depth is None else min(len(looks.sizes) + depth + 1, 6)
