"""Posts by the passage they are about, always through the gate (rule 2, docs/design.md)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from conference.agenda.models import AgendaItem
from conference.board.access import visible_to
from conference.board.models import Post
from conference.board.queries import MOST_ON_A_PAGE
from conference.board.states import Release, Stage
from conference.event.access import Audience
from conference.event.models import Conference
from papers import anchoring
from papers.models import Block, Paper

SORTS = ("time", "wish")
PAPER_SORTS = ("paragraph", "time")
ON_STAGE = (Stage.LIVE, Stage.ANSWERED, Stage.ANSWERED_IN_WRITING)


@dataclass
class Discussion:
    """What was said about a paragraph; each post has its replies and answers as `under`."""

    comments: list[Post] = field(default_factory=list)
    questions: list[Post] = field(default_factory=list)


@dataclass
class Staged:
    """The questions about a paper that came to the stage."""

    live: list[Post] = field(default_factory=list)
    # By the block's primary key, oldest first; each post has its answers as `under`.
    answered: dict[int, list[Post]] = field(default_factory=dict)


@dataclass
class Passage:
    """A paragraph that a session talks about."""

    block: Block
    # The words that the first post with a quote is about; empty when all are about the paragraph as a whole.
    quote: str
    posts: int


def discussion_of(
    audience: Audience, conference: Conference, block: Block, *, sort: str = "time"
) -> Discussion:
    """The published posts about one paragraph, with what belongs to them (two queries)."""
    order = ("-vote_count", "pk") if sort == "wish" else ("pk",)
    found = Discussion()
    posts = list(_released(audience, conference).filter(block=block).order_by(*order)[:MOST_ON_A_PAGE])
    _put_under(audience, conference, posts)
    for post in posts:
        _mark(post, block)
        (found.questions if post.is_question else found.comments).append(post)
    return found


def comments_on(
    audience: Audience, conference: Conference, paper: Paper, *, sort: str = "paragraph"
) -> list[Post]:
    """All published comments on a paper, in its order or newest first, with their replies (two queries)."""
    posts = _released(audience, conference).filter(block__paper=paper, kind=Post.Kind.COMMENT)
    order = ("-pk",) if sort == "time" else ("block__order", "pk")
    found = list(posts.order_by(*order)[:MOST_ON_A_PAGE])
    _put_under(audience, conference, found)
    return found


def staged_on(audience: Audience, conference: Conference, paper: Paper) -> Staged:
    """The questions about a paper that are being answered or were answered, with their answers (one query)."""
    seen = visible_to(audience, conference).filter(release=Release.PUBLISHED, merged_into__isnull=True)
    posts = seen.filter(
        Q(parent__isnull=True, block__paper=paper, stage__in=ON_STAGE)
        | Q(kind=Post.Kind.ANSWER, parent__block__paper=paper)
    )
    found, under = Staged(), defaultdict(list)
    for post in posts.select_related("author").order_by("pk")[: 2 * MOST_ON_A_PAGE]:
        if post.parent_id is not None:
            under[post.parent_id].append(post)
        elif post.stage == Stage.LIVE:
            found.live.append(post)
        elif post.block_id is not None:
            found.answered.setdefault(post.block_id, []).append(post)
    for posts_of_block in found.answered.values():
        for post in posts_of_block:
            post.under = under.get(post.pk, [])  # type: ignore[attr-defined]
    return found


def passages_under_discussion(
    audience: Audience, conference: Conference, item: AgendaItem, *, most: int = 5
) -> list[Passage]:
    """The paragraphs that the published posts of a session are about, most talked about first (one query)."""
    posts = _released(audience, conference).filter(item=item, block__isnull=False)
    return passages_in(list(posts.order_by("-vote_count", "pk")[:MOST_ON_A_PAGE]), most=most)


def passages_in(posts: list[Post], *, most: int = 5) -> list[Passage]:
    """The paragraphs that `posts` are about, most talked about first (no query); what the text has lost is left out."""
    found: dict[int, Passage] = {}
    for post in posts:
        if post.block is not None and not post.block.removed:
            passage = found.setdefault(post.block.pk, Passage(post.block, "", 0))
            passage.quote = passage.quote or post.quote
            passage.posts += 1
    return sorted(found.values(), key=lambda passage: (-passage.posts, passage.block.order))[:most]


def _released(audience: Audience, conference: Conference) -> QuerySet[Post]:
    return visible_to(audience, conference).filter(
        release=Release.PUBLISHED, merged_into__isnull=True, parent__isnull=True
    )


def _put_under(audience: Audience, conference: Conference, posts: list[Post]) -> None:
    """Give each post its published replies and answers, oldest first, as `under` (one query)."""
    seen = visible_to(audience, conference).filter(
        release=Release.PUBLISHED, merged_into__isnull=True, parent__in=[post.pk for post in posts]
    )
    under = defaultdict(list)
    for reply in seen.select_related("author").order_by("pk"):
        under[reply.parent_id].append(reply)
    for post in posts:
        post.under = under.get(post.pk, [])  # type: ignore[attr-defined]


def _mark(post: Post, block: Block) -> None:
    """Where the quoted words stand in the present text: `marked`, and as which of their occurrences (`nth`, from 0)."""
    place = (
        anchoring.find(block.text, post.quote, post.quote_prefix, post.quote_suffix) if post.quote else None
    )
    words = block.text[place.start : place.end] if place else ""
    post.marked = words  # type: ignore[attr-defined]
    post.nth = _occurrences(block.text, words, place.start) if place else 0  # type: ignore[attr-defined]


def _occurrences(text: str, words: str, end: int) -> int:
    """How often `words` begin before `end`, overlapping ones included, as a script counts them."""
    return sum(text.startswith(words, at) for at in range(end))
