"""Announcements to all phones: shown at once on open pages, and on every page that is made until they end."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from conference.agenda.records import Announcement
from conference.agenda.writing import lock
from conference.event.clocks import conference_now
from conference.event.models import Conference, User
from conference.live.services import announce as tell
from conference.live.topics import CONFERENCES

USUAL_MINUTES = 30
LONGEST_TEXT = 200


@transaction.atomic
def announce(*, conference: Conference, by: User, text: str, minutes: int) -> Announcement:
    """Tell all phones something for so many minutes of conference time."""
    row = lock(conference)
    until = conference_now(row) + timedelta(minutes=minutes)
    made = Announcement.objects.create(conference=row, text=text.strip()[:LONGEST_TEXT], until=until, by=by)
    _show(row)
    return made


@transaction.atomic
def take_back(*, announcement: Announcement, by: User) -> Announcement:
    """Show it no more; twice is success, and the first who did it stays on record."""
    row = lock(announcement.conference)
    found = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if found.taken_back_at is None:
        found.taken_back_at, found.taken_back_by = timezone.now(), by
        found.save(update_fields=["taken_back_at", "taken_back_by"])
        _show(row)
    return found


def current(conference: Conference) -> list[Announcement]:
    """What is shown now, the newest first (one query)."""
    standing = Announcement.objects.filter(conference=conference, taken_back_at__isnull=True)
    return list(standing.filter(until__gt=conference_now(conference)).select_related("by").order_by("-pk"))


def _show(conference: Conference) -> None:
    """Put what is shown on the conference's own row, which every page reads anyway, and tell the phones."""
    conference.notices = [
        {"id": each.pk, "text": each.text, "until": each.until.isoformat()} for each in current(conference)
    ]
    conference.save(update_fields=["notices"])
    tell(conference_id=conference.pk, topics=[CONFERENCES], events=[("public", "notice", "")])
