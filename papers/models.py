"""A paper, its editions (one for each import) and its blocks with permanent ids."""

from __future__ import annotations

import secrets
from typing import Any, TypeAlias

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from papers.importing.document import KINDS, PARTS

# A user of settings.AUTH_USER_MODEL, or None for a command: papers stand alone and know no class of users.
Maker: TypeAlias = Any

_LETTERS = "bcdfghjkmnpqrstvwxz"
_SIGNS = _LETTERS + "23456789"
# A block's id in an address; no word is one, for want of vowels.
BLOCK_PATTERN = f"[{_LETTERS}][{_SIGNS}]{{7}}"


def new_block_id() -> str:
    """Eight random signs, the first a letter: a valid HTML id that depends on neither text nor position."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(7))


class Paper(models.Model):
    """What the title page of the current edition says. Written by `papers.services` alone.

    A paper without a published edition is known to nobody but those who review it.
    """

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
    # Whether readers may download the file that the current edition was read from.
    offers_original = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title

    @property
    def author_line(self) -> str:
        """The authors in one line."""
        return ", ".join(self.authors)


class Edition(models.Model):
    """One import of a paper: a draft until it is published or discarded. Times are wall times (UTC).

    `version` grows with every change of a draft (`EditionChange`), so that two reviewers cannot overwrite each other.
    Only a published edition has a `number`, its place among the paper's published editions.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="editions")
    imported_at = models.DateTimeField(auto_now_add=True)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    # The embargo: when a draft publishes itself.
    publish_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who published it, or set the time at which it published itself; None for a command.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="edition_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], condition=Q(current=True), name="edition_one_current_per_paper"
            ),
            models.UniqueConstraint(fields=["paper", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(current=False) | Q(published_at__isnull=False),
                name="edition_current_is_published",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True) | Q(published_at__isnull=True),
                name="edition_discarded_was_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True)
                | Q(published_at__isnull=True, discarded_at__isnull=True),
                name="edition_only_drafts_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.imported_at:%Y-%m-%d %H:%M}"

    @property
    def is_draft(self) -> bool:
        """Not yet published and not discarded: it can be corrected."""
        return self.published_at is None and self.discarded_at is None


class EditionText(models.Model):
    """What an edition was read from and what it says: beside its edition, so that lists of editions stay light.

    `document` is what the importer made of `source` (`importing.Document.to_json`, with its provenance). `snapshot` is
    written at publication: the title page's fields and the blocks with their permanent ids, as they were, so that an
    older edition stays readable.
    """

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, related_name="content", primary_key=True
    )
    source = models.BinaryField()
    document = models.JSONField(default=dict)
    snapshot = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"text of {self.edition_id}"


class EditionChange(models.Model):
    """The append-only log of an edition: corrections of its draft, undoing them, and what was decided about it.

    `operation` is data: `{"op": "merge", "key": "b7"}`. The draft is its document with the corrections applied in
    order (`papers.editing`); undoing is an operation too.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    operation = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "version"], name="edition_change_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.version}: {self.operation.get('op')}"


class PreviewLink(models.Model):
    """A secret address at which a draft can be read before it is public; only a digest of the secret is kept."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="preview_links")
    # For whom it was made, so that the right one is taken back.
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


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
    # Where a removed block's words went when it was merged into another one: its permalink leads there.
    continues_in = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

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
