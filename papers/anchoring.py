"""Finding a quoted passage again: quote and context to a place in a text. Pure Python: no Django.

A comment keeps the words that it is about together with a few signs before and after them (`context_of`). When the text
is read again, perhaps in a newer edition, `find` says where those words stand now, or None when they do not stand
there any more: a passage that cannot be found is better than one that points at other words.

Texts are compared without what typesetting changes: kinds of quotation marks, dashes and spaces, case, soft hyphens,
ligatures and composed accents. Offsets count Python's characters (code points) of the text as it was given, so
`text[place.start:place.end]` are the words found; a script counts UTF-16 units and has to convert beyond the BMP.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

# Nothing below this score is ever returned.
FLOOR = 0.7
# Signs of context kept on each side of a quote.
CONTEXT = 32
# Below this many letters a quote says little by itself and its context decides more and more.
TELLING = 24
# What a side of context counts that cannot be compared, since the text begins or ends there.
UNKNOWN = 0.5
# Longer quotes are found only where their very words stand, so that time stays bounded.
MOST_WORDS = 400

_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_GONE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True)
class Place:
    """Where a quote stands: `text[start:end]`, and how surely (FLOOR to 1)."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Quote:
    """Words of a text with what stood right before and after them, all as they were written."""

    quote: str
    prefix: str = ""
    suffix: str = ""


def context_of(text: str, start: int, end: int) -> Quote:
    """The words `text[start:end]` as a quote that `find` will know again. Raises ValueError for an empty range."""
    if not 0 <= start < end <= len(text):
        raise ValueError("A quote has at least one sign of its text.")
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find(text: str, quote: str, prefix: str = "", suffix: str = "") -> Place | None:
    """Where `quote` stands in `text`, or None when nothing there is surely the same passage.

    Equal words are preferred (where they occur more than once, those in the likest context), then alike ones: changed,
    missing or added words cost by their letters. A short quote needs its context or must be alone; a long one
    stands for itself. Without context, equal words score 1.
    """
    seen, wanted = _Seen(text), _normal(quote).strip()
    if not wanted:
        return None
    before, after = _normal(prefix), _normal(suffix)
    places = [_judged(seen, span, 1.0, wanted, before, after) for span in _exact(seen, wanted, before, after)]
    if not places:
        places = [
            _judged(seen, span, likeness, wanted, before, after) for span, likeness in _alike(seen, wanted)
        ]
    best = max(places, key=lambda place: place.score, default=None)
    return best if best is not None and best.score >= FLOOR else None


def locate(
    texts: Mapping[str, str], home: str, quote: str, prefix: str = "", suffix: str = ""
) -> tuple[str, Place] | None:
    """Where a quote from the text `home` stands now among `texts`: there, or else where it is found best.

    Elsewhere it must be found unmistakably: the best place counts only if no other text holds the words as well.
    """
    if home in texts and (place := find(texts[home], quote, prefix, suffix)):
        return home, place
    found = sorted(
        ((place, key) for key, place in suggestions(texts, quote, prefix, suffix).items() if key != home),
        key=lambda each: -each[0].score,
    )
    if not found or (len(found) > 1 and found[0][0].score - found[1][0].score < 0.05):
        return None
    return found[0][1], found[0][0]


def suggestions(texts: Mapping[str, str], quote: str, prefix: str = "", suffix: str = "") -> dict[str, Place]:
    """Every text in which the quote is found, with its place there."""
    wanted = _normal(quote).strip()
    found = {}
    for key, text in texts.items():
        # A cheap look first: most texts of a paper have nothing of it.
        if wanted and fuzz.partial_ratio(wanted, _normal(text), score_cutoff=55):
            place = find(text, quote, prefix, suffix)
            if place is not None:
                found[key] = place
    return found


def comparable(text: str) -> str:
    """A text as it is compared here: one kind of quotation marks, dashes and spaces, small letters."""
    return _normal(text).strip()


class _Seen:
    """A text as it is compared, with the way back to its own offsets."""

    def __init__(self, text: str) -> None:
        signs: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end, sign in _signs(text):
            if sign == " " and signs and signs[-1] == " ":
                self.ends[-1] = end
                continue
            for one in sign:
                signs.append(one)
                self.starts.append(start)
                self.ends.append(end)
        self.normal = "".join(signs)
        self.length = len(text)

    def place(self, start: int, end: int, score: float) -> Place:
        """The place of normal[start:end] in the text itself."""
        return Place(self.starts[start], self.ends[end - 1], score)


def _signs(text: str) -> Iterator[tuple[int, int, str]]:
    """Each letter with its accents: where it begins and ends, and how it is compared."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = text[start:end]
        if cluster not in _GONE:
            if cluster.isspace():
                yield start, end, " "
            else:
                folded = unicodedata.normalize("NFKC", cluster).casefold()
                yield start, end, "".join(_SAME.get(sign, sign) for sign in folded)
        start = end


@lru_cache(maxsize=2048)
def _normal(text: str) -> str:
    return _Seen(text).normal


def _exact(seen: _Seen, wanted: str, before: str, after: str) -> Iterator[tuple[int, int]]:
    """Where the very words stand; whole words stay whole words ("art" is not found in "party")."""
    whole_start = wanted[0].isalnum() and not before[-1:].isalnum()
    whole_end = wanted[-1].isalnum() and not after[:1].isalnum()
    at = seen.normal.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        cut_start = whole_start and seen.normal[at - 1 : at].isalnum()
        cut_end = whole_end and seen.normal[end : end + 1].isalnum()
        if not cut_start and not cut_end:
            yield at, end
        at = seen.normal.find(wanted, at + 1)


def _alike(seen: _Seen, wanted: str) -> Iterator[tuple[tuple[int, int], float]]:
    """Where alike words stand, with their likeness: an alignment of the quote's words with any run of the text's."""
    asked = [found.group() for found in _WORD.finditer(wanted)]
    there = list(_WORD.finditer(seen.normal))
    total = sum(map(len, asked))
    if not there or not 0 < len(asked) <= MOST_WORDS or fuzz.partial_ratio(wanted, seen.normal) < 55:
        return
    words = [found.group() for found in there]
    costs, begins = _align(asked, words)
    for last, (cost, first) in enumerate(zip(costs, begins, strict=True)):
        likeness = 1 - cost / total
        # A short quote that is only alike is other words ("cars" are no "cats"), and so is one without half of its own.
        if (
            first <= last
            and likeness >= _least(total)
            and _shared(asked, words[first : last + 1]) * 2 >= total
        ):
            end = there[last].end()
            tail = wanted[_end_of_words(wanted) :]
            if tail and seen.normal.startswith(tail, end):
                end += len(tail)
            yield (there[first].start(), end), likeness


def _align(asked: list[str], there: list[str]) -> tuple[list[float], list[int]]:
    """For each word of the text: the least cost of a run that ends with it, in letters, and the run's first word."""
    costs = [0.0] * (len(there) + 1)
    begins = list(range(len(there) + 1))
    for word in asked:
        skipped = len(word)
        row, from_ = [costs[0] + skipped], [0]
        for index, other in enumerate(there, start=1):
            swapped = costs[index - 1] + _difference(word, other)
            missing = costs[index] + skipped
            added = row[index - 1] + len(other)
            least = min(swapped, missing, added)
            row.append(least)
            if least == swapped:
                from_.append(begins[index - 1])
            elif least == missing:
                from_.append(begins[index])
            else:
                from_.append(from_[index - 1])
        costs, begins = row, from_
    return costs[1:], begins[1:]


def _shared(asked: list[str], there: list[str]) -> int:
    """How many letters the words have that are in both lists."""
    return sum(len(word) * count for word, count in (Counter(asked) & Counter(there)).items())


@lru_cache(maxsize=65536)
def _difference(one: str, other: str) -> float:
    """How many letters it takes to make one word of the other.

    A wholly different word costs a trifle more than a missing one, so that no place begins or ends with it.
    """
    if one == other:
        return 0
    apart, longest = Levenshtein.distance(one, other), max(len(one), len(other))
    return apart if 2 * apart <= longest else longest + 0.25


def _least(letters: int) -> float:
    """The likeness that a quote of so many letters needs: 1 for a word, FLOOR for a long sentence."""
    return FLOOR + (1 - FLOOR) * max(0.0, 1 - letters / (3 * TELLING)) ** 2


def _end_of_words(wanted: str) -> int:
    return max((found.end() for found in _WORD.finditer(wanted)), default=0)


def _judged(
    seen: _Seen, span: tuple[int, int], likeness: float, wanted: str, before: str, after: str
) -> Place:
    """The place with its score: its likeness, and how alike its context is, which counts more for a short quote."""
    sides = []
    if before.strip():
        sides.append(_side(before[::-1], seen.normal[: span[0]][::-1]))
    if after.strip():
        sides.append(_side(after, seen.normal[span[1] :]))
    if not sides:
        return seen.place(*span, likeness)
    weight = 0.25 + 0.35 * max(0.0, 1 - len(wanted) / TELLING)
    score = likeness * (1 - weight) + weight * sum(sides) / len(sides)
    return seen.place(*span, score)


def _side(wanted: str, there: str) -> float:
    """How alike two runs of signs are that begin beside the quote; UNKNOWN for what lies beyond the text's end."""
    wanted, there = wanted.strip(), there.strip()[: len(wanted.strip())]
    share = len(there) / len(wanted)
    likeness = Levenshtein.normalized_similarity(wanted[: len(there)], there) if there else 0.0
    return share * likeness + (1 - share) * UNKNOWN
