"""The trail: what its author reads of each post, in the words of the interface and no others."""

from __future__ import annotations

from django.db.models import Prefetch

from conference.board import editing, queries, states
from conference.board.access import visible_to
from conference.board.models import Decision, Post
from conference.event.access import Audience
from conference.event.models import Conference, Participant


def trail_of(participant: Participant, conference: Conference) -> list[Post]:
    """What a device sent, newest first, each with `may_edit`, `may_withdraw` and `edit_refused` (two queries).

    `edit_refused` is the desk's reason when the last new wording was not taken, until the next one.
    """
    own = Audience(participant=participant)
    wordings = Decision.objects.filter(action__in=[editing.PROPOSE, editing.ACCEPT, editing.REFUSE]).order_by(
        "pk"
    )
    posts = (
        visible_to(own, conference)
        .filter(participant=participant)
        .select_related("item", "block__paper", "addressee", "parent", "merged_into__item")
        .prefetch_related(Prefetch("decisions", wordings, to_attr="wordings"))
        .order_by("-pk")
    )
    found: list[Post] = list(posts[: queries.MOST_ON_A_PAGE])
    for post in found:
        steps = states.steps_for(post.state, states.AUTHOR_ACTORS, question=post.is_question)
        post.may_withdraw = states.WITHDRAWN in steps  # type: ignore[attr-defined]
        post.may_edit = editing.may_edit(post)  # type: ignore[attr-defined]
        last: Decision | None = post.wordings[-1] if post.wordings else None  # type: ignore[attr-defined]
        refused = last is not None and last.action == editing.REFUSE
        post.edit_refused = last.reason if refused and last is not None else ""  # type: ignore[attr-defined]
    return found
