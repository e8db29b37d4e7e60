"""The applications that are measured. Each is one name in this module, served as `bench.sites:NAME`.

`hello` and `bare_streams` are the limit of a server: an ASGI application that does nothing. The others are the
real front before a Django with the usual middleware, whose page is 20 KB and needs no database, behind the
product's bridge or behind a2wsgi.
"""

import functools
import gc
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from conference.live.bridge import Bridge
from conference.live.front import Front, FrontSettings
from conference.live.knowledge import Knowledge
from conference.live.listener import Event
from conference.live.registry import CachedRoute, Registry
from conference.live.responses import mark

App = Callable[[Any, Any, Any], Awaitable[None]]
THREADS = 4
fired = 0  # events so far
PARAGRAPH = "<p>Question {n}: what would have to change before any of this could be tried in earnest?</p>\n"
PAGE = "".join(PARAGRAPH.format(n=n) for n in range(220))[:20_000]
FRAGMENT = "<li id='q1' data-votes='7'>" + "What would have to change? " * 6 + "</li>"


def board(request: HttpRequest) -> HttpResponse:
    """The cached page."""
    return mark(HttpResponse(PAGE), revisions={"1/board": 0})


def card(request: HttpRequest) -> HttpResponse:
    """The fragment that an event carries."""
    return mark(HttpResponse(FRAGMENT), revisions={"1/card": 0})


def form(request: HttpRequest) -> HttpResponse:
    """A page that is never cached."""
    return HttpResponse(PAGE)


def live(request: HttpRequest) -> HttpResponse:
    """Who asks for the stream."""
    return mark(JsonResponse({"conference": 1, "event": fired}), revisions={"1/events/public": fired})


urlpatterns = [path("c/board/", board), path("c/card/", card), path("c/ask/", form), path("c/live/", live)]


def django() -> WSGIHandler:
    """A Django with the product's middleware and no database."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="only for measuring, kept nowhere",
            ALLOWED_HOSTS=["127.0.0.1"],
            ROOT_URLCONF="bench.sites",
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
            MIDDLEWARE=[
                "django.middleware.security.SecurityMiddleware",
                "csp.middleware.CSPMiddleware",
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.middleware.locale.LocaleMiddleware",
                "django.middleware.common.CommonMiddleware",
                "django.middleware.csrf.CsrfViewMiddleware",
                "django.middleware.clickjacking.XFrameOptionsMiddleware",
                "django_htmx.middleware.HtmxMiddleware",
            ],
            CONTENT_SECURITY_POLICY={"DIRECTIVES": {"default-src": ["'self'"]}},
        )
        from django import setup

        setup(set_prefix=False)
    return WSGIHandler()


class _OneEvent:
    """A log whose newest event is always the one that was just asked for."""

    async def events_after(self, conference_id: int, audience: str, number: int, limit: int) -> list[Event]:
        """See Listener."""
        return [Event(number + 1, "post", "q1")]


def _with_lifespan(app: App) -> App:
    async def whole(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            gc.collect()
            gc.freeze()  # as conference.operate.serve does
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        await app(scope, receive, send)

    return whole


async def _text(send: Any, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    await _text(send, b"Hello, world!")


def _same_bytes() -> App:
    """The limit for the cached page: what the front answers, sent without a look at the request."""
    front = _built("front")
    messages: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if not messages:
            collected: list[Any] = []

            async def collect(message: Any) -> None:
                collected.append(message)

            await front({**scope, "path": "/c/board/", "raw_path": b"/c/board/"}, receive, collect)
            messages[:] = collected  # the first ones come at the same time
        for message in messages:
            await send(message)

    return app


def _bare_streams() -> App:
    """Streams without a front: a list of `send`s and a loop over it."""
    sends: list[Any] = []
    data = b"id: 1\nevent: post\ndata: " + FRAGMENT.encode() + b"\n\n"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/fire":
            message = {"type": "http.response.body", "body": data, "more_body": True}
            for each in sends:
                await each(message)
            await _text(send, b"fired")
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"id: 0\n\n", "more_body": True})
        sends.append(send)
        while (await receive())["type"] != "http.disconnect":
            pass
        sends.remove(send)

    return app


def _front(bridge: App) -> App:
    """The real front, vouching for ever; /fire is an event that it hears of."""
    knowledge = Knowledge()
    knowledge.good_until = float("inf")
    front = Front(
        bridge,
        knowledge=knowledge,
        events=_OneEvent(),
        registry=Registry(
            pages=[CachedRoute(r"/c/board/"), CachedRoute(r"/c/card/")],
            fragments={"post": lambda slug, subject, audience: f"/{slug}/card/"},
        ),
        settings=FrontSettings(["127.0.0.1"], "http://127.0.0.1", ["cs"], "en", "hall_pass"),
    )

    async def app(scope: Any, receive: Any, send: Any) -> None:
        global fired
        if scope["path"] == "/fire":
            fired += 1
            knowledge.learn("1/events/public", fired)
            await _text(send, b"fired")
            return
        await front(scope, receive, send)

    return app


@functools.cache
def _built(name: str) -> App:
    if name == "hello":
        return _with_lifespan(_hello)
    if name == "same_bytes":
        return _with_lifespan(_same_bytes())
    if name == "bare_streams":
        return _with_lifespan(_bare_streams())
    if name == "front":
        return _with_lifespan(_front(Bridge(django(), THREADS)))
    if name == "front_a2wsgi":
        from a2wsgi import WSGIMiddleware

        return _with_lifespan(_front(WSGIMiddleware(django(), workers=THREADS)))
    raise AttributeError(name)


def __getattr__(name: str) -> App:
    """Build only the application that is served."""
    return _built(name)
