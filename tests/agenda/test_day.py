"""The day itself: delays, beginnings, endings and announcements act at once, are seen by all, and can be undone."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.agenda import announcing, day, drafts, publishing, queries, services, undoing
from conference.agenda.models import AgendaItem
from conference.agenda.records import Announcement
from conference.agenda.writing import NotPossible
from conference.event.clocks import conference_now
from conference.event.models import Conference


def item(slug: str) -> AgendaItem:
    return AgendaItem.objects.select_related("conference").get(slug=slug)


def late(house: SimpleNamespace, first: str, minutes: int, **values: object) -> None:
    day.run_late(conference=house.conference, by=house.organiser, first=first, minutes=minutes, **values)


def test_late_in_two_taps_with_a_preview(house, client_of) -> None:
    organiser = client_of("organiser")
    page = organiser.get("/prague/organise/day/").content.decode()
    assert "organise/day/late/?first=keynote&amp;minutes=15" in page
    preview = organiser.get("/prague/organise/day/late/?first=keynote&minutes=15")
    assert "10:45" in preview.content.decode()
    assert item("keynote").delay_minutes == 0
    seen = preview.context["seen"]
    data = {"first": "keynote", "minutes": 15, "seen": seen}
    assert organiser.post("/prague/organise/day/late/", data).status_code == 303
    # The keynote runs: it ends later, and what follows is later altogether. The plan stays.
    keynote, secret = item("keynote"), item("secret")
    assert keynote.expected_start == keynote.start
    assert keynote.expected_end - keynote.end == secret.expected_start - secret.start == timedelta(minutes=15)
    assert drafts.unpublished(house.conference) == 0
    # Whoever sends the same page once more changes nothing and is told.
    assert organiser.post("/prague/organise/day/late/", data).status_code == 409
    # And it is undone from the same page.
    operation = organiser.get("/prague/organise/day/").context["undoable"]
    undo = {"operation": operation.pk, "back": "organise-day"}
    assert organiser.post("/prague/organise/agenda/undo/", undo).status_code == 303
    assert item("secret").delay_minutes == 0


def test_never_earlier_without_a_word(house) -> None:
    late(house, "secret", 20)
    with pytest.raises(day.WordMissing):
        late(house, "secret", 5)
    assert item("secret").delay_minutes == 20
    late(house, "secret", 5, word="We begin at eleven after all.")
    assert item("secret").delay_minutes == 5
    assert "We begin at eleven after all." in Client().get("/prague/agenda/").content.decode()


def test_later_needs_none(house) -> None:
    late(house, "secret", 5)
    late(house, "secret", 25)
    assert item("secret").delay_minutes == 25
    assert not Announcement.objects.exists()
    with pytest.raises(NotPossible):
        late(house, "secret", 25)


def test_begun_and_ended_by_hand_tells_the_truth(house) -> None:
    moment = conference_now(house.conference)
    assert day.start_item(item=item("secret"), by=house.organiser) is not None
    # It runs an hour early, in the room in which the keynote ran: that has ended.
    running, _coming = queries.now_and_next(queries.items_of(house.conference), moment + timedelta(minutes=1))
    assert [each.slug for each in running] == ["secret"]
    assert item("keynote").ended_at is not None
    assert day.start_item(item=item("secret"), by=house.organiser) is None
    assert day.end_item(item=item("secret"), by=house.organiser) is not None
    assert day.end_item(item=item("secret"), by=house.organiser) is None
    running, _coming = queries.now_and_next(
        queries.items_of(house.conference), conference_now(house.conference)
    )
    assert running == []
    undoing.undo(operation=undoing.next_undo(house.conference), by=house.organiser)
    assert item("secret").ended_at is None


def test_a_new_plan_ends_the_delay_of_the_old_one(house) -> None:
    late(house, "secret", 20)
    draft = drafts.draft_of(house.conference, "secret")
    later = {"start": draft.start + timedelta(minutes=30), "end": draft.end + timedelta(minutes=30)}
    services.edit_item(item=draft, by=house.organiser, version=draft.version, values=later)
    publishing.publish(conference=house.conference, by=house.organiser, only=["secret"])
    assert item("secret").delay_minutes == 0
    assert item("table").delay_minutes == 20


def test_those_present_take_their_questions_along_at_the_expected_end(house, ask) -> None:
    from conference.board.access import visible_to
    from conference.event.access import HALL, Audience

    post = ask("A question", "published", item=house.present)
    late(house, "table", 30)
    house.conference.refresh_from_db()
    house.conference.clock_from = house.present.end + timedelta(minutes=5)
    house.conference.save()
    assert post in visible_to(Audience(HALL), house.conference)
    house.conference.clock_from = house.present.end + timedelta(minutes=31)
    house.conference.save()
    assert post not in visible_to(Audience(HALL), house.conference)


def test_an_announcement_is_on_every_page_until_it_ends(house, client_of) -> None:
    organiser = client_of("organiser")
    data = {"text": "Lunch is in the <garden>", "minutes": 30}
    assert organiser.post("/prague/organise/day/announce/", data).status_code == 303
    for path in (
        "",
        "agenda/",
        "board/",
        "agenda/keynote/",
        "papers/a-paper/",
        "agenda/notices/",
        "cs",
        "ask/",
    ):
        address = f"/cs/prague/{path[2:]}" if path == "cs" else f"/prague/{path}"
        assert "Lunch is in the &lt;garden&gt;" in Client().get(address).content.decode(), address
    page = Client().get("/prague/agenda/")
    # A kept page knows when the sentence ends.
    assert 0 < float(page["X-Live-Until"]) <= 30 * 60
    house.conference.refresh_from_db()
    house.conference.clock_from += timedelta(minutes=31)
    house.conference.save()
    assert "garden" not in Client().get("/prague/agenda/").content.decode()


def test_an_announcement_can_be_taken_back(house, client_of) -> None:
    made = announcing.announce(conference=house.conference, by=house.organiser, text="Fire drill", minutes=10)
    assert client_of("organiser").post(f"/prague/organise/day/announcements/{made.pk}/").status_code == 303
    assert "Fire drill" not in Client().get("/prague/").content.decode()
    assert client_of("organiser").post("/prague/organise/day/announce/", {"text": ""}).status_code == 422


def fill(house: SimpleNamespace, count: int) -> None:
    """So many more items, each with a person and a paper, published."""
    new = []
    for number in range(count):
        start = house.open.start + timedelta(minutes=number)
        values = {"title": f"Item {number}", "start": start, "end": start + timedelta(minutes=30)}
        values |= {"room": house.room, "papers": [house.paper], "kind": "panel"}
        new.append(("", values, [(house.person, "speaker")]))
    services.add_items(conference=house.conference, by=house.organiser, new=new)
    publishing.publish(conference=house.conference, by=house.organiser)


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    return len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))])


PUBLIC = ("", "agenda/", "agenda/now/", "agenda/keynote/", "agenda/notices/")
STAFF = (
    "organise/",
    "organise/day/",
    "organise/day/late/?first=secret&minutes=15",
    "organise/agenda/publish/",
    "organise/agenda/history/",
    "organise/agenda/releases/2/",
    "organise/agenda/timetable/",
    "organise/items/keynote/",
)


def test_as_many_queries_for_400_items_as_for_one(house, client_of) -> None:
    organiser, stranger = client_of("organiser"), Client()
    fill(house, 1)
    pages = [(stranger, f"/prague/{path}") for path in PUBLIC]
    pages += [(organiser, f"/prague/{path}") for path in STAFF]
    at_one = {path: queries_of(client, path) for client, path in pages}
    fill(house, 39)
    assert {path: queries_of(client, path) for client, path in pages} == at_one
    fill(house, 360)
    assert {path: queries_of(client, path) for client, path in pages} == at_one
    assert all(at_one[f"/prague/{path}"] <= 5 for path in PUBLIC)
    assert Conference.objects.get(pk=house.conference.pk).items.count() >= 400
