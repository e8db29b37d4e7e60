"""One web process: uvicorn on a listening socket that the launcher opened and handed down.

`python -m conference.operate.serve --fd N`. Ends within three seconds of SIGTERM or SIGINT: the event streams
at once, requests as soon as they are answered.
"""

import argparse
import gc
import importlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence

BACKLOG = 4096  # A hall that scans the same code opens its connections in the same second.
# Requests that are being answered get so long, and the whole process so long, counted from the signal.
GRACEFUL_SECONDS = 2
HARD_SECONDS = 2.8
KEEP_ALIVE_SECONDS = 15
# A phone that left the Wi-Fi without a word holds its connection no longer than this.
DEAD_PEER_SECONDS = 45


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal comes. Never returns: the process ends here."""
    parser = argparse.ArgumentParser(prog="conference.operate.serve", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    parser.add_argument("--app", default="conference.asgi", help="module whose `application` is served")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    listening = socket.socket(fileno=options.fd)
    _forget_dead_peers(listening)

    import uvicorn
    from django.conf import settings

    application = importlib.import_module(options.app).application
    # What is loaded stays for ever. Looking through all of it whenever ten thousand clients connect made that
    # take nearly three times as long (bench/README.md).
    gc.collect()
    gc.freeze()

    class Server(uvicorn.Server):
        """Ends the streams before it waits for anything."""

        def handle_exit(self, sig: int, frame: object) -> None:
            """A signal came: from now on the time runs."""
            if not self.should_exit:
                timer = threading.Timer(HARD_SECONDS, _leave, [0])
                timer.daemon = True
                timer.start()
            self.should_exit = True

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """uvicorn would wait for open streams, which end only when their clients leave."""
            application.close()
            await super().shutdown(sockets)

    server = Server(
        uvicorn.Config(
            application,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            backlog=BACKLOG,
            access_log=False,
            log_config=None,  # Its records go the way of all others, which blanks secrets (conference/operate/logs.py).
            log_level="error",
            server_header=False,
            proxy_headers=bool(settings.TRUSTED_PROXIES),
            forwarded_allow_ips=settings.TRUSTED_PROXIES,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACEFUL_SECONDS,
        )
    )
    server.run(sockets=[listening])
    _leave(0 if server.started else 1)


def _leave(code: int) -> None:
    """End the process now.

    Python would wait for Django's threads, and one may be stuck in a request that hangs: on a database that
    does not answer, for instance. Whatever it was doing is a transaction that is not committed.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _forget_dead_peers(listening: socket.socket) -> None:
    """Let the kernel end connections whose other side takes nothing any more; accepted ones inherit it."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, DEAD_PEER_SECONDS)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_SECONDS * 1000)


if __name__ == "__main__":
    # Until the server has its handlers a signal simply ends the process, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
