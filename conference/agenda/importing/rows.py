"""From a table of cells to the items of a programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conference.agenda.importing import vocabulary
from conference.agenda.importing.document import Item, Problem, Someone, fold
from conference.agenda.importing.document import noop as _
from conference.agenda.importing.people import people_of
from conference.agenda.importing.tables import Cell
from conference.agenda.importing.times import Ambiguous, Moment, Reader, length

AMBIGUOUS = _("“%(value)s” can be two days: write it as 2013-12-17 or 17. 12. 2013.")
NO_DAY = _("No day is told for this row: add a column with the date, or a row with the day above.")
NO_START = _("“%(value)s” is no time of day that can be read.")
NO_END = _("No end is told and nothing follows: 30 minutes were taken.")
NO_TITLE = _("This row has a time but no title.")
BAD_DATE = _("“%(value)s” is no day that can be read.")
BAD_END = _("The end does not come after the start.")
BAD_LENGTH = _("“%(value)s” is no duration that can be read.")
BAD_KIND = _("“%(value)s” is no kind of item that is known; it was taken for: %(kind)s.")
BAD_LANGUAGE = _("“%(value)s” is no language that is known; it was taken for: %(language)s.")
BAD_RULE = _("“%(value)s” is none of the rules of quoting; the strictest was taken.")
BAD_STATUS = _("“%(value)s” does not say whether the item is cancelled; it was taken as standing.")
NO_TIME = _("This row has no time; it is not part of the programme.")
TOO_LONG = _("This text is too long: %(most)s characters fit.")
MIDNIGHT_FROM = time(18)
LONGEST = {"title": 200, "id": 60, "room": 100, "abstract": 20000}


@dataclass
class Sheet:
    """Reads the rows of one table below its headings. `columns` has the field of each column."""

    columns: list[str]
    headings: list[str]
    reader: Reader
    zone: ZoneInfo
    language: str
    day: date | None = None
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Items whose end the next one will tell.
    open: list[Item] = field(default_factory=list)

    def read(self, rows: Iterable[tuple[int, list[Cell]]]) -> None:
        """Read rows with their numbers in the spreadsheet."""
        for number, row in rows:
            if any(_text(cell) for cell in row):
                self._row(number, row)
        for item in self.open:
            item.end = item.start + timedelta(minutes=30)
            self._tell(item.row, "end", NO_END, lost=False)

    def _row(self, number: int, row: list[Cell]) -> None:
        cells = {name: row[index] for index, name in enumerate(self.columns) if name and index < len(row)}
        filled = [cell for cell in row if _text(cell)]
        if len(filled) == 1 and self._is_day(filled[0]):
            return
        known = len(self.problems)
        day = self._day_of(number, cells)
        bad_day = len(self.problems) > known
        title = _text(cells.get("title"))
        told = self._times(number, cells, has_title=bool(title))
        if told is None:
            return
        if not title:
            self._tell(number, "title", NO_TITLE)
            return
        if bad_day and told[0].day is None and told[0].exact is None:
            return
        placed = self._placed(number, day, told)
        if placed is None:
            return
        start, end = placed
        item = self._item(number, cells, title, start, end or start)
        if item is None:
            return
        self._close(item)
        if end is None:
            self.open.append(item)
        self.items.append(item)

    # Days and times ------------------------------------------------------------------------------------------

    def _is_day(self, cell: Cell) -> bool:
        """A row with nothing but a day: everything below it is on that day."""
        try:
            day = self.reader.day(cell)
        except Ambiguous:
            return False
        self.day = day or self.day
        return day is not None

    def _day_of(self, number: int, cells: dict[str, Cell]) -> date | None:
        """The row's own day, else the one above it."""
        cell = cells.get("date")
        if not _text(cell):
            return self.day
        try:
            day = self.reader.day(cell)
            if day is None and (moment := self.reader.moment(cell)):
                day = moment.day or (moment.exact.astimezone(self.zone).date() if moment.exact else None)
            if day is None:
                self._tell(number, "date", BAD_DATE, value=_text(cell))
        except Ambiguous:
            self._tell(number, "date", AMBIGUOUS, value=_text(cell))
            self.day = None
            return None
        if day is not None:
            self.day = day
        # A day that cannot be read must not become the day before.
        return day

    def _times(
        self, number: int, cells: dict[str, Cell], *, has_title: bool
    ) -> tuple[Moment, Moment | None, timedelta | None] | None:
        """Start, end and duration as the cells tell them; None (and a problem) without a start."""
        name = "time" if _text(cells.get("time")) else "start"
        start = self._moment(number, name, cells.get(name), needed=True)
        if start is None:
            if not _text(cells.get(name)) and (has_title or any(map(_text, cells.values()))):
                self._tell(number, name, NO_TIME)
            return None
        end = self._moment(number, "end", cells.get("end"), needed=False)
        cell = cells.get("duration")
        lasts = length(cell)
        if _text(cell) and lasts is None:
            self._tell(number, "duration", BAD_LENGTH, lost=False, value=_text(cell))
        return start, end, lasts

    def _moment(self, number: int, name: str, cell: Cell, *, needed: bool) -> Moment | None:
        if not _text(cell):
            return None
        try:
            moment = self.reader.moment(cell)
        except Ambiguous:
            self._tell(number, name, AMBIGUOUS, lost=needed, value=_text(cell))
            return None
        if moment is None or (moment.start is None and moment.exact is None):
            self._tell(number, name, NO_START, lost=needed, value=_text(cell))
            return None
        return moment

    def _placed(
        self, number: int, day: date | None, told: tuple[Moment, Moment | None, timedelta | None]
    ) -> tuple[datetime, datetime | None] | None:
        """Start and end as moments of the conference's zone; an evening may pass midnight."""
        first, last, lasts = told
        start = self._at(first, day)
        if start is None:
            self._tell(number, "date", NO_DAY)
            return None
        local = start.astimezone(self.zone)
        end: datetime | None = None
        if last is not None:
            end = self._at(last, last.day or local.date())
        elif first.end is not None:
            shown = local.date() + timedelta(days=first.end_of_day)
            end = datetime.combine(shown, first.end, self.zone)
        elif lasts is not None:
            end = start + lasts
        if (
            end is not None
            and end <= start
            and local.time() >= MIDNIGHT_FROM
            and (last is None or not last.day)
        ):
            end += timedelta(days=1)
        if end is not None and end <= start:
            self._tell(number, "end" if "end" in self.columns else "time", BAD_END)
            return None
        return start, end

    def _at(self, moment: Moment, day: date | None) -> datetime | None:
        if moment.exact is not None:
            return moment.exact.astimezone(self.zone)
        on = moment.day or day
        if on is None or moment.start is None:
            return None
        self.day = on if moment.day else self.day
        return datetime.combine(
            on + timedelta(days=moment.end_of_day and moment.end is None), moment.start, self.zone
        )

    def _close(self, item: Item) -> None:
        """What had no end lasts until the next item of that day begins, in the same room if both tell one."""
        still = []
        for before in self.open:
            same_room = not before.room or not item.room or before.room == item.room
            if same_room and before.start.date() == item.start.date() and before.start < item.start:
                before.end = item.start
            else:
                still.append(before)
        self.open = still

    # Everything else -----------------------------------------------------------------------------------------

    def _item(
        self, number: int, cells: dict[str, Cell], title: str, start: datetime, end: datetime
    ) -> Item | None:
        texts = {name: _text(cells.get(name)) for name in LONGEST}
        for name, most in LONGEST.items():
            if len(texts[name]) > most:
                self._tell(number, name, TOO_LONG, most=most)
                return None
        people = self._people(cells)
        kind, language = self._kind(number, cells, title, len(people)), self._language(number, cells, title)
        return Item(
            row=number,
            title=title,
            start=start,
            end=end,
            kind=kind,
            room=texts["room"],
            language=language,
            abstract=texts["abstract"],
            people=people,
            id=texts["id"],
            attribution=self._rule(number, cells),
            cancelled=self._cancelled(number, cells),
        )

    def _people(self, cells: dict[str, Cell]) -> list[Someone]:
        people = people_of(_text(cells.get("people")))
        affiliation = _text(cells.get("affiliation"))
        if affiliation and len(people) == 1 and not people[0].affiliation:
            people = [Someone(people[0].name, affiliation, people[0].role)]
        for name, role in (("chair", "chair"), ("discussants", "discussant")):
            for someone in people_of(_text(cells.get(name)), role):
                # Named in both columns: the more particular one counts.
                people = [each for each in people if fold(each.name) != fold(someone.name)]
                people.append(someone)
        return people

    def _kind(self, number: int, cells: dict[str, Cell], title: str, people: int) -> str:
        told = _text(cells.get("kind"))
        guessed = vocabulary.kind_of_title(title, people=people)
        if not told:
            return guessed
        kind = vocabulary.kind_named(told)
        if not kind:
            self._tell(number, "kind", BAD_KIND, lost=False, value=told, kind=guessed)
        return kind or guessed

    def _language(self, number: int, cells: dict[str, Cell], title: str) -> str:
        told = _text(cells.get("language"))
        if not told:
            return vocabulary.language_of_text(f"{title} {_text(cells.get('abstract'))}", self.language)
        language = vocabulary.language_named(told)
        if not language:
            self._tell(number, "language", BAD_LANGUAGE, lost=False, value=told, language=self.language)
        return language or self.language

    def _rule(self, number: int, cells: dict[str, Cell]) -> str:
        told = _text(cells.get("attribution"))
        if not told:
            return ""
        rule = vocabulary.rule_named(told)
        if not rule:
            self._tell(number, "attribution", BAD_RULE, lost=False, value=told)
        return rule or "those_present"

    def _cancelled(self, number: int, cells: dict[str, Cell]) -> bool:
        told = _text(cells.get("status"))
        cancelled = vocabulary.cancelled_named(told)
        if cancelled is None:
            self._tell(number, "status", BAD_STATUS, lost=False, value=told)
        return bool(cancelled)

    def _tell(self, number: int, name: str, template: str, *, lost: bool = True, **values: object) -> None:
        index = self.columns.index(name) if name in self.columns else None
        column = self.headings[index] if index is not None else ""
        self.problems.append(Problem(number, column, template, dict(values), lost))


def _text(cell: Cell) -> str:
    """A cell as text, without space around it; a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_\n", "\n").replace("\xa0", " ")
    return text.strip()
