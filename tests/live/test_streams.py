"""Event streams: what is sent to whom, in which order, and when they end."""

import asyncio
import json

import pytest

from conference.live import channels, streams
from conference.live.channels import frame
from conference.live.listener import ConnectionLost, Event

from .support import PASS, Client, View, World, settle

HALL = {"cookie": f"hall_pass={PASS}"}
START = "retry: 3000\nid: {}\n\n"
REFRESH = "retry: 3000\nid: {}\nevent: refresh\ndata: \n\n"


def card(world: World, subject: str, body: bytes, prefix: str = "/c/") -> None:
    """A fragment appears at its address."""
    world.django.views[f"{prefix}board/{subject}/card/"] = View(body, topics=("1/board",))


async def opened(world: World, target: str = "/c/live/", **headers: str) -> Client:
    """An open stream."""
    client = world.open(target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    await settle()
    return client


def test_a_stream_begins_with_the_number_and_ends_with_the_client() -> None:
    async def story(world: World) -> None:
        world.happen("votes", "{}")
        client = await opened(world)
        head = dict(client.sent[0]["headers"])
        assert head[b"content-type"].startswith(b"text/event-stream")
        assert (head[b"cache-control"], head[b"x-accel-buffering"]) == (b"no-store", b"no")
        assert client.text == START.format(1)
        assert world.front.hub.count() == 1
        await client.leave()
        assert world.front.hub.count() == 0

    asyncio.run(story(World()))


def test_an_event_carries_the_bytes_that_a_request_would_get() -> None:
    async def story(world: World) -> None:
        card(world, "q1", b"<li>\nquestion\r\n</li>\n")
        client = await opened(world)
        world.commit("1/board")
        world.happen("post", "q1")
        await settle()
        assert (
            client.text == START.format(0) + "id: 1\nevent: post\ndata: <li>\ndata: question\ndata: </li>\n\n"
        )
        assert (await world.get("/c/board/q1/card/")).body == b"<li>\nquestion\r\n</li>\n"
        await client.leave()

    asyncio.run(story(World()))


def test_a_fragment_is_rendered_once_for_each_language_with_streams() -> None:
    async def story(world: World) -> None:
        card(world, "q1", b"english")
        card(world, "q1", b"cesky", "/cs/c/")
        english = [await opened(world) for _ in range(3)]
        czech = [await opened(world, "/cs/c/live/") for _ in range(2)]
        world.happen("post", "q1")
        await settle()
        assert all("data: english" in client.text for client in english)
        assert all("data: cesky" in client.text for client in czech)
        assert sum("card" in path for path in world.django.paths()) == 2

    asyncio.run(story(World()))


def test_what_is_not_there_for_the_audience_is_gone() -> None:
    async def story(world: World) -> None:
        client = await opened(world)
        world.happen("post", "hidden")
        await settle()
        assert client.text.endswith("id: 1\nevent: gone\ndata: hidden\n\n")

    asyncio.run(story(World()))


@pytest.mark.parametrize("fault", ["raises", "500"])
def test_a_fault_in_a_fragment_is_a_refresh_and_holds_nothing_up(fault: str) -> None:
    async def story(world: World) -> None:
        async def fail() -> None:
            raise ZeroDivisionError

        world.django.views["/c/board/q1/card/"] = View(status=500, before=fail if fault == "raises" else None)
        client = await opened(world)
        world.happen("post", "q1")
        world.happen("votes", "7")
        await settle()
        assert client.text == START.format(0) + (
            "id: 1\nevent: refresh\ndata: \n\nid: 2\nevent: votes\ndata: 7\n\n"
        )

    asyncio.run(story(World()))


def test_kinds_without_a_fragment_carry_their_subject() -> None:
    async def story(world: World) -> None:
        client = await opened(world)
        world.happen("votes", json.dumps({"q1": 7}))
        await settle()
        assert client.text.endswith('id: 1\nevent: votes\ndata: {"q1": 7}\n\n')

    asyncio.run(story(World()))


def test_audiences_and_conferences_hear_only_their_own() -> None:
    async def story(world: World) -> None:
        card(world, "h1", b"for the hall", "/c/hall/")
        public, hall, desk = (
            await opened(world),
            await opened(world, "/c/hall/live/", **HALL),
            await opened(world, "/c/moderate/live/", cookie="session=1"),
        )
        world.happen("post", "h1", audience="hall")
        world.happen("pending", "p1", audience="desk")
        await settle()
        world.events.log[2, "public"] = [Event(1, "votes", "other conference")]
        world.commit("2/events/public")
        await settle()
        assert public.text == START.format(0)
        assert hall.text == START.format(0) + "id: 1\nevent: post\ndata: for the hall\n\n"
        assert desk.text == START.format(0) + "id: 1\nevent: pending\ndata: p1\n\n"

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, START),
        ({"last_event_id": "2"}, START),
        ({"last_event_id": "1"}, REFRESH),
        ({"last_event_id": "9"}, REFRESH),
        ({"last_event_id": "nonsense"}, REFRESH),
        ({"last_event_id": "1" * 40}, REFRESH),
    ],
)
def test_who_has_missed_something_is_told_to_fetch_again(said: dict[str, str], expected: str) -> None:
    async def story(world: World) -> None:
        world.happen("votes", "1")
        world.happen("votes", "2")
        assert (await opened(world, **said)).text == expected.format(2)

    asyncio.run(story(World()))


@pytest.mark.parametrize(("since", "expected"), [("2", START), ("1", REFRESH), ("", REFRESH), ("x", REFRESH)])
def test_since_says_the_same_in_the_address(since: str, expected: str) -> None:
    async def story(world: World) -> None:
        world.happen("votes", "1")
        world.happen("votes", "2")
        assert (await opened(world, f"/c/live/?since={since}")).text == expected.format(2)

    asyncio.run(story(World()))


def test_events_keep_their_order_while_fragments_are_slow() -> None:
    async def story(world: World) -> None:
        slow = asyncio.Event()
        card(world, "q1", b"first")

        async def wait() -> None:
            await slow.wait()

        world.django.views["/c/board/q1/card/"].before = wait
        client = await opened(world)
        world.happen("post", "q1")
        world.happen("votes", "second")
        await settle()
        late = await opened(world)
        slow.set()
        await settle()
        assert (
            client.text
            == START.format(0) + "id: 1\nevent: post\ndata: first\n\nid: 2\nevent: votes\ndata: second\n\n"
        )
        # It came after both were committed: its page has them, and it hears neither.
        assert late.text == START.format(2)

    asyncio.run(story(World()))


def test_a_stream_whose_page_is_older_than_what_was_sent_is_told_so() -> None:
    async def story(world: World) -> None:
        first = await opened(world)
        world.happen("votes", "1")
        await settle()
        world.tell_stream("/c/live/", "public", 0)
        world.front.renderer.forget()
        second = await opened(world)
        assert second.text == REFRESH.format(1)
        assert "votes" in first.text

    asyncio.run(story(World()))


def test_missed_events_are_replayed_after_an_outage() -> None:
    async def story(world: World) -> None:
        client = await opened(world)
        log = world.events.log.setdefault((1, "public"), [])
        log += [Event(1, "votes", "a"), Event(2, "votes", "b")]
        world.knowledge.replace({"1/events/public": 2})
        await settle()
        assert [line for line in client.text.splitlines() if line.startswith("data")] == [
            "data: a",
            "data: b",
        ]

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    "log", [[], [Event(3, "votes", "x")], [Event(n, "votes", "x") for n in range(1, 100)]]
)
def test_what_cannot_be_replayed_is_a_refresh(log: list[Event]) -> None:
    async def story(world: World) -> None:
        client = await opened(world)
        world.events.log[1, "public"] = log
        newest = max([3, *(event.number for event in log)])
        world.knowledge.replace({"1/events/public": newest})
        await settle()
        assert client.text == START.format(0) + f"id: {newest}\nevent: refresh\ndata: \n\n"

    asyncio.run(story(World()))


def test_events_wait_while_the_connection_is_down() -> None:
    async def story(world: World) -> None:
        client = await opened(world)
        whole = world.events.events_after

        async def lost(*arguments: object) -> list[Event]:
            raise ConnectionLost

        world.events.events_after = lost  # type: ignore[method-assign, assignment]
        world.happen("votes", "1")
        await settle()
        assert client.text == START.format(0)
        world.events.events_after = whole  # type: ignore[method-assign]
        world.knowledge.replace({"1/events/public": 1})
        await settle()
        assert client.text.endswith("id: 1\nevent: votes\ndata: 1\n\n")

    asyncio.run(story(World()))


def test_one_who_lags_is_dropped_and_nobody_waits_for_him() -> None:
    async def story(world: World) -> None:
        slow, quick = await opened(world), await opened(world)
        slow.slow = True
        world.happen("votes", "1")
        await settle()
        assert "votes" in quick.text
        assert world.front.hub.count() == 1
        assert not slow.ended
        slow.slow = False
        slow.room.set()  # he reads on, and finds the end
        await settle()
        assert slow.ended
        assert "votes" not in slow.text

    asyncio.run(story(World()))


def test_closing_ends_every_stream_at_once_and_opens_no_more() -> None:
    async def story(world: World) -> None:
        clients = [await opened(world) for _ in range(5)]
        world.front.close()
        await settle()
        assert all(client.ended for client in clients)
        assert (await world.get("/c/live/")).status == 503
        assert (await world.get("/c/board/")).status == 200

    asyncio.run(story(World()))


def test_a_heartbeat_keeps_proxies_from_hanging_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)

    async def story(world: World) -> None:
        client = await opened(world)
        beating = asyncio.create_task(world.front.hub.keep_alive())
        await asyncio.sleep(0.05)
        beating.cancel()
        assert client.text.count(": \n\n") > 1

    asyncio.run(story(World()))


def test_a_stream_that_is_not_there() -> None:
    async def story(world: World) -> None:
        reply = await world.get("/nowhere/live/")
        assert reply.status == 404
        assert (await world.get("/c/live/", method="HEAD")).status == 200
        assert world.front.hub.count() == 0

    asyncio.run(story(World()))


def test_a_boundary_of_the_clock_reaches_public_and_hall_without_a_number() -> None:
    async def story(world: World) -> None:
        public, hall = await opened(world), await opened(world, "/c/hall/live/", **HALL)
        await world.front.hub.send_unnumbered(1, "agenda")
        for client in (public, hall):
            assert client.text == START.format(0) + "event: agenda\ndata: \n\n"

    asyncio.run(story(World()))


# Who may listen ---------------------------------------------------------------------------------------------


def test_the_halls_stream_needs_the_pass_and_ends_with_it() -> None:
    async def story(world: World) -> None:
        del world.django.views["/c/hall/live/"]
        assert (await world.get("/c/hall/live/")).status == 404
        assert world.django.header("cookie") is None
        world.tell_stream("/c/hall/live/", "hall", 0)
        inside = await opened(world, "/c/hall/live/", **HALL)
        assert inside.status == 200
        world.commit("1/hall")  # something else about the hall
        await settle()
        assert not inside.ended
        world.django.views["/c/hall/pass/"] = View(b"", status=404, topics=None)
        world.commit("1/hall")
        await settle()
        assert inside.ended

    asyncio.run(story(World()))


@pytest.mark.parametrize("status", [303, 404])
def test_the_desks_stream_is_asked_for_every_time_and_refusals_are_passed_on(status: int) -> None:
    async def story(world: World) -> None:
        client = await opened(world, "/c/moderate/live/", cookie="session=1")
        assert client.status == 200
        assert world.django.header("cookie") == "session=1"
        world.django.views["/c/moderate/live/"] = View(
            b"", status=status, headers=[(b"location", b"/accounts/")]
        )
        assert (await world.get("/c/moderate/live/", headers={"cookie": "session=1"})).status == status

    asyncio.run(story(World()))


def test_the_desks_stream_is_cut_on_revocation_and_only_that_one() -> None:
    async def story(world: World) -> None:
        revoked = await opened(world, "/c/moderate/live/", cookie="session=1")
        kept = await opened(world, "/c/moderate/live/", cookie="session=2")
        public = await opened(world)
        world.django.refused_cookies.add("session=1")
        world.commit("1/staff")
        await settle()
        assert (revoked.ended, kept.ended, public.ended) == (True, False, False)

    asyncio.run(story(World()))


def test_desk_streams_are_checked_again_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing out moves no topic."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(streams, "REAUTHORISE_SECONDS", 0.02)

    async def story(world: World) -> None:
        client = await opened(world, "/c/moderate/live/", cookie="session=1")
        world.django.views["/c/moderate/live/"] = View(b"", status=404)
        beating = asyncio.create_task(world.front.hub.keep_alive())
        await asyncio.sleep(0.08)
        beating.cancel()
        assert client.ended

    asyncio.run(story(World()))


def test_who_cannot_be_checked_is_cut() -> None:
    async def story(world: World) -> None:
        client = await opened(world, "/c/moderate/live/", cookie="session=1")
        world.django.away = True
        world.commit("1/staff")
        await settle()
        assert client.ended

    asyncio.run(story(World()))


def test_a_rooms_screen_hears_what_the_hall_hears_and_is_cut_alone() -> None:
    """By private link and not by the hall's code: the same bytes, another door."""

    async def story(world: World) -> None:
        world.django.views["/c/hall/board/q1/card/"] = View(b"the hall's card", topics=("1/hall/board",))
        world.django.views["/c/screen/main/live/"] = View(
            b'{"conference": 1, "event": 0}', topics=("1/staff",)
        )
        screen = await opened(world, "/c/screen/main/live/", cookie="link=1")
        inside = await opened(world, "/c/hall/live/", **HALL)
        world.happen("post", "q1", "hall")
        await settle()
        assert screen.text == inside.text
        assert "the hall's card" in screen.text
        # The hall's code opens no screen, and the screen's link no hall.
        world.django.views["/c/screen/main/live/"] = View(b"", status=410)
        assert (await world.get("/c/screen/main/live/", headers=HALL)).status == 410
        world.commit("1/staff")
        await settle()
        assert (screen.ended, inside.ended) == (True, False)

    asyncio.run(story(World()))


def test_a_rooms_chair_hears_what_the_desk_hears() -> None:
    async def story(world: World) -> None:
        world.django.views["/c/stage/main/live/"] = View(
            b'{"conference": 1, "event": 0}', topics=("1/staff",)
        )
        chair = await opened(world, "/c/stage/main/live/", cookie="link=1")
        assert world.django.header("cookie") == "link=1"
        world.happen("queue", "q1", "desk")
        await settle()
        assert "event: queue\ndata: q1" in chair.text
        world.django.refused_cookies.add("link=1")
        world.commit("1/staff")
        await settle()
        assert chair.ended

    asyncio.run(story(World()))


def test_more_streams_than_a_process_holds_are_told_to_ask_now_and_then() -> None:
    """The desk and the stage are always let in; a place that becomes free is given away again."""

    async def story(world: World) -> None:
        first, second = await opened(world), await opened(world)
        refused = await world.get("/c/live/")
        assert refused.status == 503
        assert refused.headers["retry-after"] == "15"
        assert (await world.get("/c/hall/live/", headers=HALL)).status == 503
        assert (await world.get("/c/board/")).status == 200
        assert (await opened(world, "/c/moderate/live/", cookie="session=1")).status == 200
        await first.leave()
        assert (await world.get("/c/live/")).status == 503
        await second.leave()
        assert (await opened(world)).status == 200

    asyncio.run(story(World(most_streams=2)))


def test_data_cannot_break_out_of_its_event() -> None:
    framed = frame("post", b"a\r\rid: 99\nevent: gone\n\n", 7)
    assert framed == b"id: 7\nevent: post\ndata: a\ndata: \ndata: id: 99\ndata: event: gone\n\n"
    assert channels.FINAL["more_body"] is False
