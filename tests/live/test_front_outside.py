"""What comes from outside: hosts, headers, queries, bodies; and the pass of the hall."""

import asyncio
from typing import Any

import pytest

from conference.live import outside

from .support import PASS, View, World, inside, reply_of, request

HALL = {"cookie": f"other=1; hall_pass={PASS}; session=s3cret"}


@pytest.mark.parametrize("host", ["conf.example", "CONF.example:8443", "a.wild.example"])
def test_our_hosts(host: str) -> None:
    assert asyncio.run(World().get(host=host)).status == 200


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "conf.example.evil.example", "conf.example/x", "a b"]
)
@pytest.mark.parametrize("target", ["/c/board/", "/c/live/", "/c/ask/"])
def test_other_hosts_are_refused_before_django(host: str | None, target: str) -> None:
    async def story(world: World) -> None:
        assert (await world.get(target, host=host)).status == 400
        assert world.django.asked == []

    asyncio.run(story(World()))


def test_two_hosts_are_refused() -> None:
    assert asyncio.run(World().get(headers={"Host": "evil.example"})).status == 400


def test_pages_are_rendered_for_nobody_in_particular() -> None:
    async def story(world: World) -> None:
        await world.get(
            "/cs/c/board/",
            host="a.wild.example",
            headers={
                "cookie": "session=1",
                "authorization": "Bearer x",
                "accept-language": "cs",
                "hx-request": "true",
            },
        )
        scope = world.django.asked[0]
        assert [name for name, _ in scope["headers"]] == [b"host", b"accept", b"x-forwarded-proto"]
        assert world.django.header("host") == "conf.example"
        assert (scope["scheme"], scope["client"], scope["path"]) == ("https", None, "/cs/c/board/")

    asyncio.run(story(World()))


def test_languages_are_kept_apart() -> None:
    async def story(world: World) -> None:
        world.django.views["/cs/c/board/"] = View(b"cesky")
        assert (await world.get("/c/board/")).body != (await world.get("/cs/c/board/")).body

    asyncio.run(story(World()))


def test_parameters_nobody_reads_neither_reach_django_nor_make_a_page() -> None:
    async def story(world: World) -> None:
        for target in ("?utm=1", "?sort=new&x=2", "?page=2&sort=new", "?sort=old&sort=new&page=2", "", "?"):
            await world.get("/c/board/" + target)
        queries = [scope["query_string"] for scope in world.django.asked]
        assert queries == [b"", b"sort=new", b"page=2&sort=new"]

    asyncio.run(story(World()))


def test_a_parameter_cannot_pose_as_another_page() -> None:
    async def story(world: World) -> None:
        await world.get("/c/board/?sort=a%26page%3D2")
        await world.get("/c/board/?sort=a&page=2")
        queries = [scope["query_string"] for scope in world.django.asked]
        assert queries == [b"sort=a%26page%3D2", b"page=2&sort=a"]

    asyncio.run(story(World()))


@pytest.mark.parametrize("value", ["x" * 500, "&".join(f"p{n}=1" for n in range(100))])
def test_endless_queries_are_never_kept(value: str) -> None:
    async def story(world: World) -> None:
        reply = await world.get(f"/c/board/?sort={value}", headers={"cookie": "session=1"})
        assert reply.status == 200
        assert "x-live-topics" not in reply.headers
        assert len(world.front.renderer.shelf) == 0

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    "path", ["/c/board//", "/c//board/", "/C/board/", "/c/board/\n", "/cs/cs/c/board/", "/x"]
)
def test_other_spellings_are_handed_on(path: str) -> None:
    async def story(world: World) -> None:
        await world.get(path, headers={"cookie": "session=1"})
        assert world.django.header("cookie") == "session=1"
        assert len(world.front.renderer.shelf) == 0

    asyncio.run(story(World()))


def test_a_post_is_handed_on_whole() -> None:
    async def story(world: World) -> None:
        world.django.views["/c/board/"].headers = [(b"set-cookie", b"device=1"), (b"x-live-away", b"")]
        reply = await world.get(method="POST", headers={"cookie": "session=1"}, body=b"text=hello")
        assert world.django.bodies == [b"text=hello"]
        assert world.django.header("cookie") == "session=1"
        assert reply.headers["set-cookie"] == "device=1"
        assert not [name for name in reply.headers if name.startswith("x-live")]
        assert len(world.front.renderer.shelf) == 0

    asyncio.run(story(World()))


@pytest.mark.parametrize(
    "name", ["x-front-audience", "X-Live-Topics", "x_front_audience", "x-forwarded-for", "X_Forwarded_Proto"]
)
@pytest.mark.parametrize("target", ["/c/ask/", "/c/hall/board/", "/c/board/"])
def test_private_headers_from_outside_are_stripped(name: str, target: str) -> None:
    async def story(world: World) -> None:
        await world.get(target, headers={name: "forged"})
        values = [value for _, value in world.django.asked[0]["headers"]]
        assert b"forged" not in values

    asyncio.run(story(World()))


def test_the_scheme_is_the_servers_word_and_not_the_clients() -> None:
    async def story(world: World) -> None:
        await world.get("/c/ask/", headers={"X-Forwarded-Proto": "https"})
        assert world.django.header("x-forwarded-proto") == "http"

    asyncio.run(story(World()))


@pytest.mark.parametrize("declared", [True, False])
def test_a_large_body_is_refused(declared: bool) -> None:
    async def story(world: World) -> None:
        body = b"x" * 1001
        headers = {"content-length": str(len(body))} if declared else {}
        reply = await world.get("/c/ask/", method="POST", body=body, headers=headers)
        assert reply.status == 413
        assert reply.headers["connection"] == "close"
        assert world.django.asked == []
        assert (await world.get("/c/ask/", method="POST", body=body[:1000])).status == 404

    asyncio.run(story(World(most_body_bytes=1000)))


@pytest.mark.parametrize("length", ["-1", "ten", ""])
def test_a_nonsensical_length_is_refused(length: str) -> None:
    assert (
        asyncio.run(World().get("/c/ask/", method="POST", headers={"content-length": length})).status == 413
    )


async def _send_parts(world: World, parts: list[dict[str, Any]]) -> int:
    sent: list[Any] = []
    waiting = iter(parts)

    async def receive() -> Any:
        for part in waiting:
            return part
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await world.front(request("/c/ask/", method="POST"), receive, send)
    assert world.django.asked == []
    return reply_of(sent).status


def test_half_a_form_is_never_believed() -> None:
    half = {"type": "http.request", "body": b"text=hel", "more_body": True}
    assert asyncio.run(_send_parts(World(), [half, {"type": "http.disconnect"}])) == 400


def test_a_slow_sender_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "BODY_SECONDS", 0.05)
    half = {"type": "http.request", "body": b"text=hel", "more_body": True}
    assert asyncio.run(_send_parts(World(), [half])) == 408


# The hall ---------------------------------------------------------------------------------------------------


def test_a_good_pass_opens_the_hall_and_is_asked_for_once() -> None:
    async def story(world: World) -> None:
        for _ in range(3):
            reply = await world.get("/c/hall/board/", headers=HALL)
            assert reply.body == b"<p>hall</p>"
            assert reply.headers["cache-control"] == "private, no-store"
            assert "etag" not in reply.headers
        assert world.django.paths() == ["/c/hall/pass/", "/c/hall/board/"]
        assert world.django.header("cookie", request=0) == f"hall_pass={PASS}"
        assert world.django.header("cookie", request=1) is None
        assert not inside(world.django.asked[0])
        assert inside(world.django.asked[1])

    asyncio.run(story(World()))


@pytest.mark.parametrize("headers", [{}, {"cookie": "hall_pass="}, {"cookie": "hall_pass=" + "x" * 2000}])
def test_without_a_pass_django_decides(headers: dict[str, str]) -> None:
    async def story(world: World) -> None:
        world.django.views["/c/hall/board/"] = View(b"", status=302, headers=[(b"location", b"/c/hall/")])
        await world.get("/c/hall/board/", headers=headers)
        assert world.django.paths() == ["/c/hall/board/"]
        assert not inside(world.django.asked[0])

    asyncio.run(story(World()))


def test_a_bad_pass_gets_nothing_that_was_kept_for_the_hall() -> None:
    async def story(world: World) -> None:
        await world.get("/c/hall/board/", headers=HALL)
        world.django.views["/c/hall/pass/"] = View(b"", status=404, topics=None)
        world.django.views["/c/hall/board/"] = View(b"", status=302, headers=[(b"location", b"/c/hall/")])
        for _ in range(2):
            reply = await world.get("/c/hall/board/", headers={"cookie": "hall_pass=" + "b" * 32})
            assert reply.status == 302
        assert world.django.paths()[2:] == ["/c/hall/pass/", "/c/hall/board/"] * 2

    asyncio.run(story(World()))


def test_a_new_code_ends_every_pass() -> None:
    async def story(world: World) -> None:
        await world.get("/c/hall/board/", headers=HALL)
        world.django.views["/c/hall/pass/"] = View(b"", status=404, topics=None)
        world.django.views["/c/hall/board/"] = View(b"", status=302, topics=None)
        world.commit("1/hall")
        assert (await world.get("/c/hall/board/", headers=HALL)).status == 302

    asyncio.run(story(World()))


def test_a_pass_of_one_conference_opens_no_other() -> None:
    async def story(world: World) -> None:
        world.django.views["/d/hall/board/"] = View(b"secret of d")
        await world.get("/c/hall/board/", headers=HALL)
        world.django.views["/d/hall/board/"] = View(b"form", status=302)
        assert (await world.get("/d/hall/board/", headers=HALL)).status == 302

    asyncio.run(story(World()))
