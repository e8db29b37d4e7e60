"""Real web processes, and the means to harm them."""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.live.proxy import Proxy

ROOT = Path(__file__).resolve().parent.parent.parent

SMALL_SITE = "tests.faults.small_site"


class WebProcess:
    """One process of `conference.operate.serve`, on a port of its own, or again on that of one that has ended."""

    def __init__(self, app: str, environment: dict[str, str], port: int = 0) -> None:
        listening = socket.create_server(("127.0.0.1", port))
        self.port = listening.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conference.operate.serve", "--fd", str(listening.fileno()), "--app", app],
            pass_fds=(listening.fileno(),),
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        listening.close()

    def get(self, path: str, *, seconds: float = 10.0) -> str:
        """The body of a page, on a connection of its own."""
        client = self.connect(seconds)
        client.request("GET", path)
        body = client.getresponse().read().decode()
        client.close()
        return body

    def connect(self, seconds: float = 10.0) -> http.client.HTTPConnection:
        """A connection that stays open."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        client.connect()
        return client

    def stream(self, path: str, beginning: bytes = b"id:") -> socket.socket:
        """An event stream whose beginning has arrived."""
        reading = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        reading.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        read_until(reading, beginning)
        return reading

    def signal(self, number: int) -> None:
        """Send a signal to the process."""
        os.kill(self.process.pid, number)

    def end(self) -> None:
        """End it whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def read_until(reading: socket.socket, wanted: bytes) -> bytes:
    """Everything that comes up to and including `wanted`; fails when the other side closes first."""
    data = b""
    while wanted not in data:
        more = reading.recv(65536)
        assert more, f"closed after {data!r}"
        data += more
    return data


def database_url() -> str:
    """The address of the test's database."""
    base, _, _ = settings.DATABASE_URL.rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


def execute(sql: str) -> None:
    """Run statements on a connection of their own."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute(sql.encode())


def wait_for_answers(web: WebProcess) -> None:
    """Until the process answers at all; its port takes connections from the beginning."""
    assert web.get("/healthz", seconds=30)


def wait_for_lease(web: WebProcess) -> None:
    """Until the process answers from memory: it keeps showing a page although the database changed in silence.

    Leaves the board at revision 3, announced.
    """
    deadline = time.monotonic() + 10
    shown = ["", ""]
    while not shown[0] or shown[0] != shown[1]:
        assert time.monotonic() < deadline, "it never answers from memory"
        for revision in (1, 2):
            execute(
                f"INSERT INTO conference_topic VALUES ('1/board', {revision})"
                f" ON CONFLICT (name) DO UPDATE SET revision = {revision}"
            )
            shown[revision - 1] = web.get("/c/board/")
    execute("UPDATE conference_topic SET revision = 3 WHERE name = '1/board'; NOTIFY live, '1/board:3'")
    while web.get("/c/board/") != "board 3":
        assert time.monotonic() < deadline, "it does not hear"


class Between:
    """A proxy before the database, in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._proxy = Proxy(database_url())
        self._done = asyncio.Event()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(ready),))
        self._thread.start()
        assert ready.wait(5)
        self.url = self._proxy.url

    async def _run(self, ready: threading.Event) -> None:
        async with self._proxy:
            ready.set()
            await self._done.wait()

    def freeze(self) -> None:
        """Let nothing through any more; no connection is closed."""
        self._loop.call_soon_threadsafe(self._proxy.freeze)

    def go_away(self) -> None:
        """Close all connections and refuse new ones."""
        self._proxy.refusing = True
        self._loop.call_soon_threadsafe(self._proxy.cut)

    def come_back(self) -> None:
        """Take connections again."""
        self._proxy.refusing = False

    def close(self) -> None:
        """End the proxy."""
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(5)


@contextmanager
def between_database() -> Iterator[Between]:
    """A proxy before the test's database."""
    between = Between()
    try:
        yield between
    finally:
        between.close()


@pytest.fixture
def start() -> Iterator[Callable[..., WebProcess]]:
    """Starts web processes on the test's database, and ends them."""
    started: list[WebProcess] = []

    def starting(app: str = SMALL_SITE, **environment: str) -> WebProcess:
        needed = {"DJANGO_SETTINGS_MODULE": "conference.settings", "SECRET_KEY": settings.SECRET_KEY}
        web = WebProcess(app, {**needed, "DATABASE_URL": database_url(), **environment})
        started.append(web)
        (wait_for_lease if app == SMALL_SITE else wait_for_answers)(web)
        return web

    yield starting
    for web in started:
        if web.process.poll() is None:
            web.signal(signal.SIGCONT)
        web.end()
