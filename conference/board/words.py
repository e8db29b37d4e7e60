"""Words as a computer compares them: folded, by their stems, against the names of the programme. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Latin with its accents, Greek, Cyrillic: what PostgreSQL is told to fold as Python does (`sql_folding`).
_FOLDED_RANGES = ((0x41, 0x5B), (0xC0, 0x250), (0x370, 0x460), (0x1E00, 0x1F00))
_WORD = re.compile(r"\w+")
# Too common to tell two questions apart; folded.
_COMMON = frozenset(
    _WORD.findall(
        """
        the and for are was were will would could should can has have had does did this that these those with from what
        when where which who whom why how not you your our their his her its about into than then there here question
        questions please speaker panel
        jak jake jaka jaky jako jsou jste jsem bude budou byl byla bylo byly ale nebo tak tento tato toto ten proc kdy
        kde kdo ktery ktera ktere pro pri jeho jeji jejich nas vas vase nase muze mohou muzete podle take otazka otazky
        prosim myslite
        """
    )
)
_TITLES = frozenset(
    _WORD.findall(
        """
        dr prof doc ing mgr bc phd phdr judr mudr rndr csc drsc dis mba ma msc mr mrs ms gen col amb pan pani h e sir
        """
    )
)


def fold(text: str) -> str:
    """Small letters without accents, one for each sign of `text`, so that places stay the same."""
    return "".join(_folded_sign(sign) for sign in text)


def _folded_sign(sign: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    plain = plain.casefold()
    return plain if len(plain) == 1 else sign.lower() if len(sign.lower()) == 1 else sign


def sql_folding() -> tuple[str, str]:
    """What PostgreSQL's translate() turns into what, to fold as `fold` does whatever the database's locale is."""
    signs = [chr(code) for start, end in _FOLDED_RANGES for code in range(start, end)]
    changed = [(sign, _folded_sign(sign)) for sign in signs if _folded_sign(sign) != sign]
    return "".join(sign for sign, _ in changed), "".join(plain for _, plain in changed)


def content_words(text: str) -> list[str]:
    """The folded words that say what a text is about, in their order."""
    words = _WORD.findall(fold(text))
    return [w for w in words if w not in _COMMON and (len(w) > 2 or w.isdigit())]


def stem(word: str) -> str:
    """The part of a word that its endings leave alone; rough, and the same for Czech and English."""
    return word if len(word) < 6 else word[: max(5, len(word) - 3)]


def same_person(name: str, people: Iterable[str]) -> bool:
    """Whether a typed name is that of one of `people`, titles, accents, case and order aside."""
    typed = _spellings(name)
    return any(typed & _spellings(each) for each in people)


def _spellings(name: str) -> set[tuple[str, ...]]:
    """The parts of a name without titles, with a stop as the end of a word ("Ing.Novák") and inside one ("Ph.D.")."""
    folded = fold(name)
    found = set()
    for text in (folded.replace(".", " "), folded.replace(".", "")):
        found.add(tuple(sorted(part for part in _WORD.findall(text) if part not in _TITLES)))
    return found - {()}


_ROLES = (
    r"ambassador|minister|representative|head|director|chair\w*|president|advis[eo]r|officer|deputy|delegate|"
    r"journalist|professor|employee|spokes\w+|secretary|commander|general|colonel|attache|member|student|diplomat"
)
_CZECH_ROLES = (
    r"zastup\w+|velvysl\w+|ministr\w*|poslan\w+|senator\w*|reditel\w*|clen\w*|predsed\w+|novinar\w*|profesor\w*|"
    r"zamestnan\w+|pracovni\w+|student\w*|tiskov\w+|poradc\w+|poradkyn\w+|diplomat\w*|general\w*|plukovni\w+"
)
_BODIES = (
    r"ministry|embassy|government|party|company|institute|university|faculty|office|department|delegation|"
    r"organi[sz]ation|bank|newspaper|employer|agency|boss"
)
_CZECH_BODIES = (
    r"ministerstv\w+|velvyslanectv\w+|ambasad\w+|vlad\w+|stran\w+|firm\w+|ustav\w*|institut\w*|univerzit\w+|"
    r"fakult\w+|urad\w*|oddelen\w+|organizac\w+|redakc\w+|zamestnavatel\w*|delegac\w+"
)
# On folded text.
_TELLS = re.compile(
    rf"\bas (?:an?|the|former|your|their|his) (?:\w+ ){{0,3}}?(?:{_ROLES})\b"
    rf"|\bi(?: am|['’]m) (?:an?|the|from|with) \w+(?: \w+)?"
    rf"|\b(?:my|our) (?:\w+ )?(?:{_BODIES})\b"
    r"|\bmy name is \w+|\bi work (?:for|at|in|with) \w+|\bon behalf of \w+(?: \w+)?|\bspeaking for \w+"
    rf"|\bjako (?:\w+ ){{0,2}}?(?:{_CZECH_ROLES})\b"
    rf"|\bjsem (?:\w+ ){{0,2}}?(?:{_CZECH_ROLES})\b|\bjsem (?:z|ze|za|od) \w+(?: \w+)?"
    rf"|\b(?:muj|moje|me|meho|mem|moji|mou|nas|nase|naseho|nasem|nasi) (?:{_CZECH_BODIES})\b"
    r"|\bjmenuj[iu] se \w+|\bpracuj[iu] (?:na|v|ve|pro|u) \w+|\bza (?:nas|nasi) \w+"
    r"|[\w.+-]+@[\w-]+\.\w+"
)


def tells_who(text: str) -> str:
    """The words of a text by which its writer may be recognised, as they were typed; empty when none were found.

    A guess for a warning, in English and Czech: it finds "as the ambassador of" and "jako zástupce", not everything.
    """
    found = _TELLS.search(fold(text))
    return text[found.start() : found.end()] if found else ""
