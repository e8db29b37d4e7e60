"""The number of each page, as it is printed, as the file says, or counted."""

from __future__ import annotations

from collections import Counter

from papers.importing.edges import SEPARATED, Edge
from papers.importing.words import plain


def page_numbers(
    tops: list[list[Edge]],
    bottoms: list[list[Edge]],
    taken: list[list[Edge]],
    taken_below: list[list[Edge]],
    labels: list[int | None],
) -> list[int]:
    """Each page's printed number, and takes lines that are only a page number off (into `taken`, `taken_below`).

    A number is the page's if another page's number has the same distance from the running count, or if a line of its
    own equals that count. Pages without one have the file's own label, or count on from their neighbours.
    """
    candidates: list[list[tuple[int, bool]]] = []
    for index, (top, bottom) in enumerate(zip(tops, bottoms, strict=True), start=1):
        alone = [edge for edge in (*top[:1], *bottom[:1]) if edge.number is not None and not edge.key]
        inside = [edge for edge in (*taken[index - 1], *taken_below[index - 1]) if edge.number is not None]
        candidates.append(
            [(edge.number - index, True) for edge in alone if edge.number is not None]
            + [(edge.number - index, not edge.key) for edge in inside if edge.number is not None]
        )
    votes = Counter(offset for page in candidates for offset in {offset for offset, _ in page})
    chosen: list[int | None] = []
    for page in candidates:
        good = [offset for offset, alone in page if votes[offset] >= 2 or (alone and offset == 0)]
        chosen.append(max(good, key=lambda offset: votes[offset]) if good else None)
    for index, offset in enumerate(chosen):
        for zone, gone in ((tops[index], taken[index]), (bottoms[index], taken_below[index])):
            edge = zone[0] if zone else None
            if edge is None or edge.key or edge.number is None or offset is None:
                continue
            already = {other.position for other in (*taken[index], *taken_below[index])}
            if edge.number - index - 1 == offset and edge.position not in already:
                gone.insert(0, edge)
    if not any(offset is not None for offset in chosen):
        chosen = [None if label is None else label - index for index, label in enumerate(labels, start=1)]
    numbers = _count_on(chosen)
    if max(votes.values(), default=0) >= 2:
        for index, number in enumerate(numbers):
            _take_numbered(tops[index], taken[index], number)
            _take_numbered(bottoms[index], taken_below[index], number)
    return numbers


def _take_numbered(zone: list[Edge], gone: list[Edge], number: int) -> None:
    """A line that carries its page's number is running, though no other page has it (odd and even pages differ)."""
    edge = zone[0] if zone else None
    if edge is None or gone or not edge.key or edge.number != number or edge.mark or edge.attached:
        return
    if SEPARATED.search(plain(edge.raw)):
        gone.append(edge)


def _count_on(offsets: list[int | None]) -> list[int]:
    known = [offset for offset in offsets if offset is not None]
    current = known[0] if known else 0
    result = []
    for index, offset in enumerate(offsets, start=1):
        current = current if offset is None else offset
        number = index + current
        result.append(number if number >= 1 else index)
    return result
