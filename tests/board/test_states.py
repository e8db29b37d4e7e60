"""The whole grid: every state, every target, every actor; through the table and through the services."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.board import labels, services, states
from conference.board.models import Decision, Post
from tests.conftest import PATHS

ACTORS = ("organiser", "desk", "chair", "speaker", "author")
# Written out by hand and not taken from the table, so that the table is tested against something.
DESK_STEPS = {
    ("pending", "published"),
    ("pending", "declined"),
    ("declined", "published"),
    ("hidden", "published"),
    *((source, "hidden") for source in ("published", "shortlisted", "live", "answered", "not_reached")),
    ("answered_in_writing", "hidden"),
    ("pending", "passed_on"),
    ("passed_on", "pending"),
    ("passed_on", "not_reached"),
    ("passed_on", "declined"),
}
STAGE_STEPS = {
    ("published", "shortlisted"),
    ("shortlisted", "published"),
    ("published", "live"),
    ("shortlisted", "live"),
    ("live", "shortlisted"),
    ("live", "answered"),
    ("answered", "live"),
    ("published", "not_reached"),
    ("shortlisted", "not_reached"),
    ("live", "not_reached"),
    ("not_reached", "published"),
}
AUTHOR_STEPS = {
    *(
        (source, "withdrawn")
        for source in ("pending", "published", "shortlisted", "not_reached", "merged", "passed_on")
    ),
    ("declined", "pending"),
}
ALLOWED = {
    "organiser": DESK_STEPS | STAGE_STEPS,
    "desk": DESK_STEPS | STAGE_STEPS,
    "chair": STAGE_STEPS,
    "speaker": set(),
    "author": AUTHOR_STEPS,
}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize(("source", "target"), list(itertools.product(states.STATES, states.STATES)))
def test_table(source: str, target: str, actor: str) -> None:
    steps = states.steps_for(source, frozenset({actor}), question=True)
    assert (target in steps) == ((source, target) in ALLOWED[actor])


@pytest.mark.parametrize("source", [state for state in states.STATES if state in PATHS])
def test_services_follow_the_table(house, ask, source: str) -> None:
    """Every target and role from one state: what is allowed happens with a log row, what is not changes nothing."""
    for number, (target, role) in enumerate(itertools.product(states.STATES, ("organiser", "desk", "chair"))):
        post = ask(f"Question {source} {number}", source)
        before = Post.objects.values().get(pk=post.pk)
        logged = Decision.objects.filter(post=post).count()
        try:
            services.decide(
                post=post,
                to=target,
                by=house.desk,
                roles=frozenset({role}),
                version=post.version,
                reason="because",
            )
        except services.NotAllowed:
            assert (source, target) not in ALLOWED[role]
            assert Post.objects.values().get(pk=post.pk) == before
            assert Decision.objects.filter(post=post).count() == logged
        else:
            assert (source, target) in ALLOWED[role]
            after = Post.objects.get(pk=post.pk)
            assert after.state == target
            newest = Decision.objects.filter(post=post).last()
            assert (newest.source, newest.target, newest.version) == (source, target, after.version)
        Post.objects.filter(pk=post.pk).update(release="published", stage="none", position=None)


@pytest.mark.parametrize("source", [state for state in states.STATES if state in PATHS])
def test_author_takes_back(house, ask, source: str) -> None:
    post = ask("Mine", source)
    if source == "withdrawn":
        assert services.withdraw(post=post, participant=house.device).version == post.version
    elif (source, "withdrawn") in AUTHOR_STEPS:
        assert services.withdraw(post=post, participant=house.device).state == "withdrawn"
    else:
        with pytest.raises(services.NotAllowed):
            services.withdraw(post=post, participant=house.device)


def test_comments_have_no_stage() -> None:
    steps = states.steps_for("published", frozenset({"desk", "chair"}), question=False)
    assert set(steps) == {"hidden"}


def test_every_step_has_a_label() -> None:
    assert set(labels.STEP_LABELS) == set(states.TRANSITIONS)


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(states.STATES)), max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_keeps_the_rules(house, ask, moves: list[tuple[int, str]]) -> None:
    """Whatever the desk tries in whatever order: positions stay unique, at most four live, the log tells all."""
    posts = [ask(f"Question {number}") for number in range(3)]
    for which, target in moves:
        post = Post.objects.get(pk=posts[which].pk)
        try:
            services.decide(
                post=post,
                to=target,
                by=house.desk,
                roles=frozenset({"desk"}),
                version=post.version,
                reason="because",
            )
        except (services.NotAllowed, services.StageFull):
            continue
    for post in Post.objects.filter(pk__in=[post.pk for post in posts]):
        log = list(post.decisions.all())
        assert [decision.version for decision in log] == list(range(2, post.version + 1))
        for earlier, later in itertools.pairwise(log):
            assert earlier.target == later.source
        assert (log[-1].target if log else "pending") == post.state
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(
        release="declined", reason="x", stage="none", position=None
    )
