"""The public tally: it counts closed sessions only, names no reason that somebody typed, and adds up."""

from __future__ import annotations

import pytest
from django.test import Client

from conference.board import closing, tally
from conference.board.models import Post
from conference.board.staff_models import CannedReason
from conference.event.models import Conference
from tests.conftest import PATHS

CHAIR = frozenset({"chair"})


def wanted(house) -> Conference:
    Conference.objects.update(show_tally=True)
    house.open.refresh_from_db()
    return Conference.objects.get()


def close(house, item=None) -> None:
    closing.close_session(item=item or house.open, by=house.chair, roles=CHAIR, live_answered=True)


def test_it_adds_up(house, ask) -> None:
    for state in PATHS:
        ask(state, state)
    reason = CannedReason.objects.filter(conference=house.conference).first() or CannedReason.objects.create(
        conference=house.conference, text_en="Asked already", text_cs="Už zaznělo"
    )
    Post.objects.filter(text="declined").update(canned_reason=reason)
    close(house)
    told = tally.tally_of_session(wanted(house), house.open)
    assert told.asked == Post.objects.exclude(release="withdrawn").count()
    assert (told.answered, told.in_writing, told.passed_on, told.not_included) == (2, 0, 5, 2)
    assert told.reasons == [(reason.text_en, 1), ("", 1)]


def test_not_while_the_session_is_open(house, ask) -> None:
    ask("pending")
    conference = wanted(house)
    assert tally.tally_of_session(conference, house.open) is None
    assert tally.tally_of_day(conference) is None
    close(house)
    assert tally.tally_of_day(wanted(house)).asked == 1
    closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR)
    assert tally.tally_of_session(wanted(house), house.open) is None
    assert tally.tally_of_day(wanted(house)) is None


def test_not_when_an_organiser_has_opened_the_board_anew(house, ask) -> None:
    close(house)
    type(house.open).objects.filter(pk=house.open.pk).update(board_mode="moderated")
    assert tally.tally_of_session(wanted(house), house.open) is None
    assert tally.tally_of_day(wanted(house)) is None


def test_only_where_the_organiser_wants_it(house, ask) -> None:
    ask("published", "published")
    close(house)
    house.open.refresh_from_db()
    assert tally.tally_of_session(Conference.objects.get(), house.open) is None
    assert tally.tally_of_day(Conference.objects.get()) is None


def test_the_day_leaves_out_what_stays_in_the_hall(house, ask) -> None:
    ask("open", "published")
    ask("in the hall", "published", item=house.closed_door)
    close(house)
    close(house, house.closed_door)
    assert tally.tally_of_day(wanted(house)).asked == 1


@pytest.mark.parametrize("show", [True, False])
def test_an_open_sessions_pages_do_not_tell_how_many_wait(house, ask, show: bool) -> None:
    """With the tally switched on, a question that waits still changes no byte of a public page."""
    Conference.objects.update(show_tally=show)
    ask("closed", "published", item=house.closed_door)

    def page() -> bytes:
        return Client().get("/prague/agenda/keynote/").content

    before = page()
    ask("waiting")
    ask("declined", "declined")
    assert page() == before
    close(house)
    assert (b"What became of the questions" in page()) == show


def test_what_the_desk_does_afterwards_with_what_was_never_seen_is_not_told(house, ask) -> None:
    post = ask("never approved")
    ask("published", "published")
    close(house)
    before = tally.tally_of_session(wanted(house), house.open)
    Post.objects.filter(pk=post.pk).update(release="pending")
    assert tally.tally_of_session(wanted(house), house.open) == before


def test_home_tells_it_after_the_day_and_not_before(house, ask) -> None:
    ask("published", "published")
    close(house)
    wanted(house)
    assert "What became of the questions" not in Client().get("/prague/").content.decode()
    Conference.objects.update(clock_from=house.open.start.replace(hour=23))
    assert "What became of the questions" in Client().get("/prague/").content.decode()
