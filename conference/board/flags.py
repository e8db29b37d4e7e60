"""Readers' flags: one for each device and post. They change nothing public; the desk sees how many there are."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from conference.board import keys, states
from conference.board.announcing import announce_post
from conference.board.changing import Decider, NotAllowed, check_version, lock, record
from conference.board.models import Flag, Post
from conference.board.states import Release
from conference.event.models import Conference, Participant
from conference.event.services import new_participant

SETTLE = "settle-flags"


@transaction.atomic
def flag_post(
    *, post: Post, participant: Participant | None, key: str, reason: str, note: str = ""
) -> Participant:
    """Record that a reader wants a published post looked at again; returns the device, which a first write creates.

    A device's second flag of a post replaces its first. Raises NotAllowed for a post that is not published (any more),
    and keys.KeyReused.
    """
    digest = keys.digest_of(post.pk, "flag", reason, note)
    if (used := keys.claim(key, digest)) and used.participant is not None:
        return used.participant
    if Post.objects.filter(pk=post.pk, release=Release.PUBLISHED).first() is None:
        raise NotAllowed
    device = participant or new_participant()
    Flag.objects.bulk_create(
        [Flag(post=post, participant=device, reason=reason, note=note)],
        update_conflicts=True,
        unique_fields=["post", "participant"],
        update_fields=["reason", "note", "settled"],
    )
    keys.keep(key, digest, post, device)
    announce_post(post, was_visible=True, kind="post", desk_only=True)
    return device


def flagged_posts(conference: Conference) -> QuerySet[Post]:
    """The published posts with flags that the desk has not settled, the most flagged first; for staff only.

    Each has `flag_count`, and its flags in `open_flags` (two queries in all); `reasons_of` sums them up.
    """
    unsettled = Flag.objects.filter(settled=False).order_by("pk")
    return (
        Post.objects.filter(conference=conference, release=Release.PUBLISHED)
        .annotate(flag_count=Count("flags", filter=Q(flags__settled=False)))
        .filter(flag_count__gt=0)
        .select_related("item", "block__paper", "addressee")
        .prefetch_related(Prefetch("flags", unsettled, to_attr="open_flags"))
        .order_by("-flag_count", "pk")
    )


def reasons_of(post: Post) -> list[tuple[str, int]]:
    """Why a post of `flagged_posts` was flagged, in words, with how many said so; the most frequent first."""
    flags: list[Flag] = getattr(post, "open_flags", [])
    return Counter(str(flag.get_reason_display()) for flag in flags).most_common()


@transaction.atomic
def settle_flags(*, post: Post, by: Decider, roles: frozenset[str], version: int) -> Post:
    """Note that the desk has looked at a post's flags and leaves it published; twice is success.

    Raises NotAllowed, Stale.
    """
    if not roles & states.DESK:
        raise NotAllowed
    row = lock(post)
    open_flags = list(Flag.objects.filter(post=row, settled=False).values_list("pk", flat=True))
    if not open_flags:
        return row
    check_version(row, version)
    Flag.objects.filter(pk__in=open_flags).update(settled=True)
    record(row, action=SETTLE, by=by, extra={"flags": open_flags, "settled": False})
    announce_post(row, was_visible=True, kind="post", desk_only=True)
    return row
