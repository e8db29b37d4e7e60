"""What the desk should look at twice: listed words and links. A mark on the card, never a block."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|org|net|info|cz|sk|eu|ru|io|me|ly)\b", re.IGNORECASE)


def folded(text: str) -> str:
    """A text without accents and case: "Žluťoučký" is "zlutoucky"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def has_link(text: str) -> bool:
    """Whether a text holds an address of the web."""
    return LINK.search(text) is not None


def watched_words(text: str, words: str) -> list[str]:
    """The words of a list (one a line) that a text holds, from the beginning of a word on: endings change in Czech."""
    pattern, by_folded = _pattern(words)
    if pattern is None:
        return []
    return list(dict.fromkeys(by_folded[found] for found in pattern.findall(folded(text))))


@lru_cache(maxsize=64)
def _pattern(words: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    by_folded = {folded(word.strip()): word.strip() for word in words.splitlines() if word.strip()}
    if not by_folded:
        return None, {}
    longest_first = sorted(by_folded, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})"), by_folded
