"""The life of a post as data: which state may follow which, and who may say so (docs/design.md).

A post has two columns: `release` decides who may read it, `stage` what happens to a question in the hall. A stage other
than none is possible on a published post only, so together they are one state, named here as the interface names it.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Release(models.TextChoices):
    """Who may read a post."""

    PENDING = "pending", _("Waiting for approval")
    PUBLISHED = "published", _("On the list")
    DECLINED = "declined", _("Not included")
    HIDDEN = "hidden", _("Removed by the organisers")
    WITHDRAWN = "withdrawn", _("Taken back")
    # The session closed before the desk came to it: not public, but the speaker has it.
    PASSED_ON = "passed_on", _("No time left; passed to the speaker")
    MERGED = "merged", _("Joined with a similar one; your vote counts")


class Stage(models.TextChoices):
    """Where a published question is in the hall."""

    NONE = "none", ""
    SHORTLISTED = "shortlisted", _("Shortlisted")
    LIVE = "live", _("Being answered now")
    ANSWERED = "answered", _("Answered in the hall")
    NOT_REACHED = "not_reached", _("No time left; passed to the speaker")
    ANSWERED_IN_WRITING = "answered_in_writing", _("Answered in writing")


PENDING, PUBLISHED, DECLINED = "pending", "published", "declined"
HIDDEN, WITHDRAWN, MERGED, PASSED_ON = "hidden", "withdrawn", "merged", "passed_on"
SHORTLISTED, LIVE, ANSWERED = "shortlisted", "live", "answered"
NOT_REACHED, ANSWERED_IN_WRITING = "not_reached", "answered_in_writing"

STATES = (
    PENDING,
    PUBLISHED,
    SHORTLISTED,
    LIVE,
    ANSWERED,
    NOT_REACHED,
    ANSWERED_IN_WRITING,
    DECLINED,
    HIDDEN,
    WITHDRAWN,
    PASSED_ON,
    MERGED,
)

AUTHOR = "author"  # the device that sent the post; the other actors are the roles of event.models.Role
AUTHOR_ACTORS = frozenset({AUTHOR})
# What is nobody's own step but follows from another one: closing or reopening a session, publishing an answer.
CLOSING, ANSWERING = frozenset({"closing"}), frozenset({"answering"})
DESK = frozenset({"desk", "organiser"})
STAGE = frozenset({"desk", "organiser", "chair"})
MAY_LIVE_AT_ONCE = 4


@dataclass(frozen=True)
class Transition:
    """Who may make a step, and whether it needs a reason."""

    actors: frozenset[str]
    needs_reason: bool = False


_desk = Transition(DESK)
_desk_says_why = Transition(DESK, needs_reason=True)
_stage = Transition(STAGE)
_author = Transition(frozenset({AUTHOR}))

TRANSITIONS: dict[tuple[str, str], Transition] = {
    (PENDING, PUBLISHED): Transition(DESK | ANSWERING),
    (PENDING, DECLINED): _desk_says_why,
    (DECLINED, PUBLISHED): _desk,
    (PUBLISHED, HIDDEN): _desk_says_why,
    (SHORTLISTED, HIDDEN): _desk_says_why,
    (LIVE, HIDDEN): _desk_says_why,
    (ANSWERED, HIDDEN): _desk_says_why,
    (NOT_REACHED, HIDDEN): _desk_says_why,
    (ANSWERED_IN_WRITING, HIDDEN): _desk_says_why,
    (HIDDEN, PUBLISHED): _desk,
    (PUBLISHED, SHORTLISTED): _stage,
    (SHORTLISTED, PUBLISHED): _stage,
    (PUBLISHED, LIVE): _stage,
    (SHORTLISTED, LIVE): _stage,
    (LIVE, SHORTLISTED): _stage,
    (LIVE, ANSWERED): _stage,
    (ANSWERED, LIVE): _stage,
    (PUBLISHED, NOT_REACHED): _stage,
    (SHORTLISTED, NOT_REACHED): _stage,
    (LIVE, NOT_REACHED): _stage,
    (NOT_REACHED, PUBLISHED): _stage,
    # Opening a session again puts back what its closing ended.
    (NOT_REACHED, SHORTLISTED): Transition(CLOSING),
    (NOT_REACHED, LIVE): Transition(CLOSING),
    # What closing a session does to a question that nobody has approved: it ends without ever having been public.
    (PENDING, PASSED_ON): Transition(DESK | CLOSING),
    (PASSED_ON, PENDING): Transition(DESK | CLOSING),
    (PASSED_ON, NOT_REACHED): _desk,
    (PASSED_ON, DECLINED): _desk_says_why,
    # A written answer was published, or the last one was taken down again.
    (NOT_REACHED, ANSWERED_IN_WRITING): Transition(ANSWERING),
    (ANSWERED_IN_WRITING, NOT_REACHED): Transition(ANSWERING),
    # Only where the desk gave it back to be shortened.
    (DECLINED, PENDING): _author,
    (PENDING, WITHDRAWN): _author,
    (PUBLISHED, WITHDRAWN): _author,
    (SHORTLISTED, WITHDRAWN): _author,
    (NOT_REACHED, WITHDRAWN): _author,
    (PASSED_ON, WITHDRAWN): _author,
    # Into and out of "merged" lead joining and its undo only, which know the other post.
    (MERGED, WITHDRAWN): _author,
}

# What still waits for something; a session that was closed has no such question (rule 13).
OPEN = frozenset({PENDING, PUBLISHED, SHORTLISTED, LIVE})

# Stages, for questions alone: a comment is read, not answered in the hall, and nobody owes it an answer.
FOR_QUESTIONS_ONLY = frozenset(Stage.values) - {Stage.NONE.value}


def state_of(release: str, stage: str) -> str:
    """The one name of a release state and a stage state together."""
    return stage if release == PUBLISHED and stage != Stage.NONE else release


def columns_of(state: str) -> tuple[str, str]:
    """The release and the stage that a state stands for; raises KeyError for a word that is no state."""
    if state not in STATES:
        raise KeyError(state)
    return (PUBLISHED, state) if state in FOR_QUESTIONS_ONLY else (state, Stage.NONE.value)


def steps_for(state: str, actors: frozenset[str], *, question: bool) -> dict[str, Transition]:
    """The states that these actors may move a post to from `state`."""
    return {
        target: step
        for (source, target), step in TRANSITIONS.items()
        if source == state
        and step.actors & actors
        and (question or target not in FOR_QUESTIONS_ONLY | {PASSED_ON})
    }
