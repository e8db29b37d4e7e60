"""Undo and redo: by example, and as a state machine against a plain list of what the programme was."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conference.agenda import day, drafts, publishing, services, undoing
from conference.agenda.models import AgendaItem
from conference.agenda.records import DraftItem, Operation, Release
from conference.agenda.writing import NotPossible
from conference.event.clocks import conference_now


def states(conference: object) -> dict[str, Any]:
    """Everything that operations can change, by item."""
    rows = DraftItem.objects.filter(conference=conference).select_related("item", "conference")
    return {draft.slug: drafts.state_of(draft) for draft in rows if not draft.content["removed"]}


def edit(house: SimpleNamespace, slug: str, **values: object) -> DraftItem:
    draft = drafts.draft_of(house.conference, slug)
    return services.edit_item(item=draft, by=house.organiser, version=draft.version, values=values)


def test_undo_is_open_to_every_organiser_and_readable_in_the_history(house, client_of) -> None:
    edit(house, "keynote", title="Better title")
    organiser = client_of("organiser")
    page = organiser.get("/prague/organise/agenda/history/").content.decode()
    assert "<del>Keynote</del> → <ins>Better title</ins>" in page
    operation = undoing.next_undo(house.conference)
    assert operation is not None
    answer = organiser.post("/prague/organise/agenda/undo/", {"operation": operation.pk})
    assert answer.status_code == 303
    assert drafts.draft_of(house.conference, "keynote").title == "Keynote"
    # The same once more is success and changes nothing.
    organiser.post("/prague/organise/agenda/undo/", {"operation": operation.pk})
    assert Operation.objects.filter(undoes=operation).count() == 1
    assert (
        client_of("desk").post("/prague/organise/agenda/undo/", {"operation": operation.pk}).status_code
        == 404
    )


def test_what_somebody_built_upon_is_not_undone_by_itself(house) -> None:
    edit(house, "keynote", title="One")
    first = undoing.next_undo(house.conference)
    edit(house, "keynote", title="Two")
    with pytest.raises(undoing.BuiltUpon):
        undoing.undo(operation=first, by=house.organiser)
    # Another field is nobody's business.
    edit(house, "secret", title="Other")
    second = undoing.next_undo(house.conference)
    edit(house, "secret", abstract="Something else")
    undoing.undo(operation=second, by=house.organiser)
    draft = drafts.draft_of(house.conference, "secret")
    assert (draft.title, draft.content["abstract"]) == ("Secret", "Something else")


def test_what_is_public_cannot_be_as_if_it_had_never_been(house) -> None:
    values = {"title": "New", "start": house.open.start, "end": house.open.end}
    services.add_item(conference=house.conference, by=house.organiser, values=values, people=[])
    added = undoing.next_undo(house.conference)
    publishing.publish(conference=house.conference, by=house.organiser)
    assert added is not None
    assert undoing.next_undo(house.conference) is None
    with pytest.raises(NotPossible):
        undoing.undo(operation=added, by=house.organiser)


def test_cancelling_is_undone_on_every_phone(house) -> None:
    draft = drafts.draft_of(house.conference, "keynote")
    services.cancel_item(item=draft, by=house.organiser, version=draft.version, cancelled=True)
    undoing.undo(operation=undoing.next_undo(house.conference), by=house.organiser)
    assert not AgendaItem.objects.get(slug="keynote").cancelled


def test_an_old_release_becomes_the_draft_again(house, client_of) -> None:
    edit(house, "keynote", title="Second thoughts")
    publishing.publish(conference=house.conference, by=house.organiser)
    services.cancel_item(
        item=drafts.draft_of(house.conference, "secret"), by=house.organiser, version=1, cancelled=True
    )
    organiser = client_of("organiser")
    compared = organiser.get("/prague/organise/agenda/releases/2/").content.decode()
    assert "<del>Keynote</del> → <ins>Second thoughts</ins>" in compared
    assert organiser.post("/prague/organise/agenda/releases/1/restore/").status_code == 303
    assert drafts.draft_of(house.conference, "keynote").title == "Keynote"
    assert AgendaItem.objects.get(slug="keynote").title == "Second thoughts"
    # What belongs to the day is not brought back with it.
    assert drafts.draft_of(house.conference, "secret").content["cancelled"]
    undoing.undo(operation=undoing.next_undo(house.conference), by=house.organiser)
    assert drafts.draft_of(house.conference, "keynote").title == "Second thoughts"
    assert Release.objects.filter(conference=house.conference).count() == 2


SLUGS = st.sampled_from(["keynote", "secret", "table"])
MINUTES = st.integers(-20, 20)


def machine_of(house: SimpleNamespace) -> type[RuleBasedStateMachine]:
    """A machine that edits, cancels, shifts, delays, undoes and redoes, beside a list of what each left behind."""

    class Programme(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.savepoint = transaction.savepoint()
            self.done: list[dict[str, Any]] = [states(house.conference)]
            self.at = 0

        def did(self) -> None:
            """Something new was done: what had been undone can be done again no more."""
            now = states(house.conference)
            if now != self.done[self.at]:
                self.done[self.at + 1 :] = [now]
                self.at += 1

        @rule(slug=SLUGS, title=st.sampled_from(["A", "B", "C"]), abstract=st.sampled_from(["", "x"]))
        def edit(self, slug: str, title: str, abstract: str) -> None:
            edit(house, slug, title=title, abstract=abstract)
            self.did()

        @rule(slug=SLUGS, cancelled=st.booleans())
        def cancel(self, slug: str, cancelled: bool) -> None:
            draft = drafts.draft_of(house.conference, slug)
            services.cancel_item(item=draft, by=house.desk, version=draft.version, cancelled=cancelled)
            self.did()

        @rule(minutes=MINUTES)
        def shift_everything(self, minutes: int) -> None:
            found = drafts.drafts_of(house.conference)
            moved = timedelta(minutes=minutes)
            changes = [
                (draft, draft.version, {"start": draft.start + moved, "end": draft.end + moved}, None)
                for draft in found
            ]
            services.edit_items(conference=house.conference, by=house.organiser, changes=changes)
            self.did()

        @rule(slug=SLUGS, minutes=st.sampled_from([0, 5, 15]))
        def run_late(self, slug: str, minutes: int) -> None:
            moment = conference_now(house.conference)
            movable = day.slots(day.items_of_day(house.conference, moment.date()), moment)
            try:
                day.run_late(
                    conference=house.conference,
                    by=house.organiser,
                    first=slug,
                    minutes=minutes,
                    word="Listen" if movable else "",
                )
            except NotPossible:
                return
            self.did()

        @rule()
        def add(self) -> None:
            values = {"title": "Added", "start": house.open.start, "end": house.open.end}
            services.add_item(conference=house.conference, by=house.organiser, values=values, people=[])
            self.did()

        @precondition(lambda self: self.at > 0)
        @rule()
        def undo(self) -> None:
            operation = undoing.next_undo(house.conference)
            assert operation is not None
            undoing.undo(operation=operation, by=house.organiser)
            self.at -= 1

        @precondition(lambda self: self.at + 1 < len(self.done))
        @rule()
        def redo(self) -> None:
            operation = undoing.next_redo(house.conference)
            assert operation is not None
            undoing.undo(operation=operation, by=house.desk)
            self.at += 1

        @invariant()
        def is_as_the_list_says(self) -> None:
            if hasattr(self, "done"):
                assert states(house.conference) == self.done[self.at]
                assert (undoing.next_undo(house.conference) is None) == (self.at == 0)
                assert (undoing.next_redo(house.conference) is None) == (self.at + 1 == len(self.done))

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)

    return Programme


def test_undo_and_redo_as_a_state_machine(house) -> None:
    run_state_machine_as_test(
        lambda: machine_of(house)(),
        settings=settings(
            max_examples=6,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
