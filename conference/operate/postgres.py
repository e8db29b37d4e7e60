"""The embedded PostgreSQL: started in the data folder by the launcher, watched, stopped with it.

The launcher is the server's parent: it sees at once when the server died and starts it again, and the
kernel asks the server to shut down when the launcher itself is killed (Linux). The server listens on a
private socket only.

`database_url` is how other processes (manage.py in another shell) find a running server.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from conference.operate.binaries import Account, account_for, place, reachable_programs, wheel_programs
from conference.operate.cluster import DATABASE, ENVIRONMENT, ROLE, Cluster, write_private
from conference.operate.processes import dies_with_us, wait_until
from conference.operate.words import Refusal

PORT = 5432  # Only part of the socket's name: nothing listens on TCP.
SOCKET_PATH_LIMIT = 100  # Bytes; the kernel's own is 104 or 108.
START_TIMEOUT = 120.0  # Seconds; recovery after a crash may have much to replay.
LOG_LIMIT = 5_000_000  # Bytes after which a start puts the log aside.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # A statement's values may be somebody's question.
}


def database_url(data_dir: Path) -> str:
    """The address of the server that runs in this data folder; RuntimeError in one line when none does."""
    file = data_dir / "database_url"
    try:
        url = file.read_text().strip()
    except FileNotFoundError:
        raise RuntimeError(
            f"No database runs in {data_dir}: start it with ./run, or set DATABASE_URL."
        ) from None
    except OSError as error:
        raise RuntimeError(
            f"The address of the database in {file} cannot be read: {error.strerror}."
        ) from None
    folder = unquote(urlsplit(url).netloc.rpartition("@")[2].rpartition(":")[0])
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(f"{folder}/.s.PGSQL.{PORT}")
        except OSError:
            raise RuntimeError(
                f"The database in {data_dir} does not run any more: start ./run, or set DATABASE_URL."
            ) from None
    return url


class Server:
    """One PostgreSQL server, our child process. Use it from one thread: the main thread."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = Cluster(self.data_dir)
        self.url = ""
        self._address_file = self.data_dir / "database_url"
        self._account: Account | None = None
        self._socket_folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> str:
        """Make the cluster if needed, start the server and wait until it answers; returns its URL.

        A server that another launcher left behind is stopped first. `give_up` is asked while waiting.
        Raises Refusal, with one clear line, when the server cannot run.
        """
        self._account = account_for(self.cluster.folder)
        self._programs = reachable_programs(wheel_programs(), self._account)
        self._end_leftovers()
        password = self.cluster.prepare(self._programs, self._account)
        self._socket_folder = self._make_socket_folder()
        self.url = (
            f"postgresql://{ROLE}:{password}@{quote(str(self._socket_folder), safe='')}:{PORT}/{DATABASE}"
        )
        self._launch(give_up)
        write_private(self._address_file, self.url)
        return self.url

    @property
    def pid(self) -> int | None:
        """The process number of the running server, if it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def restart(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """After the server died: end what is left of it and start it at the same address."""
        self._end_leftovers()
        self._launch(give_up)

    def stop(self, *, deadline: float) -> None:
        """Shut down: fast (a clean end of every session), and half a second before the deadline at once.

        deadline is on time.monotonic(). Nothing of the server is left afterwards.
        """
        self._address_file.unlink(missing_ok=True)
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGINT)
                if not wait_until(self._ended, deadline - 0.5):
                    self._process.send_signal(signal.SIGQUIT)
                    if not wait_until(self._ended, deadline):
                        self._process.kill()
            self._process.wait()
            self._end_leftovers()
        self._drop_socket_folder()

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _launch(self, give_up: Callable[[], bool]) -> None:
        log = self.cluster.log
        if log.is_file() and log.stat().st_size > LOG_LIMIT:
            log.rename(log.with_suffix(".log.1"))
        log.touch(mode=0o600)
        with place(self.cluster.folder, self._account) as where, log.open("ab") as output:
            beginning = output.tell()
            options = {**SETTINGS, "unix_socket_directories": str(self._socket_folder)}
            self._process = subprocess.Popen(
                [
                    self._programs["postgres"],
                    "-D",
                    where.path,
                    *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=where.pass_fds,
                start_new_session=True,  # Ctrl-C in the terminal goes to the launcher alone.
                preexec_fn=dies_with_us(signal.SIGINT),  # A fast shutdown.
                **(self._account.popen if self._account else {}),
            )
        wait_until(lambda: self._ready() or self._ended() or give_up(), time.monotonic() + START_TIMEOUT)
        if not self._ready() and not give_up():
            self._process.kill()
            self._process.wait()
            raise Refusal(f"PostgreSQL did not start: {self._last_words(beginning)} ({log} has the rest).")

    def _ready(self) -> bool:
        """Whether the server says in its pid file that it takes connections (what pg_ctl looks at, too)."""
        if self._process is None or self._ended():
            return False
        try:
            lines = (self.cluster.folder / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready"

    def _last_words(self, beginning: int) -> str:
        with self.cluster.log.open("rb") as opened:
            opened.seek(beginning)
            lines = [line for line in opened.read().decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if "FATAL" in line] or lines[-1:] or ["it said nothing"]
        return telling[0].split("FATAL: ")[-1].strip()

    def _make_socket_folder(self) -> Path:
        """A private folder the server's account reaches, with a name short enough for a socket."""
        self._drop_socket_folder()
        folder = self.data_dir / "socket"
        short = len(os.fsencode(f"{folder}/.s.PGSQL.{PORT}.lock")) < SOCKET_PATH_LIMIT
        if short and (self._account is None or self._account.reaches(self.data_dir)):
            folder.mkdir(mode=0o700)
        else:
            outside = Path(tempfile.mkdtemp(prefix="conference-"))
            if len(os.fsencode(outside)) > SOCKET_PATH_LIMIT - 25 or (
                self._account and not self._account.reaches(outside.parent)
            ):
                outside.rmdir()
                outside = Path(tempfile.mkdtemp(prefix="conference-", dir="/tmp"))
            # Remembered, so that the next start removes it when we are killed before we can.
            folder.symlink_to(outside)
            folder = outside
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
        return folder

    def _drop_socket_folder(self) -> None:
        folder = self.data_dir / "socket"
        if folder.is_symlink():
            shutil.rmtree(folder.resolve(), ignore_errors=True)
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)

    def _end_leftovers(self) -> None:
        """End every process that still works in the cluster, and drop its pid file.

        Called while we hold the data folder's lock and our own server is not running. A whole server of a
        launcher that was killed is asked to shut down; the processes of a server that was killed hold its
        shared memory, and nothing they did after its death counts, so they are killed.
        """
        if not self.cluster.folder.is_dir():
            return
        pid_file = self.cluster.folder / "postmaster.pid"
        try:
            postmaster = int(pid_file.read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            postmaster = 0
        if postmaster in self._workers(postmaster):
            for number, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 2.0)):
                _signal(postmaster, number)
                if wait_until(
                    lambda: postmaster not in self._workers(postmaster), time.monotonic() + seconds
                ):
                    break
        for worker in self._workers(postmaster):
            _signal(worker, signal.SIGKILL)
        wait_until(lambda: not self._workers(postmaster), time.monotonic() + 2)
        # Otherwise a process that was given the same number since would keep the server from starting.
        pid_file.unlink(missing_ok=True)

    def _workers(self, postmaster: int) -> set[int]:
        """The processes whose working folder is the cluster (that is where all of PostgreSQL's work)."""
        if not Path("/proc/self/cwd").exists():
            words = subprocess.run(
                ["ps", "-o", "comm=", "-p", str(postmaster)], capture_output=True, text=True, check=False
            )
            return {postmaster} if postmaster and "postgres" in words.stdout else set()
        # As the server's account: in a container root may not look at another account's processes.
        script = 'for p in /proc/[0-9]*; do if [ "$p/cwd" -ef "$1" ]; then echo "${p#/proc/}"; fi; done'
        with place(self.cluster.folder, self._account) as where:
            found = subprocess.run(
                ["/bin/sh", "-c", script, "sh", where.path],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
                pass_fds=where.pass_fds,
                **(self._account.popen if self._account else {}),
            )
        # The process that looked had the folder open, but works in /.
        return {int(pid) for pid in found.stdout.split()}


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # It ended by itself meanwhile.
