"""Races on a real PostgreSQL: what two hands do at once ends as if one had been first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from conference.board import joining, keys, rounds, services, undoing, votes
from conference.board.models import Decision, Post, SentKey, Vote
from conference.event.models import Participant
from tests.conftest import asker, build_house

pytestmark = pytest.mark.django_db(transaction=True)
DESK = frozenset({"desk"})


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that every thread sees it."""
    return build_house()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads; what each returned or raised."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        except (services.Stale, services.StageFull, services.NotAllowed) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_key_sent_eight_times_at_once_is_one_post(house: SimpleNamespace) -> None:
    key = keys.new_key()

    def send() -> object:
        return services.send_post(
            conference=house.conference, key=key, participant=None, text="Why?", item=house.open
        )

    answers = at_once(*[send] * 8)
    assert len({post.pk for post in answers}) == 1
    assert Post.objects.count() == SentKey.objects.count() == 1
    assert Participant.objects.exclude(pk=house.device.pk).count() == 1


def test_one_device_voting_eight_times_at_once_has_one_vote(house: SimpleNamespace) -> None:
    post = asker(house)("Votable", "published")

    def cast() -> object:
        return votes.cast_vote(post=post, participant=house.device, key=keys.new_key(), active=True)

    assert set(at_once(*[cast] * 8)) == {house.device}
    at_once(votes.recount, votes.recount)
    assert Vote.objects.count() == 1
    assert Post.objects.get(pk=post.pk).vote_count == 1


def test_two_desks_decide_differently_at_once(house: SimpleNamespace) -> None:
    for _ in range(5):
        post = asker(house)("Why?")
        answers = at_once(
            *(
                partial(
                    services.decide,
                    post=post,
                    to=to,
                    by=house.desk,
                    roles=DESK,
                    version=post.version,
                    reason="because",
                )
                for to in ("published", "declined")
            )
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Post", "Stale"]
        assert Decision.objects.filter(post=post).count() == 1


def test_no_more_than_four_go_live_at_once(house: SimpleNamespace) -> None:
    ask = asker(house)
    posts = [ask(f"Question {number}", "published") for number in range(7)]
    at_once(
        *(
            partial(services.decide, post=post, to="live", by=house.desk, roles=DESK, version=post.version)
            for post in posts
        )
    )
    assert Post.objects.filter(stage="live").count() == 4


def test_shortlisting_at_once_gives_each_its_place(house: SimpleNamespace) -> None:
    ask = asker(house)
    posts = [ask(f"Question {number}", "published") for number in range(6)]
    answers = at_once(
        *(
            partial(
                services.decide, post=post, to="shortlisted", by=house.desk, roles=DESK, version=post.version
            )
            for post in posts
        )
    )
    assert all(isinstance(answer, Post) for answer in answers), answers
    places = Post.objects.filter(stage="shortlisted").order_by("position").values_list("position", flat=True)
    assert list(places) == [1, 2, 3, 4, 5, 6]


def test_joining_while_votes_arrive_loses_and_doubles_none(house: SimpleNamespace) -> None:
    """Votes for both questions, a recount and the join at once: in the end every device counts once."""
    target, other = asker(house)("Why?", "published"), asker(house)("But why?", "published")
    voters = [Participant.objects.create() for _ in range(6)]

    def vote(post: Post, device: Participant) -> object:
        return votes.cast_vote(post=post, participant=device, key=keys.new_key(), active=True)

    jobs = [partial(vote, post, device) for device in voters for post in (target, other)]
    join = partial(joining.join, post=other, into=target, by=house.desk, roles=DESK, version=other.version)
    at_once(*jobs[:6], votes.recount, join, *jobs[6:], votes.recount)
    votes.recount()
    assert Post.objects.get(pk=target.pk).vote_count == len(voters)


def test_joining_each_with_the_other_at_once_makes_no_circle(house: SimpleNamespace) -> None:
    for _ in range(4):
        one, other = asker(house)("Why?", "published"), asker(house)("But why?", "published")
        at_once(
            partial(joining.join, post=one, into=other, by=house.desk, roles=DESK, version=one.version),
            partial(joining.join, post=other, into=one, by=house.desk, roles=DESK, version=other.version),
        )
        pair = Post.objects.filter(pk__in=[one.pk, other.pk])
        assert sorted(pair.values_list("release", flat=True)) == ["merged", "published"]


def test_undo_against_a_newer_decision(house: SimpleNamespace) -> None:
    """Either the undo was first, and the decision is stale, or the decision, and the undo is."""
    for _ in range(5):
        post = asker(house)("Why?", "published")
        approval = Decision.objects.get(post=post)
        answers = at_once(
            partial(undoing.undo, decision=approval, by=house.desk, roles=DESK),
            partial(
                services.decide, post=post, to="live", by=house.organiser, roles=DESK, version=post.version
            ),
        )
        assert sum(isinstance(answer, services.Stale) for answer in answers) == 1
        assert Decision.objects.filter(post=post).count() == 2


def test_two_rounds_at_once_never_exceed_four(house: SimpleNamespace) -> None:
    posts = [asker(house)(f"Question {number}", "shortlisted") for number in range(6)]
    picks = [(post, post.version) for post in posts]
    at_once(
        *(
            partial(rounds.start_round, picks=part, by=house.desk, roles=DESK)
            for part in (picks[:3], picks[3:])
        )
    )
    assert Post.objects.filter(stage="live").count() == 3
