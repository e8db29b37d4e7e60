"""What belongs to a session beyond the programme: slides, recordings, photos, a summary, links."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.agenda.records import DraftItem
from conference.event.models import Person, StoredFile, User


class Material(models.Model):
    """A file or a link of an item. It acts at once, from its time on, and is no part of a release."""

    class Kind(models.TextChoices):
        """What it is."""

        SLIDES = "slides", _("Slides")
        RECORDING = "recording", _("Recording")
        PHOTOS = "photos", _("Photos")
        SUMMARY = "summary", _("Summary")
        LINK = "link", _("Link")

    draft = models.ForeignKey(DraftItem, on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SLIDES)
    title = models.CharField(max_length=200)
    url = models.URLField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Conference time; None is at once.
    visible_from = models.DateTimeField(null=True, blank=True)
    # From a speaker's private page: seen when an organiser has taken it over.
    speaker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_off = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file__isnull=True) & ~models.Q(url="")
                | models.Q(file__isnull=False, url=""),
                name="material_is_file_or_link",
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) | models.Q(speaker__isnull=False),
                name="material_from_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def waits(self) -> bool:
        """A speaker added it, and no organiser has taken it over yet."""
        return self.by_id is None
