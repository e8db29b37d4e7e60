"""The order of a session's shortlist. A place is a rank, counted from 0; `position` is only how it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from conference.board.models import Post
from conference.board.states import Release, Stage

# Far above any real position: where questions stand while they change places.
ASIDE = 1_000_000


def shortlisted(item_id: int | None, conference_id: int) -> Any:
    """The shortlist of a session, or of the conference as a whole, in order."""
    posts = Post.objects.filter(conference=conference_id, item=item_id, stage=Stage.SHORTLISTED)
    return posts.order_by("position")


def ranks_of(posts: Iterable[Post]) -> dict[int, int]:
    """The places of shortlisted posts on their shortlists, by primary key (one query for each shortlist)."""
    ranks: dict[int, int] = {}
    for item_id, conference_id in {(post.item_id, post.conference_id) for post in posts}:
        keys = shortlisted(item_id, conference_id).values_list("pk", flat=True)
        ranks.update({pk: rank for rank, pk in enumerate(keys)})
    return ranks


def insert(row: Post, rank: int) -> None:
    """Give a locked post its place, and those behind it theirs; its session is locked. The caller saves the post."""
    others = list(shortlisted(row.item_id, row.conference_id).exclude(pk=row.pk))
    rank = max(0, min(rank, len(others)))
    # Its old place is free from here on.
    Post.objects.filter(pk=row.pk, stage=Stage.SHORTLISTED).update(position=2 * ASIDE)
    moved = []
    for place, other in enumerate(others, start=1):
        wanted = place if place <= rank else place + 1
        if other.position != wanted:
            other.position = wanted
            moved.append(other)
    Post.objects.filter(pk__in=[other.pk for other in moved]).update(position=F("position") + ASIDE)
    Post.objects.bulk_update(moved, ["position"])
    row.release, row.stage, row.position = Release.PUBLISHED, Stage.SHORTLISTED, rank + 1
