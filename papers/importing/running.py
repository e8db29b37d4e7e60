"""Running headers, footers, mastheads and page numbers: found by repetition at the edges of pages, then taken off."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import Indel

from papers.importing.document import Dropped
from papers.importing.edges import LONGEST, Edge, edges_of, without_number
from papers.importing.numbering import page_numbers
from papers.importing.source import Line, Page
from papers.importing.words import plain, unescaped, words

# A heading right below the header is part of it only if it stands on more than this share of the header's pages.
HEADER_SHARE = 0.6
# So many words with a full stop after them are a sentence: they run along the pages only if most pages have them.
SENTENCE = 10
# Two keys that agree to this degree are one line, misread once; a short key (in characters) is never a misreading.
SAME_LINE = 0.9
SHORTEST_MISREAD = 10
# With so many running lines a misreading is looked for; no paper has more.
MOST_RUNNING = 60

_BETWEEN_PARTS = re.compile(r"\s*[|·•]\s*")


@dataclass
class Running:
    """What the edges of the pages held.

    `pages` are the lines left of each page, `numbers` each page's number, `dropped` what was taken off (one entry for
    each edge), `lines` and `footer` the fullest header's and footer's lines in order, as plain texts.
    """

    pages: list[list[Line]]
    numbers: list[int]
    dropped: list[Dropped] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)


def take_running(pages: list[Page]) -> Running:
    """The pages without what runs along their edges; page numbers read there, else the file's own, else counted."""
    tops = [edges_of(page.lines, range(len(page.lines))) for page in pages]
    bottoms = [edges_of(page.lines, range(len(page.lines) - 1, -1, -1)) for page in pages]
    headers = _Repetition(tops)
    taken = [headers.taken(top) for top in tops]
    if not taken[0]:
        # One line alone is no header there: it may be the authors' names, which run along later pages.
        inner = headers.taken(_after_first_paragraph(tops[0]))
        taken[0] = inner if sum(bool(edge.key) for edge in inner) > 1 else []
    if _is_title_alone(taken[0], tops[0]):
        taken[0] = []
    free_bottoms = [
        [edge for edge in bottom if not any(edge.position == head.position for head in top)]
        for bottom, top in zip(bottoms, taken, strict=True)
    ]
    footers = _Repetition(free_bottoms)
    taken_below = [footers.taken(bottom) for bottom in free_bottoms]
    numbers = page_numbers(tops, bottoms, taken, taken_below, [page.label for page in pages])
    result = Running(pages=[], numbers=numbers)
    for page, top, bottom, number in zip(pages, taken, taken_below, numbers, strict=True):
        gone = {edge.position for edge in (*top, *bottom)}
        result.pages.append([line for position, line in enumerate(page.lines) if position not in gone])
        result.dropped += _account(number, "running_header", top) + _account(
            number, "running_footer", bottom[::-1]
        )
    result.lines = headers.fullest(taken)
    result.footer = footers.fullest([edges[::-1] for edges in taken_below])
    return result


def _account(number: int, reason: str, edges: list[Edge]) -> list[Dropped]:
    """What was taken off one edge of one page (a list of one entry, or of none)."""
    lost = [unescaped(edge.raw).strip() for edge in edges if words(edge.raw)]
    if not any(edge.key for edge in edges):
        reason = "page_number"
    if not lost:
        return []
    first, last = min(edge.line.number for edge in edges), max(edge.line.end for edge in edges)
    return [Dropped(number, reason, "\n".join(lost), (first, last))]


def _after_first_paragraph(zone: list[Edge]) -> list[Edge]:
    """The first page may begin with a masthead that it alone has: what comes after that."""
    for index in range(1, len(zone)):
        if zone[index].position > zone[index - 1].position + 1:
            return zone[index:]
    return []


def _is_title_alone(taken: list[Edge], zone: list[Edge]) -> bool:
    """Where the header is one heading, its first instance is the title itself if the page has no other heading."""
    lines = [edge for edge in taken if edge.key]
    return len(lines) == 1 and lines[0].mark > 0 and sum(edge.mark > 0 for edge in zone) == 1


class _Repetition:
    """Which lines repeat at one edge of the pages."""

    def __init__(self, zones: list[list[Edge]]) -> None:
        self._seen: dict[str, list[Edge]] = defaultdict(list)
        for zone in zones:
            for key, edge in {edge.key: edge for edge in reversed(zone)}.items():
                if key and len(edge.raw) <= LONGEST:
                    self._seen[key].append(edge)
        for key, edges in list(self._seen.items()):
            ends = edges[0].raw.rstrip().endswith((".", "?", "!"))
            attached = all(edge.attached for edge in edges)
            # The last line of a paragraph is as much a sentence's; one in lower case is for certain.
            sentence = ends and (len(key.split()) >= SENTENCE or attached)
            goes_on = ends and attached and key[:1].islower() and edges[0].raw.strip()[:1].islower()
            if goes_on or (sentence and len(edges) <= len(zones) / 2):
                del self._seen[key]
        # With many pages a heading met on two of them may be chance: it then needs company.
        need = 2 if len(zones) <= 5 else 3
        self._strong = {
            key
            for key, edges in self._seen.items()
            if len(edges) >= need or (len(edges) == 2 and not any(edge.mark for edge in edges))
        }
        self._any = {key for key, edges in self._seen.items() if len(edges) >= 2}
        # The commonest first; a paper has few.
        common = sorted(self._strong, key=lambda key: (-len(self._seen[key]), key))
        self._running = [key for key in common if len(key) >= SHORTEST_MISREAD][:MOST_RUNNING]
        self._misread: dict[str, str] = {}
        self._companions = self._count_companions(zones)

    def taken(self, zone: list[Edge]) -> list[Edge]:
        """The lines of this page's edge that run through the paper, outermost first."""
        chain = self._chain(zone)
        keys = {self._known(edge.key) for edge in chain if edge.key}
        if not keys & self._strong and len(keys) < 3:
            return []
        if len(keys) == 1 and self._is_real_heading(chain):
            return []
        return chain

    def fullest(self, taken: list[list[Edge]]) -> list[str]:
        """The plain texts of the page with most lines; a line such as "Institute | Title" is two."""
        texts = [self._constant(edge) for edge in max(taken, key=len, default=[]) if edge.key]
        return [part for text in texts for part in _BETWEEN_PARTS.split(text) if part]

    def _constant(self, edge: Edge) -> str:
        """The line's plain text; a number at its end stays only if it is the same on every page."""
        text = plain(edge.raw)
        numbers = {other.number for other in self._seen.get(self._known(edge.key), [edge])}
        if edge.number is None or len(numbers) == 1:
            return text
        return without_number(text)

    def _chain(self, zone: list[Edge]) -> list[Edge]:
        chain: list[Edge] = []
        seen: set[str] = set()
        length = 0
        for edge in zone:
            key = self._known(edge.key)
            if edge.key:
                # The same words once more, or as a heading below the header, are the text's own.
                if key not in self._any or key.lstrip("# ") in seen or self._stands_out(edge, key):
                    break
                seen.add(key.lstrip("# "))
            chain.append(edge)
            # Numbers and dashes inside a header go with it; after its last line only a number or a dash that touches.
            if edge.key or (length and length == len(chain) - 1):
                length = len(chain)
        return self._without_headings_of_the_text(chain[:length])

    def _without_headings_of_the_text(self, chain: list[Edge]) -> list[Edge]:
        """The chain up to a heading that only some of the header's pages have, such as "Recommendations"."""
        counts = [len(self._seen[self._known(edge.key)]) if edge.key else 0 for edge in chain]
        for index in range(len(chain) - 1, 0, -1):
            if not chain[index].key:
                continue
            if not chain[index].mark or counts[index] > HEADER_SHARE * max(counts[:index]):
                break
            chain = chain[:index]
        return chain

    def _stands_out(self, edge: Edge, key: str) -> bool:
        """A heading whose words run along the pages as a plain line, or more often at another level, is a real one."""
        if not edge.mark:
            return False
        words_alone, own = key.lstrip("# "), len(self._seen[key])
        others = [f"{'#' * mark} {words_alone}".strip() for mark in range(7) if mark != edge.mark]
        return words_alone in self._any or any(len(self._seen.get(other, ())) > own for other in others)

    def _known(self, key: str) -> str:
        """The key itself, or the running key of which it is a misreading."""
        if key in self._any or len(key) < SHORTEST_MISREAD:
            return key
        if key not in self._misread:
            mark = key.partition(" ")[0].count("#")
            others = [other for other in self._running if other.partition(" ")[0].count("#") == mark]
            best = process.extractOne(key, others, scorer=Indel.normalized_similarity, score_cutoff=SAME_LINE)
            self._misread[key] = best[0] if best else key
        return self._misread[key]

    def _is_real_heading(self, chain: list[Edge]) -> bool:
        """A heading alone at the top of a page, where the same line elsewhere has always others around it."""
        edge = next(edge for edge in chain if edge.key)
        return edge.mark > 0 and self._companions.get(self._known(edge.key), 0) > 0

    def _count_companions(self, zones: list[list[Edge]]) -> dict[str, int]:
        """For each key, how many other lines its shortest usual header has (the median page decides)."""
        sizes: dict[str, list[int]] = defaultdict(list)
        for zone in zones:
            keys = {self._known(edge.key) for edge in self._chain(zone) if edge.key}
            for key in keys:
                sizes[key].append(len(keys) - 1)
        return {key: sorted(found)[len(found) // 2] for key, found in sizes.items()}
