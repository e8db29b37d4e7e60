"""WSGI behind ASGI: what Django sees of a request, and how its answer comes back."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conference.live import bridge
from conference.live.asgi_types import Message
from conference.live.bridge import Bridge

from .support import Reply, reply_of, request

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Chunks:
    """An iterable answer that says when it was closed, and in which thread."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.closed: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed.append(threading.current_thread().name)


async def call(app: Wsgi, scope: Any, parts: Iterable[bytes] = (b"",)) -> tuple[Reply, list[Message]]:
    """Send one request whose body comes in `parts`."""
    sent: list[Message] = []
    waiting = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    await Bridge(app, 2)(scope, receive, send)
    return reply_of(sent), sent


def test_what_django_sees() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("X-Answer", "yes"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"done"]

    scope = request("/cs/dotaz/ě/?q=%C4%9B&x=1", method="POST", headers={"content-type": "text/plain"})
    scope["headers"] += [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    scope["headers"].append((b"transfer-encoding", b"chunked"))
    reply, _ = asyncio.run(call(app, scope, [b"one ", b"two"]))
    assert (reply.status, reply.body) == (201, b"done")
    assert [pair for pair in reply.all_headers if pair[0] == "set-cookie"] == [
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]
    assert seen["body"] == b"one two"
    assert seen["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in seen
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/cs/dotaz/ě/"
    assert (seen["QUERY_STRING"], seen["REQUEST_METHOD"]) == ("q=%C4%9B&x=1", "POST")
    assert (seen["CONTENT_TYPE"], seen["HTTP_HOST"]) == ("text/plain", "conf.example")
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("192.0.2.7", "http")


def test_a_request_of_the_front_has_no_address() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    asyncio.run(call(app, {**request("/"), "client": None}))
    assert "REMOTE_ADDR" not in seen


@pytest.mark.parametrize("fails", [False, True])
def test_the_answer_is_closed_in_its_thread(fails: bool) -> None:
    chunks = Chunks([b"a", b"b"])
    if fails:
        chunks.parts = None  # type: ignore[assignment]

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return chunks

    if fails:
        with pytest.raises(TypeError):
            asyncio.run(call(app, request("/")))
    else:
        assert asyncio.run(call(app, request("/")))[0].body == b"ab"
    assert len(chunks.closed) == 1
    assert chunks.closed[0].startswith("django")


def test_a_small_answer_is_two_messages_and_a_large_one_comes_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge, "BLOCK_BYTES", 1000)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "2500")])
        for _ in range(int(environ["QUERY_STRING"])):
            yield b"x" * 100

    small, messages = asyncio.run(call(app, request("/?9")))
    assert (len(small.body), len(messages)) == (900, 2)
    large, messages = asyncio.run(call(app, request("/?25")))
    assert len(large.body) == 2500
    assert [m.get("more_body") for m in messages[1:]] == [True, True, False]


def test_a_client_that_takes_nothing_frees_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BLOCK_BYTES", 10)
    monkeypatch.setattr(bridge, "BLOCK_SECONDS", 0.05)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"x" * 10] * 100

    async def story() -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None:
            await asyncio.Event().wait()

        with pytest.raises(TimeoutError):
            await Bridge(app, 1)(request("/"), receive, send)

    asyncio.run(story())


def test_several_requests_run_at_a_time() -> None:
    together = threading.Barrier(3, timeout=5)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        together.wait()
        start_response("200 OK", [])
        return [b"met"]

    async def story() -> None:
        one = Bridge(app, 3)
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None:
            sent.append(message)

        await asyncio.gather(*(one(request("/"), receive, send) for _ in range(3)))
        assert sum(message.get("body") == b"met" for message in sent) == 3

    asyncio.run(story())


def test_more_waiting_than_helps_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MOST_WAITING", 2)
    go_on = threading.Event()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        go_on.wait(5)
        start_response("200 OK", [])
        return []

    async def story() -> list[int]:
        one = Bridge(app, 1)

        async def ask() -> int:
            sent: list[Message] = []

            async def receive() -> Message:
                return {"type": "http.request", "body": b""}

            async def send(message: Message) -> None:
                sent.append(message)

            await one(request("/"), receive, send)
            return int(sent[0]["status"])

        first = [asyncio.create_task(ask()) for _ in range(2)]
        await asyncio.sleep(0.05)
        refused = await ask()
        go_on.set()
        return [refused, *await asyncio.gather(*first), await ask()]

    assert asyncio.run(story()) == [503, 200, 200, 200]


def test_closing_waits_for_nobody() -> None:
    hanging = threading.Event()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        hanging.wait(5)
        start_response("200 OK", [])
        return []

    async def story() -> None:
        one = Bridge(app, 1)

        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None:
            """Takes everything."""

        running = asyncio.create_task(one(request("/"), receive, send))
        await asyncio.sleep(0.05)
        one.close()
        assert not running.done()
        hanging.set()
        await running

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, story()).result(5)
