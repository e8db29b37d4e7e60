"""What speakers propose about themselves from their private page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.event.models import Person, PrivateLink, User


class PersonProposal(models.Model):
    """A biography and affiliation that wait for the organiser. Each sending is a row of its own: nothing is lost."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waits for the organiser")
        TAKEN = "taken", _("taken over")
        LEFT = "left", _("left as it was")
        REPLACED = "replaced", _("replaced by a newer one")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proposals")
    # The person's proposals count from one; a form names the newest that it saw.
    number = models.PositiveIntegerField()
    affiliation = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_link = models.ForeignKey(
        PrivateLink, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # What stood there before it was taken over, for the undo.
    affiliation_before = models.CharField(max_length=200, blank=True)
    biography_before = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="proposal_number_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="waiting"), name="proposal_one_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, by_link__isnull=True)
                | models.Q(by__isnull=True, by_link__isnull=False),
                name="proposal_has_one_maker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.number}"

    @property
    def maker(self) -> str:
        """Who sent it, for staff: an account, or whose link."""
        return str(self.by.get_username() if self.by is not None else self.by_link)
