"""What is announced: revisions of topics, and the recent events of each conference's streams."""

from django.db import models
from django.utils import timezone

from conference.live.topics import AUDIENCES


class Topic(models.Model):
    """How often something changed. Absent means never (revision 0). Only `services.announce` writes it."""

    name = models.CharField(max_length=200, primary_key=True)
    revision = models.BigIntegerField()

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return f"{self.name}:{self.revision}"


class LiveEvent(models.Model):
    """One event on the streams of an audience, numbered in the order of commits.

    Kept for an hour (wall time). `subject` is what the event is about: a post's public id, or JSON for events
    without a fragment.
    """

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=8)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    subject = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "conference"
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "audience", "number"], name="live_event_numbered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=AUDIENCES), name="live_event_audience_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.number}: {self.kind}"
