"""Joining unites voters, counts nobody twice, and tells all askers."""

from __future__ import annotations

import pytest
from django.test import Client

from conference.board import joining, keys, services, undoing, votes
from conference.board.access import visible_to
from conference.board.changing import NotAllowed, Stale
from conference.board.models import Post
from conference.event.access import PUBLIC, Audience
from conference.event.models import Participant

DESK = frozenset({"desk"})


def devices(count: int) -> list[Participant]:
    return [Participant.objects.create() for _ in range(count)]


def vote(post: Post, *voters: Participant, active: bool = True) -> None:
    for device in voters:
        votes.cast_vote(
            post=Post.objects.get(pk=post.pk), participant=device, key=keys.new_key(), active=active
        )


def count(post: Post) -> int:
    votes.recount()
    return Post.objects.get(pk=post.pk).vote_count


def join(house, post: Post, into: Post) -> Post:
    post = Post.objects.get(pk=post.pk)
    return joining.join(
        post=post, into=Post.objects.get(pk=into.pk), by=house.desk, roles=DESK, version=post.version
    )


def test_devices_are_counted_once_and_the_other_asker_too(house, ask) -> None:
    first, second, both = devices(3)
    target, other = ask("Why?", "published"), ask("But why?", "published", participant=first)
    vote(target, second, both)
    vote(other, both)
    join(house, other, target)
    assert count(target) == 3  # second, both once, and the asker of the other question
    assert votes.voted_of(first, house.conference) == [target.public_id]


def test_ones_own_two_questions_are_no_vote(house, ask) -> None:
    target, other = ask("Why?", "published"), ask("But why?", "published")
    join(house, other, target)
    assert count(target) == 0


def test_taking_a_vote_back_takes_it_back_everywhere(house, ask) -> None:
    asker, voter = devices(2)
    target, other = ask("Why?", "published"), ask("But why?", "published", participant=asker)
    vote(other, voter)
    join(house, other, target)
    assert count(target) == 2
    vote(target, asker, voter, active=False)
    assert count(target) == 0
    assert votes.voted_of(asker, house.conference) == votes.voted_of(voter, house.conference) == []


def test_undo_takes_the_voters_apart_again(house, ask) -> None:
    voter = devices(1)[0]
    target, other = ask("Why?", "published"), ask("But why?", "published", participant=devices(1)[0])
    vote(other, voter)
    joined = join(house, other, target)
    assert count(target) == 2
    undoing.undo(decision=joined.decisions.last(), by=house.desk, roles=DESK)
    assert (count(target), count(other)) == (0, 1)


def test_chains_are_flat_and_come_apart_together(house, ask) -> None:
    first, second, third = (
        ask(f"Question {number}", "published", participant=devices(1)[0]) for number in range(3)
    )
    join(house, first, second)
    last = join(house, second, third)
    assert list(Post.objects.filter(merged_into=third.pk).order_by("pk")) == [first, second]
    assert count(third) == 2
    undoing.undo(decision=last.decisions.last(), by=house.desk, roles=DESK)
    assert Post.objects.get(pk=first.pk).merged_into_id == second.pk
    assert (count(second), count(third)) == (1, 0)


def test_joining_with_what_was_joined_goes_to_the_end(house, ask) -> None:
    first, second, third = (ask(f"Question {number}", "published") for number in range(3))
    join(house, second, third)
    assert join(house, first, second).merged_into_id == third.pk


def test_what_cannot_be_joined(house, ask) -> None:
    here, secret, declined = (
        ask("Here", "published"),
        ask("Secret", "published", item=house.closed_door),
        ask("No", "declined"),
    )
    comment = ask("A comment", "published", kind="comment")
    for post, into in (
        (here, here),
        (here, secret),
        (secret, here),
        (here, declined),
        (declined, here),
        (here, comment),
    ):
        with pytest.raises(NotAllowed):
            join(house, post, into)
    with pytest.raises(NotAllowed):
        joining.join(
            post=here,
            into=ask("Other", "published"),
            by=house.chair,
            roles=frozenset({"chair"}),
            version=here.version,
        )


def test_twice_is_success_and_stale_is_refused(house, ask) -> None:
    target, other = ask("Why?", "published"), ask("But why?", "published")
    for _ in range(2):
        joining.join(post=other, into=target, by=house.desk, roles=DESK, version=other.version)
    third = ask("Third", "published")
    services.decide(post=third, to="live", by=house.desk, roles=DESK, version=third.version)
    with pytest.raises(Stale):
        joining.join(post=third, into=target, by=house.desk, roles=DESK, version=third.version)


def test_the_joined_one_is_gone_and_its_address_leads_to_the_other(house, ask) -> None:
    target, other = ask("Why?", "published"), ask("But why?", "published")
    waiting = ask("Never approved")
    join(house, other, target)
    join(house, waiting, target)
    assert not visible_to(Audience(PUBLIC), house.conference).filter(pk=other.pk).exists()
    for post in (other, waiting):
        answer = Client().get(f"/prague/board/{post.public_id}/")
        assert (answer.status_code, answer.url) == (301, f"/prague/board/{target.public_id}/")
        # The stream asks for the card: that it is absent makes the event `gone`.
        assert Client().get(f"/prague/board/{post.public_id}/card/").status_code == 404


def test_the_address_of_what_nobody_may_see_leads_nowhere(house, ask) -> None:
    target, other = (ask(text, "published", item=house.closed_door) for text in ("Why?", "But why?"))
    join(house, other, target)
    assert Client().get(f"/prague/board/{other.public_id}/").status_code == 404
    services.decide(
        post=target, to="hidden", by=house.desk, roles=DESK, version=target.version, reason="because"
    )
    assert Client().get(f"/prague/hall/board/{other.public_id}/").status_code != 301


def test_a_vote_that_is_on_its_way_counts_for_the_other(house, ask) -> None:
    """The form of a joined question, opened before, votes for the one that it was joined with."""
    target, other = ask("Why?", "published"), ask("But why?", "published", participant=devices(1)[0])
    join(house, other, target)
    answer = Client().post(f"/prague/board/{other.public_id}/vote/", {"key": keys.new_key()})
    assert answer.status_code == 303
    assert target.public_id in answer.url
    assert count(target) == 2
