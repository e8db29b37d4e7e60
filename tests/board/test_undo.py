"""Undo as a machine: whatever the desk does, in whatever order, can be undone and done again, and the log tells all."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from conference.board import (
    joining,
    keys,
    moving,
    muting,
    rounds,
    services,
    speaking,
    undoing,
    votes,
    wording,
)
from conference.board.access import visible_to
from conference.board.changing import KEPT, NotAllowed, StageFull, Stale
from conference.board.models import Decision, Post
from conference.board.staff_models import Mute
from conference.board.states import STATES, Release
from conference.event.access import HALL, Audience
from conference.event.models import Participant
from tests.conftest import asker

DESK = frozenset({"desk"})
which = st.integers(0, 3)


def world(house: SimpleNamespace) -> dict[str, Any]:
    """Everything that undo promises to restore: the posts' columns, the order of the shortlists, counts, mutes."""
    votes.recount()
    posts = Post.objects.order_by("pk")
    columns = [name for name in KEPT if name != "position"]
    return {
        "posts": [{name: getattr(post, name) for name in columns} for post in posts],
        # The count of what was joined is nobody's.
        "counts": list(posts.filter(merged_into=None).values_list("pk", "vote_count")),
        "shortlists": list(
            posts.filter(stage="shortlisted").order_by("item", "position").values_list("item", "pk")
        ),
        "muted": set(Mute.objects.values_list("participant", flat=True)),
    }


class Desk(RuleBasedStateMachine):
    """The desk of one conference at work on four questions and whatever it adds."""

    house: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        ask = asker(self.house)
        self.devices = [Participant.objects.create() for _ in range(3)]
        for number in range(4):
            ask(
                f"Question {number}",
                "published" if number else "pending",
                participant=self.devices[number % 3],
            )
        for post in Post.objects.exclude(release="pending"):
            votes.cast_vote(post=post, participant=self.devices[0], key=keys.new_key(), active=True)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def post(self, number: int) -> Post:
        return Post.objects.order_by("pk")[number]

    def act(self, action: Callable[..., object], **content: Any) -> None:
        """Do it, undo it, do it again: the worlds must be the same; what is refused must change nothing."""
        before, logged = world(self.house), Decision.objects.count()
        newest = Decision.objects.order_by("pk").last()
        try:
            with transaction.atomic():
                action(by=self.house.desk, roles=DESK, **content)
        except (NotAllowed, StageFull):
            assert world(self.house) == before
            assert Decision.objects.count() == logged
            return
        made = Decision.objects.filter(pk__gt=newest.pk if newest else 0).order_by("pk").last()
        if made is None:
            assert world(self.house) == before
            return
        after = world(self.house)
        undoing.undo(decision=made, by=self.house.desk, roles=DESK)
        undone = world(self.house)
        if made.action in ("floor", "reply"):
            assert undone["posts"][:-1] == before["posts"]
            assert undone["posts"][-1]["release"] == Release.WITHDRAWN
        else:
            assert undone == before
        again = Decision.objects.order_by("pk").last()
        undoing.undo(decision=again, by=self.house.desk, roles=DESK)
        assert world(self.house) == after

    @rule(number=which, to=st.sampled_from(STATES))
    def decide(self, number: int, to: str) -> None:
        post = self.post(number)
        self.act(services.decide, post=post, to=to, version=post.version, reason="because")

    @rule(
        number=which,
        text=st.sampled_from(["Question 1", "Shorter"]),
        line=st.sampled_from(["", "In English"]),
    )
    def edit(self, number: int, text: str, line: str) -> None:
        post = self.post(number)
        self.act(wording.edit, post=post, text=text, stage_line=line, version=post.version)

    @rule(number=which, other=which)
    def join(self, number: int, other: int) -> None:
        post = self.post(number)
        self.act(joining.join, post=post, into=self.post(other), version=post.version)

    @rule(number=which, hall=st.booleans())
    def move(self, number: int, hall: bool) -> None:
        post = self.post(number)
        item = self.house.closed_door if hall else self.house.open
        self.act(moving.move_to_session, post=post, item=item, version=post.version)

    @rule(number=which, rank=which)
    def order(self, number: int, rank: int) -> None:
        post = self.post(number)
        self.act(services.place_on_shortlist, post=post, rank=rank, version=post.version)

    @rule(count=st.integers(1, 4))
    def round(self, count: int) -> None:
        first = rounds.first_of_shortlist(self.house.conference, self.house.open, count)
        self.act(rounds.start_round, picks=[(post, post.version) for post in first])

    @rule(to=st.sampled_from(["answered", "shortlisted"]))
    def clear(self, to: str) -> None:
        live = rounds.live_of(self.house.conference, self.house.open)
        if live:
            self.act(rounds.clear_stage, picks=[(post, post.version) for post in live], to=to)

    @rule(number=which, muted=st.booleans())
    def mute(self, number: int, muted: bool) -> None:
        post = self.post(number)
        self.act(muting.mute, post=post, muted=muted, version=post.version)

    @rule(number=which, note=st.sampled_from(["", "ask twice"]))
    def annotate(self, number: int, note: str) -> None:
        post = self.post(number)
        self.act(wording.annotate, post=post, note=note, labels=[note][: bool(note)], version=post.version)

    @rule(number=which)
    def reply(self, number: int) -> None:
        self.act(
            speaking.reply_officially, post=self.post(number), key=keys.new_key(), text="See the website."
        )

    @invariant()
    def the_rules_hold(self) -> None:
        for post in Post.objects.prefetch_related("decisions"):
            log = list(post.decisions.all())
            assert [decision.version for decision in log] == list(range(2, post.version + 1))
            for earlier, later in itertools.pairwise(log):
                assert earlier.target == later.source
            if log:
                assert log[-1].target == post.state
            assert post.stage == "none" or post.release == "published"
            assert post.merged_into is None or post.merged_into.merged_into_id is None
        assert Post.objects.filter(stage="live", item=self.house.open).count() <= 4
        shown = visible_to(Audience(HALL), self.house.conference)
        assert set(shown.values_list("release", flat=True)) <= {"published"}


def test_undo_restores_whatever_was_done(house: SimpleNamespace) -> None:
    machine = type("DeskOfHouse", (Desk,), {"house": house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            deadline=None,
            # Against a database, shrinking would take longer than reading the steps.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_undo_is_refused_once_something_else_happened(house, ask) -> None:
    post = ask("Why?", "published")
    approval = post.decisions.last()
    services.decide(post=post, to="shortlisted", by=house.organiser, roles=DESK, version=post.version)
    with pytest.raises(Stale) as caught:
        undoing.undo(decision=approval, by=house.desk, roles=DESK)
    assert caught.value.last.by == house.organiser
    assert Post.objects.get(pk=post.pk).state == "shortlisted"


def test_undo_twice_is_success(house, ask) -> None:
    post = ask("Why?", "published")
    for _ in range(2):
        undoing.undo(decision=Decision.objects.get(pk=post.decisions.first().pk), by=house.desk, roles=DESK)
    post.refresh_from_db()
    assert (post.state, post.version) == ("pending", 3)


def test_answered_is_live_again_only_where_there_is_room(house, ask) -> None:
    post = ask("First", "answered")
    for number in range(4):
        ask(f"Live {number}", "live")
    with pytest.raises(StageFull):
        undoing.undo(decision=post.decisions.last(), by=house.desk, roles=DESK)
    assert Post.objects.get(pk=post.pk).state == "answered"


def test_a_round_is_undone_in_one_go_and_in_its_order(house, ask) -> None:
    posts = [ask(f"Question {number}", "shortlisted") for number in range(5)]
    rounds.start_round(picks=[(post, post.version) for post in posts[:3]], by=house.desk, roles=DESK)
    assert Post.objects.filter(stage="live").count() == 3
    undoing.undo(decision=posts[1].decisions.last(), by=house.chair, roles=frozenset({"chair"}))
    order = Post.objects.filter(stage="shortlisted").order_by("position").values_list("pk", flat=True)
    assert list(order) == [post.pk for post in posts]


def test_the_key_undoes_ones_own_steps_backwards(house, ask) -> None:
    post = ask("Why?", "live")
    for expected in ("published", "pending"):
        undoing.undo(decision=undoing.last_undoable(house.conference, house.desk), by=house.desk, roles=DESK)
        assert Post.objects.get(pk=post.pk).state == expected
    assert undoing.last_undoable(house.conference, house.desk) is None


def test_who_may_undo(house, ask) -> None:
    withdrawn = ask("Mine", "withdrawn").decisions.last()
    approved = ask("Approved", "published").decisions.last()
    live = ask("Live", "live").decisions.last()
    assert not undoing.may_undo(withdrawn, DESK)
    assert undoing.may_undo(approved, DESK)
    assert not undoing.may_undo(approved, frozenset({"chair"}))
    assert undoing.may_undo(live, frozenset({"chair"}))
    assert not undoing.may_undo(live, frozenset({"speaker"}))
