"""Votes: plain inserts, one per device, recounted by one process at a time (docs/design.md)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q

from conference.board import keys
from conference.board.announcing import audience_of_post, topics_of
from conference.board.models import Post, Vote
from conference.board.states import Release, Stage
from conference.event.models import Conference, Participant
from conference.event.services import new_participant
from conference.live.services import announce
from conference.live.topics import DESK

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
    if (used := keys.claim(key, digest)) and used.participant is not None:
        return used.participant
    # Joined meanwhile: the vote is for the question that it was joined with.
    post = post.merged_into or post
    if not takes_votes(post):
        raise NotVotable
    device = participant or new_participant()
    wanted = [post]
    if not active:
        # Taken back is taken back for everything that was joined with it, asked or voted for.
        own = Q(participant=device) | Q(votes__participant=device, votes__active=True)
        wanted += post.merged.filter(own).distinct()
    Vote.objects.bulk_create(
        [Vote(post=each, participant=device, active=active, uncounted=True) for each in wanted],
        update_conflicts=True,
        unique_fields=["post", "participant"],
        update_fields=["active", "uncounted"],
    )
    keys.keep(key, digest, post, device)
    return device


def voted_of(participant: Participant, conference: Conference) -> list[str]:
    """The public ids of the posts of a conference that a device's vote counts for (two queries).

    A vote for a question that was joined with another counts for that one, and so does having asked it.
    """
    votes = Vote.objects.filter(participant=participant, post__conference=conference)
    found = votes.values_list("post__public_id", "post__merged_into__public_id", "post_id", "active")
    rows = list(found)
    taken_back = [post for _, _, post, active in rows if not active]
    asked = participant.posts.filter(conference=conference, merged_into__isnull=False)
    joined = asked.exclude(pk__in=taken_back).values_list("merged_into__public_id", flat=True)
    counted = [into or own for own, into, _, active in rows if active]
    return list(dict.fromkeys([*counted, *joined]))


def recount() -> None:
    """Bring the counts of posts whose votes changed up to date, and announce them. Idle when another process does.

    A question that others were joined with counts every device once that voted for any of them or asked one of those
    others, unless it took that back.
    """
    due = Post.objects.filter(recount_due=True)
    if not Vote.objects.filter(uncounted=True).exists() and not due.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RECOUNT_LOCK])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            """
            WITH counted AS (UPDATE conference_vote SET uncounted = false WHERE uncounted RETURNING post_id)
            SELECT DISTINCT coalesce(p.merged_into_id, p.id) FROM counted JOIN conference_post AS p ON p.id = post_id
            """
        )
        changed = {row[0] for row in cursor.fetchall()} | set(due.values_list("pk", flat=True))
        if not changed:
            return
        # In the order in which decisions lock them too.
        locked = Post.objects.select_for_update(no_key=True).filter(pk__in=changed).order_by("pk")
        ids = list(locked.values_list("pk", flat=True))
        cursor.execute(
            """
            UPDATE conference_post AS p SET recount_due = false, vote_count = (
              SELECT count(*) FROM (
                SELECT v.participant_id FROM conference_vote AS v JOIN conference_post AS m ON m.id = v.post_id
                WHERE v.active AND (m.id = p.id OR m.merged_into_id = p.id)
                UNION
                SELECT m.participant_id FROM conference_post AS m
                WHERE m.merged_into_id = p.id AND m.participant_id IS NOT NULL
                  AND m.participant_id IS DISTINCT FROM p.participant_id
                  AND NOT EXISTS (SELECT FROM conference_vote AS v
                    WHERE v.post_id = m.id AND v.participant_id = m.participant_id AND NOT v.active)
              ) AS devices)
            WHERE p.id = ANY(%s)
            """,
            [ids],
        )
        _announce_counts(Post.objects.filter(pk__in=ids).select_related("item", "block__paper"))


def _announce_counts(posts: Iterable[Post]) -> None:
    by_conference: dict[int, dict[str, list[Post]]] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        if post.release == Release.PUBLISHED:
            audience = audience_of_post(post) if post.votes_shown else DESK
            by_conference[post.conference_id][audience].append(post)
    for conference_id in sorted(by_conference):
        topics: set[str] = set()
        events = []
        for audience, changed in by_conference[conference_id].items():
            counts = {post.public_id: post.vote_count for post in changed}
            events.append((DESK, "votes", json.dumps(counts)))
            # Numbers that are the desk's alone change no page of anybody else.
            if audience != DESK:
                topics.update(topic for post in changed for topic in topics_of(post))
                events.append((audience, "votes", json.dumps(counts)))
        announce(conference_id=conference_id, topics=sorted(topics), events=events)
