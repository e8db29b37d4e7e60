"""A front with a Django, a clock and a database of the test's own, and a client that speaks ASGI."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from conference.live.access import FRONT_SECRET
from conference.live.asgi_types import Headers, Message, Receive, Scope, Send
from conference.live.front import Front, FrontSettings
from conference.live.knowledge import Knowledge
from conference.live.listener import Event
from conference.live.registry import CachedRoute, Registry

PASS = "a" * 32


class Clock:
    """Monotonic seconds that move only when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Reply:
    """What a client got."""

    status: int
    headers: dict[str, str]
    body: bytes
    all_headers: list[tuple[str, str]]


@dataclass
class View:
    """One page of the fake Django. `before` runs between the reading of revisions and the answer."""

    body: bytes = b"<p>page</p>"
    status: int = 200
    topics: tuple[str, ...] | None = ("1/board",)
    headers: Headers = field(default_factory=list)
    until: float | None = None
    before: Callable[[], Awaitable[None]] | None = None


class FakeDjango:
    """Answers from `views`, marks pages with the revisions of its `database`, remembers what it was asked."""

    def __init__(self) -> None:
        self.views: dict[str, View] = {}
        self.database: dict[str, int] = {}
        self.away = False
        self.asked: list[Scope] = []
        self.bodies: list[bytes] = []
        self.refused_cookies: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        self.bodies.append((await receive())["body"])
        if self.away:
            await self._send(send, 503, [(b"x-live-away", b"1")], b"away")
            return
        view = self.views.get(scope["path"])
        if view is None or self.header("cookie") in self.refused_cookies:
            await self._send(send, 404, [(b"content-type", b"text/html")], b"not here")
            return
        headers = [(b"content-type", b"text/html; charset=utf-8"), *view.headers]
        if view.topics is not None:
            marks = ",".join(f"{topic}={self.database.get(topic, 0)}" for topic in view.topics)
            headers.append((b"x-live-topics", marks.encode()))
        if view.until is not None:
            headers.append((b"x-live-until", str(view.until).encode()))
        body = view.body
        if view.before is not None:
            await view.before()
        await self._send(send, view.status, headers, body)

    @staticmethod
    async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [scope["path"] for scope in self.asked]

    def header(self, name: str, *, request: int = -1) -> str | None:
        """A header of a request that it was asked."""
        return next((v.decode() for n, v in self.asked[request]["headers"] if n == name.encode()), None)


class FakeEvents:
    """The log of events, as the listener would read it."""

    def __init__(self) -> None:
        self.log: dict[tuple[int, str], list[Event]] = {}

    async def events_after(self, conference_id: int, audience: str, number: int, limit: int) -> list[Event]:
        """See Listener."""
        return [e for e in self.log.get((conference_id, audience), []) if e.number > number][:limit]


class World:
    """A front and everything around it. The lease is good for ten seconds of the test's clock."""

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock()
        self.knowledge = Knowledge(self.clock)
        self.knowledge.good_until = self.clock.now + 10
        self.django = FakeDjango()
        self.events = FakeEvents()
        self.registry = Registry(
            pages=[
                CachedRoute(r"/[a-z0-9-]+/board/", frozenset({"sort", "page"})),
                CachedRoute(r"/[a-z0-9-]+/board/[a-z0-9]+/card/"),
                CachedRoute(r"/[a-z0-9-]+/hall/board/", audience="hall"),
                CachedRoute(r"/[a-z0-9-]+/hall/board/[a-z0-9]+/card/", audience="hall"),
            ],
            fragments={
                "post": lambda slug, subject, audience: (
                    f"/{slug}/{'hall/' if audience == 'hall' else ''}board/{subject}/card/"
                )
            },
        )
        values: dict[str, Any] = {
            "hosts": ["conf.example", ".wild.example"],
            "base_url": "https://conf.example",
            "languages": ["cs"],
            "default_language": "en",
            "hall_cookie": "hall_pass",
        }
        self.front = Front(
            self.django,
            knowledge=self.knowledge,
            events=self.events,
            registry=self.registry,
            settings=FrontSettings(**{**values, **settings}),
        )
        self.django.views["/c/board/"] = View()
        self.django.views["/c/hall/board/"] = View(b"<p>hall</p>")
        self.django.views["/c/hall/pass/"] = View(b"", status=204, topics=("1/hall",))
        for path, audience in (
            ("/c/live/", "public"),
            ("/c/hall/live/", "hall"),
            ("/c/moderate/live/", "desk"),
        ):
            self.tell_stream(path, audience, 0)

    def tell_stream(self, path: str, audience: str, number: int) -> None:
        """Let the view of a stream say that `number` is the newest event."""
        topics = ("1/staff",) if audience == "desk" else (f"1/events/{audience}",)
        for prefix in ("", "/cs"):
            self.django.views[prefix + path] = View(
                json.dumps({"conference": 1, "event": number}).encode(), topics=topics
            )

    def commit(self, topic: str, *, heard: bool = True) -> int:
        """A topic moves in the database; `heard` when its notification has arrived here."""
        revision = self.django.database.get(topic, 0) + 1
        self.django.database[topic] = revision
        if heard:
            self.knowledge.learn(topic, revision)
        return revision

    def happen(self, kind: str, subject: str, audience: str = "public", conference_id: int = 1) -> int:
        """An event is committed and heard of."""
        log = self.events.log.setdefault((conference_id, audience), [])
        number = self.django.database.get(f"{conference_id}/events/{audience}", 0) + 1
        log.append(Event(number, kind, subject))
        path = {"public": "/c/live/", "hall": "/c/hall/live/", "desk": "/c/moderate/live/"}[audience]
        self.tell_stream(path, audience, number)
        return self.commit(f"{conference_id}/events/{audience}")

    async def get(self, target: str = "/c/board/", **options: Any) -> Reply:
        """Send a request through the front and collect the answer."""
        scope = request(target, **options)
        sent: list[Message] = []
        body = options.get("body", b"")

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.front(scope, receive, send)
        return reply_of(sent)

    def open(self, target: str = "/c/live/", **options: Any) -> "Client":
        """Open a stream."""
        return Client(self.front, request(target, **options))


def request(
    target: str,
    *,
    method: str = "GET",
    host: str | None = "conf.example",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> Scope:
    """The scope of a request from outside."""
    path, _, query = target.partition("?")
    pairs = [(b"host", host.encode())] if host is not None else []
    pairs += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": pairs,
        "client": ("192.0.2.7", 5555),
        "server": ("127.0.0.1", 8000),
    }


def reply_of(sent: list[Message]) -> Reply:
    """The messages of one answer as a Reply."""
    start = sent[0]
    pairs = [(name.decode(), value.decode()) for name, value in start["headers"]]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(start["status"], dict(pairs), body, pairs)


class Client:
    """A browser's end of an event stream. `slow` makes its buffer full."""

    def __init__(self, front: Front, scope: Scope) -> None:
        self.sent: list[Message] = []
        self.slow = False
        self.room = asyncio.Event()
        self.gone = asyncio.Event()
        self._first = True
        self.task = asyncio.create_task(self._run(front, scope))

    async def _run(self, front: Front, scope: Scope) -> None:
        await front(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._first:
            self._first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self.slow:
            await self.room.wait()
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.gone.set()

    @property
    def text(self) -> str:
        """Everything that came after the headers."""
        return b"".join(m.get("body", b"") for m in self.sent[1:]).decode()

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.sent[0]["status"])

    @property
    def ended(self) -> bool:
        """Whether the server ended the stream."""
        return self.task.done()

    async def leave(self) -> None:
        """Hang up."""
        self.gone.set()
        await self.task


async def settle() -> None:
    """Let everything that can go on without the clock go on."""
    for _ in range(50):
        await asyncio.sleep(0)


def inside(scope: Scope) -> bool:
    """Whether a request carries the front's own secret."""
    return any(n == b"x-front-audience" and v.decode() == FRONT_SECRET for n, v in scope["headers"])
