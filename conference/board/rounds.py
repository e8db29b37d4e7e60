"""Several posts in one go: rounds of up to four, clearing the stage, bulk decisions. All of it happens, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from conference.agenda.models import AgendaItem
from conference.board import shortlist, states
from conference.board.changing import Decider, NotAllowed, check_version, lock_all, move, tell_move
from conference.board.models import Post
from conference.board.services import give_reason
from conference.board.staff_models import CannedReason
from conference.board.states import Release, Stage
from conference.event.models import Conference


@transaction.atomic
def decide_many(
    *,
    picks: Sequence[tuple[Post, int]],
    to: str,
    by: Decider,
    roles: frozenset[str],
    reason: str = "",
    canned: CannedReason | None = None,
    action: str = "decide",
    first: bool = False,
) -> list[Post]:
    """Move several posts, each as it was at its version, to one state; undone in one go too.

    With `first` those that go to the shortlist go to its front. Raises Stale, NotAllowed, ReasonMissing, StageFull, and
    then nothing has changed.
    """
    rows = lock_all([post for post, _ in picks])
    batch = uuid.uuid4()
    visible = [row.release == Release.PUBLISHED for row in rows]
    for rank, (row, (_, version)) in enumerate(zip(rows, picks, strict=True)):
        check_version(row, version)
        told = give_reason(row, reason.strip(), canned)
        place = rank if first and to == states.SHORTLISTED else None
        move(
            row, to, actors=roles, by=by, reason=told, action=action, batch=batch, rank=place, announced=False
        )
    for row, was_visible in zip(rows, visible, strict=True):
        tell_move(row, was_visible=was_visible)
    return rows


def start_round(*, picks: Sequence[tuple[Post, int]], by: Decider, roles: frozenset[str]) -> list[Post]:
    """Bring a round live, in one transaction. Raises as `decide_many`, and NotAllowed for none or more than four."""
    if not 1 <= len(picks) <= states.MAY_LIVE_AT_ONCE:
        raise NotAllowed
    return decide_many(picks=picks, to=states.LIVE, by=by, roles=roles, action="round")


def clear_stage(
    *, picks: Sequence[tuple[Post, int]], to: str, by: Decider, roles: frozenset[str]
) -> list[Post]:
    """Take what is being answered off the screen: answered, or back to the front of the shortlist.

    Raises as `decide_many`.
    """
    if to not in (states.ANSWERED, states.SHORTLISTED):
        raise NotAllowed
    return decide_many(picks=picks, to=to, by=by, roles=roles, action="clear", first=True)


def first_of_shortlist(conference: Conference, item: AgendaItem | None, count: int) -> list[Post]:
    """The first questions of a session's shortlist."""
    return list(shortlist.shortlisted(item.pk if item else None, conference.pk)[:count])


def live_of(conference: Conference, item: AgendaItem | None) -> list[Post]:
    """What is being answered in a session, in the order in which it went live."""
    live = Post.objects.filter(conference=conference, item=item, stage=Stage.LIVE)
    return list(live.order_by("stage_at", "pk"))
