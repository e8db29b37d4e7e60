"""Closed, open, moderated: what becomes of a question, and when a board opens by itself."""

from datetime import timedelta

import pytest
from django.test import Client

from conference.agenda import queries as agenda
from conference.board import keys, services
from conference.board.models import Decision, Post
from conference.event.clocks import conference_now, wall_time


def set_board(item, **switches) -> None:
    for name, value in switches.items():
        setattr(item, name, value)
    item.save()


def test_on_an_open_board_a_question_appears_at_once_and_the_log_says_so(house, ask) -> None:
    set_board(house.open, board_mode="open")
    post = ask("At once?")
    assert post.state == "published"
    logged = Decision.objects.get(post=post)
    assert (logged.source, logged.target, logged.action, logged.by_author) == (
        "pending",
        "published",
        "auto",
        True,
    )
    assert logged.version == Post.objects.get(pk=post.pk).version
    assert "At once?" in Client().get("/prague/board/").content.decode()
    # The desk can hide it, on the version that it sees.
    hidden = services.decide(
        post=post,
        to="hidden",
        by=house.desk,
        roles=frozenset({"desk"}),
        version=post.version,
        reason="because",
    )
    assert hidden.state == "hidden"


def test_a_moderated_board_keeps_it_for_the_desk(house, ask) -> None:
    assert house.open.board_mode == "moderated"
    assert ask("Later?").state == "pending"


@pytest.mark.parametrize("switches", [{"board_mode": "closed"}, {"cancelled": True}, {"kind": "break"}])
def test_a_closed_board_takes_nothing(house, switches) -> None:
    set_board(house.open, **switches)
    with pytest.raises(services.BoardClosed):
        services.send_post(
            conference=house.conference, key=keys.new_key(), participant=None, text="Why?", item=house.open
        )
    data = {"key": keys.new_key(), "text": "A long thought", "item": "keynote"}
    answer = Client().post("/prague/ask/", data)
    assert answer.status_code == 422
    assert "A long thought" in answer.content.decode()
    assert not Post.objects.exists()


def test_a_board_opens_by_itself(house) -> None:
    now = conference_now(house.conference)
    set_board(house.open, board_opens_at=now + timedelta(minutes=5))
    page = Client().get("/prague/agenda/keynote/")
    assert "Questions can be sent from 10:00" in page.content.decode()
    assert b"/ask/?item=keynote" not in page.content
    # The page is kept until that moment and no longer; streams are told then.
    assert 0 < float(page["X-Live-Until"]) <= 300
    opens = agenda.next_boundary_wall(house.conference.pk)
    assert conference_now(house.conference) < house.open.board_opens_at
    assert opens == wall_time(house.conference, house.open.board_opens_at)
    data = {"key": keys.new_key(), "text": "Too early", "item": "keynote"}
    assert Client().post("/prague/ask/", data).status_code == 422

    house.conference.clock_from += timedelta(minutes=6)
    house.conference.save()
    assert b"/ask/?item=keynote" in Client().get("/prague/agenda/keynote/").content
    assert Client().post("/prague/ask/", data).status_code == 303


def test_a_kind_that_has_its_own_form_is_no_question(house) -> None:
    for kind in ("reply", "answer"):
        data = {"key": keys.new_key(), "text": "Sly", "kind": kind}
        assert Client().post("/prague/ask/", data).status_code == 422


def test_an_organiser_switches_it(house, client_of) -> None:
    organiser = client_of("organiser")
    form = {"version": 1, "title": "Keynote", "kind": "panel", "day": "2013-12-17", "starts": "09:45"}
    form |= {"ends": "10:30", "language": "en", "attribution": "on_record", "room": house.room.slug}
    form |= {"board_mode": "open", "opens": "2013-12-17T10:15", "hide_votes": "on"}
    assert organiser.post("/prague/organise/items/keynote/", form).status_code == 303
    house.open.refresh_from_db()
    assert (house.open.board_mode, house.open.hide_votes) == ("open", True)
    assert house.open.board_opens_at.astimezone(house.conference.zone).strftime("%H:%M") == "10:15"
    assert 'value="2013-12-17T10:15"' in organiser.get("/prague/organise/items/keynote/").content.decode()
