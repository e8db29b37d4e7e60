"""What ./run does once its environment is there: database, preparation, web processes; then it keeps them up.

One thread, one loop. Everything that is started is our child, in a session of its own (a Ctrl-C reaches
only us), and ends with us, even when we are killed.
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from conference.operate import checks, running
from conference.operate.addresses import Addresses
from conference.operate.cluster import write_private
from conference.operate.postgres import Server
from conference.operate.processes import Signals, dies_with_us, end_all
from conference.operate.web import ROOT, Web, workers_wanted
from conference.operate.words import Refusal, complain, say, step

STOP_SECONDS = 4.6  # From the signal to our own end, of the five that are promised.
WEB_SECONDS = 3.2
READY_SECONDS = 30.0
LONGEST_PAUSE = 10.0  # Seconds between two attempts to start a database that does not start.


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


class OneLineParser(argparse.ArgumentParser):
    """argparse without the usage text before its complaint."""

    def error(self, message: str) -> NoReturn:
        """Refuse in one line, exit code 2."""
        raise Refusal(f"{message} (./run --help lists what it takes)")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    environment = os.environ.get
    parser = OneLineParser(prog="./run", description="Set everything up and serve. Ctrl-C stops it.")
    parser.add_argument("--host", default=environment("HOST") or "127.0.0.1", help="0.0.0.0 lets phones in")
    parser.add_argument("--port", default=environment("PORT") or "8000", help="default 8000")
    parser.add_argument(
        "--data", default=environment("DATA_DIR") or ROOT / "var", type=Path, help="data folder"
    )
    parser.add_argument("--paper", type=Path, help="a paper to import into the demonstration (Markdown)")
    return parser.parse_args(arguments)


class Launcher:
    """One run, from the checks to the last child's end."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Check everything that can be checked before something is started; raises Refusal."""
        self.signals = Signals()
        self.workers = workers_wanted()
        port = checks.number(str(options.port), "The port", least=1, most=65535)
        self.paper = checks.paper_file(options.paper) if options.paper else None
        self.data_dir = checks.data_folder(options.data)
        self.lock = checks.lock(self.data_dir)
        self.listener = checks.listen(options.host, port)
        self.addresses = Addresses(options.host, port, os.environ.get("BASE_URL", ""))
        self.outside_database = os.environ.get("DATABASE_URL")
        self.server: Server | None = None
        self.web: Web | None = None
        self.links: list[tuple[str, str]] = []

    def run(self) -> int:
        """Start, serve until a signal comes, stop; returns the exit code."""
        try:
            database = self._start_database()
            environment = self._environment(database)
            code = self._prepare(environment)
            if code:
                return code
            self.web = Web(self.listener, workers=self.workers, environment=environment)
            self._wait_for_web()
            self.addresses.show(self.links)
            self._serve()
        except Stopped:
            pass  # Nobody is served yet; stopping below is all there is to do.
        finally:
            self._stop()
        return 0

    def _start_database(self) -> str:
        if self.outside_database:
            with step("Looking for the database of DATABASE_URL"):
                checks.outside_database(self.outside_database)
            return self.outside_database
        self.server = Server(self.data_dir)
        first = not self.server.cluster.folder.exists()
        with step("Making the database and starting PostgreSQL" if first else "Starting PostgreSQL"):
            return self.server.start(give_up=lambda: self.signals.stopping)

    def _environment(self, database: str) -> dict[str, str]:
        """What our children get: our own environment and, where it does not say, what fits this run."""
        given = {name: value for name, value in os.environ.items() if value}
        found = {
            **self.addresses.environment(),
            "DJANGO_SETTINGS_MODULE": "conference.settings",
        }
        if "SECRET_KEY" not in given:
            found["SECRET_KEY"] = self._secret_key()
        running.write(self.data_dir, {name: given.get(name, found[name]) for name in running.NAMES})
        ours = {"DATABASE_URL": database, "DATA_DIR": str(self.data_dir), "PYTHONPATH": str(ROOT)}
        return {**found, **given, **ours}

    def _secret_key(self) -> str:
        file = self.data_dir / "secret_key"
        if not file.is_file():
            write_private(file, secrets.token_urlsafe(50))
        return file.read_text().strip()

    def _prepare(self, environment: dict[str, str]) -> int:
        with tempfile.TemporaryFile() as links:
            command = [sys.executable, "-m", "conference.operate.prepare", "--links-fd", str(links.fileno())]
            child = subprocess.Popen(
                command + (["--paper", str(self.paper)] if self.paper else []),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=(links.fileno(),),
                start_new_session=True,
                preexec_fn=dies_with_us(signal.SIGKILL),
            )
            try:
                while (code := child.poll()) is None:
                    self._stop_if_asked()
                    time.sleep(0.02)
            finally:
                end_all([child], deadline=time.monotonic() + 1)
            links.seek(0)
            for line in links.read().decode().splitlines():
                name, _, url = line.partition(" ")
                self.links.append((name, url))
        return code

    def _wait_for_web(self) -> None:
        """Until the first answer, so that nobody opens the address too early."""
        assert self.web is not None
        with step(f"Starting {self.workers} web processes"):
            deadline = time.monotonic() + READY_SECONDS
            self.web.watch()
            while not self.addresses.answers():
                self._stop_if_asked()
                if time.monotonic() > deadline:
                    raise Refusal(f"The web processes did not answer within {READY_SECONDS:.0f} s.")
                time.sleep(0.05)
                self.web.watch()

    def _serve(self) -> None:
        assert self.web is not None
        pause, again = 0.0, 0.0
        while not self.signals.stopping:
            self.web.watch()
            if self.server and self.server.pid is None and time.monotonic() >= again:
                try:
                    with step("PostgreSQL ended unexpectedly; starting it again"):
                        self.server.restart(give_up=lambda: self.signals.stopping)
                    pause = 0.0
                except Refusal as refusal:
                    pause = min(max(pause * 2, 0.5), LONGEST_PAUSE)
                    again = time.monotonic() + pause
                    complain(str(refusal))
            time.sleep(0.1)

    def _stop_if_asked(self) -> None:
        if self.signals.stopping:
            raise Stopped

    def _stop(self) -> None:
        began = time.monotonic()
        if self.signals.stopping:
            say("Stopping …")
        if self.web:
            self.web.stop(deadline=began + WEB_SECONDS)
        running.remove(self.data_dir)
        if self.server:
            self.server.stop(deadline=began + STOP_SECONDS)
        if self.signals.stopping:
            say("Stopped.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ./run's second half; returns the exit code: 2 after one line about what a person can put right."""
    try:
        return Launcher(_options(arguments)).run()
    except Refusal as refusal:
        complain(str(refusal))
        return 2


if __name__ == "__main__":
    sys.exit(main())
