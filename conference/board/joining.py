"""Joining a question with a similar one: voters are united, nobody is counted twice, all askers are told."""

from __future__ import annotations

import uuid

from django.db import transaction
from rapidfuzz import fuzz, utils

from conference.board import states
from conference.board.announcing import announce_change, place_of
from conference.board.changing import (
    Decider,
    NotAllowed,
    Stale,
    check_version,
    last_decision,
    lock_all,
    record,
)
from conference.board.models import Post
from conference.board.states import Release, Stage

OPEN = (Release.PENDING, Release.PUBLISHED)
JOINABLE_STAGES = (Stage.NONE, Stage.SHORTLISTED)


@transaction.atomic
def join(*, post: Post, into: Post, by: Decider, roles: frozenset[str], version: int) -> Post:
    """Join a question, as it was at `version`, with another one of its audience; what was joined with it comes along.

    From now on the other one's count is of all devices that voted for any of them, and of the askers of those that were
    joined with it, each device once (`votes.recount`). The same join twice is success. Raises Stale, NotAllowed.
    """
    target = into.merged_into or into
    followers = list(post.merged.order_by("pk"))
    rows = lock_all([post, target, *followers])
    row, into, followers = rows[0], rows[1], rows[2:]
    if row.merged_into_id == into.pk and row.version == version + 1:
        return row
    check_version(row, version)
    if set(row.merged.values_list("pk", flat=True)) != {follower.pk for follower in followers}:
        raise Stale(row, last_decision(row))
    if not roles & states.DESK or not can_join(row, into):
        raise NotAllowed
    batch = uuid.uuid4() if followers else None
    was = place_of(row)
    row.release, row.stage, row.position = Release.MERGED, Stage.NONE, None
    row.merged_into = into
    record(row, action="join", by=by, batch=batch)
    for follower in followers:
        follower.merged_into = into
        record(follower, action="join", by=by, batch=batch)
    Post.objects.filter(pk=into.pk).update(recount_due=True)
    announce_change(row, was=was)
    return row


def can_join(post: Post, into: Post) -> bool:
    """Whether the two may become one: both open, of one kind, and whoever could read the one can read the other."""
    same_audience = post.item_id == into.item_id or not (_hall_only(post) or _hall_only(into))
    return (
        post.pk != into.pk
        and post.conference_id == into.conference_id
        and post.kind == into.kind
        and post.parent_id is None
        and post.release in OPEN
        and post.stage in JOINABLE_STAGES
        and into.release in OPEN
        and same_audience
    )


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 100, whatever the order of their words."""
    return float(fuzz.token_set_ratio(one, other, processor=utils.default_process))


def _hall_only(post: Post) -> bool:
    return post.item is not None and post.item.hall_only
