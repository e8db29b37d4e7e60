"""Proposals of speakers: sending, taking over, leaving, undoing. Nothing of them is public before."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conference.agenda.material_models import Material
from conference.agenda.models import AgendaItem
from conference.agenda.proposal_models import PersonProposal
from conference.agenda.writing import lock
from conference.event import directory
from conference.event.directory import Stale
from conference.event.models import Conference, Person, PrivateLink, User

State = PersonProposal.State


def newest(person: Person) -> PersonProposal | None:
    """The last that was sent, whatever became of it."""
    found = PersonProposal.objects.filter(person=person).select_related("by", "by_link__person", "decided_by")
    return found.order_by("-number").first()


def sessions_of(person: Person) -> list[AgendaItem]:
    """The sessions on the public programme in which somebody appears, or stands for another (one query)."""
    mine = Q(appearances__person=person, appearances__cancelled=False) | Q(appearances__replaced_by=person)
    found = AgendaItem.objects.filter(mine, conference=person.conference_id)
    return list(found.distinct().order_by("start", "pk"))


def materials_of(person: Person) -> QuerySet[Material]:
    """What somebody added from the private page, without the bytes."""
    found = Material.objects.filter(speaker=person).select_related("draft", "file")
    return found.defer("file__data").order_by("pk")


def waiting(conference: Conference) -> tuple[QuerySet[PersonProposal], QuerySet[Material]]:
    """What waits for the organiser: corrections, and materials."""
    corrections = PersonProposal.objects.filter(person__conference=conference, state=State.WAITING)
    added = Material.objects.filter(draft__conference=conference, by__isnull=True, taken_off=False)
    return corrections.select_related("person"), added.select_related("draft", "speaker")


@transaction.atomic
def propose(
    *,
    person: Person,
    by: User | PrivateLink,
    affiliation: str,
    biography: str,
    number: int,
    person_version: int,
) -> PersonProposal:
    """Keep a correction until the organiser decides; the same twice is success.

    `number` is the newest proposal that the form saw (0 for none), `person_version` the text that it stood beside.
    Raises Stale when either is no longer the newest.
    """
    lock(person.conference)
    last = newest(person)
    same = last is not None and (last.affiliation, last.biography) == (affiliation, biography)
    if last is not None and same and last.state == State.WAITING:
        return last
    if number != (last.number if last else 0):
        raise Stale
    if not Person.objects.filter(pk=person.pk, version=person_version).exists():
        raise Stale
    PersonProposal.objects.filter(person=person, state=State.WAITING).update(state=State.REPLACED)
    return PersonProposal.objects.create(
        person=person,
        number=number + 1,
        affiliation=affiliation,
        biography=biography,
        by=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PrivateLink) else None,
    )


@transaction.atomic
def decide(
    *, proposal: PersonProposal, by: User, to: str, version: int, person_version: int
) -> PersonProposal:
    """Take a proposal over, leave it, or (`to` waiting) undo that; twice is success.

    Raises Stale when the proposal or the person is not at the version that was seen, or a newer proposal came.
    """
    conference = lock(proposal.person.conference)
    row = PersonProposal.objects.select_for_update(of=("self",)).select_related("person").get(pk=proposal.pk)
    if row.state == to:
        return row
    if row.version != version or row.person.version != person_version or row.state == State.REPLACED:
        raise Stale
    last = newest(row.person)
    if last is None or last.pk != row.pk or State.WAITING not in (row.state, to):
        raise Stale
    if to == State.TAKEN:
        row.affiliation_before, row.biography_before = row.person.affiliation, row.person.biography
        _write(conference, row.person, row.affiliation, row.biography)
    elif row.state == State.TAKEN:
        if (row.person.affiliation, row.person.biography) != (row.affiliation, row.biography):
            raise Stale
        _write(conference, row.person, row.affiliation_before, row.biography_before)
    row.state, row.version = State(to), row.version + 1
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    return row


def _write(conference: Conference, person: Person, affiliation: str, biography: str) -> None:
    values = {"name": person.name, "affiliation": affiliation, "biography": biography}
    directory.save_person(conference=conference, person=person, version=person.version, values=values)
