"""A comment becomes a question to a session (rule 1, docs/design.md).

The desk's page offers it on a comment's card: `convert_to_question(post=…, item=…, by=…, roles=…, version=…)`, with the
same exceptions as `services.decide`. The post stays the same row: its address, its link to the paragraph with the
quoted words, its replies, its author's page and its state all stay. Undo puts it back like any other decision.
"""

from __future__ import annotations

from django.db import transaction

from conference.agenda.models import AgendaItem, Attribution
from conference.board.announcing import announce_post
from conference.board.changing import Decider, NotAllowed, check_version, last_decision, lock_all, record
from conference.board.models import Post
from conference.board.states import DESK, Release

ACTION = "convert"


@transaction.atomic
def convert_to_question(
    *, post: Post, item: AgendaItem, by: Decider, roles: frozenset[str], version: int
) -> Post:
    """Turn a comment that was seen at `version` into a question to the session `item`; twice is success.

    Where nobody is named the name is dropped. Raises Stale; NotAllowed for a post that is no comment, for a session
    that takes no questions or has a milder rule than the comment's own, and for somebody who is not at the desk.
    """
    if not roles & DESK:
        raise NotAllowed
    row = lock_all([post], also=[item.pk])[0]
    target = AgendaItem.objects.get(pk=item.pk)
    if row.version == version + 1 and row.item_id == target.pk and _was_converted(row):
        return row
    check_version(row, version)
    comment = row.kind == Post.Kind.COMMENT and row.release in (Release.PENDING, Release.PUBLISHED)
    if not comment or target.conference_id != row.conference_id or not target.takes_questions:
        raise NotAllowed
    if row.item is not None and _strictness(row.item) > _strictness(target):
        raise NotAllowed
    was_visible = row.release == Release.PUBLISHED
    if was_visible:
        # Whoever could read it as a comment is told, also where it now moves to the hall.
        announce_post(row, was_visible=True, kind="post")
    row.kind, row.item = Post.Kind.QUESTION, target
    if not target.names_speakers:
        row.name = ""
    record(row, action=ACTION, by=by)
    announce_post(row, was_visible=was_visible, kind="post")
    return row


def _was_converted(row: Post) -> bool:
    last = last_decision(row)
    return last is not None and last.action == ACTION


def _strictness(item: AgendaItem) -> int:
    """The rules of attribution stand in order, the strictest last."""
    return Attribution.values.index(item.attribution)
