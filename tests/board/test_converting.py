"""A comment that becomes a question, and the passages that posts are about."""

from __future__ import annotations

import pytest

from conference.board import passages
from conference.board.changing import NotAllowed, Stale
from conference.board.converting import convert_to_question
from conference.board.models import Post
from conference.event.access import HALL, PUBLIC, Audience

DESK = frozenset({"desk"})


def convert(
    house, post: Post, item: object, version: int | None = None, roles: frozenset[str] = DESK
) -> Post:
    version = post.version if version is None else version
    return convert_to_question(post=post, item=item, by=house.desk, roles=roles, version=version)


@pytest.mark.parametrize("state", ["pending", "published"])
def test_a_comment_becomes_a_question(house, ask, state: str) -> None:
    post = ask(
        "Is that so?", state, kind="comment", block=house.blocks[1], quote="first", item=None, name="Jana"
    )
    address, version = post.public_id, post.version
    done = convert(house, post, house.open)
    assert (done.kind, done.item, done.block, done.quote) == (
        "question",
        house.open,
        house.blocks[1],
        "first",
    )
    assert (done.public_id, done.state, done.name, done.version) == (address, state, "Jana", version + 1)
    log = done.decisions.last()
    assert (log.action, log.by, log.source, log.target) == ("convert", house.desk, state, state)
    assert convert(house, post, house.open, version).version == done.version
    assert done.decisions.count() == (1 if state == "pending" else 2)


def test_who_saw_something_else_changes_nothing(house, ask) -> None:
    post = ask("A comment", kind="comment")
    with pytest.raises(Stale):
        convert(house, post, house.open, post.version - 1)
    assert Post.objects.get(pk=post.pk).kind == "comment"


def test_what_cannot_be(house, ask) -> None:
    comment = ask("A comment", "published", kind="comment")
    with pytest.raises(NotAllowed):
        convert(house, comment, house.open, roles=frozenset({"chair"}))
    with pytest.raises(NotAllowed):
        convert(house, ask("A question", "published"), house.open)
    with pytest.raises(NotAllowed):
        convert(house, ask("Declined", "declined", kind="comment"), house.open)
    house.open.board_mode = "closed"
    house.open.save()
    with pytest.raises(NotAllowed):
        convert(house, comment, house.open)


def test_nothing_leaves_the_hall_by_it(house, ask) -> None:
    """From the hall to the public never; from the public to the hall with its name gone."""
    inside = ask("Said inside", "published", kind="comment", item=house.closed_door)
    with pytest.raises(NotAllowed):
        convert(house, inside, house.open)
    outside = ask("Said outside", "published", kind="comment", block=house.blocks[1], name="Jana")
    done = convert(house, outside, house.closed_door)
    assert done.name == ""
    of_block = house.conference, house.blocks[1]
    assert passages.discussion_of(Audience(PUBLIC), *of_block).questions == []
    assert passages.discussion_of(Audience(HALL), *of_block).questions == [done]


def test_discussion_of_a_passage(house, ask) -> None:
    first = ask("First", "published", kind="comment", block=house.blocks[1])
    second = ask("Second", "published", kind="comment", block=house.blocks[1])
    ask("Waits", "pending", kind="comment", block=house.blocks[1])
    ask("Elsewhere", "published", kind="comment", block=house.blocks[2])
    question = ask("Why?", "answered", block=house.blocks[1])
    for text, release in (("Seen", "published"), ("Unseen", "pending")):
        Post.objects.create(
            conference=house.conference,
            kind="reply",
            text=text,
            participant=house.device,
            parent=first,
            block=first.block,
            item=first.item,
            release=release,
        )
    Post.objects.filter(pk=second.pk).update(vote_count=3)
    seen = Audience(PUBLIC)
    found = passages.discussion_of(seen, house.conference, house.blocks[1])
    assert (found.comments, found.questions) == ([first, second], [question])
    assert [reply.text for reply in found.comments[0].under] == ["Seen"]
    wished = passages.discussion_of(seen, house.conference, house.blocks[1], sort="wish")
    assert wished.comments == [second, first]
    everything = passages.comments_on(seen, house.conference, house.paper)
    assert [post.text for post in everything] == ["First", "Second", "Elsewhere"]
    newest = passages.comments_on(seen, house.conference, house.paper, sort="time")
    assert newest[0].text == "Elsewhere"


def test_staged_and_under_discussion(house, ask) -> None:
    live = ask("Now?", "live", block=house.blocks[2], quote="second")
    done = ask("Before?", "answered", block=house.blocks[1])
    ask("Inside?", "live", item=house.closed_door, block=house.blocks[1])
    staged = passages.staged_on(Audience(PUBLIC), house.conference, house.paper)
    assert staged.live == [live]
    assert staged.answered == {house.blocks[1].pk: [done]}
    found = passages.passages_under_discussion(Audience(PUBLIC), house.conference, house.open)
    assert [(each.block, each.quote, each.posts) for each in found] == [
        (house.blocks[1], "", 1),
        (house.blocks[2], "second", 1),
    ]
