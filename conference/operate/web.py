"""The web processes: all on one listening socket, restarted when one crashes, stopped together.

`python -m conference.operate.web --host H --port N` does that and nothing else, for a container where
database, migration and static files are the business of others.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from conference.operate import checks
from conference.operate.processes import Signals, dies_with_us, end_all
from conference.operate.words import Refusal, complain, say

ROOT = Path(__file__).resolve().parent.parent.parent
SERVE = (sys.executable, "-m", "conference.operate.serve", "--fd")
DEFAULT_WORKERS = 2
GRACE = 3.2  # Seconds; a web process ends by itself within 3.
LONGEST_PAUSE = 10.0  # Seconds between two restarts of the same process.
STEADY = 30.0  # Seconds after which a process counts as having started well.


class _Place:
    """One of the web processes, through its restarts."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.start_at = 0.0
        self.pause = 0.0


class Web:
    """A number of web processes on one socket. Use it from the main thread (see dies_with_us)."""

    def __init__(
        self,
        listener: socket.socket,
        *,
        workers: int,
        environment: Mapping[str, str],
        command: Sequence[str] = SERVE,
    ) -> None:
        self._listener = listener
        self._environment = environment
        self._command = command
        self._places = [_Place() for _ in range(workers)]

    def watch(self) -> None:
        """Start what is not running, with a growing pause for what keeps crashing (ten times a second)."""
        now = time.monotonic()
        for place in self._places:
            if place.process is not None and (code := place.process.poll()) is not None:
                place.pause = (
                    0.2 if now - place.started > STEADY else min(max(place.pause * 2, 0.2), LONGEST_PAUSE)
                )
                place.start_at = now + place.pause
                how = f"signal {-code}" if code < 0 else f"code {code}"
                complain(
                    f"Web process {place.process.pid} ended ({how}); starting another in {place.pause:.1f} s."
                )
                place.process = None
            if place.process is None and now >= place.start_at:
                place.process = self._start()
                place.started = now

    def _start(self) -> subprocess.Popen[bytes]:
        descriptor = self._listener.fileno()
        return subprocess.Popen(
            [*self._command, str(descriptor)],
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=self._environment,
            pass_fds=(descriptor,),
            start_new_session=True,  # Ctrl-C in the terminal goes to the launcher alone.
            preexec_fn=dies_with_us(signal.SIGKILL),
        )

    @property
    def pids(self) -> list[int]:
        """The process numbers of those that run now."""
        return [place.process.pid for place in self._places if place.process and place.process.poll() is None]

    def stop(self, *, deadline: float) -> None:
        """Stop accepting, let the processes finish until the deadline (time.monotonic()), then kill them."""
        self._listener.close()
        running = [place.process for place in self._places if place.process is not None]
        if not end_all(running, deadline=min(deadline, time.monotonic() + GRACE)):
            complain("A web process did not end in time and was killed.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Bind, serve until a signal comes, stop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="conference.operate.web", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
    options = parser.parse_args(arguments)
    signals = Signals()
    try:
        workers = workers_wanted()
        port = checks.number(options.port, "The port", least=1, most=65535)
        web = Web(checks.listen(options.host, port), workers=workers, environment=os.environ)
    except Refusal as refusal:
        complain(str(refusal))
        return 2
    say(f"Serving on {options.host}, port {options.port}, with {workers} processes.")
    while not signals.stopping:
        web.watch()
        time.sleep(0.2)
    web.stop(deadline=time.monotonic() + GRACE)
    return 0


def workers_wanted() -> int:
    """WORKERS of the environment: how many web processes to run."""
    return checks.number(os.environ.get("WORKERS") or str(DEFAULT_WORKERS), "WORKERS", least=1, most=64)


if __name__ == "__main__":
    sys.exit(main())
