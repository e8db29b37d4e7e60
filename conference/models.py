"""All models of the app in one place for Django; they live in the feature folders."""

from conference.agenda.models import AgendaChange, AgendaItem, Appearance
from conference.board.models import Decision, Flag, Post, SentKey, Vote
from conference.board.staff_models import CannedReason, DeskRules, Mute
from conference.event.models import (
    Allowance,
    Conference,
    ConferencePaper,
    Membership,
    Participant,
    Person,
    PrivateLink,
    Room,
    User,
)
from conference.live.models import LiveEvent, Topic

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "Allowance",
    "Appearance",
    "CannedReason",
    "Conference",
    "ConferencePaper",
    "Decision",
    "DeskRules",
    "Flag",
    "LiveEvent",
    "Membership",
    "Mute",
    "Participant",
    "Person",
    "Post",
    "PrivateLink",
    "Room",
    "SentKey",
    "Topic",
    "User",
    "Vote",
]
