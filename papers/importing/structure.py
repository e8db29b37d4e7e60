"""The shape of the whole: parts, heading levels, language."""

from __future__ import annotations

import re
from collections import Counter

from papers.importing.fields import TitlePage
from papers.importing.pieces import Piece
from papers.importing.words import normal, words

_SUMMARY = re.compile(
    r"\b(?:summary|abstract|recommendations|key (?:points|findings|messages)|shrnutí|souhrn|abstrakt|doporučení|"
    r"zusammenfassung|résumé)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^(?:about (?:the |our )?(?:authors?|us|publishers?|institut(?:e|ion)|organi[sz]ation|association|cent(?:er|re)|"
    r"project|series)|(?:o|über) (?:autorovi|autorce|autorech|nás|vydavateli|nakladateli|asociaci|uns)|"
    r"imprint|impressum|tiráž|contacts?|kontakty?|colophon)$",
    re.IGNORECASE,
)
# Back matter only where nothing but back matter follows.
_APPARATUS = re.compile(
    r"^(?:references|bibliography|works cited|literature|sources|notes|endnotes|acknowledge?ments|"
    r"literatura|použitá literatura|seznam literatury|prameny|zdroje|poznámky|poděkování|literatur|quellen|"
    r"bibliographie)$",
    re.IGNORECASE,
)
_STOP_WORDS = {
    "en": "the of and to in that is for with as on are this by be from not has it which",
    "cs": "a v na se je že s z do i o pro jako ale by které který jsou od podle však není",
    "sk": "a v na sa je že s z do aj o pre ako ale by ktoré ktorý sú od podľa však nie",
    "de": "der die und das in zu den von ist mit nicht sich des auf für eine als dem auch",
    "fr": "le la les de et des en un une que est pour dans qui sur par pas au ne plus",
    "pl": "w i na z się że do nie jest to o jak ale od po przez dla które który są",
}


def set_levels(pieces: list[Piece]) -> None:
    """Heading levels that begin at 2 and never jump; which heading stands under which stays as it was."""
    above: list[int] = []
    for piece in pieces:
        if piece.kind != "heading":
            continue
        level = piece.level or 2
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        piece.level = min(len(above) + 1, 6)


def set_parts(pieces: list[Piece], page: TitlePage) -> None:
    """Summary (a section of that name before any other), back matter (about the publisher or author; references), body.

    Pieces that are front already stay so. Back matter lasts to the end.
    """
    names = _publisher_names(page, pieces)
    part, summary_level, sections = "body", 0, 0
    apparatus = _first_of_apparatus(pieces, names)
    for piece in pieces:
        if piece.part:
            continue
        if piece.kind == "heading" and part != "back":
            level = piece.level or 2
            title = piece.plain_text()
            if part == "summary" and level <= summary_level:
                part = "body"
            if part == "body" and sections == 0 and _SUMMARY.search(title):
                part, summary_level = "summary", level
            elif part == "body" and sections and (piece is apparatus or _is_about_publisher(title, names)):
                part = "back"
            elif part == "body":
                sections += 1
        piece.part = part


def _first_of_apparatus(pieces: list[Piece], names: set[str]) -> Piece | None:
    """The heading of references or notes after which no section of the text comes (None if there is none)."""
    first: Piece | None = None
    for piece in pieces:
        if piece.kind != "heading":
            continue
        if _is_about_publisher(piece.plain_text(), names):
            break
        if not _APPARATUS.match(normal(piece.plain_text())):
            first = first if first is not None and (piece.level or 2) > (first.level or 2) else None
        elif first is None:
            first = piece
    return first


def _is_about_publisher(title: str, names: set[str]) -> bool:
    """A heading that is the publisher's or an author's name, with or without "About", or one such as "Imprint"."""
    name = normal(re.sub(r"\([^)]*\)", " ", title))
    return bool(_BACK.match(name)) or re.sub(r"^about (?:the )?", "", name) in names


def _publisher_names(page: TitlePage, pieces: list[Piece]) -> set[str]:
    """The authors, the publisher, its short name if the text gives one in brackets, and runs of masthead lines."""
    names = {page.publisher, *page.authors, " ".join(page.masthead)}
    lines = page.masthead
    names |= {" ".join(lines[a:b]) for a in range(len(lines)) for b in range(a + 2, len(lines) + 1)}
    if page.publisher:
        short = re.compile(rf"{re.escape(page.publisher)}\s*\((\w{{2,12}})\)", re.IGNORECASE)
        names |= {name for piece in pieces for name in short.findall(piece.plain_text())}
    return {normal(name) for name in names} - {""}


def publisher_in_one_language(page: TitlePage, pieces: list[Piece]) -> str:
    """Of a masthead in two languages, the name that the text itself uses; the publisher as it is otherwise."""
    lines = page.masthead
    if page.publisher != " ".join(lines) or len(lines) < 2:
        return page.publisher
    text = f" {normal(' '.join(piece.plain_text() for piece in pieces))} "
    halves = [(lines[:cut], lines[cut:]) for cut in range(1, len(lines))]
    names = sorted((" ".join(half) for pair in halves for half in pair), key=len, reverse=True)
    return next((name for name in names if f" {normal(name)} " in text), page.publisher)


def language(pieces: list[Piece]) -> str:
    """The language of the text (a two-letter code) by its commonest small words; English where nothing tells."""
    counts = Counter(word for piece in pieces for word in words(piece.plain_text().casefold()))
    scores = {code: sum(counts[word] for word in set(small.split())) for code, small in _STOP_WORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else "en"
