"""Undo and redo: every operation on the programme can be taken back, by any organiser, as far as nobody built on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from conference.agenda import drafts
from conference.agenda.content import AT_ONCE, FACTS, changed_fields, complete
from conference.agenda.records import AgendaChange, DraftItem, Operation, Release
from conference.agenda.writing import NotPossible, begin, lock, locked_drafts, tell_if_seen, write
from conference.event.models import Conference, User

UNDOING = (Operation.Kind.UNDO, Operation.Kind.REDO)


class BuiltUpon(NotPossible):
    """Somebody changed the same since; `change` is what came later."""

    def __init__(self, draft: DraftItem, change: AgendaChange | None) -> None:
        super().__init__(_("“%(title)s” was changed again since: undo that first.") % {"title": draft.title})
        self.draft = draft
        self.change = change


@dataclass(frozen=True)
class Step:
    """An ordinary operation and whether it holds now; `tail` is the last undo or redo of it, or itself."""

    operation: int
    tail: int
    holds: bool


def steps(conference: Conference) -> list[Step]:
    """Every ordinary operation, oldest first, with what undo and redo made of it (one query)."""
    rows = Operation.objects.filter(conference=conference).order_by("pk").values_list("pk", "undoes")
    origin: dict[int, int] = {}
    tails: dict[int, int] = {}
    holds: dict[int, bool] = {}
    for pk, undoes in rows:
        if undoes is None:
            origin[pk], tails[pk], holds[pk] = pk, pk, True
        else:
            first = origin[undoes]
            origin[pk], tails[first], holds[first] = first, pk, not holds[first]
    return [Step(pk, tails[pk], holds[pk]) for pk in tails]


def next_undo(conference: Conference) -> Operation | None:
    """What the button Undo takes back: the newest operation that holds, unless the public has seen what it added."""
    standing = [step for step in steps(conference) if step.holds]
    newest = _operation(standing[-1].tail) if standing else None
    return None if newest is None or is_settled(newest) else newest


def is_settled(operation: Operation) -> bool:
    """Whether it added something that the public has seen since: that is not taken back but cancelled."""
    public = AgendaChange.objects.filter(operation=operation, before={}, draft__item__isnull=False)
    return public.exists()


def next_redo(conference: Conference) -> Operation | None:
    """What the button Redo does again: what was undone last, unless something new was done since."""
    found = steps(conference)
    newest = found[-1].operation if found else 0
    undone = [step.tail for step in found if not step.holds and step.tail > newest]
    return _operation(max(undone)) if undone else None


def _operation(pk: int) -> Operation:
    return Operation.objects.select_related("undoes").get(pk=pk)


@transaction.atomic
def undo(*, operation: Operation, by: User) -> Operation:
    """Take back an operation (to take back an undo is to redo); the same twice is success, and gives the first.

    Raises BuiltUpon when a field of it was changed since, and NotPossible for an item that is public: it can be
    cancelled, but not be as if it had never been.
    """
    conference = lock(operation.conference)
    done = Operation.objects.filter(undoes=operation).first()
    if done is not None:
        return done
    changes = list(operation.changes.select_related("draft").order_by("pk"))
    found = {draft.pk: draft for draft in locked_drafts(conference, [change.draft for change in changes])}
    kind = Operation.Kind.REDO if operation.kind == Operation.Kind.UNDO else Operation.Kind.UNDO
    undoing = begin(conference, by, kind, undoes=operation)
    written = []
    for change in reversed(changes):
        draft = found[change.draft_id]
        written.append((draft, write(undoing, draft, _before(draft, change))))
    tell_if_seen(conference, written)
    return undoing


def _before(draft: DraftItem, change: AgendaChange) -> dict[str, object]:
    """The item's state without one change of it."""
    now = drafts.state_of(draft)
    if not change.before:
        if draft.item is not None:
            raise NotPossible(_("“%(title)s” is public already: cancel it instead.") % {"title": draft.title})
        if changed_fields(change.after, now):
            raise BuiltUpon(draft, drafts.last_change(draft))
        return {**now, "removed": True}
    names = changed_fields(change.before, change.after)
    expected = {name: change.after.get(name) for name in names}
    if any(now.get(name) != value for name, value in expected.items()):
        raise BuiltUpon(draft, drafts.last_change(draft))
    return {**now, **{name: change.before.get(name) for name in names}}


@transaction.atomic
def restore(*, release: Release, by: User) -> Operation:
    """Make an old release the draft again; the public sees it when it is published.

    Items that came after it stay as they are, and so does what belongs to the day (cancelled, the boards, delays).
    Raises NotPossible when the draft is so already.
    """
    conference = lock(release.conference)
    operation = begin(conference, by, Operation.Kind.RESTORE)
    written = []
    for draft in locked_drafts(conference):
        if draft.slug in release.items:
            now = drafts.state_of(draft)
            kept = {name: now[name] for name in (*AT_ONCE, *FACTS)}
            after = {**complete(release.items[draft.slug]), **kept, "removed": False}
            written.append((draft, write(operation, draft, after)))
    if not any(names for _draft, names in written):
        raise NotPossible(_("The draft holds this already."))
    tell_if_seen(conference, written)
    return operation
