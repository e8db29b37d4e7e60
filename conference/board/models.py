"""Questions and comments, votes, the keys they were sent with, and the log of decisions."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import AgendaItem
from conference.board import states
from conference.board.states import Release, Stage
from conference.event.models import Conference, Participant, Person, PrivateLink, Room, User

# Without vowels (no words appear) and without signs that look alike.
PUBLIC_ID_SIGNS = "bcdfghjkmnpqrstvwxz23456789"


def new_public_id() -> str:
    """Ten random signs: counting ids would tell how many posts wait."""
    return "".join(secrets.choice(PUBLIC_ID_SIGNS) for _ in range(10))


class Post(models.Model):
    """A question, a comment, a reply to one, or a written answer. Its release and stage are written by
    `board.services` alone.

    It comes from exactly one of: a device (`participant`), a member of staff (`staff`), somebody on the programme
    (`author`, by their private link).
    """

    class Kind(models.TextChoices):
        """What the sender meant it to be."""

        QUESTION = "question", _("Question")
        COMMENT = "comment", _("Comment")
        REPLY = "reply", _("Reply")
        ANSWER = "answer", _("Answer in writing")

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.QUESTION)
    text = models.TextField()
    name = models.CharField(max_length=80, blank=True)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    staff = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What a reply or an answer belongs to; one level deep.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    block = models.ForeignKey(
        "papers.Block", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quote = models.TextField(blank=True)
    # The words around the quote, so that it is found again in a text that was corrected (papers.anchoring).
    quote_prefix = models.CharField(max_length=200, blank=True)
    quote_suffix = models.CharField(max_length=200, blank=True)
    addressee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    release = models.CharField(max_length=10, choices=Release, default=Release.PENDING)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.NONE)
    position = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # What the author wrote, where the desk has edited `text`.
    original_text = models.TextField(blank=True)
    # The author's new wording of a published post, while it waits for the desk; `text` stays what is shown.
    proposed_text = models.TextField(blank=True)
    # One line "for the stage, in English" beside a question in another language.
    stage_line = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    vote_count = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(auto_now_add=True)
    # Conference time of the last change of stage: "Answered in the hall, 10:42".
    stage_at = models.DateTimeField(null=True, blank=True)
    institution = models.CharField(max_length=120, blank=True)
    # Why it was not included: `reason` in English or as typed, `reason_cs` where the desk's own Czech exists.
    reason_cs = models.TextField(blank=True)
    canned_reason = models.ForeignKey(
        "CannedReason", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Declined so that its author may shorten it and send it again.
    may_resend = models.BooleanField(default=False)
    # For the desk's eyes only.
    note = models.TextField(blank=True)
    labels = models.JSONField(default=list, blank=True)
    # Who has it open at the desk, until when (wall time); written by `board.claims` alone.
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    # Voters came or went by joining: the recount is to look at it even though no vote changed.
    recount_due = models.BooleanField(default=False)
    # Wall time at which the post was put at its present block after a newer edition of the paper had lost its place.
    placed_at = models.DateTimeField(null=True, blank=True)

    # What `changing.lock` found, for the log row; on a shortlist also the place, counted from 0.
    found: dict[str, Any] | None = None
    # What `answering.attach_answers` found, for templates.
    answers: list[Post] | None = None
    own_answer: Post | None = None
    rank_found: int | None = None

    class Meta:
        app_label = "conference"
        indexes = [
            models.Index(fields=["conference", "release", "id"], name="post_by_release"),
            models.Index(fields=["id"], condition=Q(recount_due=True), name="post_recount_due"),
            models.Index(fields=["item", "release"], name="post_by_item"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(release__in=Release.values), name="post_release_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="post_stage_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.NONE) | Q(release=Release.PUBLISHED, kind="question"),
                name="post_stage_only_on_published_question",
            ),
            models.CheckConstraint(
                condition=~Q(release=Release.PASSED_ON) | Q(kind="question"),
                name="post_only_questions_passed_on",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.SHORTLISTED, position__isnull=False)
                | (~Q(stage=Stage.SHORTLISTED) & Q(position__isnull=True)),
                name="post_position_only_on_shortlist",
            ),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, staff__isnull=True, author__isnull=True)
                | Q(participant__isnull=True, staff__isnull=False, author__isnull=True)
                | Q(participant__isnull=True, staff__isnull=True, author__isnull=False),
                name="post_has_one_sender",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["question", "comment"], parent__isnull=True)
                | Q(kind__in=["reply", "answer"], parent__isnull=False),
                name="post_only_replies_have_parent",
            ),
            models.CheckConstraint(
                condition=~Q(release__in=[Release.DECLINED, Release.HIDDEN]) | ~Q(reason=""),
                name="post_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(release=Release.MERGED, merged_into__isnull=False)
                | (~Q(release=Release.MERGED) & Q(merged_into__isnull=True)),
                name="post_merged_has_target",
            ),
            models.UniqueConstraint(
                fields=["conference", "item", "position"],
                condition=Q(position__isnull=False),
                nulls_distinct=False,
                name="post_position_once_per_item",
            ),
            models.UniqueConstraint(
                fields=["parent", "author"], condition=Q(kind="answer"), name="post_one_answer_per_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.text[:40]}"

    @property
    def state(self) -> str:
        """Release and stage as one name of `states.STATES`."""
        return states.state_of(self.release, self.stage)

    @property
    def shown_name(self) -> str:
        """The name and institution to show; none where nobody is named, whatever was typed before that rule came.

        What the desk itself wrote is marked as the organisers', and what it typed for somebody in the hall as such.
        """
        if self.author_id is not None:
            return self.shown_author
        if self.staff_id is not None and self.kind == self.Kind.REPLY:
            return gettext("Organisers")
        if self.staff_id is not None and not self.name:
            return gettext("From the floor")
        if self.item is not None and not self.item.names_speakers:
            return ""
        return ", ".join(filter(None, (self.name, self.institution)))

    @property
    def votes_shown(self) -> bool:
        """Whether the number of its votes is for everyone."""
        return self.item is None or not self.item.hide_votes

    @property
    def shown_author(self) -> str:
        """Who wrote a written answer; empty where nobody is named with what is said."""
        if self.author is None or (self.item is not None and not self.item.names_speakers):
            return ""
        return self.author.name

    @property
    def state_label(self) -> str:
        """What attendees read. "Shortlisted" is never shown to them: it would be a promise."""
        if self.release != Release.PUBLISHED or self.stage in (Stage.NONE, Stage.SHORTLISTED):
            return str(self.get_release_display())
        return str(self.get_stage_display())

    @property
    def told_reason(self) -> str:
        """Why it was not included, in the reader's language where the desk has it."""
        return self.reason_cs if self.reason_cs and get_language() == "cs" else self.reason

    @property
    def edited_by_desk(self) -> bool:
        """Whether what readers see is the desk's wording."""
        return bool(self.original_text)

    @property
    def is_question(self) -> bool:
        """A question can be answered in the hall; a comment cannot."""
        return self.kind == self.Kind.QUESTION


class SentKey(models.Model):
    """An idempotency key: 128 random bits, unique in the whole installation (rule 4, docs/design.md)."""

    key = models.UUIDField(primary_key=True)
    # SHA-256 of what was sent, so that the same key with other content is told apart.
    digest = models.BinaryField(max_length=32)
    # None where staff or somebody on the programme sent it.
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"

    def __str__(self) -> str:
        return "key"  # never shown, never logged


class Vote(models.Model):
    """A device's wish to hear an answer. Taken back, the row stays with `active` false, so that a recount sees it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="votes")
    active = models.BooleanField(default=True)
    # Not yet in the post's vote_count.
    uncounted = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conference"
        indexes = [models.Index(fields=["post"], condition=Q(uncounted=True), name="vote_uncounted")]
        constraints = [models.UniqueConstraint(fields=["post", "participant"], name="vote_once_per_device")]

    def __str__(self) -> str:
        return f"{self.participant} · {self.post_id}"


class Flag(models.Model):
    """A reader's word that a published post needs another look. It changes nothing public."""

    class Reason(models.TextChoices):
        """Why."""

        OFFENSIVE = "offensive", _("It insults or threatens somebody")
        NAMES = "names", _("It tells who somebody is")
        UNTRUE = "untrue", _("It misquotes or is untrue")
        OFF_TOPIC = "off_topic", _("It has nothing to do with this")
        OTHER = "other", _("Something else")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="flags")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    # Looked at by the desk; a flag that came later counts anew.
    settled = models.BooleanField(default=False)

    class Meta:
        app_label = "conference"
        indexes = [models.Index(fields=["post"], condition=Q(settled=False), name="flag_unsettled")]
        constraints = [
            models.UniqueConstraint(fields=["post", "participant"], name="flag_once_per_device"),
            models.CheckConstraint(
                condition=Q(reason__in=["offensive", "names", "untrue", "off_topic", "other"]),
                name="flag_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.reason}"


class Decision(models.Model):
    """The append-only log: every change of a post's state, by whom, from what to what and why.

    Made by a member of staff, by the holder of a private link, or by the post's author.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_link = models.ForeignKey(
        PrivateLink, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_author = models.BooleanField(default=False)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    conference_time = models.DateTimeField()
    # What was done, in one word of `labels.ACTIONS`; source and target alone do not tell an edit.
    action = models.CharField(max_length=20, blank=True)
    # The columns that this decision changed, as they were: what undo puts back.
    before = models.JSONField(default=dict, blank=True)
    # Decisions made in one go: undone in one go.
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["post", "version"], name="decision_once_per_version"),
            models.CheckConstraint(
                condition=Q(by__isnull=False, by_link__isnull=True, by_author=False)
                | Q(by__isnull=True, by_link__isnull=False, by_author=False)
                | Q(by__isnull=True, by_link__isnull=True, by_author=True),
                name="decision_has_one_maker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.source} -> {self.target}"

    @property
    def maker(self) -> str:
        """Who decided, for staff; empty for the post's author."""
        if self.by is not None:
            return str(self.by.get_username())
        return str(self.by_link) if self.by_link is not None else ""


class StageMessage(models.Model):
    """A word between the question desk and a room's panel chair. One from the desk stands in the chair's way until it
    is acknowledged.
    """

    class Word(models.TextChoices):
        """What a chair says with one tap; each side reads it in its own language."""

        TOPIC = "topic", _("One more on this topic, please")
        OTHER = "other", _("Another topic, please")
        FLOOR = "floor", _("I take one from the floor")
        MINUTES = "minutes", _("We need five more minutes")
        LAST = "last", _("This is the last round")
        HELP = "help", _("Please come to me")

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    to_chair = models.BooleanField()
    word = models.CharField(max_length=10, choices=Word, blank=True)
    text = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_link = models.ForeignKey(
        PrivateLink, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Sent with a key, so that a lost answer sends it only once.
    key = models.UUIDField(unique=True)
    at = models.DateTimeField(auto_now_add=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "conference"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, by_link__isnull=True)
                | Q(by__isnull=True, by_link__isnull=False),
                name="stage_message_has_one_maker",
            ),
            models.CheckConstraint(
                condition=Q(word="") & ~Q(text="") | ~Q(word="") & Q(text=""),
                name="stage_message_says_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_word_display()) or self.text
