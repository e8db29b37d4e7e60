"""A programme drawn as it hangs on the wall: times down the side, a column for each room."""

from __future__ import annotations

from collections.abc import Sequence

from conference.agenda.importing import vocabulary
from conference.agenda.importing.people import NAME, people_of, written
from conference.agenda.importing.tables import Cell

COLUMNS = ["date", "time", "start", "end", "title", "room", "people", "abstract"]
TIMES = ("date", "time", "start", "end")


def room_columns(fields: Sequence[str], headings: Sequence[str]) -> list[int]:
    """The columns that are rooms, where a table is such a grid: it has times, no titles, and other headings."""
    if "title" in fields or not {"time", "start"} & set(fields):
        return []
    rooms = [index for index, name in enumerate(fields) if name in ("", "room") and headings[index]]
    return rooms if len(rooms) > 1 else []


def as_list(
    rows: Sequence[list[Cell]], fields: Sequence[str], headings: Sequence[str], rooms: Sequence[int]
) -> list[list[list[Cell]]]:
    """For each row of a grid the rows of a list, in `COLUMNS`. A break that stands alone in its row is in no room."""
    listed = []
    for row in rows:
        cells = {name: row[index] for index, name in enumerate(fields) if name in TIMES and index < len(row)}
        times: list[Cell] = [cells.get(name) for name in TIMES]
        filled = [index for index in rooms if index < len(row) and str(row[index] or "").strip()]
        made: list[list[Cell]] = []
        for index in filled:
            title, people, abstract = _told(str(row[index]))
            everywhere = len(filled) == 1 and vocabulary.kind_of_title(title, people=0) in (
                "break",
                "registration",
                "social",
            )
            made.append([*times, title, "" if everywhere else headings[index], people, abstract])
        # A row with a day alone, or one that is not understood: it is read as it is.
        listed.append(made or [[*times, "", "", "", ""]])
    return listed


def _told(cell: str) -> tuple[str, str, str]:
    """Title, people and text of a cell: its first line, the lines that name people, and the rest."""
    title, *lines = [line.strip() for line in cell.replace("\r", "\n").split("\n") if line.strip()]
    named, rest = [], []
    for line in lines:
        people = people_of(line)
        names = all(_is_name(each.name.split(",")[0]) for each in people)
        if people and names and len(line) < 200:
            named += people
        else:
            rest.append(line)
    return title, written(named), "\n".join(rest)


def _is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and sum(word[:1].isupper() for word in text.split()) > 1
