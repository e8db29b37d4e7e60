"""Days and times of day as people write them, in English and Czech. What can be read in two ways is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from conference.agenda.importing.document import fold
from conference.agenda.importing.tables import Cell

MONTHS = (
    ("january", "jan", "leden", "ledna"),
    ("february", "feb", "unor", "unora"),
    ("march", "mar", "brezen", "brezna"),
    ("april", "apr", "duben", "dubna"),
    ("may", "kveten", "kvetna"),
    ("june", "jun", "cerven", "cervna"),
    ("july", "jul", "cervenec", "cervence"),
    ("august", "aug", "srpen", "srpna"),
    ("september", "sep", "sept", "zari"),
    ("october", "oct", "rijen", "rijna"),
    ("november", "nov", "listopad", "listopadu"),
    ("december", "dec", "prosinec", "prosince"),
)
MONTH_BY_NAME = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
WEEKDAY = (
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|po|ut|st|ct|pa|so|ne|pondeli|utery|streda|ctvrtek|patek|"
    r"sobota|nedele|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[.,]?\s*"
)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.?\s*(\d{4}|\d{2})?")
SLASHED = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{4}|\d{2})")
DAY_FIRST_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]+)\.?,?\s*(\d{4})?")
MONTH_FIRST_WORDS = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})?")
CLOCK = (
    r"(?:(?P<h{n}>[01]?\d|2[0-4])(?:\s*(?:[:.h]|hod\.?)\s*(?P<m{n}>[0-5]\d))?(?::[0-5]\d(?:\.0+)?)?"
    r"\s*(?P<a{n}>a\.?m\.?|p\.?m\.?)?\s*(?:h(?:od(?:in[ay]?)?)?\.?|o'clock)?)"
)
ONE = re.compile(rf"(?:od|from|at|v|ve)?\s*{CLOCK.format(n=1)}")
RANGE = re.compile(
    rf"(?:od|from|at|v)?\s*{CLOCK.format(n=1)}\s*(?:-|–|—|−|‒|\bto\b|\bdo\b|\baz\b|\btill?\b|\buntil\b)\s*{CLOCK.format(n=2)}"
)
COMPACT = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
LENGTH = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hod\.?|hodin[ay]?|hours?|hrs?)\s*)?(?:(\d{1,3})\s*(?:m|min\.?|minut[ay]?|minutes?|mins?|')?)?"
)
ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")
# Numbers that a spreadsheet may mean as a day: 1982 to 2119.
SERIAL_DAYS = range(30000, 80500)


class Ambiguous(ValueError):
    """Day and month cannot be told apart."""


@dataclass(frozen=True)
class Moment:
    """What a cell told: a day, a time of day, when it ends, or a full instant with its offset."""

    day: date | None = None
    start: time | None = None
    end: time | None = None
    # An instant that came with its offset.
    exact: datetime | None = None
    # Midnight at the end of the day was written as 24:00.
    end_of_day: bool = False


@dataclass
class Reader:
    """Reads cells. `month_first` says how 1/2/2013 is meant in this file, None when nothing told."""

    year: int | None = None
    month_first: bool | None = None
    epoch: datetime = datetime(1899, 12, 30)
    first_day: date | None = None
    last_day: date | None = None

    def day(self, cell: Cell) -> date | None:
        """The day in a cell; None where there is none. Raises Ambiguous."""
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._serial(float(cell)).date() if int(cell) in SERIAL_DAYS else None
        if not isinstance(cell, str):
            return None
        text = re.sub(rf"^(?:{WEEKDAY})", "", fold(cell)).strip(" ,:")
        text = re.sub(r"\s*[,(]?\s*" + WEEKDAY.rstrip(r"\s*") + r"\)?$", "", text).strip()
        # A CSV of a serial number, or a day with its midnight.
        text = re.sub(r"[ t]00:00(:00)?$", "", text)
        if re.fullmatch(r"\d{5}", text) and int(text) in SERIAL_DAYS:
            return self._serial(float(text)).date()
        return self._written(text)

    def _written(self, text: str) -> date | None:
        if found := ISO.fullmatch(text):
            return _date(int(found[1]), int(found[2]), int(found[3]))
        if found := DOTTED.fullmatch(text):
            year = self._year(found[3])
            return _date(year, int(found[2]), int(found[1])) if year and text.count(".") else None
        if found := SLASHED.fullmatch(text):
            return self._slashed(int(found[1]), int(found[2]), self._year(found[3]) or 0)
        if (found := DAY_FIRST_WORDS.fullmatch(text)) and found[2] in MONTH_BY_NAME:
            return _date(self._year(found[3]) or 0, MONTH_BY_NAME[found[2]], int(found[1]))
        if (found := MONTH_FIRST_WORDS.fullmatch(text)) and found[1] in MONTH_BY_NAME:
            return _date(self._year(found[3]) or 0, MONTH_BY_NAME[found[1]], int(found[2]))
        return None

    def _slashed(self, first: int, second: int, year: int) -> date | None:
        day_first, month_first = _date(year, second, first), _date(year, first, second)
        if day_first is None or month_first is None or day_first == month_first:
            return day_first or month_first
        if self.month_first is not None:
            return month_first if self.month_first else day_first
        if self.first_day and self.last_day:
            fits = [day for day in (day_first, month_first) if self.first_day <= day <= self.last_day]
            if len(fits) == 1:
                return fits[0]
        raise Ambiguous

    def _year(self, written: str | None) -> int | None:
        if not written:
            return self.year
        return int(written) + 2000 if len(written) == 2 else int(written)

    def _serial(self, number: float) -> datetime:
        moment = self.epoch + timedelta(days=number)
        # Serial numbers are fractions: to the second, as they were typed.
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)

    def moment(self, cell: Cell) -> Moment | None:
        """The times in a cell, with their day where it has one; None where there is none. Raises Ambiguous."""
        if isinstance(cell, datetime):
            return Moment(day=cell.date(), start=cell.time())
        if isinstance(cell, time):
            return Moment(start=cell)
        if isinstance(cell, timedelta):
            return _fraction(cell / timedelta(days=1))
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._number(float(cell))
        if not isinstance(cell, str):
            return None
        return self._text(cell)

    def _text(self, cell: str) -> Moment | None:
        text = " ".join(cell.split())
        if ISO_MOMENT.fullmatch(text):
            exact = datetime.fromisoformat(re.sub(r"\s*Z$", "+00:00", text.replace(" +", "+")))
            if exact.tzinfo is not None:
                return Moment(exact=exact)
            return Moment(day=exact.date(), start=exact.time())
        text = fold(text).strip(" ,;")
        if re.fullmatch(r"\d{1,5}[.,]\d{3,}|0,\d+|0\.\d", text):
            # A fraction of a day, as a spreadsheet stores a time.
            return self._number(float(text.replace(",", ".")))
        for pattern in (RANGE, ONE):
            if found := pattern.fullmatch(text):
                return _clocks(found)
        if found := COMPACT.fullmatch(text):
            return Moment(start=time(int(found[1]), int(found[2])))
        # A day and a time: "17. 12. 2013 9:00", "17/12/2013, 9.00-10.30", "Tuesday 17 December, 9:00".
        for cut in re.finditer(r"[ ,t]+", text):
            rest = text[cut.end() :]
            found = RANGE.fullmatch(rest) or ONE.fullmatch(rest)
            if found and (day := self.day(text[: cut.start()])):
                told = _clocks(found)
                return told and Moment(day, told.start, told.end, end_of_day=told.end_of_day)
        return None

    def _number(self, number: float) -> Moment | None:
        if 0 <= number < 1:
            return _fraction(number)
        if int(number) in SERIAL_DAYS:
            moment = self._serial(number)
            return Moment(day=moment.date(), start=moment.time())
        # 9.30 typed where a point is a decimal sign came out as the number 9.3.
        hours, minutes = int(number), round((number - int(number)) * 100)
        if 1 <= hours < 24 and minutes < 60 and abs(number * 100 - round(number * 100)) < 1e-6:
            return Moment(start=time(hours, minutes))
        return None


def length(cell: Cell) -> timedelta | None:
    """A duration: 90, "90 min", "1:30", "1 h 30", 0.0625 of a day."""
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        days = cell < 1 and isinstance(cell, float)
        return timedelta(minutes=round(cell * 1440 if days else cell)) if cell > 0 else None
    if not isinstance(cell, str) or not (text := fold(cell)):
        return None
    if found := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::00)?(?:\s*h(?:od)?\.?)?", text):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    if found := re.fullmatch(r"(\d)[.,](\d+)\s*(?:h|hod\.?|hours?|hodin[ay]?)", text):
        return timedelta(hours=float(f"{found[1]}.{found[2]}"))
    if (found := LENGTH.fullmatch(text)) and (found[1] or found[2]):
        return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) or None
    return None


def month_first(cells: Iterable[Cell]) -> bool | None:
    """Whether 12/17/2013 and its like write the month first. None where nothing tells, or both are met."""
    seen = set()
    for cell in cells:
        if isinstance(cell, str):
            for found in SLASHED.finditer(cell):
                first, second = int(found[1]), int(found[2])
                if (first > 12) != (second > 12):
                    seen.add(second > 12)
    return seen.pop() if len(seen) == 1 else None


def _clocks(found: re.Match[str]) -> Moment | None:
    groups = found.groupdict()
    if "h2" not in groups and groups["h1"] == "24" and not int(groups["m1"] or 0):
        return Moment(start=time(0), end_of_day=True)
    start = _clock(groups, 1)
    if start is None or "h2" not in groups:
        return Moment(start=start) if start is not None else None
    if groups["a2"] and not groups["a1"] and groups["a2"][0] == "p" and int(groups["h1"]) < 12:
        # "2-3 pm": both are in the afternoon, unless that would turn them round.
        later = _clock({**groups, "a1": groups["a2"]}, 1)
        ends = _clock(groups, 2)
        start = later if later and ends and later < ends else start
    if groups["h2"] == "24":
        return Moment(start=start, end=time(0), end_of_day=True) if not int(groups["m2"] or 0) else None
    end = _clock(groups, 2)
    return Moment(start=start, end=end) if end is not None else None


def _clock(groups: dict[str, str | None], n: int) -> time | None:
    hours, minutes = int(groups[f"h{n}"] or 0), int(groups[f"m{n}"] or 0)
    half = (groups[f"a{n}"] or "")[:1]
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "p" else 0)
    return time(hours, minutes) if hours < 24 else None


def _fraction(of_a_day: float) -> Moment | None:
    seconds = round(of_a_day * 86400)
    if not 0 <= seconds < 86400:
        return None
    return Moment(start=time(seconds // 3600, seconds % 3600 // 60, seconds % 60))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
