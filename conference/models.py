"""All models of the app in one place for Django; they live in the feature folders."""

from conference.agenda.material_models import Material
from conference.agenda.models import AgendaItem, Appearance
from conference.agenda.proposal_models import PersonProposal
from conference.agenda.records import AgendaChange, Announcement, CheckWord, DraftItem, Operation, Release
from conference.board.models import Decision, Flag, Post, SentKey, StageMessage, Vote
from conference.board.staff_models import CannedReason, DeskRules, Mute
from conference.event.models import (
    Allowance,
    Conference,
    ConferenceChange,
    ConferencePaper,
    Membership,
    Participant,
    Person,
    PrivateLink,
    Room,
    StoredFile,
    User,
)
from conference.live.models import LiveEvent, Topic
from conference.review.models import Upload

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "Allowance",
    "Announcement",
    "Appearance",
    "CannedReason",
    "CheckWord",
    "Conference",
    "ConferenceChange",
    "ConferencePaper",
    "Decision",
    "DeskRules",
    "DraftItem",
    "Flag",
    "LiveEvent",
    "Material",
    "Membership",
    "Mute",
    "Operation",
    "Participant",
    "Person",
    "PersonProposal",
    "Post",
    "PrivateLink",
    "Release",
    "Room",
    "SentKey",
    "StageMessage",
    "StoredFile",
    "Topic",
    "Upload",
    "User",
    "Vote",
]
