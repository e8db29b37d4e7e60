"""One event to ten thousand open streams: when the last client has it, and what a stream costs.

The client is a process of its own, this one: a loop over epoll, on the other core. Both sides need as many open
files as there are streams (`ulimit -n`).
"""

import argparse
import gc
import select
import socket
import statistics
import time

from bench.servers import SERVERS, installed, memory_kb, others_busy, serving

CASES = (("bare loop", "bare_streams", "/"), ("front", "front", "/c/live/"))
HEADERS = (
    "Host: 127.0.0.1\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: cs,en;q=0.8\r\nCache-Control: no-cache\r\nReferer: http://127.0.0.1/c/board/\r\n"
    "Cookie: device=" + "d" * 80 + "\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Mobile\r\n"
    "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n\r\n"
)


class Clients:
    """Open streams, all in one epoll."""

    def __init__(self, port: int, target: str, count: int) -> None:
        self.port = port
        self._epoll = select.epoll()
        self._opened: set[int] = set()
        self._sockets: dict[int, socket.socket] = {}
        request = f"GET {target} HTTP/1.1\r\n{HEADERS}".encode()
        for number in range(count):
            # Several addresses, so that the ports of one do not run out.
            source = (f"127.0.0.{2 + number // 5000}", 0)
            client = socket.create_connection(("127.0.0.1", port), 20, source)
            client.sendall(request)
            self._sockets[client.fileno()] = client
            self._epoll.register(client, select.EPOLLIN)
            self._read(b"id: ", self._opened, 0.0)
        self._wait_for(b"id: ", self._opened)

    def _read(self, wanted: bytes, seen: set[int], seconds: float) -> None:
        """Read what there is, and remember the clients that got `wanted`."""
        ready = self._epoll.poll(seconds)
        if not ready and seconds:
            raise TimeoutError(f"{len(seen)} of {len(self._sockets)} clients got {wanted!r}")
        for descriptor, _ in ready:
            data = self._sockets[descriptor].recv(65536)
            if not data:
                raise ConnectionError("the server ended a stream")
            if wanted in data:
                seen.add(descriptor)

    def _wait_for(self, wanted: bytes, seen: set[int]) -> None:
        while len(seen) < len(self._sockets):
            self._read(wanted, seen, 20.0)

    def fire(self) -> float:
        """Have the server send one event; milliseconds until the last client has it."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as trigger:
            gc.disable()
            began = time.perf_counter()
            trigger.sendall(b"GET /fire HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            self._wait_for(b"event: post", set())
            took = time.perf_counter() - began
            gc.enable()
            trigger.recv(65536)
        return took * 1000

    def close(self) -> None:
        """Hang up."""
        for client in self._sockets.values():
            client.close()


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=9)
    options = parser.parse_args()
    print(f"others keep {others_busy():.2f} cores busy at the beginning; {options.streams:,} streams\n")
    print("|server|what|last client, best ms|median ms|worst ms|KB a stream|opened in s|")
    print("|---|---|--:|--:|--:|--:|--:|")
    for server in filter(installed, SERVERS):
        for title, name, target in CASES:
            if server == "granian" and name == "front":
                continue  # its `send` is no coroutine that can be run by hand (conference/live/channels.py)
            with serving(server, name) as (port, pid):
                warm = Clients(port, target, 50)
                warm.fire()
                warm.close()
                time.sleep(0.5)
                before = memory_kb(pid)
                began = time.perf_counter()
                clients = Clients(port, target, options.streams)
                opened = time.perf_counter() - began
                times = []
                for _ in range(options.events):
                    times.append(clients.fire())
                    time.sleep(0.3)
                each = (memory_kb(pid) - before) / options.streams
                clients.close()
            print(
                f"|{server}|{title}|{min(times):.0f}|{statistics.median(times):.0f}|{max(times):.0f}"
                f"|{each:.1f}|{opened:.1f}|"
            )


if __name__ == "__main__":
    main()
