"""What attendees follow: the four faces of home, filters, neighbours, people, practical information, door signs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conference.agenda import following
from conference.agenda.models import AgendaItem, Appearance, BoardMode
from conference.event import practical
from conference.event.models import Conference, ConferenceChange, Person, Room
from conference.pages import queries
from conference.pages.templatetags.qr import qr, wifi
from tests.conftest import PRAGUE


def at(house, day: int, clock: str) -> None:
    """Set the demonstration's clock."""
    hours, minutes = (int(part) for part in clock.split(":"))
    house.conference.clock_from = datetime(2013, 12, day, hours, minutes, tzinfo=PRAGUE)
    house.conference.save()


def page(path: str = "") -> str:
    answer = Client().get(f"/prague/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_before(house) -> None:
    at(house, 12, "18:00")
    text = page()
    assert "It begins in 5 days." in text
    assert "webcal://" in text
    assert 'href="/prague/ask/"' in text
    at(house, 16, "23:00")
    assert "It begins tomorrow." in page()


def test_the_count_of_days_is_kept_until_midnight_only(house) -> None:
    at(house, 16, "23:00")
    answer = Client().get("/prague/")
    assert 0 < float(answer["X-Live-Until"]) <= 3600


def test_on_the_day(house) -> None:
    text = page()
    assert "Keynote" in text
    assert "It goes on" not in text


def test_in_a_break(house, ask) -> None:
    ask("publicword", "published")
    at(house, 17, "10:35")
    text = page()
    assert "It goes on at 10:55" in text
    assert "What is discussed" in text
    assert "publicword" in text
    assert "It goes on at 10:55" in page("agenda/now/")


def test_afterwards(house, ask) -> None:
    ask("publicanswered", "answered")
    at(house, 18, "9:00")
    text = page()
    assert "The conference is over." in text
    assert "publicanswered" in text
    assert 'class="button" href="/prague/ask/"' not in text


def test_a_late_day_is_told_beside_the_plan(house) -> None:
    AgendaItem.objects.filter(pk=house.open.pk).update(
        day_start=house.open.start + timedelta(minutes=15), day_end=house.open.end + timedelta(minutes=15)
    )
    for path in ("", "agenda/", "agenda/keynote/", "rooms/hall/"):
        text = page(path)
        assert "10:00</time>" in text, path
        assert "planned 09:45" in text, path
    text = page("agenda/keynote/")
    assert "https://schema.org/EventRescheduled" in text
    assert 'itemprop="previousStartDate"' in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=keynote", {"keynote"}),
        ("q=KEYNÓTE", {"keynote"}),
        ("q=autor%20key", {"keynote"}),
        ("q=nothing-like-it", set()),
        ("room=small", {"table"}),
        ("language=cs", {"table"}),
        ("person=an-author", {"keynote"}),
        ("person=an-author&room=small", set()),
        ("", {"keynote", "secret", "table"}),
        ("room=no-such-room", set()),
    ],
)
def test_filters_without_scripts(house, query: str, shown: set[str]) -> None:
    small = Room.objects.create(conference=house.conference, slug="small", name="Small hall")
    AgendaItem.objects.filter(pk=house.present.pk).update(room=small, language="cs")
    Person.objects.filter(pk=house.person.pk).update(name="An Áutor")
    # A search must not find who is hidden.
    for item in (house.open, house.closed_door):
        Appearance.objects.create(item=item, person=house.person)
    text = page(f"agenda/?{query}")
    assert set(re.findall(r'id="item-([a-z-]+)"', text)) == shown


def test_a_search_is_not_kept_and_a_filter_is(house) -> None:
    assert "no-store" in Client().get("/prague/agenda/?q=key")["Cache-Control"]
    assert "no-store" in Client().get("/prague/agenda/?room=nonsense")["Cache-Control"]
    assert "Cache-Control" not in Client().get("/prague/agenda/?room=hall")


def test_neighbours_of_a_session(house) -> None:
    text = page("agenda/secret/")
    assert "At the same time" in text
    assert 'href="/prague/agenda/table/"' in text
    assert "Before it" in text
    assert 'href="/prague/agenda/keynote/"' in text


def test_what_may_be_quoted_is_said_with_a_stable_address(house) -> None:
    assert "name who said it" in page("agenda/keynote/")
    assert 'href="http://localhost:8000/prague/agenda/keynote/"' in page("agenda/keynote/")
    assert "never say who said it" in page("agenda/secret/")
    assert "stays here" in page("agenda/table/")


def test_somebody_who_is_replaced(house) -> None:
    stand_in = Person.objects.create(conference=house.conference, slug="stand-in", name="A Stand-in")
    Appearance.objects.create(item=house.open, person=house.person, cancelled=True, replaced_by=stand_in)
    text = page("agenda/keynote/")
    assert "<s>An Author</s> A Stand-in" in text
    assert "Keynote" in page("people/stand-in/")
    assert Client().get("/prague/people/an-author/").status_code == 404


def test_marks_change_with_what_is_seen_and_tell_nobody(house) -> None:
    def mark(item: AgendaItem) -> str:
        found = following.show([AgendaItem.objects.get(pk=item.pk)], datetime(2013, 12, 17, tzinfo=PRAGUE))
        return found[0].mark  # type: ignore[attr-defined]

    before = mark(house.open), mark(house.closed_door)
    for item in (house.open, house.closed_door):
        Appearance.objects.create(item=item, person=house.person)
    after = mark(house.open), mark(house.closed_door)
    assert before[0] != after[0]
    # Of whoever is there under the Chatham House rule not even a sign goes out.
    assert before[1] == after[1]
    AgendaItem.objects.filter(pk=house.open.pk).update(board_mode=BoardMode.CLOSED)
    assert mark(house.open) == after[0]


def test_a_door_sign(house) -> None:
    text = page("rooms/hall/")
    assert "Main hall" in text
    assert "Keynote" in text
    assert "data:image/svg+xml" in text
    assert Client().get("/prague/rooms/nowhere/").status_code == 404


FORM = {
    "address": "Old Town 1",
    "map_url": "https://maps.example/",
    "wifi_network": 'Hall; "guests"',
    "wifi_password": "pa:ss,word\\",
    "interpretation": "",
    "cloakroom": "In the foyer",
    "emergency": "Call 112",
    "practical": "",
}


def test_practical_information(house, client_of) -> None:
    assert "Nothing has been written here yet." in page("practical/") or "Rooms" in page("practical/")
    organiser = client_of("organiser")
    form = organiser.get("/prague/organise/practical/").content.decode()
    version = re.search(r'name="version" value="([0-9a-f]+)"', form)[1]
    assert organiser.post("/prague/organise/practical/", {**FORM, "version": version}).status_code == 302
    text = page("practical/")
    for word in ("Old Town 1", "https://maps.example/", "Call 112", "In the foyer", "data:image/svg+xml"):
        assert word in text
    # Somebody who still has the old form open.
    late = organiser.post(
        "/prague/organise/practical/", {**FORM, "cloakroom": "Upstairs", "version": version}
    )
    assert late.status_code == 409
    text = late.content.decode()
    assert "Upstairs" in text
    assert "In the foyer" in text
    again = re.search(r'name="version" value="([0-9a-f]+)"', text)[1]
    sent = {**FORM, "cloakroom": "Upstairs", "version": again}
    assert organiser.post("/prague/organise/practical/", sent).status_code == 302
    assert "Upstairs" in page("practical/")
    assert [change.after["cloakroom"] for change in ConferenceChange.objects.all()] == [
        "In the foyer",
        "Upstairs",
    ]
    # The same again is success and leaves no row.
    assert organiser.post("/prague/organise/practical/", sent).status_code == 302
    assert ConferenceChange.objects.count() == 2


def test_the_same_practical_information_twice(house) -> None:
    seen = practical.version(house.conference)
    values = {**practical.state(house.conference), "cloakroom": "Here"}
    for _ in range(2):
        practical.change_practical(conference=house.conference, by=house.organiser, seen=seen, values=values)
    assert Conference.objects.get(pk=house.conference.pk).cloakroom == "Here"


def test_sheets_to_print(house, client_of) -> None:
    text = client_of("organiser").get("/prague/organise/print/").content.decode()
    # A poster, two sides of a tent, one room, eight badges.
    assert text.count("data:image/svg+xml") == 1 + 2 + 1 + 8


def test_a_code_for_the_wifi_escapes_what_it_must() -> None:
    assert wifi('a;b\\c,"d":', "p;w") == 'WIFI:T:WPA;S:a\\;b\\\\c\\,\\"d\\"\\:;P:p\\;w;;'
    assert wifi("open", "") == "WIFI:T:nopass;S:open;;"
    assert qr("x" * 300).startswith("data:image/svg+xml")


NOON = datetime(2013, 12, 17, 12, tzinfo=PRAGUE)


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90), st.sampled_from([None, 1, 2])), max_size=10)
)
def test_slots_keep_every_item_once_and_in_order(rows: list[tuple[int, int, int | None]]) -> None:
    items = [
        AgendaItem(
            pk=number,
            start=NOON + timedelta(minutes=start),
            end=NOON + timedelta(minutes=start + lasts),
            room_id=room,
        )
        for number, (start, lasts, room) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]
    found = following.slots(items)
    assert [item.pk for slot in found for item in slot["items"]] == [item.pk for item in items]
    for slot in found:
        assert slot["parallel"] == (len({item.room_id for item in slot["items"]}) > 1)


def test_home_is_after_when_the_last_item_is_over_early(house) -> None:
    items = [house.open]
    house.open.ended_at = house.open.start + timedelta(minutes=30)
    moment = house.open.start + timedelta(minutes=35)
    assert queries.face_of(house.conference, items, moment) == queries.AFTER
