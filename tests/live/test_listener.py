"""The listening connection on a real PostgreSQL: hearing, losing and regaining it, and the lease."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
import uvloop
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from conference.live.knowledge import Knowledge
from conference.live.listener import ConnectionLost, Event, Listener
from tests.conftest import conference_row

from .proxy import Proxy

pytestmark = pytest.mark.django_db(transaction=True)


def database() -> str:
    """The address of the test's database."""
    base, _, _ = settings.LISTEN_DATABASE_URL.rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[tuple[Listener, Knowledge]]:
    """A listener that runs meanwhile."""
    knowledge = Knowledge()
    listener = Listener(url, knowledge)
    running = asyncio.create_task(listener.run())
    try:
        yield listener, knowledge
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> float:
    """Wait until `condition` holds; returns how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never happened"
        await asyncio.sleep(0.005)
    return time.monotonic() - began


async def execute(sql: str) -> None:
    """Run a statement on a connection of its own."""
    async with await psycopg.AsyncConnection.connect(database(), autocommit=True) as other:
        await other.execute(sql.encode())


async def move(topic: str, revision: int) -> None:
    """What `announce` does to a topic."""
    await execute(
        f"INSERT INTO conference_topic VALUES ('{topic}', {revision})"
        f" ON CONFLICT (name) DO UPDATE SET revision = {revision}; NOTIFY live, '{topic}:{revision}'"
    )


async def kill_listeners() -> None:
    """Have the server end every listening connection."""
    await execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'conference listener' AND datname = current_database()"
    )


LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


def run(
    story: Coroutine[Any, Any, None], loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
) -> None:
    """On the event loop of the servers, unless told otherwise."""
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(story)


@pytest.mark.parametrize("loop", LOOPS)
def test_it_reads_all_topics_first_and_then_hears(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def story() -> None:
        await move("1/board", 7)
        async with listening(database()) as (_, knowledge):
            await until(knowledge.vouches)
            assert knowledge.revisions == {"1/board": 7}
            await move("1/board", 8)
            assert await until(lambda: knowledge.revisions["1/board"] == 8) < 0.2

    run(story(), loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_the_lease_is_renewed_for_as_long_as_the_connection_lives(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def story() -> None:
        async with listening(database()) as (_, knowledge):
            await until(knowledge.vouches)
            for _ in range(30):
                await asyncio.sleep(0.05)
                assert knowledge.vouches()

    run(story(), loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_terminated_connection_is_made_again_and_everything_read_again(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    problems: list[object] = []

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: problems.append(context))
        async with listening(database()) as (_, knowledge):
            await until(knowledge.vouches)
            seen: list[tuple[str, int]] = []
            knowledge.watchers.append(lambda topic, revision: seen.append((topic, revision)))
            lost: list[float] = []
            original = knowledge.lose
            knowledge.lose = lambda: (lost.append(time.monotonic()), original())[1]  # type: ignore[method-assign]
            await kill_listeners()
            await until(lambda: bool(lost))
            # In the dark: nobody here hears of it.
            await execute("INSERT INTO conference_topic VALUES ('1/board', 3)")
            await until(lambda: ("1/board", 3) in seen)
            await until(knowledge.vouches)

    run(story(), loop)
    assert problems == []


def test_the_lease_is_not_good_before_everything_was_read_again(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with Proxy(database()) as proxy, listening(proxy.url) as (_, knowledge):
            await until(knowledge.vouches)
            proxy.refusing = True
            proxy.cut()
            await until(lambda: not knowledge.vouches(), 0.5)
            await move("1/board", 5)
            await until(lambda: proxy.connections > 3)
            assert not knowledge.vouches()
            proxy.refusing = False

            def not_stale() -> bool:
                assert not knowledge.vouches() or knowledge.revisions.get("1/board") == 5
                return knowledge.vouches()

            await until(not_stale)

    run(story())
    lost = [record for record in caplog.records if "down" in record.message]
    again = [record for record in caplog.records if "again" in record.message]
    assert (len(lost), len(again)) == (1, 1)


def test_what_is_heard_while_all_topics_are_read_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading may see an older state than a notification that overtakes it."""
    whole = Listener._query

    async def overtaken(self: Listener, sql: str, *rest: Any) -> list[Any]:
        rows = await whole(self, sql, *rest)
        if sql.startswith("SELECT name"):
            self._heard("1/board:9")
        return rows

    async def story() -> None:
        await move("1/board", 8)
        monkeypatch.setattr(Listener, "_query", overtaken)
        async with listening(database()) as (_, knowledge):
            await until(knowledge.vouches)
            assert knowledge.revisions == {"1/board": 9}

    run(story())


def test_a_connection_that_goes_silent_ends_the_lease_within_its_second() -> None:
    async def story() -> None:
        async with Proxy(database()) as proxy, listening(proxy.url) as (_, knowledge):
            await until(knowledge.vouches)
            await asyncio.sleep(0.4)
            proxy.freeze()
            assert await until(lambda: not knowledge.vouches(), 1.1) <= 1.0
            await move("1/board", 9)
            proxy.thaw()
            await until(knowledge.vouches, 8)
            assert knowledge.revisions["1/board"] == 9

    run(story())


def test_events_are_read_in_order_from_a_number_on() -> None:
    async def story() -> None:
        await _write_events(3)
        async with listening(database()) as (listener, knowledge):
            await until(knowledge.vouches)
            assert await listener.events_after(1, "public", 1, 10) == [
                Event(2, "post", "s2"),
                Event(3, "post", "s3"),
            ]
            assert await listener.events_after(1, "public", 0, 2) == [
                Event(1, "post", "s1"),
                Event(2, "post", "s2"),
            ]
            assert await listener.events_after(1, "hall", 0, 10) == []

    run(story())


async def _write_events(count: int) -> None:
    await execute(
        conference_row()
        + "INSERT INTO conference_liveevent (conference_id, audience, number, kind, subject, at)"
        f" SELECT 1, 'public', n, 'post', 's' || n, now() FROM generate_series(1, {count}) n"
    )


def test_whatever_was_committed_before_an_answer_has_been_heard_when_it_is_there() -> None:
    async def story() -> None:
        async with listening(database()) as (listener, knowledge):
            await until(knowledge.vouches)
            for revision in range(1, 30):
                await move("1/board", revision)
                await listener.events_after(1, "public", 0, 1)
                assert knowledge.revisions["1/board"] == revision

    run(story())


def test_reading_events_without_a_connection_says_so() -> None:
    async def story() -> None:
        listener = Listener(database(), Knowledge())
        with pytest.raises(ConnectionLost):
            await listener.events_after(1, "public", 0, 1)

    run(story())


def test_reading_events_on_a_silent_connection_ends_it() -> None:
    async def story() -> None:
        async with Proxy(database()) as proxy, listening(proxy.url) as (listener, knowledge):
            await until(knowledge.vouches)
            proxy.freeze()
            with pytest.raises(ConnectionLost):
                await asyncio.wait_for(listener.events_after(1, "public", 0, 1), 3)
            proxy.thaw()
            await until(knowledge.vouches, 8)

    run(story())


@pytest.mark.parametrize(
    "url",
    [
        "postgres://someone:s3cret-word@127.0.0.1:1/nothing",
        make_conninfo(host="127.0.0.1", port="1", user="someone", password="s3cret-word"),
        "postgres//someone:s3cret-word@127.0.0.1/nothing",
    ],
)
def test_the_password_is_in_no_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with listening(url):
            await until(lambda: bool(caplog.records))

    run(story())
    assert "down" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_notification_that_cannot_be_read_is_ignored() -> None:
    async def story() -> None:
        async with listening(database()) as (_, knowledge):
            await until(knowledge.vouches)
            await execute("NOTIFY live, 'nonsense'; NOTIFY live, ':'; NOTIFY live, 'a:b'; NOTIFY live")
            await move("1/board", 1)
            await until(lambda: knowledge.revisions == {"1/board": 1})

    run(story())
