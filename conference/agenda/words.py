"""Acknowledging warnings of the checks."""

from __future__ import annotations

from django.db import transaction

from conference.agenda.checks import WARNING, Problem
from conference.agenda.records import CheckWord
from conference.event.models import Conference, User


@transaction.atomic
def acknowledge(*, conference: Conference, by: User, key: str, word: str) -> CheckWord:
    """Let a warning stand, with a word why; a later word replaces an earlier one."""
    said, _created = CheckWord.objects.update_or_create(
        conference=conference, key=key, defaults={"word": word.strip(), "by": by}
    )
    return said


def words_of(conference: Conference) -> dict[str, CheckWord]:
    """What was acknowledged, by the key of the problem (one query)."""
    found = CheckWord.objects.filter(conference=conference).select_related("by")
    return {word.key: word for word in found}


def may_be_acknowledged(problem: Problem) -> bool:
    """A warning may; an error has to go, and a note asks for nothing."""
    return problem.grade == WARNING
