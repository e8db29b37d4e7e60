"""Votes: plain inserts, one per device, recounted by one process at a time (docs/design.md)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from conference.board import keys
from conference.board.announcing import audience_of_post, topics_of
from conference.board.models import Post, Vote
from conference.board.states import Release, Stage
from conference.event.models import Conference, Participant
from conference.event.services import new_participant
from conference.live.services import announce

# Any number will do, as long as nobody else takes it.
RECOUNT_LOCK = 5_061_732


class NotVotable(Exception):
    """The post takes no votes: it is not a question that waits to be answered."""


def takes_votes(post: Post) -> bool:
    """Whether wishing to hear an answer still makes sense."""
    return (
        post.is_question
        and post.release == Release.PUBLISHED
        and post.stage in (Stage.NONE, Stage.SHORTLISTED, Stage.LIVE)
    )


@transaction.atomic
def cast_vote(*, post: Post, participant: Participant | None, key: str, active: bool) -> Participant:
    """Record or take back this device's vote; returns the device, which a first vote creates.

    The same key gives the device of the first time, so a lost answer never makes two votes.
    Raises NotVotable, keys.KeyReused.
    """
    digest = keys.digest_of(post.pk, "vote" if active else "unvote")
    if used := keys.claim(key, digest):
        return used.participant
    if not takes_votes(post):
        raise NotVotable
    device = participant or new_participant()
    Vote.objects.bulk_create(
        [Vote(post=post, participant=device, active=active, uncounted=True)],
        update_conflicts=True,
        unique_fields=["post", "participant"],
        update_fields=["active", "uncounted"],
    )
    keys.keep(key, digest, post, device)
    return device


def voted_of(participant: Participant, conference: Conference) -> list[str]:
    """The public ids of the posts of a conference that a device has voted for (one query)."""
    votes = Vote.objects.filter(participant=participant, active=True, post__conference=conference)
    return list(votes.values_list("post__public_id", flat=True))


def recount() -> None:
    """Bring the counts of posts whose votes changed up to date, and announce them. Idle when another process does."""
    if not Vote.objects.filter(uncounted=True).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RECOUNT_LOCK])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            """
            WITH counted AS (UPDATE conference_vote SET uncounted = false WHERE uncounted RETURNING post_id)
            SELECT DISTINCT post_id FROM counted ORDER BY post_id
            """
        )
        changed = [row[0] for row in cursor.fetchall()]
        if not changed:
            return
        cursor.execute(
            """
            UPDATE conference_post AS p SET vote_count =
              (SELECT count(*) FROM conference_vote AS v WHERE v.post_id = p.id AND v.active)
            WHERE p.id = ANY(%s)
            """,
            [changed],
        )
        _announce_counts(Post.objects.filter(pk__in=changed).select_related("item", "block__paper"))


def _announce_counts(posts: Iterable[Post]) -> None:
    by_conference: dict[int, dict[str, list[Post]]] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        if post.release == Release.PUBLISHED:
            by_conference[post.conference_id][audience_of_post(post)].append(post)
    for conference_id in sorted(by_conference):
        topics: set[str] = set()
        events = []
        for audience, changed in by_conference[conference_id].items():
            topics.update(topic for post in changed for topic in topics_of(post))
            counts = {post.public_id: post.vote_count for post in changed}
            events.append((audience, "votes", json.dumps(counts)))
            events.append(("desk", "votes", json.dumps(counts)))
        announce(conference_id=conference_id, topics=sorted(topics), events=events)
