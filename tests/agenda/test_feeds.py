"""Feeds and exports: read by those who read them outside, and nothing in them that must stay in the house."""

from __future__ import annotations

import io
import json
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import openpyxl
import pytest
import vobject
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from conference.agenda import services
from conference.agenda.models import AgendaItem, Appearance
from conference.agenda.publishing import publish
from conference.agenda.services import ensure_draft
from conference.event.models import Conference, Person

FILES = ("agenda.ics", "agenda.csv", "agenda.xlsx", "schedule.json", "schedule.xml", "changes.atom")
ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(answer) -> str:
    """What is readable in a file."""
    if not answer.content.startswith(b"PK"):
        return answer.content.decode("utf-8-sig")
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def events(path: str = "/prague/agenda.ics") -> dict[str, object]:
    """The events of a calendar by their titles."""
    answer = Client().get(path)
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def edit(house, item: AgendaItem, **values: object) -> None:
    """An organiser changes an item and publishes it."""
    draft = ensure_draft(item)
    services.edit_item(item=draft, by=house.organiser, version=draft.version, values=values)
    publish(conference=house.conference, by=house.organiser)


def test_a_calendar_that_two_readers_read(house) -> None:
    answer = Client().get("/prague/agenda.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    ours = events()["Keynote"]
    assert ours["dtstart"].dt == house.open.start
    assert ours["dtstart"].params["TZID"] == "Europe/Prague"
    assert (str(ours["status"]), str(ours["location"])) == ("CONFIRMED", "Main hall, Prague")
    assert str(ours["url"]).endswith("/prague/agenda/keynote/")
    assert "method" not in Calendar.from_ical(answer.content)
    theirs = vobject.readOne(answer.content.decode())
    assert theirs.vtimezone.tzid.value == "Europe/Prague"
    found = {event.summary.value: event for event in theirs.vevent_list}
    assert found["Keynote"].dtstart.value.astimezone(UTC) == house.open.start.astimezone(UTC)
    # RFC 5545: lines of at most 75 octets, ended by CRLF.
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_identifier_stays_and_the_sequence_grows(house) -> None:
    before = events()["Keynote"]
    edit(house, house.open, title="Another title", start=house.open.start + timedelta(minutes=5))
    after = events()["Another title"]
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt >= before["last-modified"].dt
    assert after["dtstamp"].dt == after["last-modified"].dt
    draft = ensure_draft(AgendaItem.objects.get(pk=house.open.pk))
    services.cancel_item(item=draft, by=house.organiser, version=draft.version, cancelled=True)
    cancelled = events()["Another title"]
    assert (str(cancelled["status"]), cancelled["uid"]) == ("CANCELLED", before["uid"])
    assert cancelled["sequence"] > after["sequence"]


def test_a_draft_moves_nothing_outside(house) -> None:
    before = {name: Client().get(f"/prague/{name}").content for name in FILES}
    draft = ensure_draft(house.open)
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "Not yet public"})
    assert {name: Client().get(f"/prague/{name}").content for name in FILES} == before


def test_the_same_programme_is_the_same_bytes(house) -> None:
    for name in FILES:
        first, second = (Client().get(f"/prague/{name}").content for _ in range(2))
        assert first == second, name


def test_a_late_session_is_where_it_is_expected(house) -> None:
    later = house.open.start + timedelta(minutes=15)
    AgendaItem.objects.filter(pk=house.open.pk).update(
        day_start=later, day_end=house.open.end + timedelta(minutes=15)
    )
    assert events()["Keynote"]["dtstart"].dt == later
    told = json.loads(Client().get("/prague/schedule.json").content)
    assert later.astimezone(house.conference.zone).isoformat() in json.dumps(told)
    assert "expected at" in Client().get("/prague/changes.atom").content.decode()


def test_a_calendar_of_ones_own_by_address(house) -> None:
    assert set(events("/prague/agenda.ics?show=keynote,no-such-thing")) == {"Keynote"}
    assert set(events("/prague/agenda.ics?show=")) == set()
    assert set(events("/prague/agenda.ics?show=table")) == set()
    assert set(events("/prague/agenda.ics?show=../..,%00,keynote".replace("%00", "\u2603"))) == {"Keynote"}
    many = ",".join(f"item-{number}" for number in range(5000))
    assert Client().get("/prague/agenda.ics", {"show": many}).status_code == 200


def test_a_calendar_is_fetched_again_only_when_it_changed(house) -> None:
    path = "/prague/agenda.ics?show=keynote"
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    edit(house, house.open, title="Another title")
    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_one_session(house) -> None:
    assert set(events("/prague/agenda/keynote.ics")) == {"Keynote"}
    assert Client().get("/prague/agenda/table.ics").status_code == 404
    assert Client().get("/prague/agenda/nothing.ics").status_code == 404


def plant(house) -> None:
    """Somebody in each of the three sessions, by a name that can be looked for."""
    for item, name in (
        (house.open, "Opena Recordová"),
        (house.closed_door, "Chathama Houseová"),
        (house.present, "Presentia Onlyová"),
    ):
        slug = name.split()[0].lower()
        someone = Person.objects.create(
            conference=house.conference, slug=slug, name=name, affiliation=f"of {slug}"
        )
        Appearance.objects.create(item=item, person=someone)


@pytest.mark.parametrize("language", ["", "/cs"])
@pytest.mark.parametrize("name", [*FILES, "agenda.ics?show=keynote,secret,table"])
def test_what_must_stay_in_the_house_is_in_no_file(house, name: str, language: str) -> None:
    plant(house)
    text = text_of(Client().get(f"{language}/prague/{name}")).replace("\r\n ", "")
    assert "table" not in text.lower()
    assert "Presentia" not in text
    assert "Chathama" not in text
    assert "chathama" not in text
    if name != "changes.atom":
        assert "Secret" in text
    if name.endswith((".ics", ".csv", ".xlsx", ".json", ".xml")):
        assert "Opena Recordová" in text


def test_pages_name_nobody_under_the_chatham_house_rule(house) -> None:
    plant(house)
    for path in ("agenda/", "agenda/secret/", "", "agenda/now/", "rooms/hall/"):
        assert "Chathama" not in Client().get(f"/prague/{path}").content.decode(), path
    assert Client().get("/prague/people/chathama/").status_code == 404
    assert Client().get("/prague/people/presentia/").status_code == 404
    assert "Opena Recordová" in Client().get("/prague/people/opena/").content.decode()


def test_schedule_json_by_the_rules_of_its_schema(house) -> None:
    plant(house)
    told = json.loads(Client().get("/prague/schedule.json").content)
    assert set(told) <= {"schedule", "generator", "$schema"}
    conference = told["schedule"]["conference"]
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
    assert conference["daysCount"] == len(conference["days"]) == 1
    assert re.fullmatch(r"\d+:\d{2}", conference["timeslot_duration"])
    seen = []
    for day in conference["days"]:
        assert set(day) == {"index", "date", "day_start", "day_end", "rooms"}
        for room, found in day["rooms"].items():
            for event in found:
                seen.append(event)
                assert event["room"] == room
                uuid.UUID(event["guid"])
                assert isinstance(event["id"], int)
                assert event["id"] >= 1
                assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", event["slug"])
                assert re.fullmatch(r"\d+:\d{2}", event["duration"])
                assert datetime.fromisoformat(event["date"]).utcoffset() is not None
                assert event["url"].startswith("http")
                # A person of pretalx's kind or of frab's, never both at once.
                assert all("name" in each and "id" not in each for each in event["persons"])
                needed = "abstract date duration guid id language links persons room slug start subtitle title track"
                assert {*needed.split(), "type", "url"} <= set(event)
    assert len({event["guid"] for event in seen}) == len({event["id"] for event in seen}) == len(seen) == 2


def test_schedule_xml_by_the_rules_of_its_schema(house) -> None:
    plant(house)
    root = ElementTree.fromstring(Client().get("/prague/schedule.xml").content)
    assert [child.tag for child in root][:3] == ["generator", "version", "conference"]
    assert root.findtext("conference/acronym") == "prague"
    (day,) = root.findall("day")
    assert {*day.attrib} == {"date", "start", "end", "index"}
    assert all(re.search(r"[+-]\d{2}:\d{2}$", day.attrib[name]) for name in ("start", "end"))
    found = root.findall("day/room/event")
    assert len(found) == 2
    for event in found:
        uuid.UUID(event.attrib["guid"])
        assert event.attrib["id"].isdecimal()
        tags = [child.tag for child in event]
        assert len(tags) == len(set(tags))
        assert {
            "room",
            "title",
            "subtitle",
            "type",
            "date",
            "start",
            "duration",
            "abstract",
            "slug",
            "track",
        } <= set(tags)
        assert re.fullmatch(r"[0-2]\d:[0-5]\d", event.findtext("start") or "")
        assert re.fullmatch(r"\d{1,2}:\d{2}", event.findtext("duration") or "")
    assert [person.text for person in root.iter("person")] == ["Opena Recordová"]


def test_texts_that_would_break_a_file(house) -> None:
    edit(house, house.open, title="<b>&\u0001;,\\\u2028 “é”", abstract="a\r\nb]]>\u000b")
    for name in FILES:
        assert Client().get(f"/prague/{name}").status_code == 200
    ElementTree.fromstring(Client().get("/prague/schedule.xml").content)
    ElementTree.fromstring(Client().get("/prague/changes.atom").content)
    assert vobject.readOne(Client().get("/prague/agenda.ics").content.decode())


def test_the_feed_of_changes(house) -> None:
    edit(
        house,
        house.open,
        start=house.open.start + timedelta(minutes=10),
        end=house.open.end + timedelta(minutes=10),
    )
    edit(house, house.present, title="Nobody outside reads this")
    draft = ensure_draft(AgendaItem.objects.get(pk=house.closed_door.pk))
    services.cancel_item(item=draft, by=house.organiser, version=draft.version, cancelled=True)
    root = ElementTree.fromstring(Client().get("/prague/changes.atom").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles[0] == "Cancelled: Secret"
    texts = [entry.findtext(f"{ATOM}content") or "" for entry in root.iter(f"{ATOM}entry")]
    assert any("Keynote: moved (2013-12-17 09:45–10:30 → 2013-12-17 09:55–10:40)" in text for text in texts)
    assert "Nobody outside" not in "".join(texts)
    identities = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(identities)) == len(identities)
    stamps = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    assert stamps == sorted(stamps, reverse=True)
    assert root.findtext(f"{ATOM}updated") == stamps[0]


def test_an_empty_programme(db) -> None:
    Conference.objects.create(
        slug="empty",
        title="Empty",
        starts_on=date(2030, 1, 1),
        ends_on=date(2030, 1, 2),
        hall_code="x",
        is_public=True,
    )
    for name in FILES:
        assert Client().get(f"/empty/{name}").status_code == 200, name
    hidden = Conference.objects.create(
        slug="hidden", title="Hidden", starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 2), hall_code="x"
    )
    for name in FILES:
        assert Client().get(f"/{hidden.slug}/{name}").status_code == 404, name


@pytest.mark.parametrize("name", [*FILES, "agenda/", "agenda/keynote/", "", "people/opena/", "rooms/hall/"])
def test_as_many_queries_for_400_items_as_for_1(house, name: str, django_assert_num_queries) -> None:
    plant(house)
    person = Person.objects.get(slug="opena")

    def fill(numbers: range) -> None:
        made = AgendaItem.objects.bulk_create(
            AgendaItem(
                conference=house.conference,
                slug=f"talk-{number}",
                title=f"Talk {number}",
                kind="talk",
                room=house.room,
                start=house.open.start + timedelta(minutes=number),
                end=house.open.end + timedelta(minutes=number),
                changed_at=timezone.now(),
            )
            for number in numbers
        )
        Appearance.objects.bulk_create(Appearance(item=item, person=person) for item in made)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for numbers in (range(1), range(1, 40), range(40, 400)):
        fill(numbers)
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/prague/{name}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]
