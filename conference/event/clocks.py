"""The two clocks (rule 12, docs/design.md).

Wall time is `django.utils.timezone.now()`: expiry, limits, logs, sign-in. Conference time is what agenda and board
go by: the same instant, except in a demonstration, where it is simulated. Both are aware datetimes.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from conference.event.models import Conference


def simulated_offset(conference: Conference) -> timedelta:
    """How far conference time is ahead of wall time; zero for anything but a demonstration whose clock runs."""
    if conference.demonstration and conference.clock_from and conference.clock_started_at:
        return conference.clock_from - conference.clock_started_at
    return timedelta(0)


def conference_now(conference: Conference) -> datetime:
    """The present moment in conference time, in the conference's own time zone."""
    return (timezone.now() + simulated_offset(conference)).astimezone(conference.zone)


def wall_time(conference: Conference, moment: datetime) -> datetime:
    """The wall time (UTC) at which conference time reaches `moment` (aware)."""
    return (moment - simulated_offset(conference)).astimezone(timezone.get_default_timezone())
