"""Words that a line end has cut: how the paper itself writes them elsewhere, and putting them together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from papers.importing.source import Line
from papers.importing.words import words

_HYPHENS = "-‐\u00ad"
_CUT = re.compile(rf"(?<![^\W\d_])([^\W\d_]+)[{_HYPHENS}][ \t]*$")
# A hyphenated pair cut at its own hyphen has a hyphen or an apostrophe before its last letters too.
_CONTINUES = re.compile(r"^([ \t]*(?:>[ \t]?)*)([^\W\d_][\w’']*)")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_ONE_LETTER_WORDS = set("AIOUKSVZ")
# No word is longer (in characters); a longer run of letters is left as it is.
LONGEST_WORD = 100

# After a hyphen these begin the next word of a pair ("long- and short-term"): the hyphen is meant.
_CONJUNCTIONS = {"and", "or", "nor", "to", "und", "oder", "bis", "a", "i", "nebo", "či", "až", "et", "ou"}


class Vocabulary:
    """The words of the whole source, asked how a word that a line end has cut is written elsewhere."""

    def __init__(self, lines: list[Line]) -> None:
        self._words: Counter[str] = Counter()
        after_cut = False
        for line in lines:
            text = line.text.casefold()
            found = _WORD.findall(text)
            cut = bool(found) and text.rstrip(" \t").endswith(tuple(_HYPHENS))
            # The halves of a cut word are no words.
            self._words.update(found[after_cut : len(found) - cut])
            after_cut = cut

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

    def with_cap(self, cap: str, rest: str) -> str:
        """A large first letter and what followed it: one word, or the word "A" and the next one."""
        found = _WORD.match(rest)
        word = found[0].casefold() if found else ""
        alone = (
            cap in _ONE_LETTER_WORDS and self._words[word] > 1 and not self._words[f"{cap.casefold()}{word}"]
        )
        return f"{cap} {rest}" if alone else f"{cap}{rest}"

    def mend(self, end: str, begin: str) -> str:
        """Two halves of a text in one: a word cut between them is put together, else one space stands there."""
        cut, continues = _cut(end), _CONTINUES.match(begin)
        if not cut or not continues:
            return f"{end} {begin}"
        return end[: cut.start(1)] + self.join(cut[1], continues[2]) + begin[continues.end() :]


def _cut(text: str) -> re.Match[str] | None:
    """The first half of a word at the end of a text, by its last characters only."""
    start = max(len(text) - LONGEST_WORD, 0)
    return _CUT.search(text, start)


def join_hyphens(lines: list[Line], vocabulary: Vocabulary) -> list[Line]:
    """The lines with words that a line end has cut put together; the second half moves up to the first."""
    result: list[Line] = []
    for line in lines:
        before = result[-1] if result else None
        cut = _cut(before.text) if before is not None else None
        continues = _CONTINUES.match(line.text) if cut else None
        if before is None or cut is None or continues is None:
            result.append(line)
            continue
        whole = vocabulary.join(cut[1], continues[2])
        rest = line.text[continues.end() :]
        # Punctuation goes with its word.
        sign = re.match(r"\S*", rest)
        tail = sign[0] if sign else ""
        result[-1] = replace(before, text=before.text[: cut.start(1)] + whole + tail, end=line.end)
        rest = rest[len(tail) :].strip()
        if rest:
            result.append(replace(line, text=continues[1] + rest))
    return [
        replace(line, text=line.text.replace("\u00ad", "")) if "\u00ad" in line.text else line
        for line in result
    ]
