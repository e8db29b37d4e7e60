"""Closing while something else happens, on a real PostgreSQL: whoever is first, nothing is left without an end."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from conference.board import closing, keys, services, votes
from conference.board.models import Decision, Post
from tests.board.test_races import at_once
from tests.conftest import asker, build_house

pytestmark = pytest.mark.django_db(transaction=True)
CHAIR, DESK = frozenset({"chair"}), frozenset({"desk"})
LATE = (services.BoardClosed, services.Stale, services.NotAllowed, votes.NotVotable)


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that every thread sees it."""
    return build_house()


def or_late(job):
    """What a job returned, or how it was told that it came too late."""

    def run():
        try:
            return job()
        except LATE as error:
            return error

    return run


def close(house: SimpleNamespace) -> object:
    return closing.close_session(item=house.open, by=house.chair, roles=CHAIR)


def left_without_an_end(house: SimpleNamespace) -> list[str]:
    questions = Post.objects.filter(item=house.open, kind="question")
    return [post.state for post in questions if post.state in ("pending", "published", "shortlisted", "live")]


def test_a_question_that_arrives_meanwhile(house: SimpleNamespace) -> None:
    def send() -> object:
        return services.send_post(
            conference=house.conference, key=keys.new_key(), participant=None, text="Why?", item=house.open
        )

    answers = at_once(*[or_late(send)] * 3, partial(close, house), *[or_late(send)] * 3)
    assert left_without_an_end(house) == []
    sent = [answer for answer in answers if isinstance(answer, Post)]
    assert Post.objects.count() == len(sent) == Post.objects.filter(release="passed_on").count()


def test_a_question_that_is_approved_meanwhile(house: SimpleNamespace) -> None:
    ask = asker(house)
    posts = [ask(f"Question {number}") for number in range(6)]
    approvals = [
        or_late(
            partial(
                services.decide, post=post, to="published", by=house.desk, roles=DESK, version=post.version
            )
        )
        for post in posts
    ]
    at_once(*approvals[:3], partial(close, house), *approvals[3:])
    assert left_without_an_end(house) == []
    for post in Post.objects.all():
        approved = Decision.objects.filter(post=post, target="published").exists()
        assert post.state == ("not_reached" if approved else "passed_on")


def test_two_hands_close_at_once(house: SimpleNamespace) -> None:
    ask = asker(house)
    for number in range(4):
        ask(f"Question {number}", "published")
    assert sorted(at_once(partial(close, house), partial(close, house))) == [0, 4]
    assert Decision.objects.filter(action="close").count() == 4


def test_closing_and_opening_at_once_leaves_one_of_the_two(house: SimpleNamespace) -> None:
    ask = asker(house)
    for state in ("pending", "published", "shortlisted", "live"):
        ask(state, state)

    def reopen() -> object:
        return closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR)

    at_once(partial(close, house), reopen)
    house.open.refresh_from_db()
    assert bool(left_without_an_end(house)) != house.open.is_closed
