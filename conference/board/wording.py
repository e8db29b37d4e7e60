"""What the desk does to a post's words: editing beside the original, a line for the stage, notes for itself."""

from __future__ import annotations

from django.db import transaction

from conference.board import states
from conference.board.announcing import announce_change, announce_post, place_of
from conference.board.changing import Decider, NotAllowed, check_version, lock, record
from conference.board.models import Post
from conference.board.states import Release

EDITABLE = (Release.PENDING, Release.PUBLISHED, Release.DECLINED, Release.HIDDEN)
MOST_LABELS = 6
LONGEST_LABEL = 30


@transaction.atomic
def edit(*, post: Post, text: str, stage_line: str, by: Decider, roles: frozenset[str], version: int) -> Post:
    """Give a post the desk's wording, and a line for the stage. The author's own words are kept beside it.

    Readers see that it was edited, until the text is the author's again. Raises Stale, NotAllowed.
    """
    row = lock(post)
    check_version(row, version)
    if not roles & states.DESK or row.release not in EDITABLE:
        raise NotAllowed
    if (text, stage_line) == (row.text, row.stage_line):
        return row
    was = place_of(row)
    if text != row.text:
        original = row.original_text or row.text
        row.original_text = "" if text == original else original
        row.text = text
    row.stage_line = stage_line
    record(row, action="edit", by=by)
    announce_change(row, was=was)
    return row


@transaction.atomic
def annotate(
    *, post: Post, note: str, labels: list[str], by: Decider, roles: frozenset[str], version: int
) -> Post:
    """Keep a private note and labels with a post, for the desk's eyes only. Raises Stale, NotAllowed."""
    row = lock(post)
    check_version(row, version)
    if not roles & states.DESK:
        raise NotAllowed
    if (note, labels) == (row.note, row.labels):
        return row
    row.note, row.labels = note, labels
    record(row, action="note", by=by)
    announce_post(row, was_visible=False, kind="post", desk_only=True)
    return row


def labels_of(typed: str) -> list[str]:
    """Labels as they are typed: separated by commas, each once, at most six."""
    found = dict.fromkeys(label.strip()[:LONGEST_LABEL] for label in typed.split(","))
    return [label for label in found if label][:MOST_LABELS]
