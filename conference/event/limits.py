"""Limits per device first, with a wide ceiling per address (rule 10, docs/design.md). Wall time."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from conference.event.models import Participant


class TooMany(Exception):
    """A limit is used up; `retry_after` is the number of seconds until the next try can succeed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many, try again in {retry_after} s.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most `count` uses in `seconds`."""

    name: str
    count: int
    seconds: int


POSTS_OF_DEVICE = Limit("post-device", 6, 60)
POSTS_OF_ADDRESS = Limit("post-address", 600, 60)
HINTS_OF_DEVICE = Limit("hint-device", 60, 60)
HINTS_OF_ADDRESS = Limit("hint-address", 6000, 60)
VOTES_OF_DEVICE = Limit("vote-device", 60, 60)
VOTES_OF_ADDRESS = Limit("vote-address", 6000, 60)
CODES_OF_ADDRESS = Limit("hall-code-address", 900, 60)
SIGN_IN_OF_NAME = Limit("sign-in-name", 10, 300)
SIGN_IN_OF_ADDRESS = Limit("sign-in-address", 60, 300)


def take(limit: Limit, subject: str) -> None:
    """Use one of `limit` for `subject`; raises TooMany when none is left. One statement, safe under races.

    The subject is stored as a hash, so that no address and no name is kept.
    """
    if not settings.RATE_LIMITS:
        return
    digest = hashlib.blake2b(subject.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO conference_allowance AS a (key, window_ends_at, used) VALUES (%s, %s, 1)
            ON CONFLICT (key) DO UPDATE SET
              used = CASE WHEN a.window_ends_at <= %s THEN 1 ELSE a.used + 1 END,
              window_ends_at = CASE WHEN a.window_ends_at <= %s THEN EXCLUDED.window_ends_at ELSE a.window_ends_at END
            RETURNING used, window_ends_at
            """,
            [f"{limit.name}:{digest.hexdigest()}", now + timedelta(seconds=limit.seconds), now, now],
        )
        row = cursor.fetchone()
    assert row is not None  # an upsert always returns its row
    used, window_ends_at = row
    if used > limit.count:
        raise TooMany(max(1, int((window_ends_at - now).total_seconds()) + 1))


def take_write(request: HttpRequest, participant: Participant | None, device: Limit, address: Limit) -> None:
    """Use one of a device's and of its address's limit; a device without a cookie counts for its address only."""
    take(address, client_address(request))
    if participant is not None:
        take(device, participant.id.hex)


def client_address(request: HttpRequest) -> str:
    """The client's address; the server has already resolved it behind TRUSTED_PROXIES."""
    return request.META.get("REMOTE_ADDR", "")
