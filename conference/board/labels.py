"""What the desk reads: names of states and of the steps between them."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.board import states
from conference.board.models import Decision
from conference.board.states import Release, Stage

_APPROVE, _DECLINE, _REMOVE, _RESTORE = _("Approve"), _("Decline"), _("Remove"), _("Put back on the list")
_SHORTLIST, _UNLIST, _LIVE, _ANSWERED = _("Shortlist"), _("Off the shortlist"), _("Answer now"), _("Answered")
_NOT_REACHED = _("Not reached")

_BY_TARGET: dict[str, str | Promise] = {
    states.DECLINED: _DECLINE,
    states.HIDDEN: _REMOVE,
    states.SHORTLISTED: _SHORTLIST,
    states.LIVE: _LIVE,
    states.ANSWERED: _ANSWERED,
    states.NOT_REACHED: _NOT_REACHED,
    states.PUBLISHED: _RESTORE,
    states.WITHDRAWN: _("Take back"),
    states.PASSED_ON: _("No time left: pass on to the speaker"),
    states.ANSWERED_IN_WRITING: _("Answered in writing"),
    states.PENDING: _("Send again"),
}
_EXCEPTIONS: dict[tuple[str, str], str | Promise] = {
    (states.PENDING, states.PUBLISHED): _APPROVE,
    (states.DECLINED, states.PUBLISHED): _("Approve after all"),
    (states.SHORTLISTED, states.PUBLISHED): _UNLIST,
    (states.LIVE, states.SHORTLISTED): _("Back to the shortlist"),
    (states.ANSWERED, states.LIVE): _("Answer again"),
    (states.PASSED_ON, states.PENDING): _("Back to review"),
    (states.PASSED_ON, states.NOT_REACHED): _("Put on the list of what was passed on"),
}

STEP_LABELS: dict[tuple[str, str], str | Promise] = {
    step: _EXCEPTIONS.get(step, _BY_TARGET[step[1]]) for step in states.TRANSITIONS
}


def session_closed_text() -> str:
    """Why a question cannot be opened again, and what to do first."""
    return gettext("This session is closed. Reopen it first, then its questions can be put back on the list.")


def state_label_for_desk(state: str) -> str:
    """The name of a state for staff, shortlisted included."""
    return str(Stage(state).label if state in states.FOR_QUESTIONS_ONLY else Release(state).label)


# What the log calls an action; a plain step ("decide") is told by its two states.
ACTIONS: dict[str, str | Promise] = {
    "accept-edit": _("New wording accepted"),
    "answer": _("Written answer"),
    "author-edit": _("Reworded by its author"),
    "auto": _("Published at once"),
    "clear": _("Screen cleared"),
    "close": _("Session closed"),
    "convert": _("Made a question"),
    "edit": _("Edited by the desk"),
    "floor": _("Question from the floor"),
    "join": _("Joined with a similar one"),
    "move": _("Moved to another session"),
    "mute": _("Device muted"),
    "note": _("Note or labels"),
    "order": _("Shortlist reordered"),
    "propose": _("New wording proposed"),
    "reattach": _("Put at another paragraph"),
    "refuse-edit": _("New wording refused"),
    "reply": _("Reply by the organisers"),
    "reopen": _("Session opened again"),
    "resend": _("Sent again by its author"),
    "round": _("Round started"),
    "settle-flags": _("Flags settled"),
    "rewrite": _("Written answer changed by its author"),
    "undo": _("Undone"),
    "unmute": _("Device heard again"),
    "withdraw": _("Taken back"),
}


def action_label(decision: Decision) -> str:
    """What was done, in words."""
    named = ACTIONS.get(decision.action)
    step = f"{state_label_for_desk(decision.source)} → {state_label_for_desk(decision.target)}"
    if named is None:
        return str(STEP_LABELS.get((decision.source, decision.target), step))
    return str(named) if decision.source == decision.target else f"{named}: {step}"
