"""Changes to conferences and who works for them. Keyword-only; each opens its own transaction."""

import secrets

from django.db import transaction
from django.utils import timezone
from sesame.utils import get_token

from conference.event import signals
from conference.event.models import Conference, ConferencePaper, Participant, User
from papers.models import Paper

# Without signs that look or sound alike: the code is read out and typed in a dark hall.
CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class UnknownConference(ValueError):
    """There is no conference at this address."""


def new_hall_code() -> str:
    """Six random signs."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(6))


@transaction.atomic
def attach_paper(*, conference_slug: str, paper: Paper, is_main: bool = False) -> ConferencePaper:
    """Let a conference discuss a paper, with `is_main` as the paper of its tab; twice is success.

    Raises UnknownConference.
    """
    conference = Conference.objects.select_for_update().filter(slug=conference_slug).first()
    if conference is None:
        raise UnknownConference(f"There is no conference “{conference_slug}”.")
    link, _created = ConferencePaper.objects.get_or_create(
        conference=conference, paper=paper, defaults={"position": 1}
    )
    if is_main:
        ConferencePaper.objects.filter(conference=conference, position=0).update(position=1)
        link.position = 0
        link.save(update_fields=["position"])
    signals.conference_changed.send(sender=Conference, conference=conference)
    return link


@transaction.atomic
def start_demonstration_clock(*, conference: Conference) -> None:
    """Start a demonstration's simulated clock anew at its `clock_from`. Raises ValueError for a real conference."""
    row = Conference.objects.select_for_update().get(pk=conference.pk)
    if not row.demonstration or row.clock_from is None:
        raise ValueError("The clock of a real conference cannot be changed.")
    row.clock_started_at = timezone.now()
    row.save(update_fields=["clock_started_at"])
    signals.conference_changed.send(sender=Conference, conference=row)


@transaction.atomic
def set_stage_options(
    *, conference: Conference, screen_shows_wanted: bool, answers_need_approval: bool, show_tally: bool
) -> None:
    """Switch what the screen and the pages afterwards show; saying the same twice changes nothing."""
    row = Conference.objects.select_for_update().get(pk=conference.pk)
    row.screen_shows_wanted, row.show_tally = screen_shows_wanted, show_tally
    row.answers_need_approval = answers_need_approval
    row.save(update_fields=["screen_shows_wanted", "answers_need_approval", "show_tally"])
    signals.conference_changed.send(sender=Conference, conference=row)


@transaction.atomic
def require_hall_code(*, conference: Conference, required: bool) -> None:
    """Let asking and voting need the hall code, or no longer; twice is success."""
    row = Conference.objects.select_for_update().get(pk=conference.pk)
    if row.hall_code_to_ask == required:
        return
    row.hall_code_to_ask = required
    row.save(update_fields=["hall_code_to_ask"])
    signals.conference_changed.send(sender=Conference, conference=row)


def new_participant() -> Participant:
    """A device that writes for the first time."""
    return Participant.objects.create()


def sign_in_token(user: User) -> str:
    """A one-time token for the address of the sign-in page; a day (wall time) of life, gone once it was used."""
    return get_token(user)
