"""The conference itself, who works for it, and the devices that take part."""

from __future__ import annotations

import re
import uuid
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# First path segments that are never a conference (docs/design.md); the database refuses them too.
RESERVED_SLUGS = (
    "accounts",
    "admin",
    "api",
    "cs",
    "en",
    "favicon.ico",
    "hall",
    "healthz",
    "live",
    "manifest.webmanifest",
    "me",
    "media",
    "metrics",
    "readyz",
    "robots.txt",
    "static",
    "sw.js",
)

# The first segment of a conference's addresses, for the front's allow-list: never one of ours, which would then be
# rendered without the browser's cookies.
CONFERENCE_PATTERN = rf"(?!(?:{'|'.join(re.escape(slug) for slug in RESERVED_SLUGS)})/)[a-z0-9-]+"

slug_rule = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Use small letters a to z, digits and single hyphens.")
)


class User(AbstractUser):
    """Someone who signs in: staff only, attendees have no account."""


class Conference(models.Model):
    """One event. Its `demonstration` mark is what allows a simulated clock (see `clocks`)."""

    slug = models.CharField(_("address"), max_length=60, unique=True, validators=[slug_rule])
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language of the texts"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Prague")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    organiser_name = models.CharField(_("organiser"), max_length=200, blank=True)
    practical = models.TextField(_("practical information"), blank=True)
    address = models.CharField(_("address of the venue"), max_length=300, blank=True)
    map_url = models.URLField(_("address of a map"), max_length=500, blank=True)
    wifi_network = models.CharField(_("Wi-Fi network"), max_length=32, blank=True)
    wifi_password = models.CharField(_("Wi-Fi password"), max_length=63, blank=True)
    interpretation = models.TextField(_("interpretation"), blank=True)
    cloakroom = models.TextField(_("cloakroom"), blank=True)
    emergency = models.TextField(_("in an emergency"), blank=True)
    hall_code = models.CharField(_("hall code"), max_length=20)
    # Asking and voting need the hall code, so that nobody crowds in from outside.
    hall_code_to_ask = models.BooleanField(default=False)
    # Local time at which the venue closes: the programme's checks warn of what runs past it.
    closes_at = models.TimeField(_("the venue closes at"), null=True, blank=True)
    # What is announced now, [{"id", "text", "until"}]: here, on the row that every page reads anyway.
    notices = models.JSONField(default=list, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    demonstration = models.BooleanField(_("demonstration"), default=False)
    # The desk reads a written answer before everybody does.
    answers_need_approval = models.BooleanField(_("written answers wait for the question desk"), default=True)
    # How many questions a closed session had and what became of them, for everyone.
    show_tally = models.BooleanField(_("count in public what became of the questions"), default=False)
    screen_shows_wanted = models.BooleanField(_("the screen shows the most wanted questions"), default=False)
    # Of which conference it is the rehearsal: a copy that is thrown away (`agenda.rehearsal`).
    rehearsal_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="rehearsals"
    )
    # Conference time at which the simulated clock starts, and the wall time at which it was started.
    clock_from = models.DateTimeField(null=True, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "conference"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=RESERVED_SLUGS), name="conference_slug_not_reserved"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="conference_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(demonstration=True)
                | models.Q(clock_from__isnull=True, clock_started_at__isnull=True),
                name="conference_only_demonstration_has_simulated_clock",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this conference's times are written."""
        return ZoneInfo(self.time_zone)


class ConferenceChange(models.Model):
    """The append-only log of a conference's own texts: who changed what, and what it was before."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="changes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        app_label = "conference"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.conference}, {self.at:%Y-%m-%d %H:%M}"


class Role(models.TextChoices):
    """What a member of staff may do in one conference."""

    ORGANISER = "organiser", _("Organiser")
    DESK = "desk", _("Question desk")
    CHAIR = "chair", _("Panel chair")
    SPEAKER = "speaker", _("Speaker")


class Membership(models.Model):
    """A user's role in a conference; one user may hold several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        app_label = "conference"
        constraints = [
            models.UniqueConstraint(fields=["user", "conference", "role"], name="membership_once_per_role"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.conference}"


class Room(models.Model):
    """A room of the venue."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="rooms")
    slug = models.CharField(max_length=60, validators=[slug_rule])
    name = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    way_finding = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "conference"
        constraints = [models.UniqueConstraint(fields=["conference", "slug"], name="room_slug_once")]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Someone on the programme."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="people")
    slug = models.CharField(max_length=60, validators=[slug_rule])
    name = models.CharField(max_length=120)
    affiliation = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True)
    # Made small and without what the camera wrote into it (`event.pictures`).
    photo = models.ForeignKey("StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "conference"
        constraints = [models.UniqueConstraint(fields=["conference", "slug"], name="person_slug_once")]

    def __str__(self) -> str:
        return self.name


class StoredFile(models.Model):
    """Bytes that somebody uploaded. In the database, where every web process and every backup finds them."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return self.name


class PrivateLink(models.Model):
    """An address that opens one room's stage or screen, or one speaker's page, without an account; revocable.

    Only a digest of its secret is stored: whoever reads the database cannot use the links.
    """

    class Kind(models.TextChoices):
        """What the link opens."""

        CHAIR = "chair", _("Panel chair")
        SCREEN = "screen", _("Projector")
        SPEAKER = "speaker", _("Speaker")

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="private_links")
    kind = models.CharField(max_length=8, choices=Kind)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    # Wall time, written by what is done with the link (reading writes nothing), once a minute at most.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "conference"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["chair", "screen"], room__isnull=False, person__isnull=True)
                | models.Q(kind="speaker", room__isnull=True, person__isnull=False),
                name="private_link_opens_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.room or self.person}"


class ConferencePaper(models.Model):
    """A paper that a conference discusses; the first by `position` is the paper of its tab."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="conference_papers")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "conference"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["conference", "paper"], name="conference_paper_once")]

    def __str__(self) -> str:
        return f"{self.conference} · {self.paper}"


class Participant(models.Model):
    """One device that has written. Its id in a signed cookie is all that we know of its owner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return f"device {self.id.hex[:6]}"


class Allowance(models.Model):
    """How much of a limit a device or an address has used in the current window (see `limits`)."""

    key = models.CharField(max_length=80, primary_key=True)
    window_ends_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return self.key
