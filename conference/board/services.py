"""Sending and deciding: the one door for every change of a post (rules 1, 3, 4, 5, 13, docs/design.md)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from conference.agenda.models import AgendaItem, BoardMode
from conference.agenda.services import close_board
from conference.board import keys, states
from conference.board.announcing import announce_post
from conference.board.models import Decision, Post
from conference.board.states import Release, Stage
from conference.event.clocks import conference_now
from conference.event.models import Conference, Participant, Person, PrivateLink, User
from conference.event.services import new_participant
from papers.models import Block

LONGEST_TEXT = 1000
# Far above any real position: where a question stands while two of them change places.
ASIDE = 1_000_000

# Who decides: a member of staff, or the holder of a private link.
Decider = User | PrivateLink


class NotAllowed(Exception):
    """These actors cannot make this step from here."""


class BoardClosed(Exception):
    """The session takes no questions now."""


class ReasonMissing(Exception):
    """This step needs a reason that its author can be told."""


class StageFull(Exception):
    """As many questions are being answered as can be at once."""


class Stale(Exception):
    """The post changed since the form was made: nothing was written. `last` tells what happened and by whom."""

    def __init__(self, post: Post, last: Decision | None) -> None:
        super().__init__("The post changed meanwhile.")
        self.post = post
        self.last = last


class StillPending(Exception):
    """A session cannot be closed while `count` questions wait for approval: each needs a decision first."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} questions wait for approval.")
        self.count = count


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
        kind, item, block, quote = Post.Kind.REPLY, parent.item, parent.block, parent.quote
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
        addressee=addressee,
        institution=institution,
        parent=parent,
    )
    keys.keep(key, digest, post, device)
    if item is not None and item.board_mode == BoardMode.OPEN:
        source = post.state
        post.release = Release.PUBLISHED
        _record(post, source=source, by=None, reason="", action="auto")
    announce_post(post, was_visible=False, kind="post")
    return post


@transaction.atomic
def decide(
    *, post: Post, to: str, by: Decider, roles: frozenset[str], version: int, reason: str = ""
) -> Post:
    """Move a post to the state `to`, as a member of staff with `roles` who saw it at `version`.

    The same decision twice is success. Raises Stale, NotAllowed, ReasonMissing, StageFull.
    """
    row = _locked(post)
    if row.version != version:
        last = row.decisions.select_related("by", "by_link__room", "by_link__person").last()
        if row.version == version + 1 and last is not None and last.target == to:
            return row
        raise Stale(row, last)
    return _move(row, to, actors=roles, by=by, reason=reason.strip())


@transaction.atomic
def withdraw(*, post: Post, participant: Participant) -> Post:
    """Let the device that sent a post take it back; twice is success. Raises NotAllowed."""
    row = _locked(post)
    if row.participant_id != participant.pk:
        raise NotAllowed
    if row.release == Release.WITHDRAWN:
        return row
    return _move(row, states.WITHDRAWN, actors=states.AUTHOR_ACTORS, by=None, reason="")


@transaction.atomic
def move_on_shortlist(*, post: Post, by: Decider, roles: frozenset[str], version: int, up: bool) -> Post:
    """Change places with the neighbour above or below. At the end of the list nothing happens.

    Raises Stale, and NotAllowed for a post that is not on the shortlist.
    """
    row = _locked(post)
    if row.version != version:
        raise Stale(row, row.decisions.select_related("by", "by_link__room", "by_link__person").last())
    if row.stage != Stage.SHORTLISTED or row.position is None or not roles & states.STAGE:
        raise NotAllowed
    others = Post.objects.filter(conference=row.conference, item=row.item, stage=Stage.SHORTLISTED)
    neighbour = (
        others.filter(position__lt=row.position).order_by("-position").first()
        if up
        else others.filter(position__gt=row.position).order_by("position").first()
    )
    if neighbour is None:
        return row
    here, there = row.position, neighbour.position
    Post.objects.filter(pk=row.pk).update(position=ASIDE)
    Post.objects.filter(pk=neighbour.pk).update(position=here)
    row.position = there
    _record(row, source=row.state, by=by, reason="")
    announce_post(row, was_visible=False, kind="order", desk_only=True)
    return row


@transaction.atomic
def close_session(*, item: AgendaItem, by: Decider, roles: frozenset[str]) -> int:
    """End an item's board: no more questions, and what was not reached goes to the speaker.

    Returns how many were passed on. Raises NotAllowed, and StillPending while questions wait for approval.
    """
    if not roles & states.STAGE:
        raise NotAllowed
    row = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    questions = Post.objects.filter(item=row, kind=Post.Kind.QUESTION, merged_into__isnull=True)
    if waiting := questions.filter(release=Release.PENDING).count():
        raise StillPending(waiting)
    left = questions.filter(
        release=Release.PUBLISHED, stage__in=[Stage.NONE, Stage.SHORTLISTED, Stage.LIVE]
    ).select_for_update(of=("self",), no_key=True)
    passed_on = 0
    for post in left.select_related("item", "conference", "block__paper").order_by("pk"):
        _move(post, states.NOT_REACHED, actors=roles, by=by, reason="")
        passed_on += 1
    close_board(item=row, by=by)
    return passed_on


def _locked(post: Post) -> Post:
    """The post as it is now, locked; its item (or conference) first, whose list of live questions it may change."""
    if post.item_id is not None:
        AgendaItem.objects.select_for_update(no_key=True).get(pk=post.item_id)
    else:
        Conference.objects.select_for_update(no_key=True).get(pk=post.conference_id)
    rows = Post.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("item", "conference", "block__paper").get(pk=post.pk)


def _move(row: Post, to: str, *, actors: frozenset[str], by: Decider | None, reason: str) -> Post:
    """Write a step and its log row; the post and its item are locked."""
    source = row.state
    step = states.steps_for(source, actors, question=row.is_question).get(to)
    if step is None:
        raise NotAllowed
    if step.needs_reason and not reason:
        raise ReasonMissing
    siblings = Post.objects.filter(conference=row.conference, item=row.item)
    if to == states.LIVE and siblings.filter(stage=Stage.LIVE).count() >= states.MAY_LIVE_AT_ONCE:
        raise StageFull
    was_visible = row.release == Release.PUBLISHED
    stage_before = row.stage
    row.release, row.stage = states.columns_of(to)
    row.position = None
    if to == states.SHORTLISTED:
        last = siblings.aggregate(last=Max("position"))["last"]
        row.position = (last or 0) + 1
    row.reason = reason if step.needs_reason else ""
    if row.stage != stage_before:
        row.stage_at = conference_now(row.conference)
    _record(row, source=source, by=by, reason=row.reason)
    stage_only = was_visible and row.release == Release.PUBLISHED
    announce_post(row, was_visible=was_visible, kind="stage" if stage_only else "post")
    return row


def _record(row: Post, *, source: str, by: Decider | None, reason: str, action: str = "") -> None:
    row.version += 1
    row.save(update_fields=["release", "stage", "position", "reason", "stage_at", "version"])
    Decision.objects.create(
        post=row,
        by=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PrivateLink) else None,
        by_author=by is None,
        source=source,
        target=row.state,
        reason=reason,
        action=action,
        version=row.version,
        conference_time=conference_now(row.conference),
    )
