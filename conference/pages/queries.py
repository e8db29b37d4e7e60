"""What the joining pages read."""

from __future__ import annotations

from datetime import datetime

from conference.agenda.models import AgendaItem
from conference.event.models import Conference

BEFORE, DAY, BREAK, AFTER = "before", "day", "break", "after"


def face_of(conference: Conference, items: list[AgendaItem], moment: datetime) -> str:
    """Which of its four faces the home page shows at `moment` (conference time)."""
    standing = [item for item in items if not item.cancelled]
    today = moment.astimezone(conference.zone).date()
    if today < conference.starts_on:
        return BEFORE
    if today > conference.ends_on or (standing and all(item.end <= moment for item in standing)):
        return AFTER
    running = [item for item in standing if item.is_now(moment)]
    return DAY if any(item.has_board for item in running) else BREAK


def current_conferences() -> list[Conference]:
    """The public conferences, newest first; rehearsals are nobody's business."""
    shown = Conference.objects.filter(is_public=True, rehearsal_of__isnull=True)
    return list(shown.order_by("-starts_on", "-pk"))
