"""Moving a post to another session, whose rules then hold for it."""

from __future__ import annotations

import uuid

from django.db import transaction

from conference.agenda.models import AgendaItem
from conference.board import states
from conference.board.announcing import announce_change, place_of
from conference.board.changing import Decider, NotAllowed, check_version, lock_all, record
from conference.board.models import Post
from conference.board.states import Release, Stage

MOVABLE = (Release.PENDING, Release.PUBLISHED, Release.DECLINED)


@transaction.atomic
def move_to_session(
    *, post: Post, item: AgendaItem | None, by: Decider, roles: frozenset[str], version: int
) -> Post:
    """Move a post with its replies to another session (None: the conference as a whole).

    It leaves the stage of the old one. Under a rule that names nobody its name is forgotten for good, and readers who
    may not be there lose it. Raises Stale, NotAllowed, SessionClosed.
    """
    replies = list(post.children.order_by("pk"))
    rows = lock_all([post, *replies], also=[item.pk] if item else [])
    row = rows[0]
    if item is not None:
        # As it is now, under the lock: it may have been closed since the caller read it.
        item = AgendaItem.objects.select_related("conference").get(pk=item.pk)
    check_version(row, version)
    if not roles & states.DESK or row.release not in MOVABLE or row.parent_id is not None:
        raise NotAllowed
    if item is not None and (item.conference_id != row.conference_id or not item.has_board):
        raise NotAllowed
    if row.item_id == (item.pk if item else None):
        return row
    batch = uuid.uuid4() if replies else None
    was = [place_of(each) for each in rows]
    for each in rows:
        if each.stage in (Stage.SHORTLISTED, Stage.LIVE):
            each.stage, each.position = Stage.NONE, None
        each.item = item
        if item is not None and not item.names_speakers:
            each.name = each.institution = ""
        record(each, action="move", by=by, batch=batch)
    for each, place in zip(rows, was, strict=True):
        announce_change(each, was=place)
    return row
