"""From the bytes of a file to tables of cells: separators, encodings, sheets, merged cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from conference.agenda.importing.document import Unreadable
from conference.agenda.importing.document import noop as _

Cell = str | int | float | datetime | date | time | timedelta | None

MOST_ROWS = 5000
MOST_COLUMNS = 100
MOST_UNPACKED_BYTES = 64 << 20
SEPARATORS = (";", ",", "\t", "|")
# What an exporter puts before a text that a spreadsheet would calculate.
GUARDED = re.compile(r"^''*[=+\-@\t\r]")


@dataclass
class Table:
    """One sheet: its name (empty in a CSV) and its rows; row n of the spreadsheet is rows[n - 1]."""

    name: str
    rows: list[list[Cell]]
    # The day from which the spreadsheet counts its serial numbers.
    epoch: datetime = datetime(1899, 12, 30)


def tables_of(data: bytes) -> list[Table]:
    """The tables of a CSV or XLSX file. Raises Unreadable."""
    if data[:4] == b"PK\x03\x04":
        return _workbook(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(_("This is an old or a protected Excel file. Save it as .xlsx without a password."))
    return [Table("", _csv(decoded(data)))]


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, Windows-1250 or ISO 8859-2. Raises Unreadable for what is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\0" in data:
        # UTF-16 without its mark: a zero in every other byte of plain letters.
        even, odd = data[0::2].count(0), data[1::2].count(0)
        if max(even, odd) < len(data) // 8:
            raise Unreadable(_("This file is neither a spreadsheet nor text."))
        return _decode(data, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return data.decode()
    except UnicodeDecodeError:
        # Windows-1250 has its š, ť and ž where ISO 8859-2 has control characters, and the other way round signs.
        windows = any(0x80 <= byte <= 0x9F for byte in data)
        latin = any(byte in b"\xb9\xbb\xbe\xa9\xab\xae" for byte in data)
        return _decode(data, "iso-8859-2" if latin and not windows else "cp1250")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8.")) from None


def _csv(text: str) -> list[list[Cell]]:
    first, _newline, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\s*', first.strip("\ufeff"))
    if told:
        # Excel does not count this line as a row.
        return _rows(rest, told[1])
    return max((_rows(text, separator) for separator in SEPARATORS), key=_even)


def _even(rows: list[list[Cell]]) -> tuple[int, int]:
    """How much a table looks like one: rows as wide as the widest common width, times that width."""
    widths = [len(row) for row in rows[:50] if any(row)]
    if not widths:
        return 0, 0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(common) * (common - 1), common)


def _rows(text: str, separator: str) -> list[list[Cell]]:
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    rows: list[list[Cell]] = []
    try:
        for row in reader:
            if len(rows) == MOST_ROWS:
                raise Unreadable(_("This file has more rows than a programme can have."))
            rows.append([_unguarded(cell) for cell in row[:MOST_COLUMNS]])
    except csv.Error:
        raise Unreadable(_("This file cannot be read as a table.")) from None
    return rows


def _unguarded(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


def _workbook(data: bytes) -> list[Table]:
    broken = Unreadable(_("This Excel file is damaged. Open it, save it again as .xlsx and try once more."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise Unreadable(_("This file has more rows than a programme can have."))
            if "mimetype" in packed.namelist():
                raise Unreadable(_("This is an OpenDocument file. Save it as .xlsx or as CSV."))
        book = load_workbook(io.BytesIO(data), data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError):
        raise broken from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [Table(sheet.title, _sheet(sheet), book.epoch) for sheet in sheets]


def _sheet(sheet: Worksheet) -> list[list[Cell]]:
    if sheet.max_row > MOST_ROWS:
        raise Unreadable(_("This file has more rows than a programme can have."))
    rows: list[list[Cell]] = [
        [_unguarded(cell) if isinstance(cell, str) else cell for cell in row]
        for row in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS), values_only=True)
    ]
    # A merged cell says the same of every row that it covers: a day, a room. Across columns it stays in its first:
    # a title that was drawn wide is not a room.
    for merged in sheet.merged_cells.ranges:
        for row in range(merged.min_row, min(merged.max_row, len(rows)) + 1):
            if merged.min_col <= len(rows[row - 1]):
                rows[row - 1][merged.min_col - 1] = rows[merged.min_row - 1][merged.min_col - 1]
    return rows
