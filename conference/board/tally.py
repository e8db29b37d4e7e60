"""What became of the questions, counted in public: of closed sessions only, so that nobody reads how many wait."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef
from django.db.models.functions import JSONObject

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


def rows_of_session(slug: str) -> ArraySubquery:
    """What `tally_of_session` counts, as an expression over a conference."""
    return _rows(item__slug=slug)


def rows_of_day() -> ArraySubquery:
    """What `tally_of_day` counts, as an expression over a conference: sessions whose questions the public may read."""
    return _rows(
        item__closed_at__isnull=False,
        item__board_mode=BoardMode.CLOSED,
        item__attribution=Attribution.ON_RECORD,
    )


def tally_of_session(
    conference: Conference, item: AgendaItem, rows: list[dict[str, Any]] | None = None
) -> Tally | None:
    """The tally of one session; None while it is open, or where the organiser does not want it.

    One query, unless `rows_of_session` was read already.
    """
    if not conference.show_tally or not item.is_closed:
        return None
    return _tally(_read(conference, rows_of_session(item.slug)) if rows is None else rows)


def tally_of_day(conference: Conference, rows: list[dict[str, Any]] | None = None) -> Tally | None:
    """The tally of all closed sessions whose questions the public may read; None where there is nothing to tell.

    One query, unless `rows_of_day` was read already.
    """
    if not conference.show_tally:
        return None
    rows = _read(conference, rows_of_day()) if rows is None else rows
    return _tally(rows) if rows else None


def _rows(**which: object) -> ArraySubquery:
    posts = Post.objects.filter(conference=OuterRef("pk"), kind=Post.Kind.QUESTION, **which)
    alike = {
        "release": "release",
        "stage": "stage",
        "canned": "canned_reason",
        "en": "canned_reason__text_en",
        "cs": "canned_reason__text_cs",
    }
    groups = posts.exclude(release=Release.WITHDRAWN).order_by().values(*alike.values())
    return ArraySubquery(
        groups.annotate(number=Count("pk")).values(row=JSONObject(**alike, number=Count("pk")))
    )


def _read(conference: Conference, rows: ArraySubquery) -> list[dict[str, Any]]:
    return Conference.objects.values_list(rows).get(pk=conference.pk)[0]


def _tally(rows: list[dict[str, Any]]) -> Tally:
    told, refused, labels = Tally(), Counter[int](), {}
    for row in rows:
        release, stage, number = row["release"], row["stage"], row["number"]
        if release in (Release.DECLINED, Release.HIDDEN):
            # What the desk typed itself may name somebody: it is told to the asker alone.
            canned = row["canned"] or 0
            refused[canned] += number
            labels[canned] = str(CannedReason(text_en=row["en"], text_cs=row["cs"])) if canned else ""
        elif release == Release.MERGED:
            told.joined += number
        elif stage == Stage.ANSWERED:
            told.answered += number
        elif stage == Stage.ANSWERED_IN_WRITING:
            told.in_writing += number
        else:
            # Passed on, public or not: the difference would tell what the desk never came to.
            told.passed_on += number
    found = [(labels[pk], number) for pk, number in refused.items()]
    told.reasons = sorted(found, key=lambda each: (each[0] == "", -each[1], each[0]))
    return told
