"""People and rooms of a conference: corrections act at once, and never over a colleague's."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from conference.event import pictures, signals
from conference.event.models import Conference, Person, Room, StoredFile

PERSON_FIELDS = ("name", "affiliation", "biography")
ROOM_FIELDS = ("name", "capacity", "way_finding")


class Stale(Exception):
    """The row changed since the form was made; nothing was written."""


@transaction.atomic
def save_person(
    *,
    conference: Conference,
    person: Person | None,
    version: int,
    values: dict[str, Any],
    photo: bytes | None = None,
    drop_photo: bool = False,
) -> Person:
    """Add somebody (`person` None) or correct them. Raises Stale, and pictures.NotAPicture for a bad photo."""
    row = _row(Person, conference, person, version, values["name"])
    for name in PERSON_FIELDS:
        setattr(row, name, values[name])
    if photo is not None:
        small = pictures.small_photo(photo)
        row.photo = StoredFile.objects.create(
            conference=conference,
            name=f"{row.slug}.jpg",
            content_type="image/jpeg",
            data=small,
            size=len(small),
        )
    elif drop_photo:
        row.photo = None
    row.save()
    signals.conference_changed.send(sender=Conference, conference=conference)
    return row


@transaction.atomic
def save_room(*, conference: Conference, room: Room | None, version: int, values: dict[str, Any]) -> Room:
    """Add a room (`room` None) or correct it. Raises Stale."""
    row = _row(Room, conference, room, version, values["name"])
    for name in ROOM_FIELDS:
        setattr(row, name, values[name])
    row.save()
    signals.conference_changed.send(sender=Conference, conference=conference)
    return row


def _row(model: Any, conference: Conference, known: Any, version: int, name: str) -> Any:
    """The row to write, locked and one version on; a new one with an address that is free."""
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    if known is None:
        return model(conference=conference, slug=_free_slug(model, conference, name))
    row = model.objects.select_for_update(of=("self",), no_key=True).get(pk=known.pk)
    if row.version != version:
        raise Stale
    row.version += 1
    return row


def _free_slug(model: Any, conference: Conference, name: str) -> str:
    stem = slugify(name)[:50].strip("-") or "one"
    taken = set(
        model.objects.filter(conference=conference, slug__startswith=stem).values_list("slug", flat=True)
    )
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
