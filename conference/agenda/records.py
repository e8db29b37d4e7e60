"""What organisers work on: the one draft, the log of every change, and the releases that the public got."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import AgendaItem, Attribution, Kind
from conference.event.models import Conference, PrivateLink, User, slug_rule


class DraftItem(models.Model):
    """An item as organisers have it now; written by the agenda's services alone and never deleted.

    `content` is described in `agenda.content`. `published` is what the public has of it: None before its first
    release, when there is no AgendaItem either, so that nothing can show what was never released.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="drafts")
    slug = models.CharField(max_length=60, validators=[slug_rule])
    item = models.OneToOneField(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )
    content = models.JSONField()
    published = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "slug"], name="draft_slug_once"),
            models.CheckConstraint(
                condition=models.Q(item__isnull=True, published__isnull=True)
                | models.Q(item__isnull=False, published__isnull=False),
                name="draft_published_with_its_item",
            ),
        ]

    def __str__(self) -> str:
        return str(self.content["title"])

    @property
    def title(self) -> str:
        """As drafted."""
        return str(self.content["title"])

    @property
    def start(self) -> datetime:
        """Planned start as drafted, aware."""
        return datetime.fromisoformat(self.content["start"])

    @property
    def end(self) -> datetime:
        """Planned end as drafted, aware; a draft may hold one before its start."""
        return datetime.fromisoformat(self.content["end"])

    @property
    def kind_label(self) -> str:
        """Its kind, for people."""
        return str(Kind(self.content["kind"]).label)

    @property
    def attribution_label(self) -> str:
        """What may be quoted, for people."""
        return str(Attribution(self.content["attribution"]).label)

    @property
    def is_cancelled(self) -> bool:
        """Cancelled now: that acts at once."""
        return bool(self.content["cancelled"])

    @property
    def differs(self) -> bool:
        """Whether the public has something else, or nothing yet."""
        return bool(self.content != self.published)


class Operation(models.Model):
    """One thing that somebody did to the programme: what undo and redo work on. It may change several items."""

    class Kind(models.TextChoices):
        """What was done."""

        ADD = "add", _("Added")
        EDIT = "edit", _("Changed")
        CANCEL = "cancel", _("Cancelled or put back")
        MOVE = "move", _("Moved")
        IMPORT = "import", _("Imported")
        RESTORE = "restore", _("Went back to a release")
        DAY = "day", _("On the day")
        UNDO = "undo", _("Undone")
        REDO = "redo", _("Done again")

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.EDIT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_link = models.ForeignKey(
        PrivateLink, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    # What an undo takes back; what a redo takes back is the undo.
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, by_link__isnull=True)
                | models.Q(by__isnull=True, by_link__isnull=False),
                name="operation_has_one_maker",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["undo", "redo"], undoes__isnull=False)
                | (~models.Q(kind__in=["undo", "redo"]) & models.Q(undoes__isnull=True)),
                name="operation_undo_names_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def maker(self) -> str:
        """Who did it, for staff."""
        return str(self.by.get_username() if self.by is not None else self.by_link)


class AgendaChange(models.Model):
    """The append-only log: what one operation made of one item. `before` is empty for a new one."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="changes")
    draft = models.ForeignKey(DraftItem, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    before: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "version"], name="agenda_change_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} v{self.version}"


class Release(models.Model):
    """A numbered snapshot of the whole programme as the public got it. Nothing changes one: a trigger refuses."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    # {slug: content}
    items: models.JSONField[dict[str, dict[str, Any]]] = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="release_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="release_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.conference} · {self.number}"


class CheckWord(models.Model):
    """A warning of the checks that somebody looked at, with a word why it may stand."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="check_words")
    # `checks.Problem.key`: another one as soon as the times behind the warning change.
    key = models.CharField(max_length=32)
    word = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"
        constraints = [
            models.UniqueConstraint(fields=["conference", "key"], name="check_word_once"),
            models.CheckConstraint(condition=~models.Q(word=""), name="check_word_says_why"),
        ]

    def __str__(self) -> str:
        return self.word


class Announcement(models.Model):
    """A sentence to all phones, for a while. What is shown now stands on the conference's row too (`notices`)."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="announcements")
    text = models.CharField(max_length=200)
    # Conference time.
    until = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "conference"
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="announcement_says_something")
        ]

    def __str__(self) -> str:
        return self.text
