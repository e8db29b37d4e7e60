"""What a card at the desk shows beside its post: steps with their keys, marks, minutes left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.agenda.models import AgendaItem
from conference.board import claims, states, watching
from conference.board.labels import STEP_LABELS, state_label_for_desk
from conference.board.models import Post
from conference.board.staff_models import DeskRules, Mute
from conference.board.states import Release
from conference.event.access import Staff
from conference.event.clocks import conference_now
from conference.event.models import Conference

# The steps that a card offers at once, with their keys; the others are behind "more".
AT_ONCE = {
    (states.PENDING, states.PUBLISHED): "a",
    (states.PUBLISHED, states.SHORTLISTED): "s",
    (states.PUBLISHED, states.LIVE): "l",
    (states.SHORTLISTED, states.LIVE): "l",
    (states.SHORTLISTED, states.PUBLISHED): "s",
    (states.LIVE, states.ANSWERED): "x",
    (states.LIVE, states.SHORTLISTED): "s",
    (states.DECLINED, states.PUBLISHED): "a",
    (states.HIDDEN, states.PUBLISHED): "a",
}
_ORDER = {step: place for place, step in enumerate(AT_ONCE)}


@dataclass(frozen=True)
class Step:
    """A button of a card."""

    to: str
    label: str
    key: str
    needs_reason: bool


@dataclass
class Desk:
    """One look at a conference's desk: who looks, when, and what is marked for them (two queries)."""

    conference: Conference
    staff: Staff
    now: datetime
    words: str = ""
    muted: set[Any] = field(default_factory=set)

    @classmethod
    def of(cls, conference: Conference, staff: Staff) -> Desk:
        """The desk as `staff` sees it now."""
        rules = DeskRules.objects.filter(conference=conference).first()
        muted = set(Mute.objects.filter(conference=conference).values_list("participant", flat=True))
        return cls(conference, staff, conference_now(conference), rules.words if rules else "", muted)

    @property
    def may_curate(self) -> bool:
        """Whether these roles approve and edit; a panel chair runs the stage only."""
        return bool(self.staff.roles & states.DESK)

    def dress(self, posts: Iterable[Post]) -> None:
        """Give posts what their cards show (no query)."""
        for post in posts:
            self._dress(post)

    def _dress(self, post: Any) -> None:
        steps = states.steps_for(post.state, self.staff.roles, question=post.is_question)
        all_steps = [
            Step(
                to,
                str(STEP_LABELS[post.state, to]),
                AT_ONCE.get((post.state, to), ""),
                step.needs_reason,
            )
            for to, step in steps.items()
        ]
        post.steps = sorted(
            (step for step in all_steps if step.key), key=lambda step: _ORDER[post.state, step.to]
        )
        post.other_steps = [step for step in all_steps if not step.key and not step.needs_reason]
        post.refusal = next((step for step in all_steps if step.needs_reason), None)
        post.desk_label = state_label_for_desk(post.state)
        post.marks = watching.watched_words(post.text, self.words)
        post.has_link = watching.has_link(post.text)
        post.is_muted = post.participant_id is not None and post.participant_id in self.muted
        post.time_left = time_left(post.item, self.now)
        holder = claims.holder(post)
        post.held_by = holder.get_username() if holder is not None and holder != self.staff.user else ""


def time_left(item: AgendaItem | None, now: datetime) -> str:
    """How long a session still runs, in words; `now` is conference time."""
    if item is None:
        return ""
    if item.finishes <= now:
        return _("session over")
    if item.begins > now:
        return _("starts %(at)s") % {"at": f"{item.begins.astimezone(now.tzinfo):%H:%M}"}
    minutes = int((item.finishes - now).total_seconds() // 60)
    return ngettext("%(n)s min left", "%(n)s min left", minutes) % {"n": minutes}


@dataclass
class Stage:
    """What one session has on stage: its round and its shortlist, in order."""

    item: AgendaItem | None
    live: list[Post] = field(default_factory=list)
    shortlisted: list[Post] = field(default_factory=list)

    @property
    def rounds(self) -> range:
        """How many of the shortlist can be answered together now: 1 up to what there is and what finds room."""
        return range(1, 1 + min(len(self.shortlisted), states.MAY_LIVE_AT_ONCE - len(self.live)))


@dataclass
class Lanes:
    """The desk's lanes, each in the order of work."""

    review: list[Post] = field(default_factory=list)
    edits: list[Post] = field(default_factory=list)
    approved: list[Post] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    done: list[Post] = field(default_factory=list)
    declined: list[Post] = field(default_factory=list)
    hidden: list[Post] = field(default_factory=list)
    withdrawn: list[Post] = field(default_factory=list)
    joined: list[Post] = field(default_factory=list)
    muted: list[Post] = field(default_factory=list)
    orphans: list[Post] = field(default_factory=list)
    flagged: list[Post] = field(default_factory=list)

    @property
    def to_review(self) -> int:
        """How many wait for the desk."""
        return len(self.review) + len(self.edits)

    @property
    def folded(self) -> list[dict[str, Any]]:
        """The lanes that are of no hurry, with their titles; those that hold nothing are not there."""
        titled = (
            (_("Muted devices"), self.muted),
            (_("Answered or passed on"), self.done),
            (_("Not included"), self.declined),
            (_("Removed"), self.hidden),
            (_("Joined"), self.joined),
            (_("Taken back"), self.withdrawn),
        )
        return [{"title": title, "posts": posts} for title, posts in titled if posts]

    @property
    def on_stage(self) -> int:
        """How many are being answered."""
        return sum(len(stage.live) for stage in self.stages)


_LANE_OF = {
    Release.DECLINED: "declined",
    Release.HIDDEN: "hidden",
    Release.WITHDRAWN: "withdrawn",
    Release.MERGED: "joined",
    Release.PASSED_ON: "done",
}


def sort_into_lanes(
    posts: Iterable[Post], desk: Desk, *, orphans: Sequence[Post] = (), flagged: Sequence[Post] = ()
) -> Lanes:
    """Dress the posts and put each into its lane; what waits comes oldest first, what is over newest first.

    Orphans and flagged posts stand in their own lanes as well as where they belong.
    """
    lanes = Lanes(orphans=list(orphans), flagged=list(flagged))
    stages: dict[int | None, Stage] = {}
    for post in posts:
        desk._dress(post)
        if post.stage in (states.LIVE, states.SHORTLISTED):
            stage = stages.setdefault(post.item_id, Stage(post.item))
            (stage.live if post.stage == states.LIVE else stage.shortlisted).append(post)
        else:
            _lane_of(post, lanes).append(post)
        if post.proposed_text and post.release == Release.PUBLISHED:
            lanes.edits.append(post)
    lanes.stages = sorted(stages.values(), key=lambda stage: _start(stage.item))
    for stage in lanes.stages:
        stage.live.sort(key=lambda post: (post.stage_at or desk.now, post.pk))
    lanes.approved.sort(key=lambda post: (not post.is_question, -post.vote_count, post.pk))
    for over in (lanes.done, lanes.declined, lanes.hidden, lanes.withdrawn, lanes.joined):
        over.reverse()
    return lanes


def _lane_of(post: Post, lanes: Lanes) -> list[Post]:
    if post.release == Release.PENDING:
        return lanes.muted if post.is_muted else lanes.review  # type: ignore[attr-defined]
    if post.release == Release.PUBLISHED:
        return lanes.approved if post.stage == states.Stage.NONE else lanes.done
    lane: list[Post] = getattr(lanes, _LANE_OF.get(Release(post.release), "hidden"))
    return lane


def _start(item: AgendaItem | None) -> tuple[bool, float]:
    return (item is None, item.start.timestamp() if item is not None else 0.0)
