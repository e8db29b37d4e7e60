"""A paper, its editions (one for each import) and its blocks with permanent ids."""

from __future__ import annotations

import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString

from papers.importing.document import KINDS, PARTS

_LETTERS = "bcdfghjkmnpqrstvwxz"
_SIGNS = _LETTERS + "23456789"
# A block's id in an address; no word is one, for want of vowels.
BLOCK_PATTERN = f"[{_LETTERS}][{_SIGNS}]{{7}}"


def new_block_id() -> str:
    """Eight random signs, the first a letter: a valid HTML id that depends on neither text nor position."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(7))


class Paper(models.Model):
    """What the title page says. Written by `services.store_edition` alone."""

    slug = models.CharField(
        max_length=60, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    )
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    authors = models.JSONField(default=list)
    date = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")
    rights = models.TextField(blank=True)
    note = models.TextField(blank=True)
    # A summary is stamped wherever it is shown and never cited under the author's name.
    is_summary = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title

    @property
    def author_line(self) -> str:
        """The authors in one line."""
        return ", ".join(self.authors)


class Edition(models.Model):
    """One import of a paper."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="editions")
    imported_at = models.DateTimeField(auto_now_add=True)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], condition=Q(current=True), name="edition_one_current_per_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.imported_at:%Y-%m-%d %H:%M}"


class Block(models.Model):
    """A heading, paragraph, list item… Never deleted: what a newer edition lacks is `removed`."""

    class Kind(models.TextChoices):
        """What sort of block it is."""

        HEADING = "heading"
        PARAGRAPH = "paragraph"
        LIST_ITEM = "list_item"
        QUOTE = "quote"
        TABLE = "table"
        FIGURE = "figure"
        FOOTNOTE = "footnote"

    class Part(models.TextChoices):
        """Where in the paper it stands."""

        FRONT = "front"
        SUMMARY = "summary"
        BODY = "body"
        BACK = "back"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="blocks")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="blocks")
    public_id = models.CharField(max_length=8, unique=True, default=new_block_id, editable=False)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    level = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    # Cleaned by nh3 on import (papers.importing); nothing else writes it.
    html = models.TextField()
    page = models.PositiveIntegerField(null=True, blank=True)
    part = models.CharField(max_length=8, choices=Part, default=Part.BODY)
    removed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["paper", "order"], condition=Q(removed=False), name="block_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="heading", level__gte=2, level__lte=6) | ~Q(kind="heading"),
                name="block_heading_has_level",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS, part__in=PARTS),
                name="block_kind_and_part_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.text[:40]}"

    @property
    def safe_html(self) -> SafeString:
        """The block's HTML, which nh3 has cleaned on import."""
        return SafeString(self.html)
