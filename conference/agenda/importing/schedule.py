"""schedule.json, as pretalx and frab write it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conference.agenda.importing import vocabulary
from conference.agenda.importing.document import Item, Problem, Programme, Someone, Unreadable
from conference.agenda.importing.document import noop as _
from conference.agenda.importing.rows import BAD_KIND, BAD_LENGTH, LONGEST, NO_TITLE, TOO_LONG
from conference.agenda.importing.tables import MOST_ROWS, decoded

NOT_JSON = _("This file is not complete JSON.")
NOT_SCHEDULE = _("This JSON is no schedule: it has no schedule.conference.days.")
BAD_MOMENT = _("“%(value)s” is no date with a time in ISO 8601.")
TOLD = frozenset(
    {"id", "date", "start", "duration", "title", "kind", "room", "language", "people", "abstract"}
)


def read(data: bytes, *, zone: ZoneInfo, language: str) -> Programme:
    """The events of a schedule as items; `row` counts them from 1. Raises Unreadable."""
    try:
        document = json.loads(decoded(data).lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise Unreadable(NOT_JSON) from None
    days = _get(document, "schedule", "conference", "days")
    if not isinstance(days, list):
        raise Unreadable(NOT_SCHEDULE)
    found = Programme(told=TOLD)
    number = 0
    for day in days:
        rooms = _get(day, "rooms")
        for room, events in rooms.items() if isinstance(rooms, dict) else ():
            for event in events if isinstance(events, list) else ():
                number += 1
                if number > MOST_ROWS:
                    raise Unreadable(NOT_SCHEDULE)
                if isinstance(event, dict):
                    _event(found, number, event, room, zone, language)
    if any(item.attribution for item in found.items):
        found.told |= {"attribution"}
    found.items.sort(key=lambda item: (item.start, item.row))
    return found


def _event(
    found: Programme, row: int, event: dict[str, Any], room: str, zone: ZoneInfo, language: str
) -> None:
    def tell(column: str, template: str, *, lost: bool = True, **values: object) -> None:
        found.problems.append(Problem(row, column, template, values, lost))

    title = _text(event.get("title"))
    if not title:
        tell("title", NO_TITLE)
        return
    try:
        start = datetime.fromisoformat(_text(event.get("date")).replace("Z", "+00:00"))
    except ValueError:
        tell("date", BAD_MOMENT, value=_text(event.get("date")))
        return
    start = start.replace(tzinfo=zone) if start.tzinfo is None else start.astimezone(zone)
    lasts = re.fullmatch(r"(?:(\d+):)?(\d{1,3}):(\d{2})", _text(event.get("duration")))
    minutes = int(lasts[2]) * 60 + int(lasts[3]) + int(lasts[1] or 0) * 1440 if lasts else 0
    if not 0 < minutes < 14 * 1440:
        tell("duration", BAD_LENGTH, value=_text(event.get("duration")))
        return
    texts = {
        "title": title,
        "id": _text(event.get("guid") or event.get("slug") or event.get("id")),
        "room": _text(event.get("room")) or room,
        "abstract": _abstract(event),
    }
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            tell(name, TOO_LONG, most=LONGEST[name])
            return
    people = _people(event)
    told, guessed = _text(event.get("type")), vocabulary.kind_of_title(title, people=len(people))
    kind = vocabulary.kind_named(told)
    if told and not kind:
        tell("type", BAD_KIND, lost=False, value=told, kind=guessed)
    found.items.append(
        Item(
            row=row,
            title=title,
            start=start,
            end=start + timedelta(minutes=minutes),
            kind=kind or guessed,
            room=texts["room"],
            language=vocabulary.language_named(_text(event.get("language"))) or language,
            abstract=texts["abstract"],
            people=people,
            id=texts["id"],
            attribution=_rule(event),
        )
    )


def _abstract(event: dict[str, Any]) -> str:
    parts = [_text(event.get(name)) for name in ("abstract", "description")]
    return "\n\n".join(part for part in dict.fromkeys(parts) if part)


def _people(event: dict[str, Any]) -> list[Someone]:
    people: list[Someone] = []
    persons = event.get("persons")
    for person in persons if isinstance(persons, list) else ():
        told = person if isinstance(person, dict) else {"name": person}
        name = _text(told.get("name") or told.get("public_name"))
        if name and all(name != each.name for each in people):
            role = _text(told.get("role"))
            known = role if role in ("speaker", "chair", "discussant", "author") else "speaker"
            people.append(Someone(name, _text(told.get("affiliation")), known))
    return people


def _rule(event: dict[str, Any]) -> str:
    """The rule of quoting, where the file is one of ours."""
    answers = event.get("answers")
    for answer in answers if isinstance(answers, list) else ():
        if isinstance(answer, dict) and answer.get("question") == "attribution":
            return vocabulary.rule_named(_text(answer.get("answer")))
    return ""


def _get(document: Any, *names: str) -> Any:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _text(value: Any) -> str:
    if isinstance(value, dict):
        # Texts in several languages: {"en": …, "cs": …}.
        value = value.get("en") or next(iter(value.values()), "")
    if value is None or isinstance(value, list):
        return ""
    return str(value).replace("\r\n", "\n").replace("\0", "").strip()
