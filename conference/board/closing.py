"""Closing a session in one action: no question is left without an end (rule 13, docs/design.md)."""

from __future__ import annotations

import uuid

from django.db import transaction

from conference.agenda.models import AgendaItem
from conference.agenda.services import close_board, reopen_board
from conference.board import states
from conference.board.announcing import announce_post
from conference.board.changing import Decider, NotAllowed, StageFull, lock_all, move, record, tell_move
from conference.board.models import Decision, Post
from conference.board.states import Release, Stage

CLOSE, REOPEN = "close", "reopen"


@transaction.atomic
def close_session(
    *, item: AgendaItem, by: Decider, roles: frozenset[str], live_answered: bool = False
) -> int:
    """End an item's questions: none can be sent any more, and none is left without an end.

    What is live was answered or not, as `live_answered` says. All else that was on the list goes to the addressee or
    the speakers for a written answer; so does what nobody has approved yet, without becoming public. A new wording that
    waits is dropped. Returns how many were passed on; closing again passes on nothing and is success.
    Raises NotAllowed.
    """
    if not roles & states.STAGE:
        raise NotAllowed
    row = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    questions = Post.objects.filter(item=row, kind=Post.Kind.QUESTION)
    waiting = questions.filter(release=Release.PENDING)
    left = questions.filter(release=Release.PUBLISHED, stage__in=[Stage.NONE, Stage.SHORTLISTED, Stage.LIVE])
    # In the order of the shortlist, which is how they come back when the session is opened again.
    reworded = questions.exclude(proposed_text="")
    locked = lock_all((left | waiting | reworded).order_by("position", "pk"))
    posts = [post for post in locked if post.state in states.OPEN]
    batch, passed_on = uuid.uuid4(), 0
    visible = [post.release == Release.PUBLISHED for post in posts]
    for post in posts:
        to = states.PASSED_ON if post.release == Release.PENDING else states.NOT_REACHED
        if post.stage == Stage.LIVE and live_answered:
            to = states.ANSWERED
        else:
            passed_on += 1
        actors = roles | states.CLOSING
        post.proposed_text = ""
        move(post, to, actors=actors, by=by, action=CLOSE, batch=batch, announced=False)
    ended = [post for post in locked if post.proposed_text]
    for post in ended:
        post.proposed_text = ""
        record(post, action=CLOSE, by=by, batch=batch)
    close_board(item=row, by=by)
    for post in ended:
        announce_post(post, was_visible=False, kind="post", desk_only=True)
    for post, was_visible in zip(posts, visible, strict=True):
        tell_move(post, was_visible=was_visible)
    return passed_on


@transaction.atomic
def reopen_session(*, item: AgendaItem, by: Decider, roles: frozenset[str]) -> int:
    """Take the closing of an item back: every question that nobody has touched since goes back to where it was.

    Returns how many; opening again what is open is success. Raises NotAllowed.
    """
    if not roles & states.STAGE:
        raise NotAllowed
    row = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if not row.is_closed:
        return 0
    newest = Decision.objects.filter(post__item=row, action=CLOSE).order_by("pk").last()
    made = (
        list(Decision.objects.filter(action=CLOSE, batch=newest.batch, undone_by=None).select_related("post"))
        if newest
        else []
    )
    posts = lock_all(decision.post for decision in made)
    row = reopen_board(item=row, by=by)
    back = []
    for decision, post in zip(made, posts, strict=True):
        if post.version != decision.version:
            continue
        was_visible = post.release == Release.PUBLISHED
        post.item = row
        post.proposed_text = decision.before.get("proposed_text", "")
        if decision.source == decision.target:
            record(post, action=REOPEN, by=by, undoes=decision)
            announce_post(post, was_visible=False, kind="post", desk_only=True)
            continue
        try:
            with transaction.atomic():
                actors = roles | states.CLOSING
                move(
                    post,
                    decision.source,
                    actors=actors,
                    by=by,
                    action=REOPEN,
                    undoes=decision,
                    announced=False,
                )
        except StageFull:
            continue  # somebody has filled the stage meanwhile; it stays with the speaker
        back.append((post, was_visible))
    for post, was_visible in back:
        tell_move(post, was_visible=was_visible)
    return len(back)
