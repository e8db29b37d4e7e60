"""schedule.json and schedule.xml, the formats of c3voc that apps for conferences read (Giggity, EventFahrplan)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from conference.agenda.calendars import clean
from conference.agenda.leaving import guid, leaving, named
from conference.agenda.models import AgendaItem
from conference.event.models import Conference

GENERATOR = "Conference Companion"
SLOT = "00:05"


def schedule(conference: Conference, items: list[AgendaItem], *, home: str, version: str) -> dict[str, Any]:
    """The programme as c3voc's schedule; times as expected today. Cancelled items are not in it: the format has no word
    for them, and its readers take what is there as taking place.
    """
    standing = [item for item in leaving(items) if not item.cancelled]
    days = list(_days(conference, standing, home))
    first, last = conference.starts_on, conference.ends_on
    return {
        "generator": {"name": GENERATOR, "version": "1"},
        "schedule": {
            "version": version,
            "base_url": home,
            "conference": {
                "acronym": acronym(conference),
                "title": clean(conference.title),
                "start": min([first, *(date.fromisoformat(day["date"]) for day in days)]).isoformat(),
                "end": max([last, *(date.fromisoformat(day["date"]) for day in days)]).isoformat(),
                "daysCount": len(days),
                "timeslot_duration": SLOT,
                "time_zone_name": conference.time_zone,
                "url": home,
                "rooms": _rooms(conference, standing),
                "days": days,
            },
        },
    }


def as_json(conference: Conference, items: list[AgendaItem], *, home: str, version: str) -> bytes:
    """schedule.json, UTF-8."""
    made = schedule(conference, items, home=home, version=version)
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def as_xml(conference: Conference, items: list[AgendaItem], *, home: str, version: str) -> bytes:
    """schedule.xml, UTF-8."""
    told = schedule(conference, items, home=home, version=version)
    about = told["schedule"]["conference"]
    root = ElementTree.Element("schedule")
    ElementTree.SubElement(root, "generator", name=GENERATOR, version="1")
    _texts(root, {"version": version})
    _texts(
        ElementTree.SubElement(root, "conference"),
        {
            "title": about["title"],
            "acronym": about["acronym"],
            "start": about["start"],
            "end": about["end"],
            "days": str(about["daysCount"]),
            "timeslot_duration": SLOT,
            "base_url": home,
            "time_zone_name": about["time_zone_name"],
        },
    )
    for day in about["days"]:
        element = ElementTree.SubElement(
            root, "day", date=day["date"], start=day["day_start"], end=day["day_end"], index=str(day["index"])
        )
        for name, events in day["rooms"].items():
            room = ElementTree.SubElement(element, "room", name=name)
            for event in events:
                _xml_event(room, event)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def acronym(conference: Conference) -> str:
    """The conference's short name as the formats allow it: at least four of a-z, 0-9 and _."""
    return conference.slug.replace("-", "_").ljust(4, "_")


def _days(conference: Conference, items: list[AgendaItem], home: str) -> Iterator[dict[str, Any]]:
    zone = conference.zone
    by_day: dict[date, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda item: (item.expected_start, item.pk)):
        by_day.setdefault(item.expected_start.astimezone(zone).date(), []).append(item)
    count = (conference.ends_on - conference.starts_on).days + 1
    for offset in range(min(count, 31)):
        by_day.setdefault(conference.starts_on + timedelta(days=offset), [])
    for index, (day, of_day) in enumerate(sorted(by_day.items()), 1):
        begins = datetime(day.year, day.month, day.day, tzinfo=zone)
        rooms: dict[str, list[dict[str, Any]]] = {}
        for item in of_day:
            rooms.setdefault(_room(item), []).append(_event(conference, item, home))
        yield {
            "index": index,
            "date": day.isoformat(),
            "day_start": begins.isoformat(),
            "day_end": max([begins + timedelta(days=1), *(item.expected_end for item in of_day)])
            .astimezone(zone)
            .isoformat(),
            "rooms": rooms,
        }


def _event(conference: Conference, item: AgendaItem, home: str) -> dict[str, Any]:
    start = item.expected_start.astimezone(conference.zone)
    minutes = max(1, round((item.expected_end - item.expected_start).total_seconds() / 60))
    return {
        "guid": guid(conference, "item", item.slug),
        "id": item.pk,
        "date": start.isoformat(timespec="seconds"),
        "start": f"{start:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "room": _room(item),
        "slug": f"{acronym(conference)}-{item.pk}-{item.slug}",
        "url": f"{home}agenda/{item.slug}/",
        "title": clean(item.title),
        "subtitle": "",
        "track": "",
        "type": str(item.kind),
        "language": item.language,
        "abstract": clean(item.abstract),
        "description": "",
        "persons": [
            {
                "guid": guid(conference, "person", each.name),
                "name": clean(each.name),
                "public_name": clean(each.name),
                "affiliation": clean(each.affiliation),
                "role": each.role,
            }
            for each in named(item)
        ],
        "links": [],
        "attachments": [],
        "answers": [{"question": "attribution", "answer": str(item.attribution)}],
    }


def _room(item: AgendaItem) -> str:
    """The key of its room; the format wants one for everything."""
    return clean(item.room.name) if item.room else ""


def _rooms(conference: Conference, items: list[AgendaItem]) -> list[dict[str, str]]:
    rooms = {item.room.slug: item.room.name for item in items if item.room}
    return [
        {"guid": guid(conference, "room", slug), "name": clean(name)} for slug, name in sorted(rooms.items())
    ]


def _xml_event(room: ElementTree.Element, event: dict[str, Any]) -> None:
    element = ElementTree.SubElement(room, "event", guid=event["guid"], id=str(event["id"]))
    names = (
        "date",
        "start",
        "duration",
        "room",
        "slug",
        "url",
        "title",
        "subtitle",
        "track",
        "type",
        "language",
    )
    _texts(element, {name: event[name] for name in (*names, "abstract", "description")})
    persons = ElementTree.SubElement(element, "persons")
    for number, person in enumerate(event["persons"], 1):
        ElementTree.SubElement(persons, "person", id=str(event["id"] * 1000 + number)).text = person["name"]
    ElementTree.SubElement(element, "links")
    ElementTree.SubElement(element, "attachments")


def _texts(parent: ElementTree.Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = text
