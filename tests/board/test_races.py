"""Races on a real PostgreSQL: what two hands do at once ends as if one had been first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from conference.board import editing, joining, keys, rounds, services, undoing, votes
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
        except (services.Stale, services.StageFull, services.NotAllowed, services.BoardClosed) as error:
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


def test_two_hundred_votes_of_one_device_at_once_count_one(house: SimpleNamespace) -> None:
    post = asker(house)("Votable", "published")

    def cast(number: int) -> object:
        # Every fifth takes it back in between; the last word is for it.
        active = number % 5 != 4
        return votes.cast_vote(post=post, participant=house.device, key=keys.new_key(), active=active)

    def storm(start: int) -> None:
        for number in range(start, 200, 8):
            cast(number)

    at_once(*(partial(storm, start) for start in range(8)), votes.recount)
    cast(0)
    votes.recount()
    assert Vote.objects.count() == 1
    assert Post.objects.get(pk=post.pk).vote_count == 1
    assert SentKey.objects.filter(post=post).count() == 202


def test_an_edit_and_an_approval_at_once_publish_only_what_the_desk_saw(house: SimpleNamespace) -> None:
    for _ in range(6):
        post = asker(house)("Seen by the desk")
        approve = partial(
            services.decide, post=post, to="published", by=house.desk, roles=DESK, version=post.version
        )
        edit = partial(
            editing.edit_own,
            post=post,
            participant=house.device,
            text="Not seen by the desk",
            key=keys.new_key(),
        )
        at_once(approve, edit)
        post.refresh_from_db()
        if post.release == "published":
            assert (post.text, post.proposed_text) == ("Seen by the desk", "Not seen by the desk")
        else:
            assert (post.release, post.text) == ("pending", "Not seen by the desk")
        log = list(Decision.objects.filter(post=post).values_list("version", flat=True))
        assert log == list(range(2, post.version + 1))


def test_one_key_of_an_edit_at_once_is_one_edit(house: SimpleNamespace) -> None:
    post, key = asker(house)("First words"), keys.new_key()
    edit = partial(editing.edit_own, post=post, participant=house.device, text="Second words", key=key)
    answers = at_once(*[edit] * 8)
    assert {answer.version for answer in answers} == {post.version + 1}
    assert Decision.objects.filter(post=post).count() == 1


def test_two_wordings_at_once_from_two_devices_of_one_owner(house: SimpleNamespace) -> None:
    """The trail was carried to a second device: one of the two wordings waits, and the log has both."""
    post = asker(house)("First words", "published")
    at_once(
        *(
            partial(
                editing.edit_own, post=post, participant=house.device, text=f"Words {n}", key=keys.new_key()
            )
            for n in range(2)
        )
    )
    post.refresh_from_db()
    assert post.text == "First words"
    assert post.proposed_text in ("Words 0", "Words 1")
    assert Decision.objects.filter(post=post, action="propose").count() == 2


def test_a_board_that_closes_while_questions_come_keeps_none_that_came_later(house: SimpleNamespace) -> None:
    from conference.agenda.services import close_board

    def send() -> object:
        return services.send_post(
            conference=house.conference, key=keys.new_key(), participant=None, text="Why?", item=house.open
        )

    at_once(*[send] * 4, partial(close_board, item=house.open, by=house.organiser), *[send] * 4)
    stored = Post.objects.count()
    with pytest.raises(services.BoardClosed):
        send()
    assert Post.objects.count() == stored


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
                services.decide,
                post=post,
                to="shortlisted",
                by=house.organiser,
                roles=DESK,
                version=post.version,
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
