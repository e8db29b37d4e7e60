"""What the front says while the database is away."""

import asyncio

import pytest

from conference.live import renderer

from .support import PASS, World, settle

HALL = {"cookie": f"hall_pass={PASS}"}


def test_the_last_public_bytes_for_ten_minutes() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.commit("1/board")  # even though it moved
        world.knowledge.lose()
        world.django.away = True
        assert (await world.get()).body == b"<p>page</p>"
        world.clock.now += 600
        assert (await world.get()).body == b"<p>page</p>"
        world.clock.now += 1
        assert (await world.get()).status == 503

    asyncio.run(story(World()))


def test_a_page_nobody_asked_for_before_is_503() -> None:
    async def story(world: World) -> None:
        world.knowledge.lose()
        world.django.away = True
        reply = await world.get()
        assert reply.status == 503
        assert "x-live-away" not in reply.headers
        assert len(world.front.renderer.shelf) == 0

    asyncio.run(story(World()))


def test_hall_pages_are_refused() -> None:
    async def story(world: World) -> None:
        assert (await world.get("/c/hall/board/", headers=HALL)).status == 200
        world.knowledge.lose()
        world.django.away = True
        reply = await world.get("/c/hall/board/", headers=HALL)
        assert reply.status == 503
        assert b"hall" not in reply.body

    asyncio.run(story(World()))


def test_django_is_not_asked_for_every_request_meanwhile() -> None:
    """Each attempt may hold a thread until the pool gives up."""

    async def story(world: World) -> None:
        await world.get()
        world.knowledge.lose()
        world.django.away = True
        for _ in range(50):
            await world.get()
        assert len(world.django.asked) == 2
        world.clock.now += renderer.PROBE_SECONDS
        for _ in range(50):
            await world.get()
        assert len(world.django.asked) == 3

    asyncio.run(story(World()))


def test_it_recovers_by_itself_and_at_once_when_the_listener_is_back() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.knowledge.lose()
        world.django.away = True
        await world.get()
        world.django.away = False
        world.django.views["/c/board/"].body = b"recovered"
        assert (await world.get()).body == b"<p>page</p>"  # still believed away
        world.knowledge.replace({"1/board": 1})
        world.knowledge.renew(world.clock.now)
        world.django.database["1/board"] = 1
        assert (await world.get()).body == b"recovered"

    asyncio.run(story(World()))


def test_a_post_that_finds_the_database_away_spares_the_next_page_the_wait() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.knowledge.lose()
        world.django.away = True
        assert (await world.get("/c/ask/", method="POST")).status == 503
        assert (await world.get()).status == 200
        assert world.django.paths() == ["/c/board/", "/c/ask/"]

    asyncio.run(story(World()))


def test_a_silent_database_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "SHORT_PATIENCE", 0.05)

    async def story(world: World) -> None:
        await world.get()
        world.knowledge.lose()
        silence = asyncio.Event()

        async def hang() -> None:
            await silence.wait()

        world.django.views["/c/board/"].before = hang
        assert (await world.get()).body == b"<p>page</p>"
        asked = len(world.django.asked)
        assert (await world.get()).body == b"<p>page</p>"
        assert len(world.django.asked) == asked
        # It answers again: the page is not for ever tied to the attempt that hung.
        world.django.views["/c/board/"].before = None
        world.clock.now += renderer.PROBE_SECONDS
        world.django.views["/c/board/"].body = b"recovered"
        assert (await world.get()).body == b"recovered"
        silence.set()
        await settle()
        assert world.front.renderer.shelf.get("/c/board/").body == b"recovered"  # type: ignore[union-attr]

    asyncio.run(story(World()))


def test_what_is_no_longer_public_is_no_last_resort() -> None:
    async def story(world: World) -> None:
        await world.get()
        view = world.django.views.pop("/c/board/")
        world.commit("1/board")
        assert (await world.get()).status == 404
        world.django.views["/c/board/"] = view
        world.knowledge.lose()
        world.django.away = True
        assert (await world.get()).status == 503

    asyncio.run(story(World()))
