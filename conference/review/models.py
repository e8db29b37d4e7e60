"""Which conference a paper was uploaded for: its organisers review it, and publishing attaches it."""

from django.db import models

from conference.event.models import Conference


class Upload(models.Model):
    """A draft's conference. Until a paper is published nothing else links the two, so that no public page can.

    `makes_main`: when it is published it becomes the paper of the conference's tab.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="uploads")
    edition = models.OneToOneField("papers.Edition", on_delete=models.PROTECT, related_name="+")
    makes_main = models.BooleanField(default=False)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return f"{self.conference} · {self.edition}"
