"""Announcements as pages show them: from the conference's own row, by its own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conference.event.clocks import conference_now
from conference.event.models import Conference


def shown_notices(conference: Conference) -> list[dict[str, Any]]:
    """What is announced now: [{"id", "text", "until"}], the newest first."""
    moment = conference_now(conference)
    return [each for each in conference.notices if datetime.fromisoformat(each["until"]) > moment]


def seconds_to_end(conference: Conference) -> float | None:
    """Seconds until the next announcement ends (both clocks run equally fast); None when nothing is announced."""
    moment = conference_now(conference)
    ends = [datetime.fromisoformat(each["until"]) for each in shown_notices(conference)]
    return (min(ends) - moment).total_seconds() if ends else None
