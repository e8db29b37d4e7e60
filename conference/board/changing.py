"""How every change of a post is made: locked, compared with what was seen, written with its log row (rules 1, 3).

Whoever changes a post does it in one transaction: `row = lock(post)`, `check_version(row, version)`, set columns,
`record(row, action=…, by=…)`, and last `announcing.announce_post`. The log row keeps what the columns were, so that
`undoing` can put them back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max

from conference.agenda.models import AgendaItem
from conference.board import shortlist, states
from conference.board.announcing import announce_post
from conference.board.models import Decision, Post
from conference.board.states import Release, Stage
from conference.event.clocks import conference_now
from conference.event.models import Conference, PrivateLink, User

# Who decides: a member of staff, or the holder of a private link.
Decider = User | PrivateLink

# What a decision may change and undo puts back, as Django names the columns. A sender's name is not among them: where
# it had to go because nobody may be named, no log keeps it.
KEPT = (
    "kind",
    "text",
    "original_text",
    "proposed_text",
    "stage_line",
    "release",
    "stage",
    "position",
    "stage_at",
    "reason",
    "reason_cs",
    "canned_reason_id",
    "may_resend",
    "item_id",
    "block_id",
    "placed_at",
    "quote",
    "quote_prefix",
    "quote_suffix",
    "addressee_id",
    "merged_into_id",
    "note",
    "labels",
)
# What makes a question open, and where.
_PLACE = ("release", "stage", "item_id", "kind")


class NotAllowed(Exception):
    """These actors cannot make this step from here."""


class ReasonMissing(Exception):
    """This step needs a reason that its author can be told."""


class QuestionUnpublished(NotAllowed):
    """A written answer cannot be published before its question is: that would publish the question silently."""


class SessionClosed(NotAllowed):
    """The session was closed: none of its questions is opened again before the session is (rule 13)."""


class StageFull(Exception):
    """As many questions are being answered as can be at once."""


class Stale(Exception):
    """The post changed since the form was made: nothing was written. `last` tells what happened and by whom."""

    def __init__(self, post: Post, last: Decision | None) -> None:
        super().__init__("The post changed meanwhile.")
        self.post = post
        self.last = last


def lock(post: Post) -> Post:
    """The post as it is now, locked; its session (or conference) first, whose list of live questions it may change."""
    return lock_all([post])[0]


def lock_all(posts: Iterable[Post], *, also: Iterable[int] = ()) -> list[Post]:
    """The posts as they are now, in the order given, locked with their sessions and those they may move to (`also`).

    Sessions before posts, each by ascending id: two hands that lock the same rows cannot wait for each other.
    """
    wanted = list(posts)
    items = {post.item_id for post in wanted if post.item_id is not None} | set(also)
    if any(post.item_id is None for post in wanted):
        Conference.objects.select_for_update(no_key=True).get(pk=wanted[0].conference_id)
    list(AgendaItem.objects.select_for_update(no_key=True).filter(pk__in=items).order_by("pk"))
    rows = Post.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[p.pk for p in wanted])
    rows = rows.select_related("item", "conference", "block__paper", "parent", "merged_into").order_by("pk")
    by_pk = {row.pk: row for row in rows}
    ranks = shortlist.ranks_of(row for row in by_pk.values() if row.position is not None)
    for row in by_pk.values():
        row.found = {name: getattr(row, name) for name in KEPT}
        row.rank_found = ranks.get(row.pk)
    return [by_pk[post.pk] for post in wanted]


def last_decision(post: Post) -> Decision | None:
    """The newest row of a post's log, with who made it."""
    return post.decisions.select_related("by", "by_link__room", "by_link__person").last()


def check_version(row: Post, version: int) -> None:
    """Raise Stale when the post is not what the maker of a form saw."""
    if row.version != version:
        raise Stale(row, last_decision(row))


def record(
    row: Post,
    *,
    action: str,
    by: Decider | None,
    reason: str = "",
    batch: uuid.UUID | None = None,
    undoes: Decision | None = None,
    extra: dict[str, Any] | None = None,
) -> Decision:
    """Write what was changed on a row that `lock` gave, with its log row. `by` None is the post's own author.

    `extra` is kept with what undo needs beyond the post's columns. Of a shortlisted post its place is kept as well:
    undo puts it back there wherever its neighbours have moved. Raises SessionClosed.
    """
    if row.found is None:
        raise RuntimeError("a post is changed under its lock only")
    found = row.found
    # Every way to change a post leads through here: deciding, undoing, moving, sending again.
    if (
        row.state in states.OPEN
        and in_closed_session(row)
        and any(getattr(row, n) != found[n] for n in _PLACE)
    ):
        raise SessionClosed
    changed = [name for name in KEPT if getattr(row, name) != found[name]]
    row.version += 1
    # The position always: making room on a shortlist moved it aside.
    columns = {"version", "name", "institution", "position", *(name.removesuffix("_id") for name in changed)}
    row.save(update_fields=columns)
    row.found = {name: getattr(row, name) for name in KEPT}
    before: dict[str, Any] = {name: _plain(found[name]) for name in changed}
    if row.rank_found is not None:
        before["rank"] = row.rank_found
    return Decision.objects.create(
        post=row,
        by=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PrivateLink) else None,
        by_author=by is None,
        action=action,
        source=states.state_of(found["release"], found["stage"]),
        target=row.state,
        reason=reason,
        version=row.version,
        conference_time=conference_now(row.conference),
        before=before | (extra or {}),
        batch=batch,
        undoes=undoes,
    )


def in_closed_session(row: Post) -> bool:
    """Whether this is a question of a session whose questions were brought to an end."""
    return row.is_question and row.item is not None and row.item.is_closed


def end_of(row: Post, to: str) -> str:
    """Where a step leads: what is published after its session was closed goes to the speakers like the others."""
    late = to == states.PUBLISHED and row.state in (states.DECLINED, states.HIDDEN) and in_closed_session(row)
    return states.NOT_REACHED if late else to


def move(
    row: Post,
    to: str,
    *,
    actors: frozenset[str],
    by: Decider | None,
    reason: str = "",
    action: str = "",
    batch: uuid.UUID | None = None,
    undoes: Decision | None = None,
    rank: int | None = None,
    announced: bool = True,
) -> Post:
    """Write a step of `states.TRANSITIONS` on a locked post, with its log row and its news.

    What is shortlisted goes to the end, or to its `rank`. With `announced` false the caller tells the news, after its
    last lock. Raises NotAllowed, SessionClosed, ReasonMissing, StageFull.
    """
    step = states.steps_for(row.state, actors, question=row.is_question).get(to)
    if step is None:
        raise NotAllowed
    if step.needs_reason and not reason:
        raise ReasonMissing
    to = end_of(row, to)
    if to == states.LIVE:
        make_room(row)
    if row.kind == Post.Kind.ANSWER:
        batch = batch or uuid.uuid4()
        if to == states.PUBLISHED and (row.parent is None or row.parent.release != Release.PUBLISHED):
            raise QuestionUnpublished
    was_visible, stage_before = row.release == Release.PUBLISHED, row.stage
    row.release, row.stage = states.columns_of(to)
    row.position = last_position(row) + 1 if to == states.SHORTLISTED else None
    if to == states.SHORTLISTED and rank is not None:
        shortlist.insert(row, rank)
    row.merged_into = None
    row.reason = reason if step.needs_reason else ""
    if not step.needs_reason:
        row.reason_cs, row.canned_reason, row.may_resend = "", None, False
    if row.stage != stage_before:
        row.stage_at = conference_now(row.conference)
    record(row, action=action or "decide", by=by, reason=row.reason, batch=batch, undoes=undoes)
    if row.kind == Post.Kind.ANSWER and row.parent is not None:
        _follow_answer(row.parent, by=by, batch=batch)
    if announced:
        tell_move(row, was_visible=was_visible)
    return row


def _follow_answer(question: Post, *, by: Decider | None, batch: uuid.UUID | None) -> None:
    """A published answer ends its question in writing; when the last one is taken down it is as before."""
    (asked,) = lock_all([question])
    answered = asked.children.filter(kind=Post.Kind.ANSWER, release=Release.PUBLISHED).exists()
    to = {
        (states.NOT_REACHED, True): states.ANSWERED_IN_WRITING,
        (states.ANSWERED_IN_WRITING, False): states.NOT_REACHED,
    }.get((asked.state, answered))
    if to is not None:
        move(asked, to, actors=states.ANSWERING, by=by, action="answer", batch=batch)


def tell_move(row: Post, *, was_visible: bool) -> None:
    """The news of a step: of the stage only, or of the whole card."""
    stage_only = was_visible and row.release == Release.PUBLISHED
    announce_post(row, was_visible=was_visible, kind="stage" if stage_only else "post")


def siblings(row: Post) -> Any:
    """The posts on the same stage: of the same session, or of the conference as a whole."""
    return Post.objects.filter(conference=row.conference_id, item=row.item_id)


def make_room(row: Post) -> None:
    """Raise StageFull when one more question cannot be answered at once."""
    if siblings(row).filter(stage=Stage.LIVE).count() >= states.MAY_LIVE_AT_ONCE:
        raise StageFull


def last_position(row: Post) -> int:
    """The last place taken on the shortlist; 0 when it is empty."""
    return siblings(row).aggregate(last=Max("position"))["last"] or 0


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
