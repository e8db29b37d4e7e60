"""One client's event stream, the streams of an audience, and the wire format."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, cast

from conference.live.asgi_types import Message, Send

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    # When a stream ends its connection ends with it: at shutdown nothing is left to wait for.
    (b"connection", b"close"),
]
FINAL: Message = {"type": "http.response.body", "body": b"", "more_body": False}


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a stream that is not for everybody was let in, to be checked again when one of `topics` moves.

    `asked` is the address at which Django says whether these cookies open it; empty for a hall pass.
    """

    slug: str
    cookie: bytes
    topics: tuple[str, ...]
    asked: str = ""


class Stream:
    """One client. Ten thousand of these are open at once, so it holds next to nothing."""

    __slots__ = ("after", "gate", "send")

    def __init__(self, send: Send, after: int, gate: Gate | None) -> None:
        self.send = send
        # The number of the newest event that its page contained already.
        self.after = after
        self.gate = gate


class Channel:
    """The streams of one audience of one conference, by language."""

    def __init__(self, conference_id: int, audience: str, slug: str, last: int) -> None:
        self.conference_id = conference_id
        self.audience = audience
        self.slug = slug
        # The newest event that was sent, and the newest that was heard of.
        self.last = last
        self.wanted = last
        self.groups: dict[str, set[Stream]] = {}
        self.pump: asyncio.Task[None] | None = None


def push(stream: Stream, message: Message) -> bool:
    """Send without waiting; False when the client does not keep up.

    A server's `send` only suspends when the client's buffer is full. Running it by hand to its first
    suspension shows that, and one slow phone never holds up ten thousand others.
    """
    sending = cast("Coroutine[Any, Any, None]", stream.send(message))
    try:
        sending.send(None)
    except StopIteration:
        return True
    except OSError:
        return False  # gone; its own task hears of it
    sending.close()
    return False


async def finish(stream: Stream) -> None:
    """Send the end of a stream, waiting until the client has taken what came before."""
    await stream.send(FINAL)


def frame(kind: str, data: bytes, number: int | None) -> bytes:
    """An event in the wire format. Each line of the data needs a name of its own."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    head = b"event: %s\n" % kind.encode()
    if number is not None:
        head = b"id: %d\n" % number + head
    return head + b"".join(b"data: %s\n" % line for line in lines) + b"\n"
