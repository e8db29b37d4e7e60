"""Moving, duplicating, taking over: one operation each, by script and by form."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from conference.agenda import drafts, moving, services, undoing
from conference.agenda.records import DraftItem
from conference.agenda.writing import NotPossible
from conference.event.models import Conference, Membership, Room

MOVE = "/prague/organise/agenda/move/keynote/"
JSON = {"Accept": "application/json"}


def draft(house: SimpleNamespace, slug: str) -> DraftItem:
    return drafts.draft_of(house.conference, slug)


def clock(item: DraftItem) -> str:
    return f"{item.start.astimezone(item.conference.zone):%H:%M}"


def test_a_move_by_script_tells_the_new_version(house, client_of) -> None:
    organiser = client_of("organiser")
    data = {"version": 1, "day": "2013-12-17", "start": "09:50", "end": "10:40", "room": "hall", "seen": 0}
    answer = organiser.post(MOVE, data, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["versions"] == {"keynote": 2}
    assert clock(draft(house, "keynote")) == "09:50"
    # On a version that is no more: nothing changes, and it says who was faster.
    answer = organiser.post(MOVE, {**data, "start": "08:00"}, headers=JSON)
    assert answer.status_code == 409
    assert "organiser" in answer.json()["refusal"]
    assert clock(draft(house, "keynote")) == "09:50"
    assert organiser.post(MOVE, {**data, "start": "soon"}, headers=JSON).status_code == 422
    assert client_of("desk").post(MOVE, data, headers=JSON).status_code == 404


def test_everything_after_moves_too_but_what_is_fixed(house, client_of) -> None:
    table = draft(house, "table")
    services.edit_item(item=table, by=house.organiser, version=1, values={"fixed": True})
    seen = drafts.newest_operation(house.conference)
    data = {"version": 1, "day": "2013-12-17", "start": "10:05", "end": "10:50", "all_after": "on"}
    organiser = client_of("organiser")
    assert organiser.post(MOVE, {**data, "seen": seen - 1}, headers=JSON).status_code == 409
    answer = organiser.post(MOVE, {**data, "seen": seen}, headers=JSON)
    assert set(answer.json()["versions"]) == {"keynote", "secret"}
    assert (clock(draft(house, "secret")), clock(draft(house, "table"))) == ("11:15", "10:55")
    undoing.undo(operation=undoing.next_undo(house.conference), by=house.organiser)
    assert (clock(draft(house, "keynote")), clock(draft(house, "secret"))) == ("09:45", "10:55")


def test_a_block_moves_to_another_day_time_and_room(house, client_of) -> None:
    Room.objects.create(conference=house.conference, slug="small", name="Small hall")
    seen = drafts.newest_operation(house.conference)
    data = {"items": ["secret", "table"], "day": "2013-12-18", "minutes": -30, "room": "small", "seen": seen}
    organiser = client_of("organiser")
    assert organiser.post("/prague/organise/agenda/block/", data).status_code == 303
    for slug in ("secret", "table"):
        moved = draft(house, slug)
        assert moved.start.astimezone(house.conference.zone).date() == date(2013, 12, 18)
        assert (clock(moved), moved.content["room"]) == ("10:25", "small")
    assert organiser.post("/prague/organise/agenda/block/", data).status_code == 409
    assert organiser.post("/prague/organise/agenda/block/", {"seen": seen}).status_code == 422
    with pytest.raises(NotPossible):
        moving.move_block(conference=house.conference, by=house.organiser, slugs=[], seen=seen + 1)


def test_an_item_is_added_in_one_line_and_duplicated(house, client_of) -> None:
    organiser = client_of("organiser")
    line = {
        "title": "Quick",
        "kind": "talk",
        "day": "2013-12-17",
        "start": "14:00",
        "minutes": 20,
        "room": "hall",
    }
    answer = organiser.post("/prague/organise/agenda/quick/", line)
    assert answer["Location"].endswith("/prague/organise/agenda/timetable/?day=2013-12-17&added=1")
    assert organiser.post("/prague/organise/agenda/quick/", {**line, "minutes": 0}).status_code == 422
    assert organiser.post("/prague/organise/items/quick/duplicate/").status_code == 303
    copy = draft(house, "quick-2")
    assert (clock(copy), copy.end - copy.start) == ("14:20", timedelta(minutes=20))
    assert 'data-slug="quick-2"' in organiser.get("/prague/organise/agenda/timetable/").content.decode()


def test_starting_from_last_years_conference(house, client_of) -> None:
    new = Conference.objects.create(
        slug="prague-2014",
        title="Next year",
        starts_on=date(2014, 12, 16),
        ends_on=date(2014, 12, 16),
        hall_code="next",
    )
    organiser = client_of("organiser")
    address = "/prague-2014/organise/agenda/take-over/"
    assert organiser.get(address).status_code == 404
    Membership.objects.create(user=house.organiser, conference=new, role="organiser")
    assert organiser.post(address, {"source": "prague"}).status_code == 303
    taken = drafts.drafts_of(new)
    assert [each.title for each in taken] == ["Keynote", "Secret", "Table"]
    assert taken[0].start.astimezone(new.zone).date() == new.starts_on
    assert clock(taken[0]) == "09:45"
    assert new.rooms.get().name == "Main hall"
    # Nobody else's conference, and one step to take it all back.
    assert organiser.post(address, {"source": "elsewhere"}).status_code == 422
    undoing.undo(operation=undoing.next_undo(new), by=house.organiser)
    assert drafts.drafts_of(new) == []
