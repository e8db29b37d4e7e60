"""Making a release: the draft becomes what the public has, as one numbered snapshot that never changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conference.agenda import checks, drafts
from conference.agenda.content import AT_ONCE, Content
from conference.agenda.diff import Difference, differences
from conference.agenda.models import AgendaItem, Appearance
from conference.agenda.records import DraftItem, Release
from conference.agenda.services import ensure_draft
from conference.agenda.writing import as_column, lock, locked_drafts, tell
from conference.event.models import Conference, Person, Room, User
from papers.models import Paper


class Blocked(Exception):
    """The draft has errors; nothing was published."""

    def __init__(self, problems: list[checks.Problem]) -> None:
        super().__init__("The draft has errors.")
        self.problems = problems


class Changed(Exception):
    """The draft or the release changed since the page that was acted on was made; nothing was published."""


class NothingToPublish(Exception):
    """The public has the programme already as it is drafted."""


def venue_of(conference: Conference) -> checks.Venue:
    """What the checks need to know (three queries)."""
    papers = conference.conference_papers.values_list("paper__slug", flat=True)
    return checks.Venue(
        zone=conference.zone,
        starts_on=conference.starts_on,
        ends_on=conference.ends_on,
        closes_at=conference.closes_at,
        rooms=frozenset(conference.rooms.values_list("slug", flat=True)),
        people=frozenset(conference.people.values_list("slug", flat=True)),
        papers=frozenset(papers),
    )


def waiting(found: Collection[DraftItem]) -> list[Difference]:
    """What the public has otherwise than it is drafted: what the next release would bring."""
    before = {draft.slug: draft.published for draft in found if draft.published is not None}
    after = {draft.slug: draft.content for draft in found if _goes_out(draft)}
    return differences(before, after)


def _goes_out(draft: DraftItem) -> bool:
    """What was cancelled or taken off before anybody saw it never becomes public."""
    return draft.published is not None or not (draft.content["cancelled"] or draft.content["removed"])


@transaction.atomic
def publish(
    *,
    conference: Conference,
    by: User | None,
    note: str = "",
    seen: int | None = None,
    only: Collection[str] | None = None,
) -> Release:
    """Give the public the draft, or of it `only` these items, as a new Release.

    `seen` is `drafts.newest_operation` of the page that was acted on: raises Changed when more was done since. Raises
    Blocked when what would be public has errors, and NothingToPublish.
    """
    row = lock(conference)
    if seen is not None and seen != drafts.newest_operation(row):
        raise Changed
    found = locked_drafts(row)
    for draft in found:
        draft.content = drafts.content_now(draft)
    chosen = [draft for draft in found if only is None or draft.slug in only]
    changes = waiting(chosen)
    if not changes:
        raise NothingToPublish
    outgoing = {draft.slug: draft.content for draft in chosen if _goes_out(draft)}
    public = {draft.slug: draft.published for draft in found if draft.published is not None} | outgoing
    if wrong := [
        problem for problem in checks.errors(public, venue_of(row)) if set(problem.slugs) & set(outgoing)
    ]:
        raise Blocked(wrong)
    writer = _Writer(row)
    by_slug = {draft.slug: draft for draft in chosen}
    refresh = False
    for change in changes:
        refresh |= writer.put(by_slug[change.slug])
    number = (row.releases.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    release = Release.objects.create(conference=row, number=number, items=public, note=note.strip(), by=by)
    tell(row, [change.slug for change in changes], refresh=refresh)
    return release


class _Writer:
    """Brings the public's rows to what is drafted, with a constant number of queries for what they name."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.rooms = {room.slug: room for room in Room.objects.filter(conference=conference)}
        self.people = {person.slug: person for person in Person.objects.filter(conference=conference)}
        papers = Paper.objects.filter(pk__in=conference.conference_papers.values("paper"))
        self.papers = {paper.slug: paper for paper in papers}

    def put(self, draft: DraftItem) -> bool:
        """Write one item; returns whether open pages must be read again (its title or rule is on others' pages)."""
        content, item = draft.content, draft.item
        before = draft.published or {}
        if item is None:
            item = AgendaItem(conference=self.conference, slug=draft.slug)
            for name in AT_ONCE:
                setattr(item, name, as_column(name, content[name]))
        else:
            item.version += 1
        self._fill(item, content, before)
        item.save()
        if content["people"] != before.get("people", []):
            self._appear(item, content)
        if content["papers"] != before.get("papers", []):
            item.papers.set([self.papers[slug] for slug in content["papers"]])
        refresh = bool(before) and any(before[name] != content[name] for name in ("title", "attribution"))
        draft.item, draft.published = item, content
        draft.save()
        return refresh

    def _fill(self, item: AgendaItem, content: Content, before: dict[str, Any]) -> None:
        names = ("title", "kind", "abstract", "language", "interpretation", "stream_url", "fixed")
        for name in names:
            setattr(item, name, content[name])
        item.attribution = content["attribution"]
        item.room = self.rooms[content["room"]] if content["room"] else None
        item.start = datetime.fromisoformat(content["start"])
        item.end = datetime.fromisoformat(content["end"])
        if before and (before["start"], before["end"]) != (content["start"], content["end"]):
            # The delay was one of the old plan.
            item.day_start = item.day_end = None
        item.changed_at = timezone.now()

    def _appear(self, item: AgendaItem, content: Content) -> None:
        item.appearances.all().delete()
        Appearance.objects.bulk_create(
            Appearance(
                item=item,
                person=self.people[each["person"]],
                replaced_by=self.people[each["replaced_by"]] if each["replaced_by"] else None,
                **{name: each[name] for name in ("role", "billed_as", "coming", "remote", "cancelled")},
            )
            for each in content["people"]
        )


@transaction.atomic
def adopt(*, conference: Conference) -> None:
    """Give items that came without one their draft, and a conference that has items its first release.

    For rows that tests or an older version made; twice is success.
    """
    row = lock(conference)
    for item in AgendaItem.objects.filter(conference=row, draft__isnull=True).order_by("start", "pk"):
        ensure_draft(item)
    drafts_now = DraftItem.objects.filter(conference=row, item__isnull=False)
    published = {draft.slug: draft.published for draft in drafts_now if draft.published is not None}
    if published and not row.releases.exists():
        Release.objects.create(conference=row, number=1, items=published)
