"""New words for a post by its author, and the desk's word on them.

What waits changes at once. What is published stays as it is while the new wording waits (`Post.proposed_text`), so that
nothing is ever read that the desk has not seen. What was declined to be shortened waits for approval again.
"""

from __future__ import annotations

from django.db import transaction

from conference.board import keys, states
from conference.board.announcing import announce_post
from conference.board.changing import (
    Decider,
    NotAllowed,
    ReasonMissing,
    check_version,
    in_closed_session,
    last_decision,
    lock,
    move,
    record,
)
from conference.board.models import Post
from conference.board.states import Release, Stage
from conference.event.models import Participant

# Actions of the log (`Decision.action`).
EDIT, PROPOSE, RESEND, ACCEPT, REFUSE = "author-edit", "propose", "resend", "accept-edit", "refuse-edit"


def may_edit(post: Post) -> bool:
    """Whether the author of a post may change its words now."""
    if post.kind == Post.Kind.ANSWER:
        return False
    if in_closed_session(post):
        return False
    if post.release == Release.DECLINED:
        return post.may_resend
    return post.release in (Release.PENDING, Release.PUBLISHED) and post.stage in (
        Stage.NONE,
        Stage.SHORTLISTED,
    )


@transaction.atomic
def edit_own(*, post: Post, participant: Participant, text: str, key: str) -> Post:
    """Let the device that sent a post give it new words: at once while it waits, as a proposal once it is published.

    The same key and text again is success. Raises NotAllowed, keys.KeyReused.
    """
    digest = keys.digest_of(post.pk, "edit", text)
    if used := keys.claim(key, digest):
        return used.post
    row = lock(post)
    if row.participant_id != participant.pk or not may_edit(row):
        raise NotAllowed
    if row.release == Release.PUBLISHED:
        # The words that are shown already: the author has thought better of it.
        row.proposed_text = "" if text == row.text else text
        record(row, action=PROPOSE, by=None)
        announce_post(row, was_visible=True, kind="post", desk_only=True)
    else:
        row.text, row.original_text = text, ""
        if row.release == Release.DECLINED:
            move(row, states.PENDING, actors=states.AUTHOR_ACTORS, by=None, action=RESEND)
        else:
            record(row, action=EDIT, by=None)
            announce_post(row, was_visible=False, kind="post", desk_only=True)
    keys.keep(key, digest, row, participant)
    return row


@transaction.atomic
def accept_edit(*, post: Post, by: Decider, roles: frozenset[str], version: int) -> Post:
    """Publish the author's new wording, as the desk saw it at `version`. Accepting it twice is success.

    Raises Stale, and NotAllowed where no wording waits.
    """
    row = lock(post)
    if row.version == version + 1 and _last_was(row, ACCEPT):
        return row
    check_version(row, version)
    _require_proposal(row, roles)
    row.text, row.original_text, row.proposed_text = row.proposed_text, "", ""
    record(row, action=ACCEPT, by=by)
    announce_post(row, was_visible=True, kind="post")
    return row


@transaction.atomic
def refuse_edit(*, post: Post, by: Decider, roles: frozenset[str], version: int, reason: str) -> Post:
    """Leave a post as it is and tell its author why. Refusing twice is success.

    Raises Stale, ReasonMissing, and NotAllowed where no wording waits.
    """
    row = lock(post)
    if row.version == version + 1 and _last_was(row, REFUSE):
        return row
    check_version(row, version)
    _require_proposal(row, roles)
    if not reason.strip():
        raise ReasonMissing
    row.proposed_text = ""
    record(row, action=REFUSE, by=by, reason=reason.strip())
    announce_post(row, was_visible=True, kind="post", desk_only=True)
    return row


def _require_proposal(row: Post, roles: frozenset[str]) -> None:
    if not roles & states.DESK or row.release != Release.PUBLISHED or not row.proposed_text:
        raise NotAllowed


def _last_was(row: Post, action: str) -> bool:
    last = last_decision(row)
    return last is not None and last.action == action
