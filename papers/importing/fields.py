"""The fields of a title page, and what the running header says where the title page is silent."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field

from papers.importing.document import Dropped, Lines
from papers.importing.naming import rights_holder, split_title
from papers.importing.words import is_date, normal, series_and_number

_ADDRESS = re.compile(r"@|www\.|https?:|\.(?:org|com|eu|cz|net)\b", re.IGNORECASE)
FIELDS = ("title", "subtitle", "authors", "date", "series", "number", "publisher", "rights", "note")


@dataclass
class TitlePage:
    """The fields of the title page; `masthead` is the publisher's name as the header has it, line by line.

    `dropped` are words of the title page that no field took, `places` the source's lines of fields that were read.
    """

    title: str = ""
    subtitle: str = ""
    authors: list[str] = field(default_factory=list)
    date: str = ""
    series: str = ""
    number: str = ""
    publisher: str = ""
    rights: str = ""
    note: str = ""
    masthead: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    places: dict[str, Lines] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """The fields as they are now, by name."""
        return {name: copy(getattr(self, name)) for name in FIELDS}


def fill_from_header(page: TitlePage, running: list[str]) -> None:
    """Series, date, masthead, title and subtitle from the header's lines, as far as `page` lacks them."""
    series_at = next((i for i, line in enumerate(running) if series_and_number(line)), None)
    found = series_and_number(running[series_at]) if series_at is not None else None
    if found and not page.series:
        page.series, page.number = found
    page.date = page.date or next((line for line in running if is_date(line)), "")
    titles = {normal(page.title), normal(page.subtitle), normal(f"{page.title} {page.subtitle}")} - {""}
    title_at = next((i for i, line in enumerate(running) if normal(line) in titles), None)
    first_known = min((at for at in (series_at, title_at) if at is not None), default=0)
    if first_known:
        page.masthead = [line for line in running[:first_known] if normal(line) != normal(page.series)]
    if not page.title:
        title_at = _title_line(page, running, 0 if series_at is None else series_at + 1)
        page.title = running[title_at] if title_at is not None else ""
    if not page.subtitle and title_at is not None and normal(running[title_at]) == normal(page.title):
        subtitle_at = _title_line(page, running, title_at + 1)
        page.subtitle = running[title_at + 1] if subtitle_at == title_at + 1 else ""
    if not page.subtitle:
        page.title, page.subtitle = split_title(page.title)


def _title_line(page: TitlePage, running: list[str], start: int) -> int | None:
    """The first line of the header from `start` on that is neither date, series, author nor address."""
    authors = {normal(author) for author in page.authors}
    for index, line in enumerate(running[start:], start=start):
        if not (is_date(line) or series_and_number(line) or normal(line) in authors or _ADDRESS.search(line)):
            return index
    return None


def name_publisher(page: TitlePage) -> None:
    """The holder of the rights, unless that is an author; else the masthead."""
    holder = rights_holder(page.rights)
    if holder and normal(holder) not in {normal(author) for author in page.authors}:
        page.publisher = holder
    elif page.masthead:
        page.publisher = " ".join(page.masthead)
