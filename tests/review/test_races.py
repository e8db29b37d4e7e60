"""Races on a real PostgreSQL: two organisers at one draft, two processes at one embargo."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from conference.review import services
from papers import drafts
from papers.models import Block, Edition
from papers.queries import current_blocks
from tests.conftest import build_house
from tests.review.test_drafts import ONE, THREE, TWO, publish, upload

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
        except drafts.Stale as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_organisers_correct_at_once(house: SimpleNamespace) -> None:
    edition = upload(house, ONE, TWO, THREE)
    merge = partial(drafts.correct, edition=edition, operation={"op": "merge", "key": "b2"})
    drop = partial(drafts.correct, edition=edition, operation={"op": "drop", "key": "b3"})
    undo = partial(drafts.undo, edition=edition)
    for version, (one, other) in enumerate(((merge, drop), (undo, drop)), start=1):
        answers = at_once(
            partial(one, by=house.organiser, version=version), partial(other, by=house.desk, version=version)
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Edition", "Stale"]
        edition.refresh_from_db()
        assert edition.version == version + 1
    assert edition.changes.count() == 3


def test_two_organisers_publish_two_texts_at_once(house: SimpleNamespace) -> None:
    first = publish(house, upload(house, ONE))
    texts = {TWO: upload(house, TWO, paper=first.paper), THREE: upload(house, THREE, paper=first.paper)}
    answers = at_once(
        *(
            partial(services.publish, edition=each, by=house.organiser, version=1, base=1, makes_main=False)
            for each in texts.values()
        )
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Edition", "Stale"]
    won = next(answer for answer in answers if isinstance(answer, Edition))
    shown = [b.text for b in current_blocks(first.paper)]
    assert shown == ["History", next(text for text, each in texts.items() if each.pk == won.pk)]
    assert list(Edition.objects.filter(current=True, paper=first.paper)) == [won]


def test_an_embargo_ends_once_in_many_processes(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    Edition.objects.filter(pk=edition.pk).update(
        publish_at=timezone.now() - timedelta(seconds=1), published_by=house.organiser
    )
    at_once(*[drafts.publish_due] * 4)
    edition.refresh_from_db()
    assert (edition.current, edition.number) == (True, 1)
    assert edition.changes.filter(operation__op="publish").count() == 1
    assert Block.objects.filter(paper=edition.paper).count() == 2


def test_publishing_by_hand_at_the_embargos_moment_is_once(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    Edition.objects.filter(pk=edition.pk).update(
        publish_at=timezone.now() - timedelta(seconds=1), published_by=house.organiser
    )
    at_once(
        drafts.publish_due,
        partial(services.publish, edition=edition, by=house.desk, version=1, base=None, makes_main=True),
        drafts.publish_due,
    )
    assert edition.changes.filter(operation__op="publish").count() == 1
    assert Edition.objects.filter(paper=edition.paper, current=True).count() == 1
