"""Small questions about lines and words that several steps of the import ask."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# A longer line (in characters) names no series.
LONGEST_SERIES = 120

_WORD = re.compile(r"[^\W_]+")
_EMPHASIS = re.compile(r"[*_`\\]+")
_ESCAPED = re.compile(r"\\([^\w\s])")
_HEADING_MARK = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)")

_MONTH_NAMES = (
    "january february march april may june july august september october november december "
    "leden ledna února únor březen března duben dubna květen května červen června červenec července srpen srpna "
    "září říjen října listopad listopadu prosinec prosince "
    "január február marec marca apríl máj jún júl august september október november december "
    "januar jänner februar märz mai juni juli oktober dezember "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "spring summer autumn fall winter jaro léto podzim zima"
)
_MONTH_DATE = re.compile(
    rf"^(?:\d{{1,2}}(?:\.|st|nd|rd|th)?\s+)?(?:{'|'.join(sorted(set(_MONTH_NAMES.split()), key=len, reverse=True))})"
    r"(?:\s+\d{1,2}(?:st|nd|rd|th)?)?,?\s+\d{4}$",
    re.IGNORECASE,
)
_NUMBER_DATE = re.compile(
    r"^(?:\d{4}|\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}|\d{1,2}/\d{4})$"
)

_SERIES = re.compile(
    r"^(?P<series>[^\W\d][^\n]*?)[\s,]+(?P<sign>no\.?|nr\.?|č\.|vol\.?|#|№)?\s*(?P<number>\d{1,4}(?:\s?[/–-]\s?\d{1,4})?)$",
    re.IGNORECASE,
)
_SERIES_WORD = re.compile(
    r"\b(?:papers?|briefs?|briefings?|reports?|series|stud(?:y|ies)|analys[ie]s|notes?|memo|bulletin|insights?|"
    r"studie|analýza|zpráva|sešity?|edice|reihe|cahiers?)\b",
    re.IGNORECASE,
)

# Lines that are headings by their name alone, numbered or not.
SECTION = re.compile(
    r"^(?:(?:\d{1,2}|[IVX]{1,4})[.)]?\s+)?(?:(?:executive\s+)?summary|abstract|introduction|background|context|"
    r"conclusions?|(?:policy\s+)?recommendations|key (?:findings|points|messages)|methodology|discussion|references|"
    r"bibliography|(?:end)?notes|acknowledge?ments|(?:annex|appendix)(?:\s+[A-Z0-9])?|(?:table of )?contents|"
    r"úvod|shrnutí|souhrn|abstrakt|závěry?|doporučení|východiska|(?:použitá\s+)?literatura|poznámky|poděkování|"
    r"přílohy?|obsah|einleitung|zusammenfassung|fazit|schluss|literatur|résumé|sommaire)$",
    re.IGNORECASE,
)


# Numbers that typewriters raise, as those that they are.
RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order, without any punctuation."""
    return _WORD.findall(text)


def missing_words(source: str, kept: str) -> list[str]:
    """The words of `source` that `kept` has not; none while both hold the same letters (a word cut by markup)."""
    source_words, kept_words = words(source), words(kept)
    if not Counter("".join(source_words)) - Counter("".join(kept_words)):
        return []
    left = Counter(kept_words)
    missing = []
    for word in source_words:
        if left[word]:
            left[word] -= 1
        else:
            missing.append(word)
    return missing


def unescaped(line: str) -> str:
    """A source line without the backslashes that make signs of markup plain."""
    return _ESCAPED.sub(r"\1", line)


def heading_mark(line: str) -> int:
    """The level of an ATX heading line, 0 for any other line."""
    found = _HEADING_MARK.match(line)
    return len(found[1]) if found else 0


def plain(line: str) -> str:
    """A source line without heading marks, emphasis, hard breaks and outer space."""
    return " ".join(_EMPHASIS.sub("", _HEADING_MARK.sub("", line)).split())


def normal(text: str) -> str:
    """A text as it is compared with another: its words in lower case, one space between."""
    return " ".join(words(unicodedata.normalize("NFKC", text).casefold()))


def is_date(text: str) -> bool:
    """Whether a short text is nothing but a date (a year, a month and year, a day) in a language we know."""
    text = text.strip().strip(".,()")
    return bool(_MONTH_DATE.match(text) or _NUMBER_DATE.match(text))


def series_and_number(text: str) -> tuple[str, str] | None:
    """("Policy Paper", "5/2013") for a line that names a series and a number in it, else None."""
    text = text.strip()
    found = _SERIES.match(text) if len(text) <= LONGEST_SERIES else None
    if not found or is_date(text):
        return None
    if not (found["sign"] or "/" in found["number"] or _SERIES_WORD.search(found["series"])):
        return None
    return found["series"].strip(" ,–—-"), re.sub(r"\s", "", found["number"])
