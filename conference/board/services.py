"""Sending and deciding: the one door for every change of a post (rules 1, 3, 4, 5, 13, docs/design.md)."""

from __future__ import annotations

from django.db import transaction

from conference.agenda.models import AgendaItem, BoardMode
from conference.board import keys, shortlist, states
from conference.board.announcing import announce_post
from conference.board.changing import (
    Decider,
    NotAllowed,
    ReasonMissing,
    SessionClosed,
    StageFull,
    Stale,
    check_version,
    in_closed_session,
    last_decision,
    lock,
    lock_all,
    move,
    record,
)
from conference.board.models import Decision, Post
from conference.board.reasons import SHORTEN
from conference.board.staff_models import CannedReason, Mute
from conference.board.states import Release
from conference.event.models import Conference, Participant, Person
from conference.event.services import new_participant
from papers.models import Block

__all__ = ["NotAllowed", "ReasonMissing", "SessionClosed", "StageFull", "Stale"]

LONGEST_TEXT = 1000


class BoardClosed(Exception):
    """The session takes no questions now."""


@transaction.atomic
def send_post(
    *,
    conference: Conference,
    key: str,
    participant: Participant | None,
    text: str,
    kind: str = Post.Kind.QUESTION,
    name: str = "",
    item: AgendaItem | None = None,
    block: Block | None = None,
    quote: str = "",
    quote_prefix: str = "",
    quote_suffix: str = "",
    addressee: Person | None = None,
    institution: str = "",
    parent: Post | None = None,
) -> Post:
    """Store a question, a comment, or a reply to `parent`, whose session and passage it shares.

    It waits for the desk, except on an open board, where it is published at once. A new device (`participant` None)
    becomes a Participant here. The same key with the same content gives the post of the first time, with the
    participant of the first time; with other content it raises keys.KeyReused. Where nobody is named, the name is not
    even stored. Raises BoardClosed.
    """
    if parent is not None:
        kind, item, block = Post.Kind.REPLY, parent.item, parent.block
    if item is not None and not item.names_speakers:
        name = institution = ""
    content = [conference.pk, "post", kind, text, name, item and item.pk, block and block.pk, quote]
    digest = keys.digest_of(*content, addressee and addressee.pk, institution, parent and parent.pk)
    if used := keys.claim(key, digest):
        return used.post
    if item is not None:
        # Whoever closes the board or changes its mode holds the same lock: nothing slips in after that.
        item = AgendaItem.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk)
        item.conference = conference
        if not item.takes_questions:
            raise BoardClosed
        if not item.names_speakers:
            name = institution = ""
    device = participant or new_participant()
    post = Post.objects.create(
        conference=conference,
        participant=device,
        kind=kind,
        text=text,
        name=name,
        item=item,
        block=block,
        quote=quote,
        quote_prefix=quote_prefix,
        quote_suffix=quote_suffix,
        addressee=addressee,
        institution=institution,
        parent=parent,
    )
    keys.keep(key, digest, post, device)
    if item is not None and item.board_mode == BoardMode.OPEN and not _muted(conference, device):
        post = lock(post)
        post.release = Release.PUBLISHED
        record(post, action="auto", by=None)
    announce_post(post, was_visible=False, kind="post")
    return post


def _muted(conference: Conference, device: Participant) -> bool:
    return Mute.objects.filter(conference=conference, participant=device).exists()


@transaction.atomic
def decide(
    *,
    post: Post,
    to: str,
    by: Decider,
    roles: frozenset[str],
    version: int,
    reason: str = "",
    canned: CannedReason | None = None,
    may_resend: bool = False,
) -> Post:
    """Move a post to the state `to`, as a member of staff with `roles` who saw it at `version`.

    What its author is told is the canned reason, in both languages, and whatever was typed behind it. With `may_resend`
    a declined post goes back to its author, who may shorten it and send it again.
    The same decision twice is success. Raises Stale, NotAllowed, ReasonMissing, StageFull.
    """
    row = lock(post)
    if row.version != version:
        last = last_decision(row)
        if row.version == version + 1 and last is not None and to in (last.target, _meant(row, last)):
            return row
        raise Stale(row, last)
    reason = give_reason(row, reason.strip(), canned)
    row.may_resend = may_resend and to == states.DECLINED
    if row.may_resend and not reason:
        reason, row.reason_cs = SHORTEN
    return move(row, to, actors=roles, by=by, reason=reason)


def _meant(row: Post, last: Decision) -> str:
    """What was asked for where publishing after the closing passed a question on (`changing.end_of`)."""
    late = last.source in (states.DECLINED, states.HIDDEN) and last.target == states.NOT_REACHED
    return states.PUBLISHED if late and in_closed_session(row) else ""


def give_reason(row: Post, typed: str, canned: CannedReason | None) -> str:
    """Set what the author of a post is told, in both languages; returns the reason for the log."""
    row.canned_reason = canned
    row.reason_cs = f"{canned.text_cs} {typed}".strip() if canned else ""
    return f"{canned.text_en} {typed}".strip() if canned else typed


@transaction.atomic
def withdraw(*, post: Post, participant: Participant) -> Post:
    """Let the device that sent a post take it back; twice is success. Raises NotAllowed."""
    target = post.merged_into
    row = lock_all([post, target])[0] if target is not None else lock(post)
    if row.participant_id != participant.pk:
        raise NotAllowed
    if row.release == Release.WITHDRAWN:
        return row
    if target is not None:
        Post.objects.filter(pk=target.pk).update(recount_due=True)
    row.proposed_text = ""
    return move(row, states.WITHDRAWN, actors=states.AUTHOR_ACTORS, by=None, action="withdraw")


@transaction.atomic
def move_on_shortlist(*, post: Post, by: Decider, roles: frozenset[str], version: int, up: bool) -> Post:
    """Change places with the neighbour above or below. At the end of the list nothing happens.

    Raises Stale, and NotAllowed for a post that is not on the shortlist.
    """
    row = lock(post)
    check_version(row, version)
    if row.rank_found is None:
        raise NotAllowed
    return _place(row, row.rank_found + (-1 if up else 1), by=by, roles=roles)


@transaction.atomic
def place_on_shortlist(*, post: Post, by: Decider, roles: frozenset[str], version: int, rank: int) -> Post:
    """Put a shortlisted post at a place, counted from 0; beyond the end is the end. Raises as `move_on_shortlist`."""
    row = lock(post)
    check_version(row, version)
    return _place(row, rank, by=by, roles=roles)


def _place(row: Post, rank: int, *, by: Decider, roles: frozenset[str]) -> Post:
    if row.rank_found is None or not roles & states.STAGE:
        raise NotAllowed
    last = shortlist.shortlisted(row.item_id, row.conference_id).count() - 1
    if (rank := max(0, min(rank, last))) == row.rank_found:
        return row
    shortlist.insert(row, rank)
    record(row, action="order", by=by, extra={"position": row.found and row.found["position"]})
    announce_post(row, was_visible=False, kind="order", desk_only=True)
    return row
