"""Which column holds what, from headings in English or Czech."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conference.agenda.importing.document import fold
from conference.agenda.importing.tables import Cell

# Folded words of headings by field; the longest that fits wins, so that "end time" is no time.
WORDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "slug", "code", "kod", "guid", "adresa"),
    "date": ("date", "day", "datum", "den"),
    "time": ("time", "cas", "hodina", "when", "kdy", "slot", "from-to", "od-do", "time slot", "time from-to"),
    "start": (
        "start",
        "starts",
        "begin",
        "begins",
        "from",
        "start time",
        "start at",
        "zacatek",
        "od",
        "zacina",
    ),
    "end": ("end", "ends", "until", "till", "to", "finish", "end time", "konec", "do", "konci", "ukonceni"),
    "duration": ("duration", "length", "minutes", "min", "delka", "trvani", "minut", "doba trvani"),
    "title": (
        "title",
        "name",
        "session",
        "topic",
        "item",
        "programme",
        "program",
        "event",
        "what",
        "talk",
        "nazev",
    ),
    "kind": ("kind", "type", "format", "category", "typ", "druh", "kategorie", "session type"),
    "room": (
        "room",
        "hall",
        "venue",
        "location",
        "place",
        "where",
        "track",
        "mistnost",
        "sal",
        "misto",
        "kde",
    ),
    "language": ("language", "lang", "jazyk"),
    "people": (
        "people",
        "speakers",
        "speaker",
        "presenter",
        "presenters",
        "panelists",
        "panellists",
        "persons",
    ),
    "chair": (
        "chair",
        "moderator",
        "chairperson",
        "moderated by",
        "chaired by",
        "moderuje",
        "predseda",
        "ridi",
    ),
    "discussants": ("discussant", "discussants", "respondent", "respondents", "diskutant", "diskutanti"),
    "affiliation": (
        "affiliation",
        "institution",
        "organisation",
        "organization",
        "company",
        "instituce",
        "firma",
    ),
    "abstract": (
        "abstract",
        "description",
        "notes",
        "note",
        "annotation",
        "details",
        "anotace",
        "popis",
        "obsah",
    ),
    "attribution": (
        "what may be quoted",
        "attribution",
        "rule",
        "co lze citovat",
        "citovani",
        "pravidlo",
        "rezim",
    ),
    "status": ("status", "state", "cancelled", "canceled", "stav", "zruseno"),
}
CZECH: dict[str, tuple[str, ...]] = {
    "date": ("datum konani",),
    "start": ("cas zacatku", "zahajeni v", "cas od"),
    "end": ("cas konce", "cas do"),
    "title": ("titul", "tema", "polozka", "prispevek", "nazev prispevku", "nazev bloku", "blok", "akce"),
    "people": (
        "recnik",
        "recnici",
        "recnice",
        "prednasejici",
        "panelista",
        "panelisté",
        "panelisti",
        "vystupujici",
        "hoste",
        "ucinkujici",
        "osoby",
        "lide",
        "kdo",
        "who",
    ),
    "chair": ("moderatorka", "moderace", "predsedajici"),
    "affiliation": ("pracoviste", "organizace", "afiliace"),
    "abstract": ("abstrakt", "poznamka", "poznamky", "podrobnosti"),
}
BY_WORD = {fold(word): name for group in (WORDS, CZECH) for name, words in group.items() for word in words}
SEARCHED_ROWS = 20


def field_of(heading: Cell) -> str:
    """The field that a heading names, empty when none."""
    if not isinstance(heading, str) or len(heading) > 60:
        return ""
    text = fold(heading).replace("–", "-")
    # What stands in brackets explains: "Start (CET)", "Délka [min]".
    text = re.sub(r"[(\[].*?[)\]]", " ", text).strip(" :*.#")
    text = " ".join(text.split())
    for part in (text, *re.split(r"\s*[/,]\s*|\s+and\s+|\s+a\s+", text)):
        if part in BY_WORD:
            return BY_WORD[part]
    words = text.split()
    if len(words) > 4:
        return ""
    # "Session title", "Čas začátku (SEČ)", "Jméno řečníka": the last or the first word decides.
    for word in (words[-1:] or [""])[0], (words[:1] or [""])[0]:
        for known in sorted(BY_WORD, key=len, reverse=True):
            if word == known or (len(known) > 4 and word.startswith(known)):
                return BY_WORD[known]
    return ""


def columns_of(headings: Sequence[Cell]) -> list[str]:
    """The field of each column; the first column of a field wins, except that a day that is told twice is one."""
    fields: list[str] = []
    for heading in headings:
        name = field_of(heading)
        fields.append(name if name not in fields else "")
    # A lone start and end under "time": it is the time.
    if "time" in fields and "start" not in fields and "end" in fields:
        fields[fields.index("time")] = "start"
    return fields


def heading_row(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The index of the row with the headings: the first that names a title and a time; else the best; None for none."""
    best, found = 1, None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        known = [name for name in columns_of(row) if name]
        filled = sum(1 for cell in row if cell not in (None, ""))
        if len(known) > best and 2 * len(known) >= filled:
            best, found = len(known), index
    return found
