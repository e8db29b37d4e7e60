"""Closing a session: nothing is left without an end, nothing becomes public by it, and it can be taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.board import access, changing, closing, editing, keys, moving, services, speaking, undoing
from conference.board.models import Decision, Post
from conference.board.states import STATES
from conference.event.access import HALL, PUBLIC, Audience
from tests.conftest import PATHS

CHAIR = frozenset({"chair"})
DESK = frozenset({"desk"})
LATE = ("pending", "published", "shortlisted", "live")
ENDS = {
    "answered",
    "not_reached",
    "answered_in_writing",
    "declined",
    "hidden",
    "withdrawn",
    "merged",
    "passed_on",
}


def close(house: SimpleNamespace, **how: bool) -> int:
    return closing.close_session(item=house.open, by=house.chair, roles=CHAIR, **how)


def states_in(house: SimpleNamespace) -> dict[str, str]:
    return {post.text: post.state for post in Post.objects.filter(item=house.open, kind="question")}


def test_every_question_has_an_end(house, ask) -> None:
    for state in PATHS:
        ask(state, state)
    assert close(house) == 4
    ends = states_in(house)
    assert ends["pending"] == "passed_on"
    assert {ends["published"], ends["shortlisted"], ends["live"]} == {"not_reached"}
    unchanged = set(PATHS) - {"pending", "published", "shortlisted", "live"}
    assert {state: ends[state] for state in unchanged} == {state: state for state in unchanged}
    house.open.refresh_from_db()
    assert house.open.closed_at is not None
    assert not house.open.takes_questions
    log = Decision.objects.filter(action="close")
    assert log.count() == 4
    assert len(set(log.values_list("batch", flat=True))) == 1


def test_what_is_on_stage_was_answered_if_the_chair_says_so(house, ask) -> None:
    ask("live", "live")
    ask("published", "published")
    assert close(house, live_answered=True) == 1
    assert states_in(house) == {"live": "answered", "published": "not_reached"}


def test_closing_again_is_success_and_does_nothing(house, ask) -> None:
    ask("published", "published")
    assert close(house) == 1
    logged = Decision.objects.count()
    version = type(house.open).objects.get(pk=house.open.pk).version
    assert close(house) == 0
    assert Decision.objects.count() == logged
    assert type(house.open).objects.get(pk=house.open.pk).version == version


def test_comments_and_other_sessions_are_left_alone(house, ask) -> None:
    comment = ask("A comment", "pending", kind="comment")
    elsewhere = ask("Elsewhere", "pending", item=house.closed_door)
    close(house)
    assert Post.objects.get(pk=comment.pk).state == "pending"
    assert Post.objects.get(pk=elsewhere.pk).state == "pending"


def test_only_the_stage_may_close(house) -> None:
    for roles in (frozenset(), frozenset({"speaker"})):
        with pytest.raises(services.NotAllowed):
            closing.close_session(item=house.open, by=house.stranger, roles=roles)
        with pytest.raises(services.NotAllowed):
            closing.reopen_session(item=house.open, by=house.stranger, roles=roles)


def test_what_nobody_approved_stays_unseen(house, ask) -> None:
    post = ask("Never approved")
    close(house)
    for audience in (PUBLIC, HALL):
        assert post not in access.visible_to(Audience(audience), house.conference)
    assert post in access.visible_to(Audience(participant=house.device), house.conference)
    assert str(Post.objects.get(pk=post.pk).state_label) == "No time left; passed to the speaker"


def test_nothing_can_be_sent_to_a_closed_session(house) -> None:
    close(house)
    key = keys.new_key()
    with pytest.raises(services.BoardClosed):
        services.send_post(
            conference=house.conference, key=key, participant=house.device, text="Late", item=house.open
        )
    assert not Post.objects.exists()


def test_a_retry_of_what_was_in_time_is_told_that_it_was(house) -> None:
    content = {
        "conference": house.conference,
        "key": keys.new_key(),
        "participant": house.device,
        "text": "In time",
        "item": house.open,
    }
    sent = services.send_post(**content)
    close(house)
    assert services.send_post(**content).pk == sent.pk


def test_reopening_puts_everything_back_in_its_order(house, ask) -> None:
    for state in ("pending", "published", "answered", "declined"):
        ask(state, state)
    for number in range(3):
        ask(f"live {number}", "live")
    short = [ask(f"short {number}", "shortlisted") for number in range(3)]
    services.move_on_shortlist(post=short[2], by=house.chair, roles=CHAIR, version=short[2].version, up=True)
    before = states_in(house)
    mode = house.open.board_mode
    close(house, live_answered=True)
    assert closing.reopen_session(item=house.open, by=house.desk, roles=frozenset({"desk"})) == 8
    assert states_in(house) == before
    order = Post.objects.filter(stage="shortlisted").order_by("position").values_list("text", flat=True)
    assert list(order) == ["short 0", "short 2", "short 1"]
    house.open.refresh_from_db()
    assert house.open.closed_at is None
    assert house.open.board_mode == mode
    assert closing.reopen_session(item=house.open, by=house.desk, roles=CHAIR) == 0


def test_reopening_leaves_alone_what_was_decided_since(house, ask) -> None:
    post = ask("published", "published")
    ask("pending")
    close(house)
    post.refresh_from_db()
    services.decide(
        post=post, to="hidden", by=house.desk, roles=frozenset({"desk"}), version=post.version, reason="no"
    )
    assert closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR) == 1
    assert states_in(house) == {"published": "hidden", "pending": "pending"}


def test_a_session_can_be_closed_opened_and_closed_again(house, ask) -> None:
    ask("published", "published")
    for _ in range(2):
        assert close(house) == 1
        assert closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR) == 1
    assert states_in(house) == {"published": "published"}


@given(st.lists(st.sampled_from(sorted(PATHS)), max_size=8), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_board_can_be_closed_and_opened(house, ask, chosen: list[str], answered: bool) -> None:
    """After closing every state is an end, and opening again brings back exactly what was."""
    chosen = [state for n, state in enumerate(chosen) if state != "live" or chosen[:n].count("live") < 4]
    for number, state in enumerate(chosen):
        ask(f"{number} {state}", state)
    before = states_in(house)
    close(house, live_answered=answered)
    assert set(states_in(house).values()) <= ENDS
    closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR)
    assert states_in(house) == before
    Post.objects.filter(item=house.open).update(item=house.present, stage="none", position=None)


def decide(house: SimpleNamespace, post: Post, to: str) -> Post:
    return services.decide(
        post=post, to=to, by=house.desk, roles=DESK, version=post.version, reason="because"
    )


@pytest.mark.parametrize(
    ("state", "to"),
    [("published", "published"), ("pending", "pending"), ("answered", "live")],
)
def test_nothing_of_a_closed_session_is_opened_again(house, ask, client_of, state: str, to: str) -> None:
    """Refused with what to do first, at the desk, and possible once the session is open again."""
    post = ask("Late", state)
    close(house)
    post.refresh_from_db()
    ended, version = post.state, post.version
    with pytest.raises(changing.SessionClosed):
        decide(house, post, to)
    answer = client_of("desk").post(
        f"/prague/moderate/{post.public_id}/decide/", {"to": to, "version": version}
    )
    assert answer.status_code == 409
    assert "This session is closed. Reopen it first" in answer.content.decode()
    post.refresh_from_db()
    assert (post.state, post.version) == (ended, version)
    closing.reopen_session(item=house.open, by=house.desk, roles=DESK)
    post.refresh_from_db()
    if state == "answered":
        assert decide(house, post, to).state == to
    assert Post.objects.get(pk=post.pk).state in LATE


@pytest.mark.parametrize("state", ["declined", "hidden"])
def test_what_is_published_late_goes_to_the_speaker(house, ask, state: str) -> None:
    post = ask("Late", state)
    close(house)
    done = decide(house, post, "published")
    assert done.state == "not_reached"
    assert decide(house, post, "published").version == done.version  # twice is success


def test_undo_opens_nothing_in_a_closed_session(house, ask, client_of) -> None:
    post = ask("Declined", "declined")
    close(house)
    answer = client_of("desk").post(f"/prague/moderate/undo/{post.decisions.last().pk}/")
    assert answer.status_code == 409
    assert "This session is closed." in answer.content.decode()
    assert Post.objects.get(pk=post.pk).state == "declined"


def test_undoing_the_closing_opens_the_session(house, ask) -> None:
    post = ask("Published", "published")
    close(house)
    undoing.undo(decision=post.decisions.last(), by=house.desk, roles=DESK)
    assert Post.objects.get(pk=post.pk).state == "published"
    house.open.refresh_from_db()
    assert not house.open.is_closed


def test_no_question_comes_into_a_closed_session(house, ask) -> None:
    elsewhere = ask("Elsewhere", "published", item=house.closed_door)
    shorten = ask("Too long")
    services.decide(
        post=shorten, to="declined", by=house.desk, roles=DESK, version=shorten.version, may_resend=True
    )
    close(house)
    common = {"by": house.desk, "roles": DESK}
    with pytest.raises(changing.SessionClosed):
        moving.move_to_session(post=elsewhere, item=house.open, version=elsewhere.version, **common)
    with pytest.raises(changing.SessionClosed), transaction.atomic():
        speaking.ask_from_floor(
            conference=house.conference, key=keys.new_key(), text="Aloud", item=house.open, **common
        )
    with pytest.raises(changing.NotAllowed):
        editing.edit_own(post=shorten, participant=house.device, text="Short", key=keys.new_key())


@pytest.mark.parametrize("state", ["published", "shortlisted", "answered"])
def test_a_new_wording_that_waits_ends_and_comes_back(house, ask, state: str) -> None:
    post = ask("Old words", "published")
    editing.edit_own(post=post, participant=house.device, text="New words", key=keys.new_key())
    for to in PATHS[state][1:]:
        post.refresh_from_db()
        decide(house, post, to)
    close(house)
    post.refresh_from_db()
    assert (post.text, post.proposed_text) == ("Old words", "")
    assert post.decisions.last().action == "close"
    closing.reopen_session(item=house.open, by=house.desk, roles=DESK)
    post.refresh_from_db()
    assert (post.state, post.proposed_text) == (state, "New words")


@given(
    st.lists(st.sampled_from(sorted(PATHS)), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([*STATES, *["published", "undo", "move"] * 4])),
        max_size=8,
    ),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_closing_nothing_waits_whatever_the_desk_does(house, ask, chosen, steps) -> None:
    posts = [ask(f"{number} {state}", state) for number, state in enumerate(chosen)]
    for post in posts:
        if editing.may_edit(Post.objects.get(pk=post.pk)):
            editing.edit_own(post=post, participant=house.device, text="Other words", key=keys.new_key())
    close(house)
    common = {"by": house.desk, "roles": DESK}
    for number, step in steps:
        post = Post.objects.get(pk=posts[number % len(posts)].pk)
        last = post.decisions.last()
        try:
            with transaction.atomic():
                if step == "move":
                    elsewhere = house.closed_door if post.item_id == house.open.pk else house.open
                    moving.move_to_session(post=post, item=elsewhere, version=post.version, **common)
                elif step != "undo":
                    decide(house, post, step)
                elif last is not None and last.action != "close":
                    undoing.undo(decision=last, **common)
        except (changing.NotAllowed, changing.Stale, changing.StageFull):
            pass
        here = Post.objects.filter(item=house.open, kind="question")
        assert not {found.state for found in here} & set(LATE)
        assert not here.exclude(proposed_text="").exists()
    closing.reopen_session(item=house.open, by=house.chair, roles=CHAIR)
    Post.objects.update(item=house.present, release="withdrawn", stage="none", position=None)


def test_the_chair_reads_what_to_do_first(house, ask, client_of) -> None:
    post = ask("Answered", "answered")
    close(house)
    post.refresh_from_db()
    form = {"post": post.public_id, "to": "live", "version": post.version}
    answer = client_of("chair").post(f"/prague/stage/{house.room.slug}/decide/", form)
    assert answer.status_code == 409
    assert "This session is closed. Reopen it first" in answer.content.decode()
