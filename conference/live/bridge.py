"""Synchronous Django behind the asynchronous front: a few threads, whole answers.

The front hands over complete requests, so a slow sender never holds a thread; answers are handed back whole,
with one change of threads for each request, up to a size, and in blocks beyond it (bench/README.md compares
it with a2wsgi).
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conference.live.asgi_types import Headers, Message, Receive, Scope, Send

# Answers up to this size are handed over whole.
BLOCK_BYTES = 1 << 20
# A client that takes no block for so long loses the rest of its answer, and the thread is free again.
BLOCK_SECONDS = 30.0
# More than so many requests waiting for a thread help nobody.
MOST_WAITING = 1000

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """An ASGI application that runs a WSGI application in `threads` threads."""

    def __init__(self, app: WsgiApp, threads: int) -> None:
        self._app = app
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= MOST_WAITING:
            headers = [(b"retry-after", b"2"), (b"content-length", b"0"), (b"x-live-away", b"1")]
            await send(_start(503, headers))
            await send(_body([], more=False))
            return
        body = await _read(receive)
        loop = asyncio.get_running_loop()
        run = _Run(self._app, _environ(scope, body), send, loop)
        self._waiting += 1
        try:
            messages = await loop.run_in_executor(self._executor, run)
        finally:
            self._waiting -= 1
        for message in messages:
            await send(message)

    def close(self) -> None:
        """Take no more requests; does not wait for those that run."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class _Run:
    """One request, in a thread. Returns the messages that are still to be sent."""

    def __init__(self, app: WsgiApp, environ: Environ, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._environ = environ
        self._send = send
        self._loop = loop
        self._status = 500
        self._headers: Headers = []

    def __call__(self) -> list[Message]:
        chunks = self._app(self._environ, self._start_response)
        try:
            return self._collect(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()  # Django ends the request here and gives its database connection back

    def _start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self._status = int(status.split(" ", 1)[0])
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _collect(self, chunks: Iterable[bytes]) -> list[Message]:
        started = False
        collected: list[bytes] = []
        size = 0
        for chunk in chunks:
            collected.append(chunk)
            size += len(chunk)
            if size >= BLOCK_BYTES:
                if not started:
                    self._wait_for(_start(self._status, self._headers))
                    started = True
                self._wait_for(_body(collected, more=True))
                collected, size = [], 0
        rest = _body(collected, more=False)
        return [rest] if started else [_start(self._status, self._headers), rest]

    def _wait_for(self, message: Message) -> None:
        async def sending() -> None:
            await self._send(message)

        asyncio.run_coroutine_threadsafe(sending(), self._loop).result(BLOCK_SECONDS)


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _body(chunks: list[bytes], *, more: bool) -> Message:
    return {"type": "http.response.body", "body": b"".join(chunks), "more_body": more}


async def _read(receive: Receive) -> bytes:
    """The whole request body; the front has limited its size."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _environ(scope: Scope, body: bytes) -> Environ:
    """The WSGI environment of a request (PEP 3333: text is bytes read as Latin-1)."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"] = scope["client"][0]
        environ["REMOTE_PORT"] = str(scope["client"][1])
    for name_bytes, value_bytes in scope["headers"]:
        name = name_bytes.decode("latin-1").upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        value = value_bytes.decode("latin-1")
        if name in environ:
            # Cookies of HTTP/2 may come in several headers (RFC 9113); everything else is a list with commas.
            value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    # The body is complete here; how it was transferred says nothing to Django, which needs its length.
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
