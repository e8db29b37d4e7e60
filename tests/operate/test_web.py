"""The web processes: restarted one by one, stopped together, never left behind."""

import os
import socket
import sys
import time
from collections.abc import Iterator

import pytest

from conference.operate.processes import wait_until
from conference.operate.web import Web
from tests.operate.conftest import ended, kill

# Answers with its process number; told to, it does not obey SIGTERM.
STAND_IN = """
import os, signal, socket, sys
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
listener = socket.socket(fileno=int(sys.argv[2]))
while True:
    connection, _ = listener.accept()
    connection.sendall(str(os.getpid()).encode())
    connection.close()
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def web_of(listener: socket.socket, *, workers: int, manner: str = "obedient") -> Web:
    command = [sys.executable, "-c", STAND_IN, manner]
    web = Web(listener, workers=workers, environment=os.environ, command=command)
    web.watch()
    return web


def answer(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        return int(connection.recv(100))


def test_a_crashed_process_is_replaced_and_the_others_go_on(listener: socket.socket) -> None:
    web = web_of(listener, workers=2)
    port = listener.getsockname()[1]
    first, second = web.pids
    assert answer(port) in (first, second)
    kill(first)
    assert wait_until(lambda: first not in web.pids, time.monotonic() + 2)
    web.watch()
    assert web.pids == [second]
    assert answer(port) == second
    time.sleep(0.25)
    web.watch()
    assert len(web.pids) == 2
    web.stop(deadline=time.monotonic() + 2)


def test_what_keeps_crashing_is_restarted_more_and_more_slowly(listener: socket.socket) -> None:
    web = Web(listener, workers=1, environment=os.environ, command=["/bin/false"])
    started = 0
    until = time.monotonic() + 2
    running = False
    while time.monotonic() < until:
        web.watch()
        started += bool(web.pids) and not running
        running = bool(web.pids)
        time.sleep(0.01)
    assert 2 <= started <= 5
    web.stop(deadline=time.monotonic() + 1)


def test_stopping_kills_what_does_not_obey(
    listener: socket.socket, capfd: pytest.CaptureFixture[str]
) -> None:
    web = web_of(listener, workers=2, manner="deaf")
    answer(listener.getsockname()[1])
    pids = web.pids
    began = time.monotonic()
    web.stop(deadline=began + 0.5)
    assert time.monotonic() - began < 1.5
    assert all(ended(pid) for pid in pids)
    assert "did not end in time" in capfd.readouterr().err


def test_stopping_what_obeys_is_quick_and_closes_the_socket(listener: socket.socket) -> None:
    web = web_of(listener, workers=2)
    port = listener.getsockname()[1]
    answer(port)
    began = time.monotonic()
    web.stop(deadline=began + 3)
    assert time.monotonic() - began < 1
    with pytest.raises(ConnectionRefusedError):
        answer(port)
