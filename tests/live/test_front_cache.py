"""When the front answers from memory, and when it must not."""

import asyncio
import gzip

import brotli
import pytest

from .support import Reply, View, World, settle


def test_an_unchanged_page_is_rendered_once() -> None:
    async def story(world: World) -> None:
        first, second = await world.get(), await world.get()
        assert first.body == second.body == b"<p>page</p>"
        assert world.django.paths() == ["/c/board/"]

    asyncio.run(story(World()))


def test_a_moved_topic_renders_anew_and_another_topic_does_not() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.commit("1/agenda")
        await world.get()
        assert len(world.django.asked) == 1
        world.django.views["/c/board/"].body = b"new"
        world.commit("1/board")
        assert (await world.get()).body == b"new"

    asyncio.run(story(World()))


def test_a_change_during_rendering_is_never_hidden() -> None:
    """The page was rendered from what was there before the change; the revision it holds says so."""

    async def story(world: World) -> None:
        view = world.django.views["/c/board/"]

        async def change() -> None:
            view.before = None
            world.commit("1/board")

        view.before = change
        await world.get()
        view.body = b"after the change"
        assert (await world.get()).body == b"after the change"

    asyncio.run(story(World()))


def test_a_page_newer_than_its_notification_is_kept() -> None:
    async def story(world: World) -> None:
        revision = world.commit("1/board", heard=False)
        await world.get()
        world.knowledge.learn("1/board", revision)
        await world.get()
        assert len(world.django.asked) == 1

    asyncio.run(story(World()))


def test_without_the_lease_every_request_is_rendered() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.clock.now += 10  # exactly the end of the lease
        await world.get()
        await world.get()
        assert len(world.django.asked) == 3
        world.knowledge.renew(world.clock.now)
        await world.get()
        assert len(world.django.asked) == 3  # what was rendered meanwhile is good

    asyncio.run(story(World()))


def test_the_lease_counts_from_when_the_round_trip_was_sent() -> None:
    world = World()
    world.knowledge.lose()
    sent = world.clock.now
    world.clock.now += 0.9  # the answer took so long
    world.knowledge.renew(sent)
    assert world.knowledge.vouches()
    world.clock.now += 0.1
    assert not world.knowledge.vouches()


def test_the_boundary_of_the_clock_ends_a_page() -> None:
    async def story(world: World) -> None:
        world.django.views["/c/board/"].until = 5.0
        await world.get()
        world.clock.now += 4.9
        await world.get()
        assert len(world.django.asked) == 1
        world.clock.now += 0.1
        await world.get()
        assert len(world.django.asked) == 2

    asyncio.run(story(World()))


def test_waiting_requests_share_one_rendering() -> None:
    async def story(world: World) -> None:
        await _many(world)
        assert len(world.django.asked) == 1

    asyncio.run(story(World()))


async def _many(world: World) -> list[Reply]:
    gate = asyncio.Event()
    view = world.django.views["/c/board/"]
    view.before = _opened(gate)
    waiting = [asyncio.create_task(world.get()) for _ in range(20)]
    await settle()
    view.before = None
    gate.set()
    return await asyncio.gather(*waiting)


def _opened(gate: asyncio.Event):
    async def wait() -> None:
        await gate.wait()

    return wait


@pytest.mark.parametrize("leased", [True, False])
def test_who_comes_after_a_change_does_not_get_a_rendering_from_before(leased: bool) -> None:
    """Without the lease the change is not even heard of: then nobody joins a rendering that runs already."""

    async def story(world: World) -> None:
        if not leased:
            world.knowledge.lose()
        gate = asyncio.Event()
        view = world.django.views["/c/board/"]
        view.body, view.before = b"old", _opened(gate)
        early = asyncio.create_task(world.get())
        await settle()
        world.commit("1/board", heard=leased)
        view.body, view.before = b"new", None
        late = [asyncio.create_task(world.get()) for _ in range(5)]
        await settle()
        gate.set()
        assert (await early).body == b"old"
        assert [reply.body for reply in await asyncio.gather(*late)] == [b"new"] * 5
        assert len(world.django.asked) == 2

    asyncio.run(story(World()))


def test_one_who_hangs_up_does_not_end_the_rendering_for_others() -> None:
    async def story(world: World) -> None:
        gate = asyncio.Event()
        world.django.views["/c/board/"].before = _opened(gate)
        first, second = (asyncio.create_task(world.get()) for _ in range(2))
        await settle()
        first.cancel()
        await settle()
        gate.set()
        assert (await second).status == 200

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    "view",
    [
        View(headers=[(b"set-cookie", b"csrf=1")]),
        View(headers=[(b"vary", b"Cookie, Accept-Language")]),
        View(headers=[(b"vary", b"*")]),
        View(headers=[(b"cache-control", b"private")]),
        View(headers=[(b"cache-control", b"max-age=0, no-store")]),
        View(topics=None),
        View(until=0.0),
        View(status=404),
        View(status=302, headers=[(b"location", b"/c/")]),
        View(status=500),
    ],
)
def test_what_is_not_for_everyone_is_not_kept(view: View) -> None:
    async def story(world: World) -> None:
        world.django.views["/c/board/"] = view
        first, second = await world.get(), await world.get()
        assert len(world.django.asked) == 2
        assert first.status == second.status == view.status
        assert "set-cookie" not in first.headers
        assert "etag" not in first.headers
        assert not first.headers["cache-control"].startswith("public")

    asyncio.run(story(World()))


def test_headers_of_kept_pages() -> None:
    async def story(world: World) -> None:
        world.django.views["/c/board/"].headers = [
            (b"content-security-policy", b"default-src 'none'"),
            (b"x-frame-options", b"DENY"),
            (b"vary", b"Accept-Language, HX-Request"),
            (b"x-live-other", b"1"),
        ]
        for reply in (await world.get(), await world.get()):
            assert reply.headers["cache-control"] == "public, max-age=0, must-revalidate"
            assert reply.headers["vary"] == "Accept-Encoding"
            assert reply.headers["content-security-policy"] == "default-src 'none'"
            assert reply.headers["x-frame-options"] == "DENY"
            assert not [name for name in reply.headers if name.startswith(("x-live", "x-front"))]
            assert len(reply.all_headers) == len(reply.headers)

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("br;q=nonsense", None),
        (None, None),
    ],
)
def test_encodings(accepted: str | None, expected: str | None) -> None:
    async def story(world: World) -> None:
        body = b"<p>many words, many words</p>" * 300
        world.django.views["/c/board/"].body = body
        headers = {"accept-encoding": accepted} if accepted is not None else {}
        reply = await world.get(headers=headers)
        assert reply.headers.get("content-encoding") == expected
        assert int(reply.headers["content-length"]) == len(reply.body)
        decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[expected]
        assert decode(reply.body) == body

    asyncio.run(story(World()))


def test_each_encoding_has_its_own_strong_tag_and_304_follows_it() -> None:
    async def story(world: World) -> None:
        world.django.views["/c/board/"].body = b"<p>many words, many words</p>" * 300
        brotlied = {"accept-encoding": "br"}
        tags = {
            (await world.get(headers={"accept-encoding": each})).headers["etag"]
            for each in ("br", "gzip", "x")
        }
        assert len(tags) == 3
        tag = (await world.get(headers=brotlied)).headers["etag"]
        for sent in (tag, f'"other", W/{tag}', "*"):
            reply = await world.get(headers={**brotlied, "if-none-match": sent})
            assert (reply.status, reply.body) == (304, b"")
            assert reply.headers["etag"] == tag
        assert (await world.get(headers={"accept-encoding": "gzip", "if-none-match": tag})).status == 200
        assert len(world.django.asked) == 1

    asyncio.run(story(World()))


def test_the_tag_changes_with_the_security_headers() -> None:
    async def story(world: World) -> None:
        view = world.django.views["/c/board/"]
        tags = []
        for policy in (b"one", b"two"):
            view.headers = [(b"content-security-policy", policy)]
            world.commit("1/board")
            tags.append((await world.get()).headers["etag"])
        assert tags[0] != tags[1]

    asyncio.run(story(World()))


def test_head_is_get_without_the_body() -> None:
    async def story(world: World) -> None:
        head, get = await world.get(method="HEAD"), await world.get()
        assert head.body == b""
        assert head.headers == get.headers
        assert len(world.django.asked) == 1

    asyncio.run(story(World()))


def test_memory_is_bounded() -> None:
    async def story(world: World) -> None:
        for name in range(60):
            world.django.views[f"/c{name}/board/"] = View(b"%02d" % name * 2000)
            await world.get(f"/c{name}/board/")
        shelf = world.front.renderer.shelf
        assert shelf.bytes <= 100_000
        assert 10 < len(shelf) < 60
        await world.get("/c59/board/")
        assert len(world.django.asked) == 60  # the newest is still there
        world.django.views["/c/board/"].body = bytes(range(256)) * 200
        await world.get()
        assert len(shelf) > 10  # a huge page does not push all others out

    asyncio.run(story(World(most_page_bytes=100_000)))


def test_when_the_list_of_conferences_moves_everything_is_forgotten() -> None:
    async def story(world: World) -> None:
        await world.get()
        world.commit("conferences")
        assert len(world.front.renderer.shelf) == 0

    asyncio.run(story(World()))


def test_a_database_that_went_back_in_time_empties_the_memory() -> None:
    async def story(world: World) -> None:
        world.commit("1/board")
        world.commit("1/board")
        await world.get()
        world.knowledge.replace({"1/board": 1})
        world.django.database["1/board"] = 1
        await world.get()
        assert len(world.django.asked) == 2

    asyncio.run(story(World()))
