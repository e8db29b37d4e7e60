"""Posts that lost their place in the paper when a newer edition came, and giving them one again.

A newer edition deletes nothing: a block that it lacks is `removed`, and a post on it stays where it is. Such a post,
and one whose quoted words its block no longer holds, is an orphan. The desk shows them (`orphans_of`) with the
likeliest places (`suggestions_for`) and puts them there by one tap (`reattach`). What can be placed beyond doubt when
the edition is published follows by itself (`follow`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from rapidfuzz import fuzz

from conference.board import changing
from conference.board.announcing import audience_of_post, topics_of
from conference.board.changing import Decider, NotAllowed
from conference.board.models import Post
from conference.board.states import Release
from conference.event.models import Conference, User
from conference.live.services import announce
from conference.live.topics import DESK
from papers import anchoring
from papers.models import Block, Paper
from papers.queries import current_blocks

MOST_SUGGESTIONS = 3
# From this likeness (0 to 1, by words) on, a paragraph says roughly what a removed one said.
LIKE_THE_OLD = 0.45


@dataclass(frozen=True)
class Suggestion:
    """A block where an orphan may belong. `place` is where its quote stands in the block's text, if it does; `score`
    is 0 for a block that is only a neighbour of the lost place."""

    block: Block
    place: anchoring.Place | None
    score: float


def orphans_of(conference: Conference) -> list[Post]:
    """Pending and published posts without a place in the present text, oldest first, with what their cards show.

    A post is one when its block is removed, or when its quote was found nowhere in its block after a newer edition
    came. For the desk only: it goes around no gate but knows nothing of audiences. One query.
    """
    return [post for post in _suspects(Post.objects.filter(conference=conference)) if _is_orphan(post)]


def suggestions_for(post: Post) -> list[Suggestion]:
    """The three likeliest places of an orphan in the present text of its paper, best first (one query).

    Where its words stand now; then what says roughly the same as its old block did; then the neighbours of the lost
    place, so that there is always something to choose. Empty for a post that is about no paragraph.
    """
    if post.block is None:
        return []
    blocks = current_blocks(post.block.paper)
    return _suggestions(post, blocks)[:MOST_SUGGESTIONS]


@transaction.atomic
def reattach(*, post: Post, block: Block, by: Decider, version: int) -> Post:
    """Put a post at `block`, a present block of one of its conference's papers; the same twice is success.

    Logs a row (action "place") that changes no state, tells the desk and, of a published post, its audience. Raises
    Stale when the post is no longer at `version`, and NotAllowed for a block that is removed or of a paper that this
    conference does not discuss.
    """
    row = changing.lock(post)
    target = Block.objects.filter(pk=block.pk, removed=False).select_related("paper").first()
    if target is None or row.block is None or not _discusses(row.conference, target.paper):
        raise NotAllowed
    if row.block_id == target.pk and row.placed_at is not None and row.version == version + 1:
        return row
    changing.check_version(row, version)
    before = _topics([row])
    _put(row, target, by)
    _tell(row.conference_id, [row], before)
    return row


@transaction.atomic
def follow(*, conference_id: int, paper: Paper, by: User) -> int:
    """Let the orphans of a paper that was just published go where their words stand beyond doubt; returns how many.

    That is: where their block's words went as a whole when it was merged into another one, or the one block that
    holds the quoted words now. The others wait in the desk's lane. Announces once, after everything is written.
    """
    posts = Post.objects.filter(conference=conference_id, block__paper=paper)
    suspects = [post for post in _suspects(posts) if _is_orphan(post)]
    if not suspects:
        return 0
    blocks = current_blocks(paper)
    moved = []
    for row in changing.lock_all(suspects):
        target = _heir(row, blocks)
        if target is not None:
            _put(row, target, by)
            moved.append(row)
    _tell(conference_id, moved, set())
    return len(moved)


def _discusses(conference: Conference, paper: Paper) -> bool:
    return conference.conference_papers.filter(paper=paper).exists()


def _suspects(posts: QuerySet[Post]) -> Iterable[Post]:
    """Posts that may be orphans: on a removed block, or with a quote from before their block's present edition."""
    changed = Q(block__removed=True) | (
        ~Q(quote="")
        & Q(sent_at__lt=F("block__edition__published_at"))
        & (Q(placed_at__isnull=True) | Q(placed_at__lt=F("block__edition__published_at")))
    )
    return (
        posts.filter(changed, release__in=[Release.PENDING, Release.PUBLISHED], merged_into__isnull=True)
        .select_related("item", "block__paper", "addressee")
        .order_by("pk")
    )


def _is_orphan(post: Post) -> bool:
    if post.block is None:
        return False
    if post.block.removed:
        return True
    # Nearly always the words are simply there; only otherwise is it worth looking closely.
    return post.quote not in post.block.text and anchoring.find(post.block.text, *_quote(post)) is None


def _quote(post: Post) -> tuple[str, str, str]:
    return post.quote, post.quote_prefix, post.quote_suffix


def _suggestions(post: Post, blocks: list[Block]) -> list[Suggestion]:
    lost = post.block
    if lost is None:
        return []
    places = anchoring.suggestions({b.public_id: b.text for b in blocks}, *_quote(post)) if post.quote else {}
    found = []
    for block in blocks:
        place = places.get(block.public_id)
        likeness = fuzz.token_set_ratio(lost.text, block.text) / 100 if lost.removed else 0.0
        if block.pk == lost.continues_in_id:
            likeness = 1.0
        score = max(place.score if place else 0.0, 0.9 * likeness if likeness >= LIKE_THE_OLD else 0.0)
        found.append(Suggestion(block, place, round(score, 3)))
    return sorted(found, key=lambda each: (-each.score, abs(each.block.order - lost.order), each.block.order))


def _heir(post: Post, blocks: list[Block]) -> Block | None:
    """The block to which an orphan belongs beyond doubt, or None."""
    lost = post.block
    if lost is None:
        return None
    by_id = {block.public_id: block for block in blocks}
    whole = next((block for block in blocks if block.pk == lost.continues_in_id), None)
    if not post.quote:
        return whole
    texts = {block.public_id: block.text for block in blocks}
    home = whole.public_id if whole else lost.public_id
    found = anchoring.locate(texts, home, *_quote(post))
    return by_id[found[0]] if found else None


def _put(row: Post, block: Block, by: Decider) -> None:
    """Write the new place and its log row; the post is locked."""
    row.block, row.placed_at = block, timezone.now()
    changing.record(row, action="place", by=by)


def _topics(rows: list[Post]) -> set[str]:
    return {topic for row in rows if row.release == Release.PUBLISHED for topic in topics_of(row)}


def _tell(conference_id: int, rows: list[Post], topics: set[str]) -> None:
    events = [(DESK, "queue", row.public_id) for row in rows]
    events += [
        (audience_of_post(row), "post", row.public_id) for row in rows if row.release == Release.PUBLISHED
    ]
    if events:
        announce(conference_id=conference_id, topics=sorted(topics | _topics(rows)), events=events)
