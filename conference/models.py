"""All models of the app in one place for Django; they live in the feature folders."""

from conference.agenda.models import AgendaChange, AgendaItem, Appearance
from conference.board.models import Decision, Flag, Post, SentKey, Vote
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
    "Conference",
    "ConferencePaper",
    "Decision",
    "Flag",
    "LiveEvent",
    "Membership",
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
