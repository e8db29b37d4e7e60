"""The front: an ASGI application before Django that answers cached pages and event streams itself.

It knows which addresses are the same for everyone in an audience (`places`), answers those from memory while
it may (`renderer`), keeps the streams open (`streams`), and hands everything else to Django (`outside`).
Pages are rendered without the browser's cookies; a page of the hall is only reached with a pass that Django
found good.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conference.live.access import FRONT_HEADER, FRONT_SECRET
from conference.live.asgi_types import App, Headers, Message, Receive, Scope, Send
from conference.live.channels import HEADERS as STREAM_HEADERS
from conference.live.channels import Gate
from conference.live.knowledge import Knowledge
from conference.live.outside import (
    UPLOAD_SECONDS,
    Hosts,
    Refused,
    accepted_encodings,
    cleaned_headers,
    cookie_named,
    drain,
    names_tag,
    read_body,
    refuse,
    replay,
    stripping,
    with_status,
)
from conference.live.pages import Page, Shelf, ask
from conference.live.places import Place, Places
from conference.live.registry import Registry, UploadRoute
from conference.live.renderer import LONG_PATIENCE, Renderer, Wanted, unavailable
from conference.live.streams import Events, Hub
from conference.live.topics import DESK, HALL, PUBLIC

LONGEST_PASS = 1000
# Files that are taken in at the same time, in each process.
MOST_UPLOADS = 2
EMPTY: Message = {"type": "http.response.body", "body": b""}
SECRET_PAIR = (FRONT_HEADER.lower().encode(), FRONT_SECRET.encode())


@dataclass(frozen=True)
class FrontSettings:
    """What differs between installations."""

    hosts: Sequence[str]
    base_url: str
    # Languages whose pages lie under a prefix of their own, and the one whose pages do not.
    languages: Sequence[str]
    default_language: str
    hall_cookie: str
    most_body_bytes: int = 1 << 20
    most_page_bytes: int = 64 << 20
    # Streams of the public and the hall in one process; whoever comes later asks now and then instead.
    most_streams: int = 10_000


class Front:
    """See the module."""

    def __init__(
        self,
        django: App,
        *,
        knowledge: Knowledge,
        events: Events,
        registry: Registry,
        settings: FrontSettings,
    ) -> None:
        self.knowledge = knowledge
        self.renderer = Renderer(django, knowledge, Shelf(settings.most_page_bytes))
        self.hub = Hub(knowledge, events, registry.fragments, self._fragment, self._still_allowed)
        self._django = django
        self._settings = settings
        self._hosts = Hosts(settings.hosts)
        self._places = Places(registry.pages, settings.languages, settings.default_language)
        self._uploads = registry.uploads
        self._uploading = asyncio.Semaphore(MOST_UPLOADS)
        self._hall_cookie = settings.hall_cookie.encode()
        base = urlsplit(settings.base_url)
        self._scheme = base.scheme
        self._base_host = base.netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        host = accepted = tag = None
        for name, value in scope["headers"]:
            if name == b"host":
                # Two of them are an attempt at something.
                host = value if host is None else b""
            elif name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                tag = value
        if host is None or host not in self._hosts:
            await refuse(send, 400, "This address is not served here.")
            return
        method = scope["method"]
        if method == "GET" or method == "HEAD":
            found = self._places.find(scope["path"], scope["query_string"])
            if found is not None:
                key, place = found
                if place.stream:
                    await self._stream(place, key, scope, receive, send)
                    return
                page: Page | None
                if place.audience == PUBLIC:
                    page = self.renderer.fresh(key) or await self.renderer.page(self._wanted(key, place))
                else:
                    page = await self._hall_page(key, place, scope)
                if page is not None:
                    await _answer(page, method, accepted, tag, send)
                    return
        await self._hand_on(scope, receive, send)

    def close(self) -> None:
        """End all streams and open no more."""
        self.hub.close()

    # Pages --------------------------------------------------------------------------------------------------

    def _wanted(self, key: str, place: Place) -> Wanted:
        headers: Headers = [SECRET_PAIR] if place.audience == HALL else []
        return Wanted(key, place.audience, self._inside(place.path, place.query, headers))

    def _inside(self, path: str, query: bytes, headers: Headers) -> dict[str, Any]:
        """The scope of a request of our own: nothing in it comes from a browser but what is given here."""
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": self._scheme,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "root_path": "",
            "headers": [
                (b"host", self._base_host.encode()),
                (b"accept", b"*/*"),
                (b"x-forwarded-proto", self._scheme.encode()),
                *headers,
            ],
            "client": None,
            "server": (self._base_host.partition(":")[0], 443 if self._scheme == "https" else 80),
        }

    async def _hall_page(self, key: str, place: Place, scope: Scope) -> Page | None:
        """A page of the hall; None without a good pass: Django then sends the browser to the code's form."""
        passed = await self._pass(place.slug, cookie_named(self._hall_cookie, scope["headers"]))
        if passed is None or passed.away:
            return passed
        return self.renderer.fresh(key) or await self.renderer.page(self._wanted(key, place))

    async def _pass(self, slug: str, cookie: bytes) -> Page | None:
        """Django's answer (204) to a hall pass that is good, or its refusal while the database is away.

        Kept under a hash of the cookie, and for as long as a page would be.
        """
        if not cookie or len(cookie) > LONGEST_PASS:
            return None
        digest = hashlib.blake2b(cookie, key=SECRET_PAIR[1], digest_size=16).hexdigest()
        headers: Headers = [(b"cookie", self._hall_cookie + b"=" + cookie)]
        wanted = Wanted(f"pass {slug} {digest}", HALL, self._inside(f"/{slug}/hall/pass/", b"", headers))
        page = await self.renderer.page(wanted)
        return page if page.status == 204 or page.away else None

    async def _fragment(self, path: str, language: str, audience: str) -> tuple[int, bytes]:
        """What the front would answer at `path` (without a language's prefix) in `audience`."""
        if language != self._settings.default_language:
            path = f"/{language}{path}"
        found = self._places.find(path, b"")
        if found is None or found[1].audience != audience:
            raise LookupError(f"no page of {audience!r} is registered at {path}")
        key, place = found
        page = self.renderer.fresh(key) or await self.renderer.page(self._wanted(key, place))
        return page.status, page.body

    # Streams ------------------------------------------------------------------------------------------------

    async def _stream(self, place: Place, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self.hub.closing:
            await refuse(send, 503, "Shutting down.", [(b"retry-after", b"1")])
            return
        # The desk, the stage and the screens are few, and the day depends on them: they are always let in.
        if not place.asked and self.hub.count() >= self._settings.most_streams:
            await refuse(send, 503, "Too many streams are open here.", [(b"retry-after", b"15")])
            return
        page, gate = await self._admitted(key, place, scope)
        if page is None:
            await self._hand_on(scope, receive, send)
            return
        if page.status != 200:
            await _answer(page, scope["method"], None, None, send)
            return
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
            await send(EMPTY)
            return
        told = json.loads(page.body)
        await self.hub.serve(
            conference_id=int(told["conference"]),
            slug=place.slug,
            audience=place.audience,
            language=place.language,
            number=int(told["event"]),
            since=_since(scope),
            gate=gate,
            receive=receive,
            send=send,
        )

    async def _admitted(self, key: str, place: Place, scope: Scope) -> tuple[Page | None, Gate | None]:
        """Django's answer to whoever asks for a stream, None to hand the request on; and why they were
        let in.
        """
        if place.audience == PUBLIC:
            return await self.renderer.page(self._wanted(key, place)), None
        if place.asked:
            cookie = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
            page = await self._asked(place.asked, cookie)
            topics = tuple(topic for topic, _ in page.revisions)
            return page, Gate(place.slug, cookie, topics, place.asked)
        cookie = cookie_named(self._hall_cookie, scope["headers"])
        passed = await self._pass(place.slug, cookie)
        if passed is None or passed.away:
            return passed, None
        gate = Gate(place.slug, cookie, tuple(topic for topic, _ in passed.revisions))
        return await self.renderer.page(self._wanted(key, place)), gate

    async def _asked(self, path: str, cookie: bytes) -> Page:
        """Django's answer to a member of staff or a private link that asks for a stream; never kept."""
        scope = self._inside(path, b"", [(b"cookie", cookie)] if cookie else [])
        asked = self.knowledge.clock()
        try:
            answer = await asyncio.wait_for(ask(self._django, scope), LONG_PATIENCE)
        except TimeoutError:
            return unavailable()
        return Page(answer, audience=DESK, asked=asked)

    async def _still_allowed(self, gate: Gate) -> bool:
        if gate.asked:
            return (await self._asked(gate.asked, gate.cookie)).status == 200
        passed = await self._pass(gate.slug, gate.cookie)
        return passed is not None and not passed.away

    # Everything else ----------------------------------------------------------------------------------------

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Django answer a request from outside, with its cookies."""
        upload = self._upload_at(scope["path"]) if scope["method"] == "POST" else None
        inner = {**scope, "headers": cleaned_headers(scope)}
        if upload is not None and await self._may_send_to(inner):
            # Few at a time: each is held in memory whole.
            async with self._uploading:
                await self._take_in(inner, receive, send, upload.most_bytes)
            return
        try:
            body = await read_body(scope, receive, self._settings.most_body_bytes)
        except Refused as refused:
            await refuse(send, refused.status, refused.text)
            return
        await self._django(inner, replay(body), stripping(send, self._overheard))

    def _upload_at(self, path: str) -> UploadRoute | None:
        first, _, rest = path[1:].partition("/")
        bare = f"/{rest}" if first in self._settings.languages else path
        return next((route for route in self._uploads if route.regex.fullmatch(bare)), None)

    async def _may_send_to(self, scope: Scope) -> bool:
        """Whether Django shows this browser the page of the form: nobody else's large body is taken in."""
        answer = await ask(self._django, _as_get(scope))
        return answer.status == 200

    async def _take_in(self, scope: Scope, receive: Receive, send: Send, most_bytes: int) -> None:
        """Hand a file on. Of one that is too large the page that it was sent from tells what was wrong."""
        try:
            body = await read_body(scope, receive, most_bytes, UPLOAD_SECONDS)
        except Refused as refused:
            # A browser reads an answer only once it has sent everything, so the rest is taken in and forgotten.
            if refused.status != 413 or not (refused.ended or await drain(receive)):
                await refuse(send, refused.status, refused.text)
                return
            scope, body, send = _as_get(scope, (b"x-front-too-large", b"1")), b"", with_status(send, 413)
        await self._django(scope, replay(body), stripping(send, self._overheard))

    def _overheard(self, headers: Headers) -> None:
        if any(name == b"x-live-away" for name, _ in headers):
            self.renderer.noticed(away=True)


def _as_get(scope: Scope, *more: tuple[bytes, bytes]) -> dict[str, Any]:
    """The same browser asking for the same page, without a body."""
    headers = [pair for pair in scope["headers"] if not pair[0].startswith((b"content-", b"transfer-"))]
    return {**scope, "method": "GET", "query_string": b"", "headers": [*headers, *more]}


async def _answer(page: Page, method: str, accepted: bytes | None, tag: bytes | None, send: Send) -> None:
    variant = page.choose(accepted_encodings(accepted) if accepted is not None else ())
    if tag is not None and variant.unchanged is not None and names_tag(tag, variant.etag):
        await send(variant.unchanged)
        await send(EMPTY)
        return
    await send(variant.start)
    await send(variant.body if method == "GET" else EMPTY)


def _since(scope: Scope) -> int | None:
    """The last event that the client says it has seen; -1 when what it says is no number."""
    given = next((value for name, value in scope["headers"] if name == b"last-event-id"), None)
    if given is None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if "since" not in query:
            return None
        given = query["since"].encode()
    return int(given) if given.isdigit() and len(given) < 19 else -1
