"""Numbers and revisions follow the order of commits, on a real PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from conference.live import services
from conference.live.models import LiveEvent, Topic
from conference.live.services import KEEP_EVENTS, PRUNE_EVERY, announce, newest_event, read_revisions
from conference.models import Conference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference() -> Conference:
    """A conference to announce for."""
    return Conference.objects.create(
        slug="c", title="C", starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 1), hall_code="x"
    )


@pytest.fixture
def ears() -> Iterator[Callable[[], list[str]]]:
    """What was notified since the last call."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(settings.LISTEN_DATABASE_URL, dbname=name, autocommit=True) as listening:
        listening.execute("LISTEN live")

        def heard() -> list[str]:
            return [notify.payload for notify in listening.notifies(timeout=0.1)]

        yield heard


def tell(
    conference: Conference, *topics: str, events: tuple[tuple[str, str, str], ...] = ()
) -> dict[str, int]:
    """Announce in a transaction of its own."""
    with transaction.atomic():
        return announce(
            conference_id=conference.pk,
            topics=[f"{conference.pk}/{topic}" for topic in topics],
            events=events,
        )


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], object]):
    """Run with a database connection of its own, given back at the end."""

    def run() -> object:
        try:
            return work()
        finally:
            connection.close()

    return pool.submit(run)


def test_it_must_be_part_of_a_transaction(conference: Conference) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        announce(conference_id=conference.pk, topics=["x"])
    assert not Topic.objects.exists()


def test_an_unknown_audience_is_refused(conference: Conference) -> None:
    with pytest.raises(ValueError, match="nobody"):
        tell(conference, events=(("nobody", "post", "q1"),))


def test_topics_move_by_one_and_everyone_hears_of_it(
    conference: Conference, ears: Callable[[], list[str]]
) -> None:
    ident = conference.pk
    tell(conference, "board", "board")
    tell(conference, "board", events=(("public", "post", "q1"), ("public", "gone", "q2")))
    assert read_revisions([f"{ident}/board", f"{ident}/never"]) == {f"{ident}/board": 2, f"{ident}/never": 0}
    heard = ears()
    assert [each for each in heard if "board" in each] == [f"{ident}/board:1", f"{ident}/board:2"]
    assert f"{ident}/events/public:2" in heard
    assert f"{ident}/events/hall:2" in heard


def test_public_events_reach_the_hall_and_nothing_of_the_desk_reaches_the_public(
    conference: Conference,
) -> None:
    newest = tell(
        conference, events=(("public", "post", "q1"), ("hall", "post", "h1"), ("desk", "pending", "p1"))
    )
    assert newest == {"public": 1, "hall": 2, "desk": 1}
    tell(conference, events=(("desk", "pending", "p2"),))
    assert newest_event(conference.pk, "public") == 1  # its number does not tell how much waits
    rows = LiveEvent.objects.order_by("audience", "number").values_list("audience", "number", "subject")
    assert list(rows) == [
        ("desk", 1, "p1"),
        ("desk", 2, "p2"),
        ("hall", 1, "q1"),
        ("hall", 2, "h1"),
        ("public", 1, "q1"),
    ]


def test_a_rollback_leaves_nothing(conference: Conference, ears: Callable[[], list[str]]) -> None:
    def fail() -> None:
        with transaction.atomic():
            announce(conference_id=conference.pk, topics=["x"], events=[("public", "post", "q1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ears() == []
    assert not Topic.objects.exists()
    assert not LiveEvent.objects.exists()


def test_nothing_is_heard_before_the_commit(conference: Conference, ears: Callable[[], list[str]]) -> None:
    with transaction.atomic():
        announce(conference_id=conference.pk, topics=["x"])
        assert ears() == []
    assert "x:1" in ears()


def test_numbers_follow_commits_and_not_the_beginning_of_transactions(conference: Conference) -> None:
    """The second one waits for the first, so that no reader sees number 2 before number 1 is there."""
    announced, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            announce(conference_id=conference.pk, topics=[], events=[("public", "post", "slow")])
            announced.set()
            assert may_commit.wait(10)

    with ThreadPoolExecutor(2) as pool:
        first = in_thread(pool, slow)
        assert announced.wait(10)
        second = in_thread(pool, lambda: tell(conference, events=(("public", "post", "quick"),)))
        with pytest.raises(TimeoutError):
            second.result(0.3)
        assert not LiveEvent.objects.exists()
        may_commit.set()
        first.result(10)
        assert second.result(10) == {"public": 2, "hall": 2}
    assert list(
        LiveEvent.objects.filter(audience="public").order_by("number").values_list("subject", flat=True)
    ) == ["slow", "quick"]


def test_many_at_once_neither_deadlock_nor_lose_a_number(conference: Conference) -> None:
    """Topics in every order, several announcements in one transaction, new topics and old ones."""
    names = ["agenda", "board", "home", "paper/1", "staff"]

    def work(turn: int) -> None:
        with transaction.atomic():
            shifted = names[turn % 5 :] + names[: turn % 5]
            announce(conference_id=conference.pk, topics=shifted[:3], events=[("public", "post", str(turn))])
            announce(conference_id=conference.pk, topics=reversed(shifted), events=[("desk", "x", str(turn))])

    with ThreadPoolExecutor(8) as pool:
        for future in [in_thread(pool, lambda turn=turn: work(turn)) for turn in range(80)]:
            future.result(30)
    numbers = list(
        LiveEvent.objects.filter(audience="public").order_by("number").values_list("number", flat=True)
    )
    assert numbers == list(range(1, 81))
    assert newest_event(conference.pk, "desk") == 80


def test_locks_are_taken_in_one_order(conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[list[str]] = []
    whole = services._bump

    def watched(names: list[str], by: list[int]) -> dict[str, int]:
        orders.append(names)
        return whole(names, by)

    monkeypatch.setattr(services, "_bump", watched)
    tell(conference, "home", "board", "agenda", events=(("public", "post", "q1"),))
    assert orders[0][0] == str(conference.pk)
    assert orders[0][1:] == sorted(orders[0][1:])
    assert len(orders[0]) == 6


def test_a_page_cannot_hold_a_revision_newer_than_what_it_read(conference: Conference) -> None:
    """Revisions read first: a commit between the two readings makes the page too old, never too new."""
    tell(conference, "board", events=(("public", "post", "q1"),))
    revisions = read_revisions([f"{conference.pk}/board"])
    with ThreadPoolExecutor(1) as pool:
        in_thread(pool, lambda: tell(conference, "board", events=(("public", "post", "q2"),))).result(10)
    assert LiveEvent.objects.filter(audience="public").count() == 2
    assert revisions == {f"{conference.pk}/board": 1}


def test_old_events_are_forgotten_and_their_numbers_are_not_used_again(conference: Conference) -> None:
    tell(conference, events=(("public", "post", "old"),))
    LiveEvent.objects.update(at=timezone.now() - KEEP_EVENTS - timedelta(seconds=1))
    for _ in range(PRUNE_EVERY):
        newest = tell(conference, events=(("public", "post", "new"),))
    assert newest == {"public": PRUNE_EVERY + 1, "hall": PRUNE_EVERY + 1}
    assert not LiveEvent.objects.filter(subject="old").exists()


def test_reading_revisions_is_one_query(conference: Conference, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        read_revisions(["a", "b", "c"])
