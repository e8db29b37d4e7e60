"""Sending, deciding, ordering, closing: what the services promise."""

import pytest
from django.db import IntegrityError, transaction

from conference.board import keys, services, votes
from conference.board.models import Decision, Post, Vote
from conference.event.models import Participant

DESK = frozenset({"desk"})


def send(house, key: str, text: str = "Why?", participant: Participant | None = None, **content):
    return services.send_post(
        conference=house.conference, key=key, participant=participant, text=text, item=house.open, **content
    )


def test_same_key_same_content_is_one_post_and_one_device(house) -> None:
    key = keys.new_key()
    first = send(house, key)
    again = send(house, key)
    assert again.pk == first.pk
    assert again.participant_id == first.participant_id
    assert Post.objects.count() == 1
    assert Participant.objects.exclude(pk=house.device.pk).count() == 1


def test_same_key_other_content_is_refused(house) -> None:
    key = keys.new_key()
    send(house, key)
    with pytest.raises(keys.KeyReused):
        send(house, key, "Something else?")
    assert Post.objects.count() == 1


def test_one_key_cannot_be_a_question_and_a_vote(house, ask) -> None:
    post = ask("Votable", "published")
    key = keys.new_key()
    send(house, key)
    with pytest.raises(keys.KeyReused):
        votes.cast_vote(post=post, participant=None, key=key, active=True)
    assert not Vote.objects.exists()


def test_nobody_is_named_under_chatham_house(house) -> None:
    post = services.send_post(
        conference=house.conference,
        key=keys.new_key(),
        participant=None,
        text="Why?",
        name="Jana",
        item=house.closed_door,
    )
    assert Post.objects.get(pk=post.pk).name == ""


def test_stale_decision_changes_nothing_and_tells_who(house, ask) -> None:
    post = ask()
    services.decide(post=post, to="published", by=house.desk, roles=DESK, version=post.version)
    with pytest.raises(services.Stale) as caught:
        services.decide(
            post=post, to="declined", by=house.organiser, roles=DESK, version=post.version, reason="no"
        )
    assert caught.value.last.by == house.desk
    assert Post.objects.get(pk=post.pk).state == "published"
    assert Decision.objects.filter(post=post).count() == 1


def test_same_decision_twice_is_success(house, ask) -> None:
    post = ask()
    for _ in range(2):
        decided = services.decide(post=post, to="published", by=house.desk, roles=DESK, version=post.version)
    assert decided.state == "published"
    assert Decision.objects.filter(post=post).count() == 1


def test_decline_needs_a_reason(house, ask) -> None:
    post = ask()
    with pytest.raises(services.ReasonMissing):
        services.decide(
            post=post, to="declined", by=house.desk, roles=DESK, version=post.version, reason="  "
        )
    assert Post.objects.get(pk=post.pk).state == "pending"


def test_at_most_four_live(house, ask) -> None:
    for number in range(4):
        ask(f"Live {number}", "live")
    fifth = ask("Fifth", "published")
    with pytest.raises(services.StageFull):
        services.decide(post=fifth, to="live", by=house.desk, roles=DESK, version=fifth.version)
    # Another session has a stage of its own.
    ask("Elsewhere", "live", item=house.closed_door)


def test_shortlist_order(house, ask) -> None:
    first, second, third = (ask(f"Question {n}", "shortlisted") for n in range(3))
    services.move_on_shortlist(
        post=third, by=house.chair, roles=frozenset({"chair"}), version=third.version, up=True
    )
    order = Post.objects.filter(stage="shortlisted").order_by("position")
    assert [post.pk for post in order] == [first.pk, third.pk, second.pk]
    moved = services.move_on_shortlist(
        post=first, by=house.chair, roles=frozenset({"chair"}), version=first.version, up=True
    )
    assert moved.version == first.version


@pytest.mark.parametrize(
    "broken",
    [
        {"stage": "live"},
        {"release": "declined"},
        {"release": "published", "stage": "shortlisted"},
        {"release": "published", "position": 3},
        {"release": "nonsense"},
        {"release": "passed_on", "kind": "comment"},
    ],
)
def test_database_refuses_what_must_never_be(house, ask, broken: dict) -> None:
    post = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**broken)


def test_votes_one_per_device_and_recounted(house, ask) -> None:
    post = ask("Votable", "published")
    other = Participant.objects.create()
    for device in (house.device, house.device, other):
        votes.cast_vote(post=post, participant=device, key=keys.new_key(), active=True)
    votes.recount()
    assert Post.objects.get(pk=post.pk).vote_count == 2
    votes.cast_vote(post=post, participant=other, key=keys.new_key(), active=False)
    votes.recount()
    assert Post.objects.get(pk=post.pk).vote_count == 1
    assert not Vote.objects.filter(uncounted=True).exists()


def test_lost_answer_to_a_first_vote_makes_no_second_device(house, ask) -> None:
    post = ask("Votable", "published")
    key = keys.new_key()
    first = votes.cast_vote(post=post, participant=None, key=key, active=True)
    again = votes.cast_vote(post=post, participant=None, key=key, active=True)
    assert first == again
    votes.recount()
    assert Post.objects.get(pk=post.pk).vote_count == 1


@pytest.mark.parametrize("state", ["pending", "declined", "hidden", "answered", "not_reached"])
def test_no_votes_where_an_answer_is_out_of_reach(house, ask, state: str) -> None:
    post = ask("Over", state)
    with pytest.raises(votes.NotVotable):
        votes.cast_vote(post=post, participant=house.device, key=keys.new_key(), active=True)
    assert not Vote.objects.exists()
