"""What is practical about a conference: where, Wi-Fi, cloakroom, interpretation, whom to call."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from conference.event import signals
from conference.event.models import Conference, ConferenceChange, User

FIELDS = (
    "address",
    "map_url",
    "wifi_network",
    "wifi_password",
    "interpretation",
    "cloakroom",
    "emergency",
    "practical",
)


class Stale(Exception):
    """Somebody changed it since the form was made; `change` is the newest one, nothing was written."""

    def __init__(self, conference: Conference, change: ConferenceChange | None) -> None:
        super().__init__("The practical information changed meanwhile.")
        self.conference = conference
        self.change = change


def told(conference: Conference) -> bool:
    """Whether there is anything to read on the practical page."""
    return any(getattr(conference, name) for name in FIELDS)


def state(conference: Conference) -> dict[str, Any]:
    """The fields as plain values."""
    return {name: getattr(conference, name) for name in FIELDS}


def version(conference: Conference) -> str:
    """What a form names as seen."""
    return hashlib.blake2b(repr(state(conference)).encode(), digest_size=8).hexdigest()


@transaction.atomic
def change_practical(
    *, conference: Conference, by: User, seen: str, values: dict[str, Any]
) -> ConferenceChange | None:
    """Change the practical information, at once on every page, and log it; None when it was so already.

    `seen` is the `version` that the form was made on. Raises Stale.
    """
    row = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    before, after = state(row), {name: values[name] for name in FIELDS}
    if before == after:
        return None
    if version(row) != seen:
        raise Stale(row, row.changes.select_related("by").last())
    for name in FIELDS:
        setattr(row, name, after[name])
    row.save(update_fields=FIELDS)
    change = ConferenceChange.objects.create(conference=row, by=by, before=before, after=after)
    signals.conference_changed.send(sender=Conference, conference=row)
    return change
