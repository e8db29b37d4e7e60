"""The programme as a spreadsheet, and read back without a difference (see `importing`)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from conference.agenda.calendars import clean
from conference.agenda.importing import Item
from conference.agenda.importing.people import written
from conference.agenda.importing.rows import MIDNIGHT_FROM
from conference.agenda.importing.tables import GUARDED
from conference.agenda.models import Attribution, Kind

EPOCH = datetime(2000, 1, 1)
WIDTHS = (14, 12, 8, 8, 40, 14, 16, 10, 40, 50, 26, 12)


def headings() -> list[str]:
    """The headings in the present language."""
    return [
        _("ID"),
        _("Date"),
        _("Start"),
        _("End"),
        _("Title"),
        _("Kind"),
        _("Room"),
        _("Language"),
        _("People"),
        _("Description"),
        _("What may be quoted"),
        _("Status"),
    ]


def as_csv(entries: Sequence[Item]) -> bytes:
    """CSV in UTF-8 with its mark, separated as a spreadsheet of the present language expects it."""
    file = io.StringIO(newline="")
    # Where a comma is the decimal sign, a spreadsheet opens only what semicolons separate.
    writer = csv.writer(file, delimiter=";" if get_language() == "cs" else ",", lineterminator="\r\n")
    writer.writerow(headings())
    for entry in entries:
        writer.writerow([guarded(_plain(cell)) for cell in _cells(entry)])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(entries: Sequence[Item]) -> bytes:
    """XLSX with one sheet; days and times are days and times."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Programme")
    sheet.append(headings())
    for entry in entries:
        sheet.append([None] * len(WIDTHS))
        for column, value in enumerate(_cells(entry), 1):
            cell = sheet.cell(row=sheet.max_row, column=column)
            cell.value = value
            if isinstance(value, str):
                # A text that begins with “=” is no formula.
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.number_format = "yyyy-mm-dd" if column == 2 else "hh:mm"
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    book.properties.created = EPOCH
    file = io.BytesIO()
    book.save(file)
    return _undated(file.getvalue())


def _undated(data: bytes) -> bytes:
    """The same workbook without the moment at which it was written: the same programme is the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(file, "w") as undated:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode(),
                    part,
                )
            info = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
            undated.writestr(info, part, compress_type=zipfile.ZIP_DEFLATED)
    return file.getvalue()


def guarded(text: str) -> str:
    """A text that no spreadsheet calculates: “=1+1” stays what it is. `importing` takes the guard off again."""
    return f"'{text}" if GUARDED.match(text) else text


def _cells(entry: Item) -> list[Any]:
    start, end = entry.start, entry.end
    zone = start.tzinfo
    assert isinstance(zone, ZoneInfo)
    return [
        clean(entry.id),
        start.date(),
        _clock(start, start),
        _clock(end, start),
        clean(entry.title),
        str(Kind(entry.kind).label),
        clean(entry.room),
        entry.language,
        clean(written(entry.people)),
        clean(entry.abstract),
        str(Attribution(entry.attribution).label),
        _("Cancelled") if entry.cancelled else "",
    ]


def _clock(moment: datetime, start: datetime) -> time | str:
    """The time of day; where that alone would be read as another moment, the moment with its offset."""
    local = moment.replace(tzinfo=None)
    passes_midnight = (moment.date() - start.date()).days == 1 and start.time() >= MIDNIGHT_FROM
    same_day = moment.date() == start.date() or (passes_midnight and moment.time() <= start.time())
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    if same_day and not twice and not local.second and not local.microsecond:
        return local.time()
    return moment.isoformat(timespec="seconds")


def _plain(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value if isinstance(value, str) else value.isoformat()
