"""The chair's page and the screen: who may open them, what they show, what can be done there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.board import keys, services
from conference.board.models import Decision, Post, StageMessage
from conference.event import links
from conference.event.models import Conference, PrivateLink, Room
from tests.conftest import PATHS

CHAIR, SCREEN = "/prague/stage/hall/", "/prague/screen/hall/"
PAGES = {"chair": CHAIR, "screen": SCREEN}


@pytest.fixture
def by_link(house: SimpleNamespace) -> Callable[..., tuple[Client, PrivateLink]]:
    """A browser that came by a private link, and the link."""

    def come(kind: str, room: Room | None = None, person: object = None) -> tuple[Client, PrivateLink]:
        where = None if person else room or house.room
        link, secret = links.make_link(
            conference=house.conference, kind=kind, by=house.organiser, room=where, person=person
        )
        client = Client()
        assert client.get(f"/prague/open/{secret}/").status_code == 303
        return client, link

    return come


def act(client: Client, what: str, **data: object):
    return client.post(f"{CHAIR}{what}/", data)


# Who may open them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["chair", "screen"])
def test_gates(house, by_link, client_of, kind: str) -> None:
    page = PAGES[kind]
    other_kind = "screen" if kind == "chair" else "chair"
    other_room = Room.objects.create(conference=house.conference, slug="small", name="Small hall")
    for path in (page, f"{page}live/"):
        assert Client().get(path).status_code == 303, path
        assert client_of("stranger").get(path).status_code == 404
        for role in ("organiser", "desk", "chair"):
            assert client_of(role).get(path).status_code == 200
        assert by_link(kind)[0].get(path).status_code == 200
        for client, _link in (
            by_link(other_kind),
            by_link(kind, other_room),
            by_link("speaker", None, house.person),
        ):
            assert client.get(path).status_code == 303
    assert client_of("organiser").get(page.replace("hall", "no-room")).status_code == 404


@pytest.mark.parametrize("kind", ["chair", "screen"])
def test_a_revoked_link_is_closed(house, by_link, kind: str) -> None:
    client, link = by_link(kind)
    links.revoke_link(link=link)
    for path in (PAGES[kind], f"{PAGES[kind]}live/"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert house.open.title not in answer.content.decode()
    assert client.post(f"{PAGES[kind]}seen/").status_code == 410


def test_a_member_of_staff_with_an_old_link_still_gets_in(house, by_link, client_of) -> None:
    client, link = by_link("chair")
    links.revoke_link(link=link)
    staff = client_of("chair")
    staff.cookies.update(client.cookies)
    assert staff.get(CHAIR).status_code == 200


def test_the_screen_may_do_nothing(house, ask, by_link) -> None:
    post = ask("A question", "live")
    client, _link = by_link("screen")
    assert act(client, "decide", post=post.public_id, to="answered", version=post.version).status_code == 303
    assert act(client, "close", item="keynote").status_code == 303
    post.refresh_from_db()
    assert post.state == "live"
    house.open.refresh_from_db()
    assert house.open.closed_at is None
    assert "<button" not in client.get(SCREEN).content.decode()


def test_plain_addresses_lead_to_the_room(house, by_link, client_of) -> None:
    for kind, plain in (("chair", "/prague/stage/"), ("screen", "/prague/screen/")):
        assert Client().get(plain).status_code == 303
        assert by_link(kind)[0].get(plain)["Location"] == PAGES[kind]
        assert client_of("chair").get(plain)["Location"] == PAGES[kind]
    Room.objects.create(conference=house.conference, slug="small", name="Small hall")
    assert client_of("chair").get("/prague/stage/")["Location"] == CHAIR
    type(house.open).objects.update(room=None)
    assert "Small hall" in client_of("chair").get("/prague/stage/").content.decode()


def test_using_a_link_is_noted_by_posts_only(house, by_link) -> None:
    client, link = by_link("chair")
    client.get(CHAIR)
    link.refresh_from_db()
    assert link.last_used_at is None
    assert client.post(f"{CHAIR}seen/").status_code == 204
    link.refresh_from_db()
    assert link.last_used_at is not None


# What they show -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [CHAIR, SCREEN])
@pytest.mark.parametrize("state", sorted(PATHS))
def test_only_what_is_on_stage_is_shown(house, ask, client_of, page: str, state: str) -> None:
    ask("quibbleword", state)
    shown = "quibbleword" in client_of("chair").get(page).content.decode()
    assert shown == (state in ("live", "shortlisted") if page == CHAIR else state == "live")


def test_the_most_wanted_only_when_the_organiser_wants(house, ask, client_of) -> None:
    ask("quibbleword", "published")
    begin_later(house)
    assert "quibbleword" not in client_of("chair").get(SCREEN).content.decode()
    Conference.objects.update(screen_shows_wanted=True)
    assert "quibbleword" in client_of("chair").get(SCREEN).content.decode()
    type(house.open).objects.filter(pk=house.open.pk).update(hide_votes=True)
    assert "quibbleword" not in client_of("chair").get(SCREEN).content.decode()
    type(house.open).objects.filter(pk=house.open.pk).update(hide_votes=False)
    ask("onstage", "live")
    assert "quibbleword" not in client_of("chair").get(SCREEN).content.decode()


def begin_later(house: SimpleNamespace) -> None:
    """The keynote runs since ten minutes: its opening is over."""
    assert (Conference.objects.get().clock_from - house.open.start).total_seconds() >= 600


def test_what_may_be_quoted_stands_large_at_the_start(house, ask, client_of) -> None:
    Conference.objects.update(clock_from=house.closed_door.start, screen_shows_wanted=True)
    ask("wanted", "published", item=house.closed_door)
    house.present.room = None
    house.present.save()
    page = client_of("chair").get(SCREEN).content.decode()
    assert "Use it, never say who said it" in page
    assert "wanted" not in page


def test_nobody_is_named_under_chatham_house(house, ask, client_of) -> None:
    post = ask("A question", "live", item=house.closed_door)
    Post.objects.filter(pk=post.pk).update(name="nomzonkbre")
    Conference.objects.update(clock_from=house.closed_door.start)
    house.present.room = None
    house.present.save()
    for page in (CHAIR, SCREEN):
        body = client_of("chair").get(page).content.decode()
        assert "A question" in body
        assert "nomzonkbre" not in body


def test_now_and_next_when_nothing_is_on(house, client_of) -> None:
    Conference.objects.update(clock_from=house.open.start.replace(hour=6))
    page = client_of("chair").get(SCREEN).content.decode()
    assert "Next in this room" in page
    assert "Keynote" in page
    assert "No session is on" in client_of("chair").get(CHAIR).content.decode()


def test_a_session_that_overruns_keeps_its_stage(house, ask, client_of) -> None:
    ask("A question", "live")
    Conference.objects.update(clock_from=house.open.end)
    page = client_of("chair").get(CHAIR).content.decode()
    assert "A question" in page
    assert "over time" in page
    client = client_of("chair")
    act(client, "close", item="keynote", live="answered")
    assert "A question" not in client.get(SCREEN).content.decode()


def test_the_last_two_questions_are_called(house, client_of) -> None:
    def call(minutes: int) -> bool:
        clock = house.open.end - timedelta(minutes=minutes)
        Conference.objects.update(clock_from=clock)
        page = client_of("chair").get(CHAIR).content.decode()
        return re.search(r"data-last-call\s*hidden|data-last-call hidden", page) is None

    assert not call(20)
    assert call(7)


@pytest.mark.parametrize("page", [CHAIR, SCREEN])
def test_queries_do_not_grow(house, ask, client_of, page: str) -> None:
    client = client_of("chair")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    ask("One", "live")
    ask("Short", "shortlisted", block=house.blocks[1])
    at_one = count()
    for number in range(15):
        ask(f"Question {number}", "shortlisted" if number % 2 else "published", block=house.blocks[1])
    assert count() == at_one
    assert at_one <= 14


# What can be done there ---------------------------------------------------------------------------------------


def test_a_chair_by_link_takes_a_round_through(house, ask, by_link) -> None:
    client, link = by_link("chair")
    post = ask("A question", "shortlisted")
    for to in ("live", "shortlisted", "live", "answered"):
        post.refresh_from_db()
        answer = act(client, "decide", post=post.public_id, to=to, version=post.version)
        assert answer.status_code == 303
        post.refresh_from_db()
        assert post.state == to
    last = Decision.objects.filter(post=post).last()
    assert last.by_link == link
    assert last.by is None


@pytest.mark.parametrize("to", ["published", "hidden", "not_reached", "declined", "nonsense"])
def test_the_chairs_page_does_the_chairs_steps_only(house, ask, by_link, to: str) -> None:
    client, _link = by_link("chair")
    post = ask("A question", "live")
    answer = act(client, "decide", post=post.public_id, to=to, version=post.version, reason="x")
    assert answer.status_code == 422
    assert Post.objects.get(pk=post.pk).state == "live"


def test_a_stale_step_changes_nothing_and_says_who(house, ask, by_link) -> None:
    client, _link = by_link("chair")
    post = ask("A question", "live")
    services.decide(post=post, to="answered", by=house.desk, roles=frozenset({"desk"}), version=post.version)
    answer = act(client, "decide", post=post.public_id, to="shortlisted", version=post.version)
    assert answer.status_code == 409
    assert "desk decided: Answered in the hall" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).state == "answered"


def test_questions_of_other_rooms_are_not_there(house, ask, by_link) -> None:
    small = Room.objects.create(conference=house.conference, slug="small", name="Small hall")
    house.closed_door.room = small
    house.closed_door.save()
    post = ask("Elsewhere", "live", item=house.closed_door)
    client, _link = by_link("chair")
    assert act(client, "decide", post=post.public_id, to="answered", version=post.version).status_code == 404
    assert act(client, "close", item=house.closed_door.slug).status_code == 404


def test_closing_and_opening_again(house, ask, by_link) -> None:
    client, link = by_link("chair")
    ask("Waiting", "pending")
    ask("Live", "live")
    assert act(client, "close", item="keynote", live="answered").status_code == 303
    assert sorted(Post.objects.values_list("release", "stage")) == [
        ("passed_on", "none"),
        ("published", "answered"),
    ]
    house.open.refresh_from_db()
    assert Decision.objects.last().by_link == link
    assert "Open the session again" in client.get(CHAIR).content.decode()
    act(client, "close", item="keynote", reopen="1")
    assert set(Post.objects.values_list("release", flat=True)) == {"pending", "published"}


def test_words_reach_the_other_side_once(house, by_link, client_of) -> None:
    chair, _link = by_link("chair")
    desk = client_of("desk")
    key = keys.new_key()
    for _ in range(2):
        assert act(chair, "say", key=key, word="topic").status_code == 303
    assert StageMessage.objects.count() == 1
    assert "One more on this topic" in desk.get("/prague/moderate/").content.decode()
    assert "Ještě jednu k tomuto tématu" in desk.get("/cs/prague/moderate/").content.decode()
    sent = desk.post(
        "/prague/moderate/words/", {"key": keys.new_key(), "room": "hall", "text": "Five minutes left"}
    )
    assert sent.status_code == 303
    page = chair.get(CHAIR).content.decode()
    assert "Five minutes left" in page
    message = StageMessage.objects.get(to_chair=True)
    assert act(chair, "say", read=message.pk).status_code == 303
    assert "Five minutes left" not in chair.get(CHAIR).content.decode()
    desk.post("/prague/moderate/words/", {"read": StageMessage.objects.get(to_chair=False).pk})
    assert not StageMessage.objects.filter(acknowledged_at=None).exists()


def test_words_need_words_and_a_key(house, by_link) -> None:
    chair, _link = by_link("chair")
    assert act(chair, "say", key=keys.new_key(), text="  ").status_code == 422
    assert act(chair, "say", key="short", word="topic").status_code == 422
    assert act(chair, "say", read="999").status_code == 404
    assert not StageMessage.objects.exists()


def test_words_stay_on_stage(house, by_link, client_of) -> None:
    """A word between desk and chair is on no other page."""
    chair, _link = by_link("chair")
    act(chair, "say", key=keys.new_key(), text="quibblewordzonk")
    for path in ("/prague/", "/prague/agenda/keynote/", "/prague/board/", SCREEN):
        assert "quibblewordzonk" not in client_of("desk").get(path).content.decode()
    assert Client().get("/prague/moderate/words/").status_code == 303
    assert client_of("stranger").get("/prague/moderate/words/").status_code == 404


# The organiser's list -----------------------------------------------------------------------------------------


def test_the_organiser_makes_and_closes_links(house, client_of) -> None:
    client = client_of("organiser")
    made = client.post("/prague/organise/links/", {"what": "chair:hall"})
    address = re.search(r'value="(http[^"]+/prague/open/[^"]+)"', made.content.decode())
    assert address
    path = address[1][address[1].index("/prague/") :]
    assert Client().get(path).status_code == 303
    # Told once.
    assert path not in client.get("/prague/organise/links/").content.decode()
    link = PrivateLink.objects.get()
    assert client.post(f"/prague/organise/links/{link.pk}/revoke/").status_code == 303
    assert Client().get(path).status_code == 410
    assert client.post("/prague/organise/links/", {"what": "chair:no-room"}).status_code == 422


def test_the_list_is_the_organisers(house, client_of) -> None:
    assert Client().get("/prague/organise/links/").status_code == 303
    for name in ("stranger", "desk", "chair"):
        assert client_of(name).get("/prague/organise/links/").status_code == 404
        assert client_of(name).post("/prague/organise/links/", {"what": "chair:hall"}).status_code == 404
    assert not PrivateLink.objects.exists()


def test_switches(house, client_of) -> None:
    client = client_of("organiser")
    client.post("/prague/organise/links/", {"options": "1", "show_tally": "on"})
    row = Conference.objects.get()
    assert (row.show_tally, row.answers_need_approval, row.screen_shows_wanted) == (True, False, False)
