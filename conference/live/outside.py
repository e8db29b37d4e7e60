"""What comes from outside, and what goes back there: hosts, headers, bodies, refusals."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.http.request import split_domain_port, validate_host

from conference.live.asgi_types import Headers, Message, Receive, Scope, Send
from conference.live.pages import PRIVATE_PREFIXES

BODY_SECONDS = 30.0
# A file over an office's slow line, from somebody who may send one.
UPLOAD_SECONDS = 300.0
# Bytes of a file that is too large, taken in only so that its sender reads why.
MOST_FORGOTTEN = 200 << 20
ENCODINGS = (b"br", b"gzip")  # best first


class Refused(Exception):
    """The request is not handed on; `status` and `text` are the answer. `ended`: nothing more of it will come."""

    def __init__(self, status: int, text: str, *, ended: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.ended = ended


class Hosts:
    """The hosts that this installation answers to, as ALLOWED_HOSTS writes them."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = list(allowed)
        self._seen: set[bytes] = set()

    def __contains__(self, host: bytes) -> bool:
        if host in self._seen:
            return True
        domain, _ = split_domain_port(host.decode("latin-1"))
        if not domain or not validate_host(domain, self._allowed):
            return False
        if len(self._seen) < 1000:  # with a wildcard there are endlessly many
            self._seen.add(host)
        return True


@lru_cache(maxsize=512)
def accepted_encodings(header: bytes) -> tuple[bytes, ...]:
    """The encodings of ours that an Accept-Encoding header allows, best first."""
    weights: dict[bytes, float] = {}
    for part in header.lower().split(b","):
        name, _, parameters = part.partition(b";")
        weight = 1.0
        key, _, value = parameters.partition(b"=")
        if key.strip() == b"q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
        weights[name.strip()] = weight
    anything = weights.get(b"*", 0.0)
    return tuple(name for name in ENCODINGS if weights.get(name, anything) > 0)


def names_tag(header: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match header names `etag`."""
    if header.strip() == b"*":
        return True
    return any(part.strip().removeprefix(b"W/") == etag for part in header.split(b","))


def cookie_named(name: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The value of a cookie, empty when there is none; of several the last, as in Django."""
    found = b""
    for header, value in headers:
        if header == b"cookie":
            for part in value.split(b";"):
                key, _, content = part.strip().partition(b"=")
                if key == name:
                    found = content
    return found


def cleaned_headers(scope: Scope) -> Headers:
    """The headers of a request without those that only we, or a trusted proxy, may set.

    Names with an underscore go too: WSGI cannot tell `x_front_audience` from `x-front-audience`. The server
    has already used a trusted proxy's headers for the scope's client and scheme; the scheme is told on from
    there.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if b"_" not in name and not name.startswith((*PRIVATE_PREFIXES, b"x-forwarded-"))
    ]
    headers.append((b"x-forwarded-proto", scope.get("scheme", "http").encode()))
    return headers


async def read_body(scope: Scope, receive: Receive, most_bytes: int, seconds: float = BODY_SECONDS) -> bytes:
    """The whole body of a request, so that a slow sender holds no thread and half a form is never believed.

    Raises Refused when it is longer than `most_bytes` (413), does not come in time (408) or breaks off (400).
    """
    too_large = f"The request is larger than {most_bytes} bytes."
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > most_bytes):
            raise Refused(413, too_large)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "The request broke off.")
                body += message.get("body", b"")
                if len(body) > most_bytes:
                    raise Refused(413, too_large, ended=not message.get("more_body", False))
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "The request did not arrive in time.") from None


async def drain(receive: Receive) -> bool:
    """Take in the rest of a body and forget it; False when it broke off, went on for too long or had no end."""
    left = MOST_FORGOTTEN
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return False
                if not message.get("more_body", False):
                    return True
                left -= len(message.get("body", b""))
    except TimeoutError:
        return False
    return False


def with_status(send: Send, status: int) -> Send:
    """A `send` whose answer, if it is a 200, has this status instead."""

    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "status": status}
        await send(message)

    return changed


def replay(body: bytes) -> Receive:
    """A `receive` that hands over a body that was read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def stripping(send: Send, on_start: Callable[[Headers], None]) -> Send:
    """A `send` without our private headers; `on_start` sees them all first."""

    async def stripped(message: Message) -> None:
        if message["type"] == "http.response.start":
            on_start(message["headers"])
            headers = [pair for pair in message["headers"] if not pair[0].startswith(PRIVATE_PREFIXES)]
            message = {**message, "headers": headers}
        await send(message)

    return stripped


async def refuse(send: Send, status: int, text: str, extra: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Answer with a line of plain text, and close the connection: the rest of the request is not read."""
    body = text.encode() + b"\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *extra,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
