"""Comments over a re-import: they stay, they follow their words, or they wait for the desk; never at other words."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.board import orphans
from conference.board.changing import NotAllowed, Stale
from conference.board.models import Decision, Post
from conference.event.models import Conference
from conference.event.services import attach_paper
from conference.live.services import read_revisions
from papers.importing import read
from papers.models import Block, Paper
from papers.services import new_edition, paper_at, publish_locked

ONE = "The first dock was built of oak and lasted for a hundred winters without any repair."
TWO = "The second dock was built of steel, cost nine times as much and rusted within a decade."
THREE = "Nobody in the town council can say today who signed the contract for the third of them."
FOUR = "A fund to which every ship pays by the ton would settle the matter for good."


def publish(house: SimpleNamespace, *paragraphs: str, by: str | None = "organiser") -> dict[str, Block]:
    """A new edition of the paper `docks`; its paragraphs by text."""
    source = ("# Docks\n\n**Ada Lindqvist**\n\n## History\n\n" + "\n\n".join(paragraphs) + "\n").encode()
    document = read(source)
    paper = paper_at("docks", title="Docks", is_summary=False)
    attach_paper(conference_slug=house.conference.slug, paper=paper)
    who = getattr(house, by) if by else None
    edition = new_edition(paper, document, source=source, source_name="docks.md", by=who)
    publish_locked(paper, edition, document, by=who)
    return {block.text: block for block in Block.objects.filter(paper=paper, removed=False)}


@pytest.fixture
def comment(house: SimpleNamespace, ask: Callable[..., Post]) -> Callable[..., Post]:
    """Send a comment on a paragraph, published unless told otherwise."""

    def send(block: Block, quote: str = "", state: str = "published") -> Post:
        return ask("I doubt it.", state, kind="comment", block=block, quote=quote)

    return send


def lane(house: SimpleNamespace) -> list[Post]:
    """The desk's lane of orphans."""
    return orphans.orphans_of(house.conference)


def test_comments_stay_where_their_words_are(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE)
    kept = [comment(blocks[TWO], "cost nine times as much"), comment(blocks[ONE]), comment(blocks[THREE])]
    publish(house, THREE, ONE, TWO.replace("built of", "made of"))
    assert lane(house) == []
    assert [Post.objects.get(pk=post.pk).block_id for post in kept] == [post.block_id for post in kept]
    assert Decision.objects.filter(action="place").count() == 0


def test_a_removed_paragraph_makes_orphans_of_what_may_be_read_only(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE)
    shown, waits = comment(blocks[TWO], "rusted within a decade"), comment(blocks[TWO], state="pending")
    for state in ("declined", "hidden", "withdrawn"):
        comment(blocks[TWO], state=state)
    publish(house, ONE, THREE)
    assert lane(house) == [shown, waits]
    assert orphans.orphans_of(Conference(pk=0)) == []
    # It comes back: nobody is an orphan any more.
    publish(house, ONE, TWO, THREE)
    assert lane(house) == []


def test_words_that_were_split_off_take_their_comment_along(house, comment) -> None:
    blocks = publish(house, ONE, f"{TWO} {THREE} {FOUR}")
    whole = blocks[f"{TWO} {THREE} {FOUR}"]
    first, last = comment(whole, "cost nine times as much"), comment(whole, "pays by the ton")
    about_all = comment(whole)
    now = publish(house, ONE, TWO, f"{THREE} {FOUR}")
    assert lane(house) == []
    for post, text in ((first, TWO), (last, f"{THREE} {FOUR}"), (about_all, f"{THREE} {FOUR}")):
        post.refresh_from_db()
        assert post.block == now[text]
    row = Decision.objects.get(action="place")
    assert (row.post, row.by, row.source, row.target) == (first, house.organiser, "published", "published")
    assert row.before["block_id"] == whole.pk


def test_a_merged_paragraph_takes_its_comments_along(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE)
    posts = [comment(blocks[THREE]), comment(blocks[THREE], "who signed the contract")]
    now = publish(house, ONE, f"{TWO} {THREE}")
    assert lane(house) == []
    for post in posts:
        post.refresh_from_db()
        assert post.block == now[f"{TWO} {THREE}"]
    gone = Block.objects.get(pk=blocks[THREE].pk)
    assert (gone.removed, gone.continues_in) == (True, now[f"{TWO} {THREE}"])


def test_words_that_went_out_of_a_reworded_paragraph_leave_an_orphan(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE)
    lost = comment(blocks[TWO], "rusted within a decade")
    publish(house, ONE, TWO.replace("rusted within a decade", "is as good as new"), THREE)
    assert lane(house) == [lost]
    places = orphans.suggestions_for(lane(house)[0])
    assert len(places) == 3
    assert places[0].block == blocks[TWO]
    assert places[0].place is None


def test_nobody_decides_for_a_command(house, comment) -> None:
    """Without somebody who published there is nobody to log: the desk decides."""
    blocks = publish(house, ONE, TWO, THREE)
    post = comment(blocks[THREE], "who signed the contract")
    now = publish(house, ONE, f"{TWO} {THREE}", by=None)
    assert lane(house) == [post]
    best = orphans.suggestions_for(post)[0]
    assert best.block == now[f"{TWO} {THREE}"]
    assert best.place is not None
    assert best.block.text[best.place.start : best.place.end] == "who signed the contract"


def test_the_desk_puts_an_orphan_where_it_belongs(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE)
    post = comment(blocks[TWO], "rusted within a decade")
    now = publish(house, ONE, THREE)
    topic = f"{house.conference.pk}/comments/docks"
    before = read_revisions([topic])[topic]
    placed = orphans.reattach(post=post, block=now[THREE], by=house.desk, version=post.version)
    assert (placed.block, placed.version) == (now[THREE], post.version + 1)
    assert lane(house) == []
    assert read_revisions([topic])[topic] == before + 1
    row = placed.decisions.last()
    assert (row.by, row.action, row.source, row.target) == (house.desk, "place", "published", "published")
    # The same once more is success, on the same version; something else is stale.
    assert orphans.reattach(post=post, block=now[THREE], by=house.desk, version=post.version) == placed
    assert placed.decisions.count() == row.version - 1
    with pytest.raises(Stale) as stale:
        orphans.reattach(post=post, block=now[ONE], by=house.chair, version=post.version)
    assert stale.value.last == row


def test_a_waiting_orphan_moves_no_public_page(house, comment) -> None:
    blocks = publish(house, ONE, TWO)
    post = comment(blocks[TWO], state="pending")
    now = publish(house, ONE)
    topics = [f"{house.conference.pk}/comments/docks", f"{house.conference.pk}/events/public"]
    before = read_revisions(topics)
    orphans.reattach(post=post, block=now[ONE], by=house.desk, version=post.version)
    assert read_revisions(topics) == before


def test_an_orphan_goes_to_present_blocks_of_this_conference_only(house, comment) -> None:
    blocks = publish(house, ONE, TWO)
    post = comment(blocks[TWO])
    publish(house, ONE)
    strange = Paper.objects.create(slug="elsewhere", title="Elsewhere")
    edition = new_edition(strange, read(b"# A\n\nOne."), source=b"x", source_name="x", by=None)
    other = Block.objects.create(
        paper=strange, edition=edition, order=1, kind="paragraph", text="x", html="x"
    )
    for block in (blocks[TWO], other):
        with pytest.raises(NotAllowed):
            orphans.reattach(post=post, block=block, by=house.desk, version=post.version)
    assert Post.objects.get(pk=post.pk).version == post.version


def test_suggestions_end_with_the_neighbours(house, comment) -> None:
    blocks = publish(house, ONE, TWO, THREE, FOUR)
    post = comment(blocks[THREE])
    publish(house, ONE, TWO, FOUR)
    places = orphans.suggestions_for(post)
    assert {each.block.text for each in places} <= {"History", ONE, TWO, FOUR}
    assert [each.score for each in places] == [0.0, 0.0, 0.0]
    assert places[0].block.text == FOUR
    assert orphans.suggestions_for(Post()) == []


def test_the_lane_is_one_query_however_long(house, comment) -> None:
    blocks = publish(house, ONE, TWO)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            comment(blocks[TWO], "rusted within a decade")
        publish(house, ONE, by=None)
        with CaptureQueriesContext(connection) as queries:
            found = lane(house)
            assert all(post.item and post.block.paper for post in found)
        counts.append(len(queries))
        publish(house, ONE, TWO)
    assert counts == [1, 1]
    assert len(found) == 30
