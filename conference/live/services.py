"""Telling every process that something changed: the one door to topics and events."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from conference.live.models import LiveEvent, Topic
from conference.live.topics import AUDIENCES, HALL, PUBLIC, conference_topic, event_topic

CHANNEL = "live"
KEEP_EVENTS = timedelta(hours=1)
# Old events are deleted with every so many new ones, so that hardly any announcement pays for it.
PRUNE_EVERY = 64


def announce(
    *, conference_id: int, topics: Iterable[str], events: Iterable[tuple[str, str, str]] = ()
) -> dict[str, int]:
    """Bump `topics` and put `events` on the streams, as part of the caller's transaction.

    `events` are (audience, kind, subject). What is announced to `public` reaches the hall's streams too.
    Everything is sent to the other processes by NOTIFY at commit, and not at all after a rollback. Announce
    late in the transaction: from here until its end all other announcements of this conference wait, which is
    what makes the numbers follow the order of commits. The conference's own topic is locked first and the
    rest in sorted order, so announcements, also several in one transaction, cannot deadlock; a transaction
    that announces for several conferences goes through them by ascending id.

    Returns the number of the newest event of each audience that got one. Raises TransactionManagementError
    outside of an atomic block and ValueError for an audience that does not exist.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("announce() must be part of the transaction it tells of")
    rows = _rows(conference_id, events)
    bumps = dict.fromkeys(topics, 1)
    for row in rows:
        name = event_topic(conference_id, row.audience)
        bumps[name] = bumps.get(name, 0) + 1
    first = conference_topic(conference_id)
    bumps.pop(first, None)
    names = [first, *sorted(bumps)]
    revisions = _bump(names, [1, *(bumps[name] for name in names[1:])])

    newest = {row.audience: revisions[event_topic(conference_id, row.audience)] for row in rows}
    following = dict(newest)
    for row in reversed(rows):
        row.number = following[row.audience]
        following[row.audience] -= 1
    if rows:
        LiveEvent.objects.bulk_create(rows)
        if any(row.number % PRUNE_EVERY == 0 for row in rows):
            _prune(conference_id)
    return newest


def read_revisions(topics: Iterable[str]) -> dict[str, int]:
    """The present revisions of `topics`, 0 for what never moved. One query.

    A view calls this before it reads anything else: what it reads afterwards is then at least as new as the
    revisions that its page is marked with (see `responses.mark`).
    """
    revisions = dict.fromkeys(topics, 0)
    revisions.update(Topic.objects.filter(name__in=list(revisions)).values_list("name", "revision"))
    return revisions


def newest_event(conference_id: int, audience: str) -> int:
    """The number of the newest event on the streams of `audience`; 0 before the first."""
    name = event_topic(conference_id, audience)
    return read_revisions([name])[name]


def _rows(conference_id: int, events: Iterable[tuple[str, str, str]]) -> list[LiveEvent]:
    """A row for each event and audience whose streams carry it, still without numbers."""
    rows = []
    for audience, kind, subject in events:
        if audience not in AUDIENCES:
            raise ValueError(f"there is no audience {audience!r}")
        for stream in (PUBLIC, HALL) if audience == PUBLIC else (audience,):
            rows.append(LiveEvent(conference_id=conference_id, audience=stream, kind=kind, subject=subject))
    return rows


def _bump(names: list[str], by: list[int]) -> dict[str, int]:
    """Add to the revisions, locking the rows in the order given, and notify; returns the new revisions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH bumped AS (
              INSERT INTO conference_topic AS t (name, revision)
              SELECT name, bump FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS w (name, bump, place)
              ORDER BY place
              ON CONFLICT (name) DO UPDATE SET revision = t.revision + EXCLUDED.revision
              RETURNING name, revision
            )
            SELECT name, revision, pg_notify(%s, name || ':' || revision) FROM bumped
            """,
            [names, by, CHANNEL],
        )
        return {name: revision for name, revision, _ in cursor.fetchall()}


def _prune(conference_id: int) -> None:
    """Forget events that are too old for a stream to ask for."""
    LiveEvent.objects.filter(conference_id=conference_id, at__lt=timezone.now() - KEEP_EVENTS).delete()
