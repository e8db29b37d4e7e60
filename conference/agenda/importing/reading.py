"""The one door of the importer: the bytes of a file in, a Programme out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from conference.agenda.importing import grids, headings, schedule
from conference.agenda.importing.document import Problem, Programme, Unreadable
from conference.agenda.importing.document import noop as _
from conference.agenda.importing.rows import Sheet
from conference.agenda.importing.tables import Table, tables_of
from conference.agenda.importing.times import Ambiguous, Reader, month_first

NO_HEADINGS = _("No row with headings was found. Name the columns: Date, Start, End, Title, Room, People …")
NO_TITLE_COLUMN = _("No column with titles was found. Choose it below, or name it “Title”.")
NO_TIME_COLUMN = _("No column with times was found. Choose it below, or name it “Start”.")
EMPTY = _("There is nothing in this file.")


def read(
    data: bytes,
    *,
    zone: ZoneInfo,
    first_day: date | None = None,
    last_day: date | None = None,
    language: str = "en",
    columns: Sequence[str] | None = None,
) -> Programme:
    """Read a programme from CSV, XLSX or schedule.json.

    Times without an offset are in `zone`. Days of the conference help to tell 12/11 from 11/12; a conference of one
    day is the day of rows that tell none. `columns` overrides what the headings were taken for (fields by column).
    Raises Unreadable when the file as a whole cannot be read.
    """
    if not data.strip(b"\xef\xbb\xbf \r\n\t\0"):
        raise Unreadable(EMPTY)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return schedule.read(data, zone=zone, language=language)
    found = Programme()
    only_day = first_day if first_day is not None and first_day == (last_day or first_day) else None
    for table in tables_of(data):
        start = headings.heading_row(table.rows)
        if start is None:
            # Nothing that we know: shown all the same, so that somebody can say what the columns are.
            start = next((n for n, row in enumerate(table.rows) if sum(map(bool, row)) > 1), None)
        if start is None:
            continue
        _read_table(found, table, start, zone, first_day, last_day, only_day, language, columns)
    if not found.columns:
        found.problems.append(Problem(1, "", NO_HEADINGS))
    return found


def _read_table(
    found: Programme,
    table: Table,
    start: int,
    zone: ZoneInfo,
    first_day: date | None,
    last_day: date | None,
    only_day: date | None,
    language: str,
    columns: Sequence[str] | None,
) -> None:
    names = [str(cell or "").strip() for cell in table.rows[start]]
    fields = headings.columns_of(table.rows[start])
    if columns is not None:
        fields = [*columns, *[""] * len(names)][: len(names)]
    if not found.columns:
        found.headings, found.columns = names, fields
    below = table.rows[start + 1 :]
    numbered = list(enumerate(below, start + 2))
    if rooms := grids.room_columns(fields, names):
        listed = grids.as_list(below, fields, names, rooms)
        numbered = [(start + 2 + n, row) for n, rows in enumerate(listed) for row in rows]
        names, fields = (
            ["" if name in grids.TIMES else names[rooms[0]] for name in grids.COLUMNS],
            grids.COLUMNS,
        )
    for needed, template in (("title",), NO_TITLE_COLUMN), (("time", "start"), NO_TIME_COLUMN):
        if not any(name in fields for name in needed):
            found.problems.append(Problem(start + 1, "", template))
            return
    told = [row[index] for row in table.rows for index in range(len(row))]
    reader = Reader(
        year=first_day.year if first_day else None,
        month_first=month_first(told),
        epoch=table.epoch,
        first_day=first_day,
        last_day=last_day,
    )
    sheet = Sheet(fields, names, reader, zone, language, day=_day_above(reader, table, start) or only_day)
    sheet.read(numbered)
    found.items += sheet.items
    found.problems += sheet.problems
    told_of = {name for name in fields if name}
    if rooms:
        # A grid without a single name says nothing of people.
        told_of -= {
            name for name in ("people", "abstract") if not any(getattr(item, name) for item in sheet.items)
        }
    found.told |= told_of


def _day_above(reader: Reader, table: Table, start: int) -> date | None:
    """A day in the sheet's name or above the headings: "Programme, Tuesday 17 December 2013"."""
    cells = [cell for row in table.rows[:start] for cell in row]
    for cell in [table.name, *cells]:
        try:
            day = reader.day(cell)
        except Ambiguous:
            continue
        if day is not None:
            return day
    return None
