"""Replies, one level deep and through the desk; flags, which change nothing public."""

import re

import pytest
from django.test import Client

from conference.board import flags, keys, services
from conference.board.models import Decision, Flag, Post
from conference.event.access import hall_pass_value
from conference.event.models import Participant

DESK = frozenset({"desk"})


def publish(house, post: Post) -> Post:
    return services.decide(post=post, to="published", by=house.desk, roles=DESK, version=post.version)


def test_a_reply_waits_then_stands_under_its_question(house, ask) -> None:
    parent = ask("A question", "published", block=house.blocks[1], quote="first")
    client = Client()
    path = f"/prague/board/{parent.public_id}/reply/"
    page = client.get(path).content.decode()
    assert "A question" in page
    data = {
        "key": re.search(r'name="key" value="(\w+)"', page).group(1),
        "text": "An insight",
        "name": "Jana",
    }
    assert client.post(path, data).status_code == 303
    # A retry is one reply.
    assert client.post(path, data).status_code == 303
    reply = Post.objects.get(kind="reply")
    assert (reply.parent, reply.item, reply.block, reply.state) == (
        parent,
        house.open,
        house.blocks[1],
        "pending",
    )
    shown = f"/prague/board/{parent.public_id}/"
    assert "An insight" not in Client().get(shown).content.decode()
    publish(house, reply)
    assert "An insight" in Client().get(shown).content.decode()
    # On the board stands the question alone, and how many replied.
    board = Client().get("/prague/board/").content.decode()
    assert "An insight" not in board
    assert "1 reply" in board
    assert "An insight" in client.get("/prague/me/").content.decode()
    # Nobody replies to a reply.
    assert "no replies any more" in client.get(f"/prague/board/{reply.public_id}/reply/").content.decode()
    answer = client.post(
        f"/prague/board/{reply.public_id}/reply/", {"key": keys.new_key(), "text": "And you?"}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("state", ["pending", "declined", "hidden", "withdrawn"])
def test_no_reply_and_no_flag_to_what_nobody_reads(house, ask, state: str) -> None:
    parent = ask("A question", state)
    for action in ("reply", "flag"):
        path = f"/prague/board/{parent.public_id}/{action}/"
        assert Client().get(path).status_code == 404
        data = {"key": keys.new_key(), "text": "x", "reason": "other"}
        assert Client().post(path, data).status_code == 404


def test_a_closed_session_takes_no_replies_and_keeps_the_text(house, ask) -> None:
    parent = ask("A question", "published")
    house.open.board_mode = "closed"
    house.open.save()
    with pytest.raises(services.BoardClosed):
        services.send_post(
            conference=house.conference, key=keys.new_key(), participant=None, text="Late", parent=parent
        )
    path = f"/prague/board/{parent.public_id}/reply/"
    assert Client().post(path, {"key": keys.new_key(), "text": "Late"}).status_code == 409


def test_a_reply_in_the_hall_stays_there_without_a_name(house, ask) -> None:
    parent = ask("A question", "published", item=house.closed_door)
    path = f"/prague/board/{parent.public_id}/reply/"
    assert Client().get(path).status_code == 404
    client = Client()
    client.cookies["hall_pass"] = hall_pass_value(house.conference)
    data = {"key": keys.new_key(), "text": "As the ambassador of Norway I agree", "name": "Jana"}
    assert client.post(path, data).status_code == 422
    assert client.post(path, {**data, "warned": "shown"}).status_code == 303
    reply = Post.objects.get(kind="reply")
    assert reply.name == ""
    publish(house, reply)
    assert client.get(f"/prague/hall/board/{parent.public_id}/").content.decode().count("I agree") == 1
    assert Client().get(f"/prague/board/{reply.public_id}/").status_code == 404


def test_a_hidden_question_takes_its_replies_along(house, ask) -> None:
    parent = ask("A question", "published")
    reply = publish(
        house,
        services.send_post(
            conference=house.conference, key=keys.new_key(), participant=None, text="Aye", parent=parent
        ),
    )
    path = f"/prague/board/{reply.public_id}/"
    assert Client().get(path).status_code == 200
    services.decide(
        post=parent, to="hidden", by=house.desk, roles=DESK, version=parent.version, reason="because"
    )
    assert Client().get(path).status_code == 404


def test_flagging_changes_nothing_public_and_counts_each_device_once(house, ask) -> None:
    post = ask("A question", "published")
    pages = ("/prague/board/", f"/prague/board/{post.public_id}/", f"/prague/board/{post.public_id}/card/")

    def shown() -> list[bytes]:
        return [re.sub(rb'data-made="[^"]*"', b"", Client().get(page).content) for page in pages]

    before = shown()
    client = Client()
    path = f"/prague/board/{post.public_id}/flag/"
    page = client.get(path).content.decode()
    data = {
        "key": re.search(r'name="key" value="(\w+)"', page).group(1),
        "reason": "offensive",
        "note": "the end",
    }
    assert client.post(path, {**data, "reason": "nonsense"}).status_code == 422
    for _ in range(2):
        assert client.post(path, data).status_code == 303
    assert client.post(path, {**data, "reason": "names"}).status_code == 409
    other = {"key": keys.new_key(), "reason": "names"}
    assert client.post(path, other).status_code == 303
    assert Client().post(path, {**other, "key": keys.new_key()}).status_code == 303
    assert Flag.objects.count() == 2
    assert shown() == before

    found = flags.flagged_posts(house.conference).get()
    assert (found, found.flag_count) == (post, 2)
    assert flags.reasons_of(found) == [("It tells who somebody is", 2)]
    settled = flags.settle_flags(post=post, by=house.desk, roles=DESK, version=post.version)
    assert not flags.flagged_posts(house.conference).exists()
    assert Decision.objects.filter(post=post).last().action == "settle-flags"
    assert settled.state == "published"
    assert (
        flags.settle_flags(post=post, by=house.desk, roles=DESK, version=post.version).version
        == settled.version
    )
    # A flag that comes later counts anew, also from a device that flagged before.
    assert client.post(path, {"key": keys.new_key(), "reason": "other"}).status_code == 303
    assert flags.flagged_posts(house.conference).get().flag_count == 1


def test_flags_are_the_desks(house, ask) -> None:
    post = ask("A question", "published")
    flags.flag_post(post=post, participant=house.device, key=keys.new_key(), reason="other")
    with pytest.raises(services.NotAllowed):
        flags.settle_flags(post=post, by=house.chair, roles=frozenset({"chair"}), version=post.version)
    hidden = services.decide(
        post=post, to="hidden", by=house.desk, roles=DESK, version=post.version, reason="because"
    )
    assert not flags.flagged_posts(house.conference).exists()
    with pytest.raises(services.NotAllowed):
        flags.flag_post(
            post=hidden, participant=Participant.objects.create(), key=keys.new_key(), reason="other"
        )
