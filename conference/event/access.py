"""Who may see and do what: audiences of the gate, devices, roles of staff."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from conference.event.models import Conference, Membership, Participant, Person, Role, User

if TYPE_CHECKING:
    from collections.abc import Collection

PUBLIC = "public"
HALL = "hall"
STAFF = "staff"

CARRIED_FOR = 3 * 24 * 3600
DESK_ROLES = frozenset({Role.ORGANISER, Role.DESK, Role.CHAIR})
ORGANISER_ROLES = frozenset({Role.ORGANISER})


@dataclass(frozen=True)
class Audience:
    """Who is looking. `participant` (this device) sees its own posts in any state, `person` (somebody on the programme)
    what was passed on to them and their answers; roles are of this conference.
    """

    name: str = PUBLIC
    participant: Participant | None = None
    person: Person | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Staff(Audience):
    """A member of staff at work in one conference."""

    user: User


class NotSignedIn(Exception):
    """A stranger asks for a staff page: the middleware sends them to sign in."""


# The hall -----------------------------------------------------------------------------------------------------


def hall_pass_value(conference: Conference) -> str:
    """What the cookie of someone who entered this conference's present hall code holds for it."""
    return salted_hmac("hall", f"{conference.pk}:{conference.hall_code}", algorithm="sha256").hexdigest()[:32]


def code_opens(conference: Conference, code: str) -> bool:
    """Whether the code that somebody typed is the hall's; case and spaces do not matter."""
    typed = "".join(code.split()).casefold().encode()
    return hmac.compare_digest(typed, "".join(conference.hall_code.split()).casefold().encode())


def holds_hall_pass(request: HttpRequest, conference: Conference) -> bool:
    """Whether this browser entered the hall code. A changed code revokes every pass."""
    passes = request.COOKIES.get(settings.HALL_COOKIE_NAME, "").split(".")
    wanted = hall_pass_value(conference).encode()
    return any(hmac.compare_digest(each.encode(), wanted) for each in passes)


def give_hall_pass(request: HttpRequest, response: HttpResponse, conference: Conference) -> None:
    """Let this browser into the hall; passes for other conferences are kept (the newest eight)."""
    kept = [p for p in request.COOKIES.get(settings.HALL_COOKIE_NAME, "").split(".") if p]
    value = hall_pass_value(conference)
    passes = [value, *(p for p in kept if p != value)][:8]
    response.set_cookie(
        settings.HALL_COOKIE_NAME,
        ".".join(passes),
        max_age=7 * 24 * 3600,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )


# Devices ------------------------------------------------------------------------------------------------------


def participant_of(request: HttpRequest) -> Participant | None:
    """The device's Participant by its signed cookie; None for a new device or a forged cookie."""
    try:
        identity = uuid.UUID(
            signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt="device")
        )
    except (signing.BadSignature, ValueError):
        return None
    return Participant.objects.filter(pk=identity).first()


def remember_device(response: HttpResponse, participant: Participant) -> None:
    """Set the device cookie (again): the first answer may have been lost before the cookie arrived."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(participant.pk.hex, salt="device"),
        max_age=365 * 24 * 3600,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )


def carry_token(participant: Participant) -> str:
    """What a private link holds to make another device the same participant, for CARRIED_FOR seconds (wall time)."""
    return signing.dumps(participant.pk.hex, salt="carry")


def participant_carried(token: str) -> Participant | None:
    """Whom a private link's token stands for; None when it is forged or too old."""
    try:
        identity = uuid.UUID(signing.loads(token, salt="carry", max_age=CARRIED_FOR))
    except (signing.BadSignature, ValueError):
        return None
    return Participant.objects.filter(pk=identity).first()


# Staff --------------------------------------------------------------------------------------------------------


def roles_of(user: User, conference: Conference) -> frozenset[str]:
    """The roles that a signed-in user holds in a conference (one query)."""
    return frozenset(
        Membership.objects.filter(user=user, conference=conference).values_list("role", flat=True)
    )


def staff_conference(request: HttpRequest, slug: str, roles: Collection[str]) -> tuple[Conference, Staff]:
    """Load a conference for a staff page.

    Raises NotSignedIn for a stranger (before the database is asked, so that hidden and absent look alike) and
    Http404 for someone signed in who holds none of `roles`.
    """
    if not request.user.is_authenticated:
        raise NotSignedIn
    conference = Conference.objects.filter(slug=slug).first()
    if conference is None:
        raise Http404
    held = roles_of(request.user, conference)
    if not held.intersection(roles):
        raise Http404
    return conference, Staff(STAFF, roles=held, user=request.user)
