"""The programme: services, forms, clocks and the boundaries of now and next."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conference.agenda import drafts, publishing, queries, services
from conference.agenda.models import AgendaItem
from conference.agenda.records import AgendaChange, DraftItem, Release
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
PUBLISH = "/prague/organise/agenda/publish/"
ADD, EDIT = "/prague/organise/items/add/", "/prague/organise/items/a-new-talk/"


def public_programme() -> str:
    return Client().get("/prague/agenda/").content.decode()


def test_the_public_sees_nothing_before_it_is_published(house, client_of) -> None:
    organiser = client_of("organiser")
    assert organiser.post(ADD, {**FORM, "room": house.room.slug}).status_code == 303
    draft = DraftItem.objects.get(slug="a-new-talk")
    assert draft.start == datetime(2013, 12, 17, 13, 0, tzinfo=UTC)
    assert not AgendaItem.objects.filter(slug="a-new-talk").exists()
    for path in ("agenda/", "", "agenda/now/", "board/", "ask/"):
        assert "A new talk" not in Client().get(f"/prague/{path}").content.decode()
    for path in ("agenda/a-new-talk/", "hall/agenda/a-new-talk/"):
        assert Client().get(f"/prague/{path}").status_code in (303, 404)
    assert "1 change not public yet" in organiser.get("/prague/organise/").content.decode()


def test_add_edit_publish_cancel_and_restore(house, client_of) -> None:
    organiser = client_of("organiser")
    organiser.post(ADD, FORM)
    changed = {
        **FORM,
        "version": 1,
        "title": "A better talk",
        "people-0-person": house.person.slug,
        "people-0-role": "speaker",
        "people-0-state": "coming",
    }
    assert organiser.post(EDIT, changed).status_code == 303
    assert "A better talk" not in public_programme()
    seen = re.search(r'name="seen" value="(\d+)"', organiser.get(PUBLISH).content.decode())
    assert seen is not None
    assert organiser.post(PUBLISH, {"seen": seen[1], "note": "A first talk"}).status_code == 303
    page = public_programme()
    assert "A better talk" in page
    assert "An Author" in page
    release = Release.objects.latest("number")
    assert (release.number, release.note) == (2, "A first talk")
    assert release.items["a-new-talk"]["title"] == "A better talk"

    # Cancelling waits for no release.
    assert organiser.post(f"{EDIT}cancel/", {"version": 2, "cancelled": "1"}).status_code == 303
    assert AgendaItem.objects.get(slug="a-new-talk").cancelled
    assert "Cancelled" in public_programme()
    assert drafts.unpublished(house.conference) == 0
    assert organiser.post(f"{EDIT}cancel/", {"version": 3, "cancelled": "0"}).status_code == 303
    changes = AgendaChange.objects.filter(draft__slug="a-new-talk")
    assert [change.version for change in changes] == [1, 2, 3, 4]


def test_a_stale_save_is_409_and_one_chooses_field_by_field(house, client_of) -> None:
    organiser = client_of("organiser")
    organiser.post(ADD, FORM)
    organiser.post(EDIT, {**FORM, "version": 1, "title": "First wins", "abstract": "Theirs alone"})
    mine = {**FORM, "version": 1, "title": "Typed in vain", "language": "cs"}
    answer = organiser.post(EDIT, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    for text in ("Typed in vain", "First wins", "Theirs alone", 'name="version" value="2"'):
        assert text in page
    draft = DraftItem.objects.get(slug="a-new-talk")
    assert (draft.title, draft.version) == ("First wins", 2)
    # What both changed has to be chosen; what only one did is chosen already.
    assert re.search(r'name="take-title" value="\w+" required checked', page) is None
    assert 'name="take-language" value="mine" required checked' in page
    assert 'name="take-abstract" value="theirs" required checked' in page
    choice = {"take-title": "mine", "take-abstract": "theirs", "take-language": "mine"}
    assert organiser.post(EDIT, {**mine, "version": 2, **choice}).status_code == 303
    content = DraftItem.objects.get(slug="a-new-talk").content
    shown = content["title"], content["abstract"], content["language"]
    assert shown == ("Typed in vain", "Theirs alone", "cs")


def test_the_same_save_twice_is_success(house, client_of) -> None:
    organiser = client_of("organiser")
    organiser.post(ADD, FORM)
    for _ in range(2):
        assert organiser.post(EDIT, {**FORM, "version": 1, "title": "Twice"}).status_code == 303
    assert DraftItem.objects.get(slug="a-new-talk").version == 2


def test_a_draft_may_be_wrong_and_is_not_published(house, client_of) -> None:
    organiser = client_of("organiser")
    assert organiser.post(ADD, {**FORM, "ends": "13:00"}).status_code == 303
    with pytest.raises(publishing.Blocked):
        publishing.publish(conference=house.conference, by=house.organiser)
    page = organiser.get(PUBLISH).content.decode()
    assert "It ends before it starts." in page
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=house.open.pk).update(end=house.open.start)


def test_an_evening_may_pass_midnight(house, client_of) -> None:
    client_of("organiser").post(ADD, {**FORM, "starts": "21:00", "ends": "01:00"})
    draft = DraftItem.objects.get(slug="a-new-talk")
    assert draft.end - draft.start == timedelta(hours=4)


def test_a_title_makes_an_address_that_is_free(house) -> None:
    values = {"title": "Now", "start": house.open.start, "end": house.open.end}
    slugs = [
        services.add_item(conference=house.conference, by=house.organiser, values=values, people=[]).slug
        for _ in range(2)
    ]
    assert slugs == ["now-2", "now-3"]


def edit_keynote(house, **values: object) -> DraftItem:
    draft = drafts.draft_of(house.conference, "keynote")
    return services.edit_item(item=draft, by=house.organiser, version=draft.version, values=values)


def test_the_public_keeps_the_released_words(house, ask) -> None:
    ask("Listed", "published", item=house.open)
    edit_keynote(house, title="Drafted title", room="")
    for path in ("agenda/", "agenda/keynote/", "", "board/", "ask/?item=keynote"):
        page = Client().get(f"/prague/{path}").content.decode()
        assert "Drafted title" not in page, path
        assert "Keynote" in page, path


def test_of_two_attribution_rules_the_stricter_acts_at_once(house, ask) -> None:
    post = ask("Question of the house", "published", item=house.open)

    def public() -> bool:
        return "Question of the house" in Client().get(f"/prague/board/{post.public_id}/").content.decode()

    assert public()
    edit_keynote(house, attribution="chatham_house")
    assert not public()
    publishing.publish(conference=house.conference, by=house.organiser)
    edit_keynote(house, attribution="on_record")
    # Drafted is looser now, released is stricter: that holds until it is published.
    assert not public()
    publishing.publish(conference=house.conference, by=house.organiser)
    assert public()


def test_the_mode_of_a_board_acts_at_once_and_is_in_no_release(house) -> None:
    edit_keynote(house, board_mode="closed")
    assert AgendaItem.objects.get(slug="keynote").board_mode == "closed"
    assert drafts.unpublished(house.conference) == 0
    # The question desk closes a board without the editor: the draft knows.
    services.close_board(item=house.closed_door, by=house.desk)
    assert drafts.draft_of(house.conference, "secret").content["board_mode"] == "closed"
    with pytest.raises(publishing.NothingToPublish):
        publishing.publish(conference=house.conference, by=house.organiser)


def test_a_release_never_changes(house) -> None:
    release = Release.objects.get(conference=house.conference)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(note="Rewritten")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(conference=house.conference, number=release.number)


def test_publishing_names_the_draft_that_was_seen(house) -> None:
    edit_keynote(house, title="One")
    seen = drafts.newest_operation(house.conference)
    edit_keynote(house, title="Two")
    with pytest.raises(publishing.Changed):
        publishing.publish(conference=house.conference, by=house.organiser, seen=seen)


def test_one_item_can_go_out_alone(house) -> None:
    edit_keynote(house, title="Goes out")
    secret = drafts.draft_of(house.conference, "secret")
    services.edit_item(item=secret, by=house.organiser, version=1, values={"title": "Waits"})
    publishing.publish(conference=house.conference, by=house.organiser, only=["keynote"])
    assert "Goes out" in public_programme()
    assert "Waits" not in public_programme()
    assert drafts.unpublished(house.conference) == 1


def test_what_was_cancelled_before_anybody_saw_it_never_becomes_public(house) -> None:
    values = {"title": "Never", "start": house.open.start, "end": house.open.end}
    draft = services.add_item(conference=house.conference, by=house.organiser, values=values, people=[])
    services.cancel_item(item=draft, by=house.organiser, version=1, cancelled=True)
    assert drafts.unpublished(house.conference) == 0
    with pytest.raises(publishing.NothingToPublish):
        publishing.publish(conference=house.conference, by=house.organiser)


def test_a_delay_is_a_fact_of_its_own(house) -> None:
    late = timedelta(minutes=15)
    item = AgendaItem.objects.get(slug="secret")
    AgendaItem.objects.filter(pk=item.pk).update(day_start=item.start + late, day_end=item.end + late)
    item.refresh_from_db()
    assert (item.expected_start - item.start, item.delay_minutes) == (late, 15)
    assert not item.is_now(item.start)
    assert item.is_now(item.end)


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
late = st.none() | st.integers(0, 90)
spans = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 180), st.booleans(), late, late, late), max_size=12
)


@given(spans, st.integers(-60, 800))
def test_nothing_changes_before_the_boundary(rows: list[tuple], minute: int) -> None:
    """For any programme and day: what runs now stays the same until the next boundary, and changes at it or later."""

    def at(begin: int, by: int | None) -> datetime | None:
        return None if by is None else start_of_day + timedelta(minutes=begin + by)

    items = [
        AgendaItem(
            start=start_of_day + timedelta(minutes=begin),
            end=start_of_day + timedelta(minutes=begin + length),
            cancelled=cancelled,
            day_start=at(begin, delay),
            day_end=at(begin + length, delay),
            started_at=at(begin, started),
            ended_at=at(begin, ended),
        )
        for begin, length, cancelled, delay, started, ended in rows
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
