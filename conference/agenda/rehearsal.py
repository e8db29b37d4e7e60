"""Rehearsals: a copy of a conference with a simulated clock, at an address that only staff are told.

The real conference is read and never written. Throwing a rehearsal away is the one permitted wipe (rule 11), refused
for anything else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.agenda import drafts, publishing
from conference.agenda.content import complete
from conference.agenda.records import AgendaChange, DraftItem, Operation
from conference.agenda.writing import NotPossible, begin
from conference.event import signals
from conference.event.models import Conference, ConferencePaper, Membership, Person, Room, User
from conference.event.services import CODE_SIGNS, new_hall_code

BEFORE_THE_FIRST = timedelta(minutes=10)
OWN = (
    "id",
    "slug",
    "hall_code",
    "is_public",
    "demonstration",
    "clock_from",
    "clock_started_at",
    "notices",
    "rehearsal_of",
)


@transaction.atomic
def start(*, conference: Conference, by: User) -> Conference:
    """Copy a conference: people, rooms, papers, staff and what the public has of the programme; no posts.

    Its clock starts ten minutes before the first item. Raises NotPossible for a rehearsal, or when nothing is public.
    """
    if conference.rehearsal_of_id is not None:
        raise NotPossible(_("This is a rehearsal already."))
    found = [draft for draft in drafts.drafts_of(conference) if draft.published is not None]
    if not found:
        raise NotPossible(_("Publish the programme first: a rehearsal shows what the public has."))
    copy = _copy_of(conference)
    copy.clock_from = min(_start(draft) for draft in found) - BEFORE_THE_FIRST
    copy.save()
    for model in (Room, Person, Membership, ConferencePaper):
        for row in model._default_manager.filter(conference=conference).order_by("pk"):
            row.pk, row.conference = None, copy
            row.save(force_insert=True)
    operation = begin(copy, by, Operation.Kind.ADD)
    for draft in found:
        content = {**complete(draft.published or {}), "cancelled": draft.content["cancelled"]}
        made = DraftItem.objects.create(conference=copy, slug=draft.slug, content=content)
        AgendaChange.objects.create(operation=operation, draft=made, version=1, before={}, after=content)
    publishing.publish(conference=copy, by=by)
    signals.conference_changed.send(sender=Conference, conference=copy)
    return copy


def _copy_of(conference: Conference) -> Conference:
    kept = {
        field.name: getattr(conference, field.name)
        for field in Conference._meta.concrete_fields
        if field.name not in OWN
    }
    return Conference(
        **kept,
        # Its address is what keeps strangers out: sixteen signs that nobody guesses.
        slug=f"rehearsal-{''.join(secrets.choice(CODE_SIGNS) for _ in range(16))}",
        hall_code=new_hall_code(),
        is_public=True,
        demonstration=True,
        clock_started_at=timezone.now(),
        rehearsal_of=conference,
    )


def _start(draft: DraftItem) -> datetime:
    return datetime.fromisoformat((draft.published or {})["start"])


@transaction.atomic
def set_clock(*, rehearsal: Conference, moment: datetime) -> None:
    """Let a rehearsal's clock go on from `moment` (aware). Raises NotPossible for anything else."""
    row = Conference.objects.select_for_update(no_key=True).get(pk=rehearsal.pk)
    if row.rehearsal_of_id is None:
        raise NotPossible(_("The clock of a real conference cannot be changed."))
    row.clock_from, row.clock_started_at = moment, timezone.now()
    row.save(update_fields=["clock_from", "clock_started_at"])
    signals.conference_changed.send(sender=Conference, conference=row)


def rehearsals_of(conference: Conference) -> list[Conference]:
    """The rehearsals that stand now, the newest first (one query)."""
    return list(Conference.objects.filter(rehearsal_of=conference).order_by("-pk"))


@transaction.atomic
def throw_away(*, rehearsal: Conference) -> int:
    """Delete a rehearsal with everything that was written in it; returns how many rows. Raises NotPossible for
    anything that is not a rehearsal; twice is success (0).
    """
    row = Conference.objects.select_for_update().filter(pk=rehearsal.pk).first()
    if row is None:
        return 0
    if row.rehearsal_of_id is None:
        raise NotPossible(_("Only a rehearsal can be thrown away."))
    Conference.objects.filter(pk=row.pk).update(is_public=False)
    row.is_public = False
    signals.conference_changed.send(sender=Conference, conference=row)
    gone = _everything_of(row)
    for model, keys in gone.items():
        # Foreign keys are checked at the end of the transaction, so no order has to be kept.
        rows = model._default_manager.filter(pk__in=keys)
        rows._raw_delete(rows.db)
    return sum(len(keys) for keys in gone.values())


def _everything_of(conference: Conference) -> dict[type[models.Model], set[Any]]:
    """The conference and every row that points at it, or at one that does, in whatever feature: by model."""
    found: dict[type[models.Model], set[Any]] = {Conference: {conference.pk}}
    new: dict[type[models.Model], set[Any]] = {Conference: {conference.pk}}
    while new:
        following: dict[type[models.Model], set[Any]] = {}
        for model, keys in new.items():
            for other, name in _pointing_at(model):
                rows = other._default_manager.filter(**{f"{name}__in": keys}).values_list("pk", flat=True)
                fresh = set(rows) - found.get(other, set())
                if fresh:
                    found.setdefault(other, set()).update(fresh)
                    following.setdefault(other, set()).update(fresh)
        new = following
    return found


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Models with a foreign key to `model`, tables of many-to-many fields included, and the field's name."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.related_model, relation.field.name
