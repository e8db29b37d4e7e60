"""Undo: what a decision changed is put back as it was, as a decision of its own (rules 1, 3)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from conference.agenda.services import reopen_board
from conference.board import muting, shortlist, states
from conference.board.announcing import announce_change, place_of
from conference.board.changing import (
    KEPT,
    Decider,
    NotAllowed,
    Stale,
    last_decision,
    lock_all,
    make_room,
    record,
)
from conference.board.models import Decision, Flag, Post
from conference.board.states import Release, Stage
from conference.event.models import Conference, User

# What somebody who runs the stage alone may undo: steps on the stage.
STAGE_STEPS = states.FOR_QUESTIONS_ONLY | {states.PUBLISHED}
_GOOD_TARGETS = (Release.PENDING, Release.PUBLISHED)


def last_undoable(conference: Conference, by: User) -> Decision | None:
    """What the key `u` undoes: the newest decision of this person that was not undone yet."""
    own = Decision.objects.filter(post__conference=conference, by=by, undoes=None, undone_by=None)
    return own.select_related("post").order_by("-pk").first()


def may_undo(decision: Decision, roles: frozenset[str]) -> bool:
    """Whether these roles may undo it at all; an author's own step is theirs alone."""
    if decision.by_author:
        return False
    if roles & states.DESK:
        return True
    return bool(roles & states.STAGE) and {decision.source, decision.target} <= STAGE_STEPS


@transaction.atomic
def undo(*, decision: Decision, by: Decider, roles: frozenset[str]) -> list[Post]:
    """Put back what a decision changed, together with those made in one go with it; returns the posts.

    An undo is a decision too, so that it can be undone. Twice is success. A name that was forgotten stays forgotten.
    What was decided since and undone again does not stand in the way. Raises NotAllowed, SessionClosed, Stale
    when anything else was decided on one of the posts since, StageFull when a question that would be answered again
    finds no room.
    """
    one_go = Q(batch=decision.batch) if decision.batch else Q(pk=decision.pk)
    decisions = list(Decision.objects.filter(one_go).select_related("post", "undone_by"))
    # Back on the shortlist the first goes first: each place is counted from the front.
    decisions.sort(key=lambda each: (each.before.get("rank", 0), each.pk))
    if not all(may_undo(each, roles) for each in decisions):
        raise NotAllowed
    merged = [(each.post.merged_into_id, each.before.get("merged_into_id")) for each in decisions]
    targets = {pk for pair in merged for pk in pair if pk is not None}
    others = Post.objects.filter(pk__in=targets - {each.post_id for each in decisions})
    came_from = [each.before["item_id"] for each in decisions if each.before.get("item_id")]
    rows = lock_all([*(each.post for each in decisions), *others], also=came_from)
    found = {row.pk: row for row in rows}
    if all(_is_undone(each, found[each.post_id]) for each in decisions):
        return [found[each.post_id] for each in decisions]
    if decision.action == "close" and decision.post.item is not None:
        opened = reopen_board(item=decision.post.item, by=by)
        for row in rows:
            if row.item_id == opened.pk:
                row.item = opened
    batch = uuid.uuid4() if len(decisions) > 1 else None
    news = []
    for each in decisions:
        row = found[each.post_id]
        if each.pk not in _in_reach(row):
            raise Stale(row, last_decision(row))
        was = place_of(row)
        _put_back(row, each, by=by)
        extra: dict[str, Any] = {"muted": not each.before["muted"]} if "muted" in each.before else {}
        if "flags" in each.before:
            extra |= {"flags": each.before["flags"], "settled": not each.before["settled"]}
        if row.found is not None and "position" in each.before:
            extra["position"] = row.found["position"]
        record(row, action="undo", by=by, reason=each.reason, batch=batch, undoes=each, extra=extra)
        news.append((row, was))
    for row, _ in news:
        if row.merged_into_id is not None:
            _check_target(row, found[row.merged_into_id])
    Post.objects.filter(pk__in=targets | {row.pk for row, _ in news}).update(recount_due=True)
    for row, was in news:
        announce_change(row, was=was)
    return [row for row, _ in news]


def _is_undone(decision: Decision, row: Post) -> bool:
    undone = getattr(decision, "undone_by", None)
    return undone is not None and undone.version == row.version


def _in_reach(row: Post) -> set[int]:
    """What can be undone now: the newest decision, and the newest one that still stands."""
    standing: list[int] = []
    undone: set[int] = set()
    newest = 0
    for newest, undoes in row.decisions.values_list("pk", "undoes"):
        if undoes is not None and standing and standing[-1] == undoes:
            standing.pop()
            undone.add(newest)
        elif undoes is None or undoes in undone:
            standing.append(newest)
    return {newest, *standing[-1:]}


def _put_back(row: Post, decision: Decision, *, by: Decider) -> None:
    before: dict[str, Any] = decision.before
    was_live = row.stage == Stage.LIVE
    for name in KEPT:
        if name in before and name != "position":
            value = before[name]
            setattr(row, name, datetime.fromisoformat(value) if name == "stage_at" and value else value)
    if row.item is not None and not row.item.names_speakers:
        row.name = row.institution = ""
    if row.stage != Stage.SHORTLISTED:
        row.position = None
    elif "position" in before:
        shortlist.insert(row, before.get("rank", shortlist.ASIDE))
    if row.stage == Stage.LIVE and not was_live:
        make_room(row)
    if "flags" in before:
        Flag.objects.filter(pk__in=before["flags"]).update(settled=before["settled"])
    if "muted" in before and isinstance(by, User):
        muting.set_muted(row, muted=before["muted"], by=by)


def _check_target(row: Post, target: Post) -> None:
    """Joined again, but only with what still stands, and never as a chain."""
    if target.release not in _GOOD_TARGETS:
        raise Stale(target, last_decision(target))
    if row.merged.exists():
        raise Stale(row, last_decision(row))
