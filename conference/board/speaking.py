"""What the desk itself says: questions from the floor, and official replies. Published at once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from conference.agenda.models import AgendaItem
from conference.board import keys, states
from conference.board.announcing import announce_post
from conference.board.changing import NotAllowed, last_position, lock, record
from conference.board.models import Post
from conference.board.states import Release, Stage
from conference.event.models import Conference, Person, User


@transaction.atomic
def ask_from_floor(
    *,
    conference: Conference,
    key: str,
    text: str,
    by: User,
    roles: frozenset[str],
    name: str = "",
    item: AgendaItem | None = None,
    addressee: Person | None = None,
    to: str = states.PUBLISHED,
) -> Post:
    """Store a question that somebody asked aloud, published or shortlisted at once; undone, it is taken back.

    The same key with the same content is one post. Raises NotAllowed, keys.KeyReused.
    """
    if not roles & states.DESK or to not in (states.PUBLISHED, states.SHORTLISTED):
        raise NotAllowed
    if item is not None and not item.names_speakers:
        name = ""
    content = [conference.pk, "floor", text, name, item and item.pk, addressee and addressee.pk, to]
    return _speak(
        key=key,
        content=content,
        action="floor",
        by=by,
        to=to,
        conference=conference,
        kind=Post.Kind.QUESTION,
        text=text,
        name=name,
        item=item,
        addressee=addressee,
    )


@transaction.atomic
def reply_officially(*, post: Post, key: str, text: str, by: User, roles: frozenset[str]) -> Post:
    """Publish the organisers' reply to a post, marked as theirs. Undone, it is taken back.

    The same key with the same content is one reply. Raises NotAllowed, keys.KeyReused.
    """
    row = lock(post)
    if not roles & states.DESK or row.parent_id is not None or row.release != Release.PUBLISHED:
        raise NotAllowed
    return _speak(
        key=key,
        content=["official", row.pk, text],
        action="reply",
        by=by,
        to=states.PUBLISHED,
        conference=row.conference,
        kind=Post.Kind.REPLY,
        parent=row,
        text=text,
        item=row.item,
        block=row.block,
    )


def _speak(*, key: str, content: list[object], action: str, by: User, to: str, **columns: Any) -> Post:
    digest = keys.digest_of(*content)
    if used := keys.claim(key, digest):
        return used.post
    row = lock(Post.objects.create(staff=by, **columns))
    row.release = Release.PUBLISHED
    if to == states.SHORTLISTED:
        row.stage, row.position = Stage.SHORTLISTED, last_position(row) + 1
    # Nobody waits for approval here: undone, it is taken back.
    record(row, action=action, by=by, extra={"release": Release.WITHDRAWN.value, "stage": Stage.NONE.value})
    keys.keep(key, digest, row, None)
    announce_post(row, was_visible=False, kind="post")
    return row
