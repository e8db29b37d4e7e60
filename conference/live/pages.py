"""Finished pages: what Django answered, made ready to be sent many times, and the shelf that holds them."""

import gzip
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass

import brotli

from conference.live.asgi_types import App, Headers, Message
from conference.live.topics import PUBLIC

BROTLI_QUALITY = 5  # about as fast as gzip's default, and a good tenth smaller
DENSE_QUALITY = (
    11  # ten times the work and a sixth smaller: for pages that are long, much read and seldom changed
)
GZIP_LEVEL = 6
SMALLEST_COMPRESSED = 256
COMPRESSIBLE = re.compile(rb"text/|application/(json|xml|javascript|.+\+(json|xml))|image/svg")
# What a response may vary on and still be kept. Languages and fragments have addresses of their own, and
# the front chooses the encoding itself; all three are therefore removed again.
HARMLESS_VARY = frozenset({b"accept-language", b"hx-request", b"accept-encoding"})
# The front decides on these itself, or they are none of the client's business.
OWN_HEADERS = frozenset(
    {b"cache-control", b"content-length", b"etag", b"expires", b"last-modified", b"set-cookie", b"vary"}
)
PRIVATE_PREFIXES = (b"x-live-", b"x-front-")

PUBLIC_CONTROL = b"public, max-age=0, must-revalidate"
PRIVATE_CONTROL = b"private, no-store"


@dataclass(slots=True)
class Answer:
    """What Django answered to a request of the front."""

    status: int
    headers: Headers
    body: bytes
    # None when the view did not allow to keep it.
    revisions: tuple[tuple[str, int], ...] | None
    until: float | None
    # The database could not be reached.
    away: bool
    # Worth more work to make it small.
    dense: bool = False


async def ask(app: App, scope: dict[str, object]) -> Answer:
    """Have `app` answer a GET request without a body, and collect the answer."""
    started: Message = {}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    headers: Headers = list(started["headers"])
    private = {name: value for name, value in headers if name.startswith(PRIVATE_PREFIXES)}
    topics = private.get(b"x-live-topics")
    until = private.get(b"x-live-until")
    return Answer(
        status=started["status"],
        headers=headers,
        body=b"".join(parts),
        revisions=_revisions(topics) if topics is not None else None,
        until=float(until) if until is not None else None,
        away=b"x-live-away" in private,
        dense=b"x-live-dense" in private,
    )


def _revisions(header: bytes) -> tuple[tuple[str, int], ...]:
    """`a=1,b=2` as pairs; raises ValueError when a view wrote something else."""
    pairs = []
    for part in filter(None, header.decode().split(",")):
        topic, _, revision = part.rpartition("=")
        pairs.append((topic, int(revision)))
    return tuple(pairs)


class Variant:
    """A page in one encoding: finished ASGI messages."""

    __slots__ = ("body", "etag", "start", "unchanged")

    def __init__(self, start: Message, body: Message, etag: bytes, unchanged: Message | None) -> None:
        self.start = start
        self.body = body
        self.etag = etag
        self.unchanged = unchanged


class Page:
    """An answer that can be sent any number of times, and how long it may be."""

    __slots__ = ("away", "body", "deadline", "keep", "made", "revisions", "size", "status", "variants")

    def __init__(self, answer: Answer, *, audience: str, asked: float) -> None:
        """`asked` is the monotonic time before the view was called: its boundary cannot be earlier."""
        self.status = answer.status
        self.away = answer.away
        self.body = answer.body
        self.revisions = answer.revisions or ()
        self.made = asked
        self.deadline = float("inf") if answer.until is None else asked + answer.until
        self.keep = _may_be_kept(answer)
        self.variants = _variants(answer, audience, keep=self.keep)
        self.size = 2048 + sum(len(variant.body["body"]) for variant in self.variants.values())

    def choose(self, accepted: tuple[bytes, ...]) -> Variant:
        """The variant for a client that accepts these encodings, best first."""
        for encoding in accepted:
            variant = self.variants.get(encoding)
            if variant is not None:
                return variant
        return self.variants[b""]


def _may_be_kept(answer: Answer) -> bool:
    """Whether the same bytes are right for everyone in the audience, and the view says on what they
    depend.
    """
    if answer.status not in (200, 204) or answer.revisions is None:
        return False
    if answer.until is not None and answer.until <= 0:
        return False
    for name, value in answer.headers:
        if name == b"set-cookie":
            return False
        tokens = {token.strip().lower() for token in value.split(b",")}
        if name == b"vary" and not tokens <= HARMLESS_VARY:
            return False
        if name == b"cache-control" and tokens & {b"no-store", b"private", b"no-cache"}:
            return False
    return True


def _variants(answer: Answer, audience: str, *, keep: bool) -> dict[bytes, Variant]:
    """The page in every encoding that makes it smaller, by the encoding's name (b"" for plain)."""
    kept_headers = [
        (name, _in_order(value) if name == b"content-security-policy" else value)
        for name, value in answer.headers
        if name not in OWN_HEADERS and not name.startswith(PRIVATE_PREFIXES)
    ]
    kind = next((value for name, value in kept_headers if name == b"content-type"), b"")
    encoded = any(name == b"content-encoding" for name, _ in kept_headers)
    control = _cache_control(answer, audience, keep=keep)
    bodies = {b"": answer.body}
    if not encoded and len(answer.body) >= SMALLEST_COMPRESSED and COMPRESSIBLE.match(kind):
        bodies[b"br"] = brotli.compress(
            answer.body, quality=DENSE_QUALITY if answer.dense else BROTLI_QUALITY
        )
        # Without a time stamp: the same page is the same bytes in every process.
        bodies[b"gzip"] = gzip.compress(answer.body, GZIP_LEVEL, mtime=0)
    # Of the headers too: a page whose Content-Security-Policy changed is another page.
    digest = hashlib.blake2b(answer.body + repr(kept_headers).encode(), digest_size=12).hexdigest().encode()
    return {
        encoding: _variant(answer.status, kept_headers, control, encoding, body, digest if keep else b"")
        for encoding, body in bodies.items()
    }


def _in_order(policy: bytes) -> bytes:
    """A Content-Security-Policy with its directives sorted: their order means nothing, and differs by process."""
    return b"; ".join(sorted(policy.split(b"; ")))


def _cache_control(answer: Answer, audience: str, *, keep: bool) -> bytes:
    if audience != PUBLIC:
        return PRIVATE_CONTROL
    if keep:
        return PUBLIC_CONTROL
    own = next((value for name, value in answer.headers if name == b"cache-control"), b"")
    return own or (b"no-store" if answer.status == 200 else b"no-cache")


def _variant(
    status: int, headers: Headers, control: bytes, encoding: bytes, body: bytes, digest: bytes
) -> Variant:
    own: Headers = [(b"cache-control", control), (b"vary", b"Accept-Encoding")]
    etag = b""
    if digest and control == PUBLIC_CONTROL:
        etag = b'"%s%s"' % (digest, b"-" + encoding if encoding else b"")
        own.append((b"etag", etag))
    sized: Headers = [] if status == 204 else [(b"content-length", str(len(body)).encode())]
    if encoding:
        sized.append((b"content-encoding", encoding))
    unchanged: Message | None = None
    if etag:
        unchanged = {"type": "http.response.start", "status": 304, "headers": own}
    return Variant(
        {"type": "http.response.start", "status": status, "headers": [*headers, *own, *sized]},
        {"type": "http.response.body", "body": body},
        etag,
        unchanged,
    )


class Shelf:
    """Pages by key, within a number of bytes: the ones longest unused go first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Page | None:
        """The page under `key`, whether or not it is still good."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: str, page: Page) -> None:
        """Keep `page`, unless it alone would push out a quarter of everything else."""
        self.drop(key)
        if page.size > self.most_bytes // 4:
            return
        self._pages[key] = page
        self.bytes += page.size
        while self.bytes > self.most_bytes:
            self.bytes -= self._pages.popitem(last=False)[1].size

    def drop(self, key: str) -> None:
        """Forget the page under `key`, if there is one."""
        page = self._pages.pop(key, None)
        if page is not None:
            self.bytes -= page.size

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()
        self.bytes = 0
