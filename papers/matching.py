"""Which paragraph of a newer text is which of the older one. Pure Python: no Django.

A paragraph's address and its comments belong to its id, so the id must go to the paragraph that readers would call the
same: the same words, wherever they stand now; else alike words between the same neighbours; else the larger half of
what was split. What nothing continues is `removed`, and nothing is ever given an id by guessing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from rapidfuzz import fuzz

from papers.anchoring import comparable

# How alike (0 to 100, by letters) a paragraph is with itself after it was reworded, between the same neighbours and
# elsewhere.
ALIKE_IN_PLACE = 60.0
ALIKE_ELSEWHERE = 75.0
# A part of a paragraph is found in the whole to this degree, and has at least so many letters.
PART_OF = 90.0
# What share of its words must be the very same before letters are compared at all.
WORDS_OF_PART = 0.7
WORDS_OF_ALIKE = 0.25
SHORTEST_PART = 20
# A few words are alike by chance sooner.
SHORT = 30
ALIKE_IF_SHORT = 70.0


@dataclass(frozen=True)
class Text:
    """One block as it is compared: its kind and its plain text."""

    kind: str
    text: str


@dataclass
class Matching:
    """What became of the blocks. Indexes count from 0 in the older (old) and the newer list (new).

    `kept`: new to old, one to one: this block has the old one's id. `split_from`: new to old: a piece of a
    block whose id another piece kept. `merged_into`: old to new: its words continue in this block. `moved`: new
    blocks with an old id that stand in another order than before. Old blocks in none of them are removed.
    """

    kept: dict[int, int] = field(default_factory=dict)
    split_from: dict[int, int] = field(default_factory=dict)
    merged_into: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)


def match(old: Sequence[Text], new: Sequence[Text]) -> Matching:
    """Match two texts block by block; see `Matching`. Deterministic, and symmetrical in nothing."""
    work = _Work(old, new)
    work.equal_in_order()
    work.equal_elsewhere()
    work.alike_in_place()
    work.alike_elsewhere()
    work.parts()
    work.found.moved = _out_of_order(work.found.kept)
    return work.found


class _Work:
    """The two texts and what has been found so far."""

    def __init__(self, old: Sequence[Text], new: Sequence[Text]) -> None:
        self.old, self.new = old, new
        self.olds = [comparable(each.text) for each in old]
        self.news = [comparable(each.text) for each in new]
        # A cheap look before any comparison by letters: without it two long, different texts would take minutes.
        self._words = {text: frozenset(text.split()) for text in (*self.olds, *self.news)}
        self.found = Matching()
        self._taken: set[int] = set()

    def _pair(self, n: int, o: int) -> None:
        self.found.kept[n] = o
        self._taken.add(o)

    def _free_old(self, start: int = 0, stop: int | None = None) -> list[int]:
        return [o for o in range(start, len(self.old) if stop is None else stop) if o not in self._taken]

    def _free_new(self, start: int = 0, stop: int | None = None) -> list[int]:
        return [n for n in range(start, len(self.new) if stop is None else stop) if n not in self.found.kept]

    def equal_in_order(self) -> None:
        """The same words in the same order."""
        for o, n, size in SequenceMatcher(None, self.olds, self.news, autojunk=False).get_matching_blocks():
            for step in range(size):
                self._pair(n + step, o + step)

    def equal_elsewhere(self) -> None:
        """The same words somewhere else; of several, the first with the first."""
        places: dict[str, list[int]] = defaultdict(list)
        for o in reversed(self._free_old()):
            places[self.olds[o]].append(o)
        for n in self._free_new():
            if places[self.news[n]]:
                self._pair(n, places[self.news[n]].pop())

    def alike_in_place(self) -> None:
        """Alike words between the same matched neighbours, best pairs first."""
        bounds = [(-1, -1), *self._in_order(), (len(self.new), len(self.old))]
        pairs = []
        for (n1, o1), (n2, o2) in pairwise(bounds):
            news, olds = self._free_new(n1 + 1, n2), self._free_old(o1 + 1, o2)
            pairs += self._alike(news, olds, ALIKE_IN_PLACE)
        self._take_best(pairs)

    def alike_elsewhere(self) -> None:
        """Reworded and moved at once."""
        self._take_best(self._alike(self._free_new(), self._free_old(), ALIKE_ELSEWHERE))

    def parts(self) -> None:
        """What was split and what was merged, where whole words of one block are found in another one."""
        for o in self._free_old():
            pieces = [n for n in self._free_new() if self._same_sort(n, o) and self._is_in(n, o)]
            if pieces:
                self._pair(max(pieces, key=lambda n: (len(self.news[n]), -n)), o)
        for n in self._free_new():
            grown = [
                o
                for o in self._free_old()
                if self._same_sort(n, o) and self._part(self.olds[o], self.news[n])
            ]
            if grown:
                self._pair(n, max(grown, key=lambda o: (len(self.olds[o]), -o)))
        kept_by = {o: n for n, o in self.found.kept.items()}
        for n in self._free_new():
            wholes = [o for o in kept_by if self._same_sort(n, o) and self._is_in(n, o)]
            # The words went out of that block: it does not hold them any more.
            wholes = [o for o in wholes if not self._part(self.news[n], self.news[kept_by[o]])]
            if wholes:
                self.found.split_from[n] = min(wholes, key=lambda o: abs(kept_by[o] - n))
        for o in self._free_old():
            homes = [n for n in range(len(self.new)) if self._part(self.olds[o], self.news[n])]
            # An equal twin that stays in the text is no heir: the words must have come into that block.
            homes = [n for n in homes if not self._held_before(n, self.olds[o])]
            if homes:
                self.found.merged_into[o] = min(homes, key=lambda n: abs(n - o))

    def _held_before(self, n: int, words: str) -> bool:
        before = self.found.kept.get(n)
        return before is not None and self._part(words, self.olds[before])

    def _is_in(self, n: int, o: int) -> bool:
        return self._part(self.news[n], self.olds[o])

    def _part(self, part: str, whole: str) -> bool:
        if not SHORTEST_PART <= len(part) < len(whole):
            return False
        if part in whole:
            return True
        words = self._words[part]
        if len(words & self._words[whole]) < WORDS_OF_PART * len(words):
            return False
        return fuzz.partial_ratio(part, whole, score_cutoff=PART_OF) > 0

    def _alike(self, news: list[int], olds: list[int], least: float) -> list[tuple[float, int, int, int]]:
        """(likeness, -distance, new, old) of pairs that are alike enough."""
        pairs = []
        for n in news:
            for o in olds:
                short = min(len(self.news[n]), len(self.olds[o])) < SHORT
                if not self._same_sort(n, o) or (not short and not self._share_words(n, o)):
                    continue
                likeness = fuzz.ratio(
                    self.news[n], self.olds[o], score_cutoff=max(least, ALIKE_IF_SHORT) if short else least
                )
                if likeness:
                    pairs.append((likeness, -abs(n - o), n, o))
        return pairs

    def _same_sort(self, n: int, o: int) -> bool:
        return (self.new[n].kind == "heading") == (self.old[o].kind == "heading")

    def _share_words(self, n: int, o: int) -> bool:
        one, other = self._words[self.news[n]], self._words[self.olds[o]]
        return len(one & other) >= WORDS_OF_ALIKE * min(len(one), len(other))

    def _take_best(self, pairs: list[tuple[float, int, int, int]]) -> None:
        for _likeness, _distance, n, o in sorted(pairs, reverse=True):
            if n not in self.found.kept and o not in self._taken:
                self._pair(n, o)

    def _in_order(self) -> list[tuple[int, int]]:
        """The pairs found so far that stand in the order of both texts."""
        moved = _out_of_order(self.found.kept)
        return sorted((n, o) for n, o in self.found.kept.items() if n not in moved)


def _out_of_order(kept: dict[int, int]) -> set[int]:
    """The fewest new blocks whose removal leaves the others in their old order."""
    news = sorted(kept)
    ends: list[int] = []
    lasts: list[int] = []
    before: dict[int, int | None] = {}
    for n in news:
        place = bisect_left(ends, kept[n])
        before[n] = lasts[place - 1] if place else None
        ends[place : place + 1] = [kept[n]]
        lasts[place : place + 1] = [n]
    in_order = set()
    at: int | None = lasts[-1] if lasts else None
    while at is not None:
        in_order.add(at)
        at = before[at]
    return set(news) - in_order
