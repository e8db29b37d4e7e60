"""The reasons that a conference's desk has ready for not including a post."""

from __future__ import annotations

from typing import Any

from conference.board.staff_models import CannedReason
from conference.event.models import Conference

DEFAULTS = (
    ("Asked already", "Tato otázka už zazněla."),
    ("Not about this session", "Netýká se této části programu."),
    ("The organisers can answer this at the registration desk.", "Na to odpoví pořadatelé u registrace."),
    ("A statement rather than a question", "Je to spíše prohlášení než otázka."),
    ("Please ask without attacking anybody.", "Prosíme, zeptejte se bez osobních útoků."),
)


def give_defaults(sender: object, instance: Conference, created: bool, **kwargs: Any) -> None:
    """A new conference starts with reasons to edit rather than with none (signal `post_save`)."""
    if created:
        CannedReason.objects.bulk_create(
            CannedReason(conference=instance, position=position, text_en=english, text_cs=czech)
            for position, (english, czech) in enumerate(DEFAULTS, start=1)
        )


def ready_reasons(conference: Conference) -> list[CannedReason]:
    """The reasons in use, in their order (one query)."""
    return list(CannedReason.objects.filter(conference=conference, retired=False))
