"""The programme: services, forms, clocks and the boundaries of now and next."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conference.agenda import queries, services
from conference.agenda.models import AgendaChange, AgendaItem
from conference.event.clocks import conference_now, wall_time
from conference.event.models import Conference
from conference.event.services import start_demonstration_clock

FORM = {
    "version": 0,
    "title": "A new talk",
    "kind": "talk",
    "day": "2013-12-17",
    "starts": "14:00",
    "ends": "15:00",
    "language": "en",
    "attribution": "on_record",
    "board_mode": "moderated",
}


def test_add_edit_cancel_and_restore(house, client_of) -> None:
    organiser = client_of("organiser")
    assert organiser.post("/prague/organise/items/add/", {**FORM, "room": house.room.pk}).status_code == 302
    item = AgendaItem.objects.get(slug="a-new-talk")
    assert item.start == datetime(2013, 12, 17, 13, 0, tzinfo=UTC)
    edit = f"/prague/organise/items/{item.slug}/"
    changed = {**FORM, "version": 1, "title": "A better talk", "speakers": [house.person.pk]}
    assert organiser.post(edit, changed).status_code == 302
    page = Client().get("/prague/agenda/").content.decode()
    assert "A better talk" in page
    assert "An Author" in page
    assert organiser.post(f"{edit}cancel/", {"version": 2, "cancelled": "1"}).status_code == 302
    assert AgendaItem.objects.get(pk=item.pk).cancelled
    assert organiser.post(f"{edit}cancel/", {"version": 3, "cancelled": "0"}).status_code == 302
    assert [change.version for change in AgendaChange.objects.filter(item=item)] == [1, 2, 3, 4]


def test_stale_save_is_409_keeps_what_was_typed_and_changes_nothing(house, client_of) -> None:
    organiser = client_of("organiser")
    organiser.post("/prague/organise/items/add/", FORM)
    edit = "/prague/organise/items/a-new-talk/"
    organiser.post(edit, {**FORM, "version": 1, "title": "First wins"})
    answer = organiser.post(edit, {**FORM, "version": 1, "title": "Typed in vain"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Typed in vain" in page
    assert "First wins" in page
    item = AgendaItem.objects.get(slug="a-new-talk")
    assert (item.title, item.version) == ("First wins", 2)
    # What was typed may be sent again, now as a decision on the present version.
    assert 'name="version" value="2"' in page


def test_the_same_save_twice_is_success(house, client_of) -> None:
    organiser = client_of("organiser")
    organiser.post("/prague/organise/items/add/", FORM)
    for _ in range(2):
        answer = organiser.post(
            "/prague/organise/items/a-new-talk/", {**FORM, "version": 1, "title": "Twice"}
        )
        assert answer.status_code == 302
    assert AgendaItem.objects.get(slug="a-new-talk").version == 2


def test_an_end_before_the_start_is_422(house, client_of) -> None:
    answer = client_of("organiser").post("/prague/organise/items/add/", {**FORM, "ends": "13:00"})
    assert answer.status_code == 422
    assert "A new talk" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=house.open.pk).update(end=house.open.start)


def test_an_evening_may_pass_midnight(house, client_of) -> None:
    client_of("organiser").post("/prague/organise/items/add/", {**FORM, "starts": "21:00", "ends": "01:00"})
    item = AgendaItem.objects.get(slug="a-new-talk")
    assert item.end - item.start == timedelta(hours=4)


def test_a_title_makes_an_address_that_is_free(house) -> None:
    values = {
        "title": "Now",
        "kind": "talk",
        "abstract": "",
        "start": house.open.start,
        "end": house.open.end,
        "room": None,
        "language": "en",
        "attribution": "on_record",
        "board_mode": "moderated",
    }
    slugs = [
        services.add_item(conference=house.conference, by=house.organiser, values=values, people=[]).slug
        for _ in range(2)
    ]
    assert slugs == ["now-2", "now-3"]


def test_now_and_next_by_the_simulated_clock(house) -> None:
    items = queries.items_of(house.conference)
    moment = conference_now(house.conference)
    assert moment.date().isoformat() == "2013-12-17"
    running, coming = queries.now_and_next(items, moment)
    assert [item.slug for item in running] == ["keynote"]
    assert {item.slug for item in coming} == {"secret", "table"}


def test_a_real_conference_has_no_simulated_clock(house) -> None:
    Conference.objects.filter(pk=house.conference.pk).update(
        demonstration=False, clock_from=None, clock_started_at=None
    )
    real = Conference.objects.get(pk=house.conference.pk)
    assert abs(conference_now(real) - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="real conference"):
        start_demonstration_clock(conference=real)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conference.objects.filter(pk=real.pk).update(clock_from=datetime.now(UTC))


def test_wall_and_conference_time_are_inverse(house) -> None:
    moment = conference_now(house.conference) + timedelta(hours=1)
    wall = wall_time(house.conference, moment)
    assert abs(wall - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=5)


start_of_day = datetime(2013, 12, 17, 8, tzinfo=UTC)
spans = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 180), st.booleans()), max_size=12)


@given(spans, st.integers(-60, 800))
def test_nothing_changes_before_the_boundary(rows: list[tuple[int, int, bool]], minute: int) -> None:
    """For any programme: what runs now stays the same until the next boundary, and changes at it or later."""
    items = [
        AgendaItem(
            start=start_of_day + timedelta(minutes=begin),
            end=start_of_day + timedelta(minutes=begin + length),
            cancelled=cancelled,
        )
        for begin, length, cancelled in rows
    ]
    moment = start_of_day + timedelta(minutes=minute)
    boundary = queries.next_boundary(items, moment)

    def shown(at: datetime) -> tuple[list[int], list[int]]:
        running, coming = queries.now_and_next(items, at)
        return [id(item) for item in running], [id(item) for item in coming]

    if boundary is None:
        assert shown(moment) == shown(moment + timedelta(days=365))
    else:
        assert boundary > moment
        assert shown(boundary - timedelta(microseconds=1)) == shown(moment)
        assert shown(boundary) != shown(moment)
