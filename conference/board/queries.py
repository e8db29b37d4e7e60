"""Reading the board, always through the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from conference.agenda.models import AgendaItem
from conference.board.access import visible_to
from conference.board.models import Decision, Post
from conference.board.states import Release, Stage
from conference.event.access import Audience
from conference.event.models import Conference, Participant
from papers.models import Block, Paper

MOST_ON_A_PAGE = 300
# Among which filters choose.
MOST_READ = 1000
SORTS = ("top", "new")
WAITING_STAGES = (Stage.NONE, Stage.SHORTLISTED)
DONE_STAGES = (Stage.ANSWERED, Stage.NOT_REACHED, Stage.ANSWERED_IN_WRITING)


@dataclass
class Board:
    """What a board shows, in the order of reading."""

    live: list[Post] = field(default_factory=list)
    waiting: list[Post] = field(default_factory=list)
    done: list[Post] = field(default_factory=list)
    comments: list[Post] = field(default_factory=list)


def published(
    audience: Audience, conference: Conference, *, item: AgendaItem | None = None, sort: str = "top"
) -> list[Post]:
    """The published posts of a conference, or of one item, that `audience` may read, in their order (one query).

    Where the numbers of votes are the desk's alone no order tells them: there the newest comes first.
    """
    posts = visible_to(audience, conference).filter(
        release=Release.PUBLISHED, merged_into__isnull=True, parent__isnull=True
    )
    if item is not None:
        posts = posts.filter(item=item)
    hidden = Q(item__hide_votes=True)
    if sort != "new":
        posts = posts.order_by(
            Case(When(hidden, then=Value(0)), default=F("vote_count"), output_field=BigIntegerField()).desc(),
            Case(When(hidden, then=-F("pk")), default=F("pk"), output_field=BigIntegerField()),
        )
    else:
        posts = posts.order_by("-pk")
    return list(_with_replies(posts)[:MOST_READ])


def board(
    audience: Audience, conference: Conference, *, item: AgendaItem | None = None, sort: str = "top"
) -> Board:
    """The board of a conference, or of one item, as `audience` sees it (one query).

    Only published posts: a device's own waiting posts belong to its own page.
    """
    return in_groups(published(audience, conference, item=item, sort=sort))


def in_groups(posts: list[Post]) -> Board:
    """Posts as a board shows them; as many as fit a page."""
    found = Board()
    for post in posts[:MOST_ON_A_PAGE]:
        if not post.is_question:
            found.comments.append(post)
        elif post.stage == Stage.LIVE:
            found.live.append(post)
        elif post.stage in DONE_STAGES:
            found.done.append(post)
        else:
            found.waiting.append(post)
    return found


def _with_replies(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Each with `reply_count`, the published replies: whoever may read a post may read those."""
    replies = Post.objects.filter(parent=OuterRef("pk"), kind=Post.Kind.REPLY, release=Release.PUBLISHED)
    counts = replies.order_by().values("parent").annotate(n=Count("pk")).values("n")
    return posts.annotate(reply_count=Coalesce(Subquery(counts), 0))


def replies_to(audience: Audience, conference: Conference, post: Post) -> list[Post]:
    """The published replies to a post, oldest first (one query)."""
    replies = visible_to(audience, conference).filter(
        parent=post, kind=Post.Kind.REPLY, release=Release.PUBLISHED, merged_into__isnull=True
    )
    return list(_with_replies(replies).order_by("pk")[:MOST_ON_A_PAGE])


def post_for(audience: Audience, conference: Conference, public_id: str) -> Post:
    """One post that `audience` may read; raises Http404 for absent and forbidden alike."""
    post = _with_replies(visible_to(audience, conference)).filter(public_id=public_id).first()
    if post is None:
        raise Http404
    return post


def joined_with(audience: Audience, conference: Conference, public_id: str) -> Post | None:
    """The post that `audience` reads in place of one that was joined with it; None where there is no such post."""
    return visible_to(audience, conference).filter(merged__public_id=public_id).first()


def post_or_joined(audience: Audience, conference: Conference, public_id: str) -> Post:
    """The post that `audience` may read, or the one that it was joined with; raises Http404 (two queries at most)."""
    return joined_with(audience, conference, public_id) or post_for(audience, conference, public_id)


def takes_replies(post: Post) -> bool:
    """Whether a post that somebody may read can be replied to: one level deep, and while its session is open."""
    return (
        post.parent_id is None
        and post.release == Release.PUBLISHED
        and post.merged_into_id is None
        and (post.item is None or post.item.takes_questions)
    )


def posts_of(participant: Participant, conference: Conference) -> list[Post]:
    """What a device sent, newest first."""
    own = Audience(participant=participant)
    return list(visible_to(own, conference).filter(participant=participant).order_by("-pk")[:MOST_ON_A_PAGE])


def counts_by_block(audience: Audience, conference: Conference, paper: Paper) -> dict[int, int]:
    """How many published posts each block of a paper has (one query)."""
    posts = visible_to(audience, conference).filter(
        release=Release.PUBLISHED, parent__isnull=True, block__paper=paper
    )
    rows = posts.order_by().values("block").annotate(n=Count("pk")).values_list("block", "n")
    return {block: n for block, n in rows if block is not None}


def block_of(conference: Conference, public_id: str) -> Block:
    """A block of one of this conference's papers, removed or not; raises Http404."""
    block = (
        Block.objects.filter(public_id=public_id, paper__in=conference.conference_papers.values("paper"))
        .select_related("paper")
        .first()
    )
    if block is None:
        raise Http404
    return block


# The desk -----------------------------------------------------------------------------------------------------


def at_desk(audience: Audience, conference: Conference, item: AgendaItem | None = None) -> QuerySet[Post]:
    """The posts of the desk's lanes with what their cards show (one query): what waits first, oldest first."""
    posts = visible_to(audience, conference).select_related(
        "item", "block__paper", "addressee", "claimed_by", "merged_into", "parent"
    )
    if item is not None:
        posts = posts.filter(item=item)
    posts = posts.annotate(
        waits=Case(When(Q(release=Release.PENDING), then=Value(0)), default=Value(1)),
    ).order_by("waits", F("position").asc(nulls_last=True), "pk")
    return posts[: 4 * MOST_ON_A_PAGE]


def decision_for(audience: Audience, conference: Conference, pk: int) -> Decision:
    """One row of the log about a post that `audience` may read; raises Http404."""
    decision = (
        Decision.objects.filter(pk=pk, post__in=visible_to(audience, conference))
        .select_related("post__item", "by", "by_link__room", "by_link__person")
        .first()
    )
    if decision is None:
        raise Http404
    return decision


def decisions_where(
    audience: Audience,
    conference: Conference,
    *,
    word: str = "",
    who: str = "",
    item: AgendaItem | None = None,
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Decision]:
    """The log of a conference, newest first, narrowed by what is given; times are wall times."""
    found = Decision.objects.filter(post__in=visible_to(audience, conference).order_by())
    if word:
        found = found.filter(
            Q(post__text__icontains=word)
            | Q(post__original_text__icontains=word)
            | Q(post__public_id=word)
            | Q(reason__icontains=word)
        )
    if who == "author":
        found = found.filter(by_author=True)
    elif who:
        found = found.filter(Q(by__username=who) | Q(by_link__kind=who))
    narrow = {"post__item": item, "action": action, "at__gte": since, "at__lte": until}
    found = found.filter(**{name: value for name, value in narrow.items() if value})
    return found.select_related("post__item", "by", "by_link__room", "by_link__person").order_by("-pk")


def candidates(audience: Audience, conference: Conference, post: Post) -> QuerySet[Post]:
    """The open posts that another one may be joined with, before what `joining.can_join` says."""
    return (
        visible_to(audience, conference)
        .filter(release__in=[Release.PENDING, Release.PUBLISHED], kind=post.kind, parent=None)
        .exclude(pk=post.pk)
        .order_by("-vote_count", "pk")[: 2 * MOST_ON_A_PAGE]
    )


def decisions_of(post: Post) -> list[Decision]:
    """The log of a post, oldest first (one query)."""
    return list(post.decisions.select_related("by", "by_link__room", "by_link__person"))
