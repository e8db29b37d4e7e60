"""What the desk reads: names of states and of the steps between them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.board import states
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
    states.PENDING: _("Send again"),
}
_EXCEPTIONS: dict[tuple[str, str], str | Promise] = {
    (states.PENDING, states.PUBLISHED): _APPROVE,
    (states.DECLINED, states.PUBLISHED): _("Approve after all"),
    (states.SHORTLISTED, states.PUBLISHED): _UNLIST,
    (states.LIVE, states.SHORTLISTED): _("Back to the shortlist"),
    (states.ANSWERED, states.LIVE): _("Answer again"),
}

STEP_LABELS: dict[tuple[str, str], str | Promise] = {
    step: _EXCEPTIONS.get(step, _BY_TARGET[step[1]]) for step in states.TRANSITIONS
}


def state_label_for_desk(state: str) -> str:
    """The name of a state for staff, shortlisted included."""
    return str(Stage(state).label if state in states.FOR_QUESTIONS_ONLY else Release(state).label)
