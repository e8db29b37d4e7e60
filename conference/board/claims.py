"""Who has a card open at the desk, so that two do not work on one. A claim forbids nothing and ends by itself.

Wall time. A claim is no decision: it moves no version and is not logged.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conference.board.models import Post
from conference.event.models import User
from conference.live.services import announce
from conference.live.topics import DESK

CLAIM_LASTS = timedelta(seconds=60)


@transaction.atomic
def claim(*, post: Post, by: User) -> User:
    """Say that `by` has the card open, for a minute from now; again renews it. Returns who has it: the first stays."""
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lte=now)
    row = (
        Post.objects.select_for_update(of=("self",), no_key=True).select_related("claimed_by").get(pk=post.pk)
    )
    taken = Post.objects.filter(free, pk=post.pk).update(claimed_by=by, claimed_until=now + CLAIM_LASTS)
    if not taken and row.claimed_by is not None:
        return row.claimed_by
    _tell(row, by=by, seconds=int(CLAIM_LASTS.total_seconds()))
    return by


@transaction.atomic
def let_go(*, post: Post, by: User) -> None:
    """End one's own claim, when the card is closed."""
    if Post.objects.filter(pk=post.pk, claimed_by=by).update(claimed_by=None, claimed_until=None):
        _tell(post, by=by, seconds=0)


def holder(post: Post) -> User | None:
    """Who has a card open now; None when nobody has, or the claim has run out."""
    if post.claimed_until is None or post.claimed_until <= timezone.now():
        return None
    return post.claimed_by


def _tell(post: Post, *, by: User, seconds: int) -> None:
    told = {"id": post.public_id, "by": by.get_username(), "seconds": seconds}
    announce(conference_id=post.conference_id, topics=[], events=[(DESK, "claim", json.dumps(told))])
