"""Muting a device: its posts go to a lane of their own. Nothing is deleted, and its owner reads "waiting" as before."""

from __future__ import annotations

from django.db import transaction

from conference.board import states
from conference.board.announcing import announce_post
from conference.board.changing import NotAllowed, check_version, lock, record
from conference.board.models import Post
from conference.board.staff_models import Mute
from conference.event.models import User


def is_muted(post: Post) -> bool:
    """Whether the device that sent a post is muted in its conference."""
    return Mute.objects.filter(conference=post.conference_id, participant=post.participant_id).exists()


@transaction.atomic
def mute(*, post: Post, by: User, roles: frozenset[str], version: int, muted: bool = True) -> Post:
    """Mute the device that sent a post, or hear it again; twice is success. Staff never learn which device it is.

    Raises Stale, NotAllowed (also for a post that came from no device).
    """
    row = lock(post)
    check_version(row, version)
    if not roles & states.DESK or row.participant_id is None:
        raise NotAllowed
    before = is_muted(row)
    if before == muted:
        return row
    set_muted(row, muted=muted, by=by)
    record(row, action="mute" if muted else "unmute", by=by, extra={"muted": before})
    announce_post(row, was_visible=False, kind="post", desk_only=True)
    return row


def set_muted(row: Post, *, muted: bool, by: User) -> None:
    """Write it; the post is locked and the caller logs it."""
    if muted:
        Mute.objects.get_or_create(
            conference=row.conference, participant=row.participant, defaults={"by": by}
        )
    else:
        Mute.objects.filter(conference=row.conference_id, participant=row.participant_id).delete()
