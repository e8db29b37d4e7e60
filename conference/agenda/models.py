"""The programme as the public has it: the newest release, with the facts of the day over it.

What organisers are still working on lies elsewhere (`records`): nothing here was not released.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.event.clocks import conference_now
from conference.event.models import Conference, Person, Room, slug_rule


class Kind(models.TextChoices):
    """What sort of item it is; only the kinds in `WITH_BOARD` take questions."""

    PANEL = "panel", _("Panel")
    KEYNOTE = "keynote", _("Keynote")
    TALK = "talk", _("Talk")
    BREAK = "break", _("Break")
    REGISTRATION = "registration", _("Registration")
    SOCIAL = "social", _("Reception")


WITH_BOARD = frozenset({Kind.PANEL, Kind.KEYNOTE, Kind.TALK})


class Attribution(models.TextChoices):
    """What may be said outside about what was said inside; the strictest comes last."""

    ON_RECORD = "on_record", _("May be quoted")
    CHATHAM_HOUSE = "chatham_house", _("Use it, never say who said it")
    THOSE_PRESENT = "those_present", _("For those present only")


class BoardMode(models.TextChoices):
    """How an item's board takes questions. It acts at once: it is no part of a published programme."""

    MODERATED = "moderated", _("The question desk reads each one first")
    OPEN = "open", _("Published at once; the desk can remove them")
    CLOSED = "closed", _("Closed")


class AgendaItem(models.Model):
    """A permanent row of the programme: never deleted, only cancelled. Times are conference time (aware).

    `start` and `end` are planned, as released. The facts of the day (`day_start` and `day_end` when the plan slipped,
    `started_at`, `ended_at`, `cancelled`) and the board's mode act at once and belong to no release.
    `attribution` is the stricter of the drafted and the released rule.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="items")
    slug = models.CharField(max_length=60, validators=[slug_rule])
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TALK)
    title = models.CharField(max_length=200)
    abstract = models.TextField(blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    language = models.CharField(max_length=8, default="en")
    # Languages into which it is interpreted, as organisers write it: "Czech on channel 1".
    interpretation = models.CharField(max_length=120, blank=True)
    stream_url = models.URLField(blank=True)
    attribution = models.CharField(max_length=16, choices=Attribution, default=Attribution.ON_RECORD)
    board_mode = models.CharField(max_length=12, choices=BoardMode, default=BoardMode.MODERATED)
    # Until this moment (conference time) an open or moderated board takes nothing yet.
    board_opens_at = models.DateTimeField(null=True, blank=True)
    # The numbers of votes are the desk's alone, and no order tells them.
    hide_votes = models.BooleanField(default=False)
    people = models.ManyToManyField(
        Person, through="Appearance", through_fields=("item", "person"), related_name="items"
    )
    papers = models.ManyToManyField("papers.Paper", blank=True, related_name="+")
    cancelled = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # Wall time of the last change that the public could see.
    changed_at = models.DateTimeField(default=timezone.now)
    # Keeps its time when the day is late: lunch, a bus, a guest who leaves.
    fixed = models.BooleanField(default=False)
    day_start = models.DateTimeField(null=True, blank=True)
    day_end = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Conference time at which its questions were brought to an end; only then may they be counted in public.
    closed_at = models.DateTimeField(null=True, blank=True)
    # How its board was before that: what opening it again brings back.
    mode_before_closing = models.CharField(max_length=12, blank=True)

    class Meta:
        app_label = "conference"
        ordering = ["start", "end", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "slug"], name="item_slug_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="item_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(day_start__isnull=True, day_end__isnull=True)
                | models.Q(day_end__gt=models.F("day_start")),
                name="item_day_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(started_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="item_ended_after_started",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="item_kind_known"),
            models.CheckConstraint(
                condition=models.Q(attribution__in=Attribution.values), name="item_attribution_known"
            ),
            models.CheckConstraint(
                condition=models.Q(board_mode__in=BoardMode.values), name="item_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_board(self) -> bool:
        """Whether this kind of item has questions at all."""
        return self.kind in WITH_BOARD

    @property
    def hall_only(self) -> bool:
        """Whether this item's questions stay in the hall."""
        return self.attribution != Attribution.ON_RECORD

    @property
    def names_speakers(self) -> bool:
        """False under the Chatham House rule: nobody is named with what is said there."""
        return self.attribution == Attribution.ON_RECORD

    @property
    def takes_questions(self) -> bool:
        """Whether a question may be sent now (conference time)."""
        return self.takes_questions_ever and not self.opens_later

    @property
    def takes_questions_ever(self) -> bool:
        """Whether questions may be sent, now or from its opening time on."""
        return self.has_board and self.board_mode != BoardMode.CLOSED and not self.cancelled

    @property
    def is_closed(self) -> bool:
        """Whether its questions were brought to an end, and no organiser has opened the board anew since."""
        return self.closed_at is not None and self.board_mode == BoardMode.CLOSED

    @property
    def opens_later(self) -> bool:
        """Whether the board has an opening time that has not come yet (conference time)."""
        return self.board_opens_at is not None and self.board_opens_at > conference_now(self.conference)

    @property
    def expected_start(self) -> datetime:
        """When it is expected to start: as planned, unless the day is late."""
        return self.day_start or self.start

    @property
    def expected_end(self) -> datetime:
        """When it is expected to end."""
        return self.day_end or self.end

    @property
    def delay_minutes(self) -> int:
        """By how many whole minutes it is expected to start later than planned; 0 on time."""
        return max(0, round((self.expected_start - self.start).total_seconds() / 60))

    @property
    def begins(self) -> datetime:
        """When it began, as somebody said who was there; otherwise when it is expected to."""
        return self.started_at or self.expected_start

    @property
    def finishes(self) -> datetime:
        """When it was over, as somebody said who was there; otherwise when it is expected to be."""
        return max(self.ended_at or self.expected_end, self.begins)

    def is_now(self, moment: datetime) -> bool:
        """Whether the item runs at `moment` (conference time)."""
        return self.begins <= moment < self.finishes and not self.cancelled


class Appearance(models.Model):
    """A person in an item."""

    class Role(models.TextChoices):
        """What the person does there."""

        SPEAKER = "speaker", _("Speaker")
        CHAIR = "chair", _("Panel chair")
        DISCUSSANT = "discussant", _("Discussant")
        AUTHOR = "author", _("Author of the paper")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="appearances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appearances")
    role = models.CharField(max_length=10, choices=Role, default=Role.SPEAKER)
    # Instead of the affiliation, for this once: "in a personal capacity".
    billed_as = models.CharField(max_length=200, blank=True)
    coming = models.BooleanField(default=True)
    remote = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    replaced_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="appearance_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.item}"
