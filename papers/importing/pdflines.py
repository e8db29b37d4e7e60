"""The lines of a PDF's page in reading order: characters that stand side by side, column after column."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from papers.importing.inline import escape
from papers.importing.pdfchars import Char, RawPage

# Shares of a letter's size: what is on one line, what is raised, what gap is no space between words any more.
SAME_LINE = 0.3
RAISED_BY = 0.15
RAISED_SIZE = 0.87
GAP = 1.8
# Shares of the page's height above and below which lines belong to the whole page, not to a column.
MARGIN = 0.08
# So many lines on each side make a column, and so many of all may cross the gutter between two.
FEWEST_LINES = 6
CROSSING = 0.2

_DOUBLE = re.compile(r"</(em|strong)>(\s*)<\1>")


@dataclass
class Strip:
    """Characters side by side: a line, or a part of one. `base` and `size` are those of most of it."""

    chars: list[Char] = field(default_factory=list)
    base: float = 0.0
    size: float = 0.0
    column: int = 0

    @property
    def left(self) -> float:
        """Its left edge."""
        return min(char.left for char in self.chars)

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(char.right for char in self.chars)

    @property
    def bold(self) -> bool:
        """Whether all of its letters are."""
        return all(char.bold for char in self.chars if char.text.isalnum())

    def text(self) -> str:
        """Its plain text."""
        return " ".join("".join(char.text for char in self.chars).split())

    def is_raised(self, char: Char) -> bool:
        """Whether a character of it is a small one above the line."""
        return char.size < RAISED_SIZE * self.size and char.base - self.base > RAISED_BY * self.size

    def starts_raised(self) -> str:
        """The small raised number at its beginning ("" if there is none)."""
        found = ""
        for char in self.chars:
            if not (char.text.isspace() or (self.is_raised(char) and char.text.isdigit())):
                break
            found += char.text.strip()
        return found

    def markdown(self, *, skip_raised: bool = False, plain_bold: bool = False) -> str:
        """Its Markdown: emphasis and raised numbers in tags. `plain_bold`: the block is bold as a whole."""
        parts: list[tuple[str, str]] = []
        at_start = True
        for char in self.chars:
            raised = self.is_raised(char) and not char.text.isspace()
            if at_start and skip_raised and (raised or char.text.isspace()):
                continue
            at_start = False
            mark = (
                "sup" if raised else "strong" if char.bold and not plain_bold else "em" if char.italic else ""
            )
            if parts and (parts[-1][0] == mark or char.text.isspace()):
                parts[-1] = (parts[-1][0], parts[-1][1] + char.text)
            else:
                parts.append((mark, char.text))
        return " ".join("".join(_marked(mark, text) for mark, text in parts).split())


def _marked(mark: str, text: str) -> str:
    inner = escape(text.strip())
    if not mark or not any(map(str.isalnum, text)):
        return text[: len(text) - len(text.lstrip())] + inner + text[len(text.rstrip()) :]
    return f"{text[: len(text) - len(text.lstrip())]}<{mark}>{inner}</{mark}>{text[len(text.rstrip()) :]}"


def merge_marks(lines: list[str]) -> list[str]:
    """The lines of a block with emphasis that goes on over a line end in one."""
    return _DOUBLE.sub(r"\2", "\n".join(lines)).split("\n")


def lines_of(page: RawPage) -> list[Strip]:
    """The lines of a page in reading order. A column's lines have its number, from 1; those across all have 0."""
    strips = _strips(page.chars)
    gutter = _gutter(page, strips)
    if gutter is None:
        return _merged(sorted(strips, key=lambda strip: (-strip.base, strip.left)))
    ordered: list[Strip] = []
    waiting: list[Strip] = []
    for strip in sorted(strips, key=lambda strip: (-strip.base, strip.left)):
        in_margin = not MARGIN * page.height < strip.base < (1 - MARGIN) * page.height
        if in_margin or strip.left < gutter < strip.right:
            ordered += _columns(waiting)
            waiting = []
            ordered.append(strip)
        else:
            strip.column = 1 if strip.right <= gutter else 2
            waiting.append(strip)
    ordered += _columns(waiting)
    return _merged(ordered)


def _columns(strips: list[Strip]) -> list[Strip]:
    return sorted(strips, key=lambda strip: strip.column)


def _strips(chars: list[Char]) -> list[Strip]:
    """Characters that follow each other on one line without a wide gap, in the order of the file."""
    strips: list[Strip] = []
    for char in chars:
        strip = strips[-1] if strips else None
        if strip is None or not _goes_on(strip, char):
            if char.text.isspace():
                continue
            strips.append(Strip([char], char.base, char.size))
            continue
        if strip.size < RAISED_SIZE * char.size and not char.text.isspace() and strip.text().isdigit():
            # What came first was a raised number at the beginning of this line.
            strip.base, strip.size = char.base, char.size
        strip.chars.append(char)
    return [_measured(strip) for strip in strips]


def _goes_on(strip: Strip, char: Char) -> bool:
    last = strip.chars[-1]
    size = max(strip.size, char.size)
    gap = char.left - last.right
    if char.text.isspace():
        return abs(char.base - strip.base) <= size and -size < gap < GAP * size
    if gap > GAP * size or gap < -0.6 * size:
        return False
    raised = char.size < RAISED_SIZE * strip.size and -0.3 * size < char.base - strip.base < 0.7 * size
    raised_before = strip.size < RAISED_SIZE * char.size and 0 < strip.base - char.base < 0.7 * size
    begins = raised_before and len(strip.text()) <= 3 and strip.text().isdigit()
    return raised or begins or abs(char.base - strip.base) <= SAME_LINE * size


def _gutter(page: RawPage, strips: list[Strip]) -> float | None:
    """Where the space between two columns is, None for a page of one."""
    body = [s for s in strips if MARGIN * page.height < s.base < (1 - MARGIN) * page.height]
    if len(body) < 2 * FEWEST_LINES:
        return None
    edges = Counter(round(strip.left) for strip in body if 0.35 * page.width < strip.left < 0.7 * page.width)
    for edge, _ in edges.most_common(3):
        gutter = edge - 2.0
        left = [strip for strip in body if strip.right <= gutter]
        right = [strip for strip in body if strip.left >= gutter]
        crossing = len(body) - len(left) - len(right)
        wide = [s for s in (*left, *right) if s.right - s.left > 0.22 * page.width]
        if (
            min(len(left), len(right)) >= FEWEST_LINES
            and crossing <= CROSSING * len(body)
            # The cells of a table are narrow; the lines of a column mostly are not.
            and len(wide) > 0.6 * (len(left) + len(right))
        ):
            return gutter
    return None


def _merged(strips: list[Strip]) -> list[Strip]:
    """Parts on one baseline in one line, a raised number before its line too."""
    groups: list[list[Strip]] = []
    for strip in strips:
        if groups and _shares_line(groups[-1], strip):
            groups[-1].append(strip)
        else:
            groups.append([strip])
    return [_one_line(sorted(group, key=lambda strip: strip.left)) for group in groups]


def _shares_line(group: list[Strip], strip: Strip) -> bool:
    last = group[-1]
    size = max(last.size, strip.size)
    if last.column != strip.column:
        return False
    if abs(last.base - strip.base) <= SAME_LINE * size:
        return True
    raised = len(last.text()) <= 3 and last.text().isdigit() and last.size < RAISED_SIZE * strip.size
    near = -1 <= strip.left - last.right < strip.size
    return raised and near and 0 < last.base - strip.base < 0.7 * strip.size


def _one_line(group: list[Strip]) -> Strip:
    line, *rest = group
    for strip in rest:
        line.chars += [Char(" ", line.right, strip.left, strip.base, strip.size, False, False), *strip.chars]
    return _measured(line)


def _measured(strip: Strip) -> Strip:
    """The strip with the size and baseline of most of its signs."""
    commonest = Counter((char.size, round(char.base, 1)) for char in strip.chars if not char.text.isspace())
    if commonest:
        (strip.size, strip.base), _ = max(commonest.items(), key=lambda item: (item[1], item[0][0]))
    return strip
