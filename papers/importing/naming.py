"""What the lines of a title page say: names, rights, title and subtitle."""

from __future__ import annotations

import re
from itertools import pairwise

from papers.importing.inline import whole_bold
from papers.importing.words import is_date, normal, series_and_number

RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)\s*\d{4}|copyright\s*(?:©|\(c\)|\d{4}|by\b)|all rights reserved|všechna práva)",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}(?:\s?[-–,]\s?\d{4})?)?,?\s*(?:by\s+)?(?P<holder>[^\n]*)",
    re.IGNORECASE,
)
_HOLDER_END = re.compile(
    r"[;|]|,\s*\d{4}\b|\s\d{4}\b|(?<=[\w)][\w)])\.(?:\s|$)|\s[–—-]\s|,?\s+all rights", re.IGNORECASE
)
ITALIC = re.compile(r"^([*_])(?![*_\s])((?:(?!\1).)+)(?<!\s)\1$", re.DOTALL)
_BETWEEN_AUTHORS = re.compile(r"\s*(?:;|,|&|\band\b|\bund\b|\bet\b|\s\ba\b\s)\s*")
_DEGREE = re.compile(r"^(?:ph\.?\s?d|csc|drsc|mba|m\.?a|ll\.?m|dis|jr|sr|esq|m\.?sc)\.?$", re.IGNORECASE)
_LINE_END = re.compile(r"(?:[ ]{2,}|\\)?\n")


def rights_holder(rights: str) -> str:
    """Who holds the rights, by a line such as "© 2013 Some Institute. All rights reserved." ("" if it does not say)."""
    found = _HOLDER.search(rights)
    if not found:
        return ""
    return _HOLDER_END.split(found["holder"], maxsplit=1)[0].strip(" ,.–—-")


def split_authors(line: str) -> list[str]:
    """The names in an author line; a degree stays with its name."""
    names: list[str] = []
    for part in _BETWEEN_AUTHORS.split(" ".join(line.split())):
        if not part:
            continue
        if names and _DEGREE.match(part):
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def is_name(line: str) -> bool:
    """Two to four capitalised words without digits: a person's name, if it stands where names stand."""
    parts = line.split()
    return 2 <= len(parts) <= 4 and all(
        part[0].isupper() and not re.search(r"[\d,;:!?()]", part) for part in parts
    )


def are_names(line: str) -> bool:
    """Whether a line is one person's name or a row of them."""
    names = split_authors(line)
    return bool(names) and all(is_name(name.partition(",")[0]) for name in names)


def titles_in(running: list[str]) -> set[str]:
    """What a heading must equal to be the running title: any line of the header, or two in a row."""
    lines = [line for line in running if not is_date(line) and not series_and_number(line)]
    pairs = [f"{a} {b}" for a, b in pairwise(lines)]
    return {normal(line) for line in (*lines, *pairs)} - {""}


def split_title(title: str) -> tuple[str, str]:
    """A title in one line to title and subtitle: at a colon, else after a question or exclamation mark, or a dash."""
    for pattern in (r":\s+", r"(?<=[?!])\s+", r"\s[–—]\s"):
        parts = re.split(pattern, title, maxsplit=1)
        if len(parts) == 2 and all(parts):
            return parts[0].strip(), parts[1].strip()
    return title, ""


def title_lines(source: str) -> list[str]:
    """A piece's source as lines; lines that only wrap one text are one."""
    lines = [line.strip() for line in _LINE_END.split(source) if line.strip()]
    hard = re.search(r"(?: {2,}|\\)\n", source)
    if (
        hard
        or any(RIGHTS.match(line) or whole_bold(line) or ITALIC.match(line) for line in lines[1:])
        or (len(lines) > 1 and whole_bold(lines[0]))
    ):
        return lines
    return [" ".join(lines)]
