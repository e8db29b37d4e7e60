"""What the joining pages read."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from conference.agenda import queries as agenda
from conference.agenda.models import AgendaItem
from conference.event.models import Conference

BEFORE, DAY, BREAK, AFTER = "before", "day", "break", "after"


def face_of(conference: Conference, items: list[AgendaItem], moment: datetime) -> str:
    """Which of its four faces the home page shows at `moment` (conference time)."""
    standing = [item for item in items if not item.cancelled]
    today = moment.astimezone(conference.zone).date()
    if today < conference.starts_on:
        return BEFORE
    if today > conference.ends_on or (standing and all(item.finishes <= moment for item in standing)):
        return AFTER
    running = [item for item in standing if item.is_now(moment)]
    return DAY if any(item.has_board for item in running) else BREAK


def until_home_changes(items: list[AgendaItem], moment: datetime) -> float | None:
    """Seconds until something begins or ends, or until midnight while days are counted."""
    boundary = agenda.seconds_to_boundary(items, moment)
    if boundary is None:
        return None
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
    return min(boundary, (midnight - moment).total_seconds())


def current_conferences() -> list[Conference]:
    """The public conferences, newest first; rehearsals are nobody's business."""
    shown = Conference.objects.filter(is_public=True, rehearsal_of__isnull=True)
    return list(shown.order_by("-starts_on", "-pk"))
