"""Private links: an address that opens one room's stage or screen, or one speaker's page, without an account.

The secret is told once, when the link is made; the database keeps its digest. Whoever opens the address gets a signed
cookie that names the link, never the secret, and every request looks whether the link still stands. Nothing that is
read writes: `note_use` is called by what is done with a link.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from conference.event import signals
from conference.event.models import Conference, Person, PrivateLink, Room, User

SALT = "private-link"
MOST_LINKS = 8
COOKIE_SECONDS = 60 * 24 * 3600
USE_NOTED_EVERY = timedelta(minutes=1)


class LinkClosed(Exception):
    """This browser came by a link that was revoked: the middleware says so instead of asking it to sign in."""


def digest_of(secret: str) -> str:
    """What the database keeps of a secret. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Making and revoking ------------------------------------------------------------------------------------------


@transaction.atomic
def make_link(
    *, conference: Conference, kind: str, by: User, room: Room | None = None, person: Person | None = None
) -> tuple[PrivateLink, str]:
    """A new link and its secret, which nobody can read again. Older links to the same place stay good."""
    secret = secrets.token_urlsafe(32)
    link = PrivateLink.objects.create(
        conference=conference, kind=kind, room=room, person=person, digest=digest_of(secret), made_by=by
    )
    return link, secret


@transaction.atomic
def revoke_link(*, link: PrivateLink) -> PrivateLink:
    """Close a link; twice is success. Its open pages and streams are cut in every process."""
    row = PrivateLink.objects.select_for_update().get(pk=link.pk)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        signals.staff_changed.send(sender=PrivateLink, conference_id=row.conference_id)
    return row


def note_use(link: PrivateLink) -> None:
    """Remember (wall time, to the minute) that a link is in use, for the organiser's list."""
    now = timezone.now()
    PrivateLink.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY), pk=link.pk
    ).update(last_used_at=now)


# Using them ---------------------------------------------------------------------------------------------------


def link_of_secret(conference: str, secret: str) -> PrivateLink | None:
    """The link of an address, by the conference's slug and the secret; None for unknown and revoked alike."""
    return (
        PrivateLink.objects.filter(
            conference__slug=conference, digest=digest_of(secret), revoked_at__isnull=True
        )
        .select_related("conference", "room", "person")
        .first()
    )


def give_link_cookie(request: HttpRequest, response: HttpResponse, link: PrivateLink) -> None:
    """Let this browser use a link; others that it holds are kept (the newest eight)."""
    kept = [held for held in _held(request) if held != link.pk]
    response.set_cookie(
        settings.LINK_COOKIE_NAME,
        signing.dumps([link.pk, *kept][:MOST_LINKS], salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        # Not "Strict": whoever follows the link out of a mail must arrive with it.
        samesite="Lax",
    )


def links_of(request: HttpRequest, conference: str, kind: str) -> list[PrivateLink]:
    """The standing links of a kind that this browser holds for a conference, newest first (one query, none without
    the cookie).

    Raises LinkClosed when it holds such links but none of them stands any more.
    """
    held = _held(request)
    if not held:
        return []
    found = list(
        PrivateLink.objects.filter(pk__in=held, conference__slug=conference, kind=kind).select_related(
            "conference", "room", "person"
        )
    )
    standing = sorted(
        (link for link in found if link.revoked_at is None), key=lambda link: held.index(link.pk)
    )
    if found and not standing:
        raise LinkClosed
    return standing


def _held(request: HttpRequest) -> list[int]:
    try:
        held = signing.loads(request.COOKIES.get(settings.LINK_COOKIE_NAME, ""), salt=SALT)
    except signing.BadSignature:
        return []
    return [pk for pk in held if isinstance(pk, int)][:MOST_LINKS]


def all_links(conference: Conference) -> list[PrivateLink]:
    """Every link that stands, for the organiser's list, newest first (one query)."""
    links = PrivateLink.objects.filter(conference=conference, revoked_at__isnull=True)
    return list(links.select_related("room", "person", "made_by").order_by("-pk"))
