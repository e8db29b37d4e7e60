"""The parts put together: start and end, jobs, boundaries of the clock."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from conference.live import boundaries
from conference.live.application import Application
from conference.live.asgi_types import Message
from conference.live.boundaries import Boundaries
from conference.live.front import FrontSettings
from conference.live.jobs import Worker, repeat
from conference.live.knowledge import Knowledge
from conference.live.registry import CachedRoute, Job, Registry

from .support import FakeDjango, View

SETTINGS = FrontSettings(["conf.example"], "http://conf.example", ["cs"], "en", "hall_pass")
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


@asynccontextmanager
async def living(application: Application) -> AsyncIterator[None]:
    """The application between startup and shutdown."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()
    running = asyncio.create_task(application({"type": "lifespan"}, told.get, said.put))
    told.put_nowait({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        told.put_nowait({"type": "lifespan.shutdown"})
        assert (await asyncio.wait_for(said.get(), 3))["type"] == "lifespan.shutdown.complete"
        await running


def test_it_starts_without_a_database_runs_its_jobs_and_ends() -> None:
    done: list[int] = []
    registry = Registry(jobs=[Job("count", 0.01, lambda: done.append(1))])

    async def story() -> None:
        async with living(
            Application(FakeDjango(), listen_url=NOWHERE, registry=registry, settings=SETTINGS)
        ):
            await asyncio.sleep(0.2)
        count = len(done)
        assert count > 2
        await asyncio.sleep(0.05)
        assert len(done) == count

    asyncio.run(story())


def test_a_failing_job_goes_on_and_is_reported_once_each_time(caplog: pytest.LogCaptureFixture) -> None:
    outcomes: list[Exception | None] = [
        None,
        ValueError("no"),
        ValueError("no"),
        None,
        OperationalError("away"),
        None,
    ]
    runs: list[Exception | None] = []

    def work() -> None:
        runs.append(outcomes[len(runs)] if len(runs) < len(outcomes) else None)
        if runs[-1] is not None:
            raise runs[-1]

    async def story() -> None:
        running = asyncio.create_task(repeat(Job("recount", 0.001, work), Worker()))
        while len(runs) < 8:
            await asyncio.sleep(0.005)
        running.cancel()

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    texts = [record.message for record in caplog.records]
    assert [text.split(" ")[2] for text in texts] == ["failed;", "works", "waits", "works"]


def test_a_background_task_that_ends_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        application = Application(FakeDjango(), listen_url=NOWHERE, registry=Registry(), settings=SETTINGS)

        async def broken() -> None:
            raise ZeroDivisionError

        application.listener.run = broken  # type: ignore[method-assign]
        async with living(application):
            await asyncio.sleep(0.05)

    asyncio.run(story())
    assert "ended" in caplog.text


# Boundaries ---------------------------------------------------------------------------------------------------


class Moments:
    """A fake `next boundary`, and what was announced."""

    def __init__(self, *moments: datetime | None) -> None:
        self.moments = list(moments)
        self.asked = 0
        self.announced: list[tuple[int, datetime]] = []

    def next(self, conference_id: int) -> datetime | None:
        self.asked += 1
        return self.moments.pop(0) if self.moments else None

    async def announce(self, conference_id: int) -> None:
        self.announced.append((conference_id, timezone.now()))


async def in_loop(function: Any) -> Any:
    """Instead of a thread."""
    return function()


def test_a_boundary_is_announced_when_it_comes_and_the_next_one_after_it() -> None:
    async def story() -> None:
        now = timezone.now()
        moments = Moments(now + timedelta(seconds=0.1), now + timedelta(seconds=0.2), None)
        watching = Boundaries(Knowledge(), [moments.next], in_loop, moments.announce)
        watching.watch(7, True)
        await asyncio.sleep(0.4)
        watching.watch(7, False)
        assert [ident for ident, _ in moments.announced] == [7, 7]
        for (_, at), after in zip(moments.announced, (0.1, 0.2), strict=True):
            assert timedelta(0) <= at - now - timedelta(seconds=after) < timedelta(seconds=0.08)

    asyncio.run(story())


def test_the_boundary_is_computed_anew_when_the_programme_moves() -> None:
    async def story() -> None:
        knowledge = Knowledge()
        moments = Moments(None, timezone.now() + timedelta(seconds=0.1))
        watching = Boundaries(knowledge, [moments.next], in_loop, moments.announce)
        watching.watch(7, True)
        await asyncio.sleep(0.02)
        knowledge.learn("8/agenda", 1)
        await asyncio.sleep(0.02)
        assert moments.asked == 1
        knowledge.learn("7/agenda", 1)
        await asyncio.sleep(0.2)
        assert len(moments.announced) == 1

    asyncio.run(story())


def test_nobody_is_told_after_the_last_stream_has_gone() -> None:
    async def story() -> None:
        moments = Moments(timezone.now() + timedelta(seconds=0.05))
        watching = Boundaries(Knowledge(), [moments.next], in_loop, moments.announce)
        watching.watch(7, True)
        await asyncio.sleep(0.01)
        watching.watch(7, False)
        await asyncio.sleep(0.1)
        assert moments.announced == []

    asyncio.run(story())


def test_a_boundary_that_cannot_be_computed_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(boundaries, "PAUSE_AFTER_ERROR", 0.02)
    moments = Moments(timezone.now())

    def broken_once(conference_id: int) -> datetime | None:
        if moments.asked == 0:
            moments.asked = 1
            raise OperationalError
        return moments.next(conference_id)

    async def story() -> None:
        watching = Boundaries(Knowledge(), [broken_once], in_loop, moments.announce)
        watching.watch(7, True)
        await asyncio.sleep(0.1)
        watching.watch(7, False)

    asyncio.run(story())
    assert len(moments.announced) == 1
    assert "boundary" in caplog.text


def test_streams_of_an_application_hear_of_its_boundaries() -> None:
    from .support import Client, request

    async def story() -> None:
        django = FakeDjango()
        django.views["/c/live/"] = View(b'{"conference": 7, "event": 0}', topics=("7/events/public",))
        django.views["/c/agenda/now/"] = View(b"<p>break</p>", topics=("7/agenda",))
        moments = Moments(timezone.now() + timedelta(seconds=0.15))
        registry = Registry(
            pages=[CachedRoute(r"/c/agenda/now/")],
            fragments={"agenda": lambda slug, subject, audience: f"/{slug}/agenda/now/"},
            boundaries=[moments.next],
        )
        application = Application(django, listen_url=NOWHERE, registry=registry, settings=SETTINGS)
        async with living(application):
            client = Client(application.front, request("/c/live/"))
            await asyncio.sleep(0.4)
            assert client.text.endswith("event: agenda\ndata: <p>break</p>\n\n")
        assert client.ended

    asyncio.run(story())
