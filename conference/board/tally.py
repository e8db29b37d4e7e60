"""What became of the questions, counted in public: of closed sessions only, so that nobody reads how many wait."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from conference.agenda.models import AgendaItem, Attribution, BoardMode
from conference.board.models import Post
from conference.board.staff_models import CannedReason
from conference.board.states import Release, Stage
from conference.event.models import Conference


@dataclass
class Tally:
    """Numbers of questions. `asked` is the sum of the others: each question counts once, where it ended."""

    answered: int = 0
    in_writing: int = 0
    passed_on: int = 0
    joined: int = 0
    # Not included, by reason: (the desk's ready-made reason in the reader's language, or "" for any other, number).
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def not_included(self) -> int:
        """All that were declined or removed."""
        return sum(number for _, number in self.reasons)

    @property
    def asked(self) -> int:
        """Every question that was sent and not taken back."""
        return self.answered + self.in_writing + self.passed_on + self.joined + self.not_included


def tally_of_session(conference: Conference, item: AgendaItem) -> Tally | None:
    """The tally of one session; None while it is open, or where the organiser does not want it."""
    if not conference.show_tally or not item.is_closed:
        return None
    return _tally(conference, {"item": item})


def tally_of_day(conference: Conference) -> Tally | None:
    """The tally of all closed sessions whose questions the public may read; None where there is nothing to tell.

    At most three queries.
    """
    if not conference.show_tally:
        return None
    closed = AgendaItem.objects.filter(
        conference=conference, closed_at__isnull=False, board_mode=BoardMode.CLOSED
    )
    items = list(closed.filter(attribution=Attribution.ON_RECORD))
    return _tally(conference, {"item__in": items}) if items else None


def _tally(conference: Conference, which: dict[str, object]) -> Tally:
    posts = Post.objects.filter(kind=Post.Kind.QUESTION, **which).exclude(release=Release.WITHDRAWN)
    rows = posts.order_by().values_list("release", "stage", "canned_reason").annotate(number=Count("pk"))
    told, refused = Tally(), Counter[int]()
    for release, stage, canned, number in rows:
        if release in (Release.DECLINED, Release.HIDDEN):
            # What the desk typed itself may name somebody: it is told to the asker alone.
            refused[canned or 0] += number
        elif release == Release.MERGED:
            told.joined += number
        elif stage == Stage.ANSWERED:
            told.answered += number
        elif stage == Stage.ANSWERED_IN_WRITING:
            told.in_writing += number
        else:
            # Passed on, public or not: the difference would tell what the desk never came to.
            told.passed_on += number
    labels = (
        {reason.pk: str(reason) for reason in CannedReason.objects.filter(pk__in=refused)} if refused else {}
    )
    found = [(labels.get(pk, ""), number) for pk, number in refused.items()]
    told.reasons = sorted(found, key=lambda each: (each[0] == "", -each[1], each[0]))
    return told
