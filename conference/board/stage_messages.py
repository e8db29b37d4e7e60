"""Words between the question desk and the panel chairs: sent with a key, acknowledged once."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from conference.board import states
from conference.board.models import StageMessage
from conference.event.models import Conference, PrivateLink, Room, User
from conference.live.services import announce
from conference.live.topics import DESK

LONGEST = 200
EVENT = "word"


class NotAllowed(Exception):
    """These actors do not speak from this side."""


class SaysNothing(Exception):
    """A message without words."""


@transaction.atomic
def send_message(
    *,
    room: Room,
    key: str,
    to_chair: bool,
    by: User | PrivateLink,
    roles: frozenset[str],
    word: str = "",
    text: str = "",
) -> StageMessage:
    """Send a word from the desk to a room's chair, or the other way; the same key sends once.

    `word` is one of StageMessage.Word, else `text` (at most LONGEST signs) is sent. Raises SaysNothing, NotAllowed, and
    ValueError for a key that is no key.
    """
    if not roles & (states.DESK if to_chair else states.STAGE):
        raise NotAllowed
    text = "" if word else text.strip()[:LONGEST]
    if not text and word not in StageMessage.Word.values:
        raise SaysNothing
    message, made = StageMessage.objects.get_or_create(
        key=uuid.UUID(hex=key),
        defaults={
            "conference_id": room.conference_id,
            "room": room,
            "to_chair": to_chair,
            "word": word,
            "text": text,
            "by": by if isinstance(by, User) else None,
            "by_link": by if isinstance(by, PrivateLink) else None,
        },
    )
    if made:
        _announce(message)
    return message


@transaction.atomic
def acknowledge(*, message: StageMessage, roles: frozenset[str]) -> StageMessage:
    """The other side has read it; twice is success. Raises NotAllowed."""
    if not roles & (states.STAGE if message.to_chair else states.DESK | states.STAGE):
        raise NotAllowed
    row = StageMessage.objects.select_for_update(no_key=True).get(pk=message.pk)
    if row.acknowledged_at is None:
        row.acknowledged_at = timezone.now()
        row.save(update_fields=["acknowledged_at"])
        _announce(row)
    return row


def open_messages(conference: Conference, *, room: Room | None = None) -> list[StageMessage]:
    """What nobody has acknowledged yet, oldest first, both ways (one query)."""
    messages = StageMessage.objects.filter(conference=conference, acknowledged_at__isnull=True)
    if room is not None:
        messages = messages.filter(room=room)
    return list(messages.select_related("room", "by", "by_link__room", "by_link__person"))


def _announce(message: StageMessage) -> None:
    announce(conference_id=message.conference_id, topics=[], events=[(DESK, EVENT, message.room.slug)])
