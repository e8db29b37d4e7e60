"""Materials of sessions: adding, taking over, taking off, and who sees them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from conference.agenda.material_models import Material
from conference.agenda.models import AgendaItem, Attribution
from conference.agenda.records import DraftItem
from conference.agenda.writing import NotPossible, lock, tell
from conference.event.access import HALL
from conference.event.models import Conference, Person, StoredFile, User

MOST_BYTES = 20 << 20
# What a session has; served as an attachment all the same, so that no browser runs any of it.
TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ppt": "application/vnd.ms-powerpoint",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}


def safe_name(name: str) -> str:
    """A file's name without folders, signs that mean something to a system, or accents; with a known ending.

    Raises NotPossible for an ending that is not in `TYPES`.
    """
    plain = unicodedata.normalize("NFKD", re.split(r"[/\\]", name)[-1]).encode("ascii", "ignore").decode()
    stem, _dot, ending = plain.rpartition(".")
    if ending.lower() not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise NotPossible(_("Files of this kind are not taken. These are: %(known)s.") % {"known": known})
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:80] or "file"
    return f"{stem}.{ending.lower()}"


def store(*, conference: Conference, name: str, data: bytes) -> StoredFile:
    """Keep a file; raises NotPossible when it is too large, empty, or of a kind that is not taken."""
    if not 0 < len(data) <= MOST_BYTES:
        raise NotPossible(_("The file is empty or larger than 20 MB."))
    safe = safe_name(name)
    kind = TYPES[safe.rpartition(".")[2]]
    return StoredFile.objects.create(
        conference=conference, name=safe, content_type=kind, data=data, size=len(data)
    )


@transaction.atomic
def add(
    *,
    item: DraftItem,
    by: User | None,
    kind: str,
    title: str,
    url: str = "",
    upload: tuple[str, bytes] | None = None,
    visible_from: datetime | None = None,
    speaker: Person | None = None,
) -> Material:
    """Add a file (name, bytes) or a link; one from a `speaker` alone (`by` None) waits to be taken over.

    Raises NotPossible when there is neither or both, and as `store`.
    """
    conference = lock(item.conference)
    if bool(url) == (upload is not None):
        raise NotPossible(_("Give a file or an address, one of the two."))
    file = store(conference=conference, name=upload[0], data=upload[1]) if upload else None
    made = Material.objects.create(
        draft=item,
        by=by,
        kind=kind,
        title=title.strip(),
        url=url,
        file=file,
        visible_from=visible_from,
        speaker=speaker,
    )
    _tell(conference, made)
    return made


@transaction.atomic
def change(
    *, material: Material, by: User, version: int, taken_off: bool | None = None, take_over: bool = False
) -> Material:
    """Take a material off, put it back, or take over what a speaker added; twice is success.

    Raises NotPossible when it was changed since `version`.
    """
    conference = lock(material.draft.conference)
    row = Material.objects.select_for_update(of=("self",)).select_related("draft").get(pk=material.pk)
    wanted_off = row.taken_off if taken_off is None else taken_off
    if wanted_off == row.taken_off and not (take_over and row.waits):
        return row
    if row.version != version:
        raise NotPossible(_("Somebody changed this meanwhile. Look again."))
    row.taken_off = wanted_off
    if take_over:
        row.by = by
    row.version += 1
    row.save()
    _tell(conference, row)
    return row


def _tell(conference: Conference, material: Material) -> None:
    if material.draft.item_id is not None and not material.waits:
        tell(conference, [material.draft.slug])


_ON_SHOW = Material.objects.filter(taken_off=False, by__isnull=False)


def of_item(item: AgendaItem) -> list[Material]:
    """An item's materials that are seen now or later, without their bytes (one query); see `shown`."""
    return list(_ON_SHOW.filter(draft__item=item).select_related("file").defer("file__data"))


def of_session(slug: str) -> ArraySubquery:
    """What `of_item` reads, as an expression over a conference: rows for `from_rows`."""
    row = JSONObject(
        pk="pk",
        kind="kind",
        title="title",
        url="url",
        visible_from="visible_from",
        file_id="file_id",
        size="file__size",
    )
    found = _ON_SHOW.filter(draft__conference=OuterRef("pk"), draft__item__slug=slug)
    return ArraySubquery(found.values(row=row))


def from_rows(rows: Iterable[dict[str, Any]]) -> list[Material]:
    """Materials from the rows of `of_session`."""
    found = []
    for row in rows:
        size, at = row.pop("size"), row.pop("visible_from")
        made = Material(**row, visible_from=datetime.fromisoformat(at) if at else None)
        if made.file_id is not None:
            made.file = StoredFile(pk=made.file_id, size=size)
        found.append(made)
    return found


def shown(found: list[Material], item: AgendaItem, audience: str, moment: datetime) -> list[Material]:
    """What `audience` sees at `moment` (conference time) of the materials `found` of an item.

    What is for those present only stays in the hall, and goes when the session ends.
    """
    if item.attribution == Attribution.THOSE_PRESENT and (audience != HALL or item.finishes <= moment):
        return []
    return [each for each in found if each.visible_from is None or each.visible_from <= moment]


def next_shown(found: list[Material], moment: datetime) -> datetime | None:
    """When the next of these materials begins to be seen (conference time); for how long a page may be kept."""
    times = [each.visible_from for each in found if each.visible_from is not None]
    return min((at for at in times if at > moment), default=None)
