"""What the question desk keeps beside the posts: reasons ready to use, what to look out for, muted devices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.event.models import Conference, Participant, User


class CannedReason(models.Model):
    """A reason for not including a post, ready to use, in both languages. Retired, not deleted: it is counted."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="canned_reasons")
    text_en = models.CharField(_("in English"), max_length=200)
    text_cs = models.CharField(_("in Czech"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        app_label = "conference"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text_cs if get_language() == "cs" else self.text_en


class DeskRules(models.Model):
    """What the desk of a conference looks out for; `version` guards the organiser's form (reasons included)."""

    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="desk_rules")
    # One word or phrase a line; a post that holds one is marked for a look, not blocked.
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return f"{self.conference} v{self.version}"


class Mute(models.Model):
    """A device whose posts go to a lane of their own in one conference. Nothing is deleted; its owner is not told."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="mutes")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="mutes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"
        constraints = [models.UniqueConstraint(fields=["conference", "participant"], name="mute_once")]

    def __str__(self) -> str:
        return f"{self.participant} · {self.conference}"
