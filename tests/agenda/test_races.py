"""Two organisers at once, on a real PostgreSQL: nobody's work is lost, and no release is made twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from conference.agenda import day, drafts, publishing, services, undoing
from conference.agenda.models import AgendaItem
from conference.agenda.records import AgendaChange, Operation, Release
from conference.agenda.writing import NotPossible
from tests.conftest import build_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that every thread sees it."""
    return build_house()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads; what each returned or raised."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        except (services.Stale, publishing.Changed, publishing.NothingToPublish, NotPossible) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_editors_save_the_same_item_at_once(house: SimpleNamespace) -> None:
    for round_ in range(4):
        draft = drafts.draft_of(house.conference, "keynote")
        saves = [
            partial(
                services.edit_item,
                item=draft,
                by=by,
                version=draft.version,
                values={"title": f"{round_} by {by.username}"},
            )
            for by in (house.organiser, house.desk)
        ]
        answers = at_once(*saves)
        assert sorted(type(answer).__name__ for answer in answers) == ["DraftItem", "Stale"]
        stale = next(answer for answer in answers if isinstance(answer, services.Stale))
        assert stale.change is not None
        assert drafts.draft_of(house.conference, "keynote").title == stale.item.title
    assert AgendaChange.objects.filter(draft__slug="keynote").count() == 4


def test_editors_of_different_items_do_not_disturb_each_other(house: SimpleNamespace) -> None:
    found = drafts.drafts_of(house.conference)
    saves = [
        partial(services.edit_item, item=draft, by=house.organiser, version=1, values={"abstract": "New"})
        for draft in found
    ]
    assert {type(answer).__name__ for answer in at_once(*saves)} == {"DraftItem"}


def test_publishing_at_once_makes_one_release(house: SimpleNamespace) -> None:
    draft = drafts.draft_of(house.conference, "keynote")
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "Once"})
    publish = partial(publishing.publish, conference=house.conference, by=house.organiser)
    answers = at_once(*[publish] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["NothingToPublish"] * 3 + ["Release"]
    assert list(Release.objects.values_list("number", flat=True)) == [1, 2]


def test_undoing_at_once_undoes_once(house: SimpleNamespace) -> None:
    draft = drafts.draft_of(house.conference, "keynote")
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "Mistake"})
    operation = undoing.next_undo(house.conference)
    at_once(*[partial(undoing.undo, operation=operation, by=house.organiser)] * 4)
    assert Operation.objects.filter(undoes=operation).count() == 1
    assert drafts.draft_of(house.conference, "keynote").title == "Keynote"


def test_the_desk_closes_a_board_while_organisers_edit_and_publish(house: SimpleNamespace) -> None:
    """Locks are taken in one order: nobody waits for ever, and every change is there."""
    for round_ in range(3):
        draft = drafts.draft_of(house.conference, "keynote")
        AgendaItem.objects.filter(slug="keynote").update(board_mode="moderated")
        answers = at_once(
            partial(services.close_board, item=AgendaItem.objects.get(slug="keynote"), by=house.desk),
            partial(
                services.edit_item,
                item=draft,
                by=house.organiser,
                version=draft.version,
                values={"title": f"Title {round_}"},
            ),
            partial(publishing.publish, conference=house.conference, by=house.organiser),
            partial(
                day.run_late,
                conference=house.conference,
                by=house.organiser,
                first="secret",
                minutes=round_ + 5,
            ),
        )
        assert not [answer for answer in answers if answer is None]
        assert AgendaItem.objects.get(slug="keynote").board_mode == "closed"
        versions = list(AgendaChange.objects.filter(draft=draft).values_list("version", flat=True))
        assert len(versions) == len(set(versions))
