"""Words in cells for what the programme knows by name: kinds, languages, rules of quoting, states."""

from __future__ import annotations

import re

from conference.agenda.importing.document import fold

KINDS = {
    "registration": r"registra|prezenc|check.?in|prichod|arrival|akreditac|accreditation|doors open",
    "break": r"break|pauza|prestavka|coffee|kava\b|kavy\b|lunch|obed|snidane|breakfast|tea\b|obcerstveni|refreshment|"
    r"\bcaj\b",
    "social": r"recepce|reception|raut|vecere|dinner|party|networking|cise vina|spolecensk|social|drinks|banket|"
    r"banquet|koktejl|cocktail",
    "panel": r"panel|debata|debate|diskus|diskuz|discussion|round.?table|kulaty stul|workshop|seminar",
    "keynote": r"keynote|hlavni projev|hlavni prednas|uvodni prednas|inaugural",
    "talk": r"talk|prednaska|lecture|projev|speech|presentation|prezentace|welcome|opening|closing|zahajeni|zaver|"
    r"uvodni slovo|prispevek|remarks",
}
LANGUAGES = {
    "en": ("en", "eng", "english", "anglictina", "anglicky", "aj", "gb", "uk", "anj"),
    "cs": ("cs", "cz", "cze", "ces", "czech", "cestina", "cesky", "cj"),
    "sk": ("sk", "slk", "slovak", "slovencina", "slovenstina", "slovensky"),
    "de": ("de", "ger", "deu", "german", "nemcina", "nemecky"),
    "fr": ("fr", "fra", "french", "francouzstina", "francouzsky"),
    "ru": ("ru", "rus", "russian", "rustina", "rusky"),
    "uk": ("ua", "ukr", "ukrainian", "ukrajinstina", "ukrajinsky"),
    "pl": ("pl", "pol", "polish", "polstina", "polsky"),
}
LANGUAGE_BY_WORD = {word: code for code, words in LANGUAGES.items() for word in words}
RULES = {
    "those_present": r"present|pritomn|closed|uzavren|off.?the.?record|neverejn|confidential",
    "chatham_house": r"chatham|never say|neuvad",
    "on_record": r"on.?(the.)?record|may be quoted|lze citovat|public|verejn|quot",
}
CANCELLED = re.compile(r"cancel|zrusen|odvolan|nekona|yes|ano|true|^1$|^x$")
STANDING = re.compile(
    r"^(not |ne)|^$|confirm|potvrz|planned|plan|kona|false|^0$|^no$|ok|on the programme|na programu"
)
# Letters and words that only Czech (or Slovak) has.
CZECH_WORDS = re.compile(
    r"\b(na|pro|se|je|ve|od|do|po|při|nebo|jak|kdo|nad|pod|před|bez|česká|český|české)\b", re.IGNORECASE
)
ONLY_CZECH = re.compile(
    r"\b(přestávka|oběd|káva|registrace|zahájení|úvod|úvodní|závěr|závěrečn\w+|diskuse|debata|přednáška|stůl|večeře|"
    r"číše vína|beseda|slovo)\b",
    re.IGNORECASE,
)
CZECH_LETTERS = re.compile(r"\w*[ěřůčšžťďň]\w*", re.IGNORECASE)


def kind_named(text: str) -> str:
    """The kind that a cell names, empty when none of ours."""
    folded = fold(text)
    if folded in KINDS:
        return folded
    return next((kind for kind, words in KINDS.items() if re.search(words, folded)), "")


def kind_of_title(title: str, *, people: int) -> str:
    """What an item without a kind is, by its title: nobody speaks at a coffee break."""
    folded = fold(title)
    for kind in ("registration", "break", "social"):
        if not people and re.search(KINDS[kind], folded):
            return kind
    return next((kind for kind in ("keynote", "panel") if re.search(KINDS[kind], folded)), "talk")


def language_named(text: str) -> str:
    """The code of the language that a cell names first; empty for none."""
    for word in re.findall(r"[a-z]+", fold(text)):
        if word in LANGUAGE_BY_WORD:
            return LANGUAGE_BY_WORD[word]
    return ""


def language_of_text(text: str, otherwise: str) -> str:
    """Czech, when a text looks it; else what the conference speaks."""
    words = len(set(CZECH_WORDS.findall(text)))
    letters = len(CZECH_LETTERS.findall(text))
    if ONLY_CZECH.search(text):
        return "cs"
    return "cs" if (words and letters) or words > 1 or letters > 2 else otherwise


def rule_named(text: str) -> str:
    """The attribution rule that a cell names, the strictest first; empty for none."""
    folded = fold(text)
    if folded in RULES:
        return folded
    return next((rule for rule, words in RULES.items() if re.search(words, folded)), "")


def cancelled_named(text: str) -> bool | None:
    """Whether a cell says that the item is cancelled; None when it says something else."""
    folded = fold(text)
    if STANDING.search(folded) and "zrus" not in folded and "cancel" not in folded.removeprefix("not cancel"):
        return False
    return True if CANCELLED.search(folded) else None
