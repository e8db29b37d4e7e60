"""./run as a person meets it: a fresh clone, an empty data folder, one command."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conference.operate.processes import wait_until
from tests.operate.conftest import ROOT

FIRST_START = 400  # Seconds: the packages may have to be fetched.
LATER_START = 30

pytestmark = pytest.mark.slow


class Run:
    """A ./run in the background."""

    def __init__(self, clone: Path, environment: dict[str, str], *arguments: str) -> None:
        self.output = clone / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [str(clone / "run"), *arguments],
                env=environment,
                cwd="/",  # From any folder.
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def ready(self, seconds: float) -> str:
        """Wait until it says how to stop it; what it said until then."""
        came = wait_until(
            lambda: "Ctrl-C stops it" in self.said() or self.process.poll() is not None,
            time.monotonic() + seconds,
        )
        assert came, self.said()
        assert self.process.poll() is None, self.said()
        return self.said()

    def stop(self, number: int) -> float:
        """Send a signal and wait for the end; how long it took, in seconds."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(timeout=10) == 0, self.said()
        return time.monotonic() - began


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    """A fresh clone of what is committed, in a folder that is closed to others, as root's home is."""
    folder = Path(tempfile.mkdtemp(prefix="conference-clone-"))
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "checkout")], check=True)
    yield folder / "checkout"
    shutil.rmtree(folder)


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def posts_on_the_board(port: int) -> set[bytes]:
    return set(re.findall(rb'data-post="(\w+)"', get(port, "/prague-2013/board/")[1]))


def processes_of(clone: Path) -> list[str]:
    """Command lines of processes that run from the clone or work in its data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if str(clone) in command or where.startswith(str(clone)):
            found.append(command)
    return found


def test_from_a_fresh_clone_to_served_pages_and_back(
    clone: Path, free_port: int, plain_environment: dict[str, str]
) -> None:
    environment = plain_environment | {"PYTHON": sys.executable}
    environment.pop("PYTHONPATH")
    arguments = ("--port", str(free_port))

    run = Run(clone, environment, *arguments)
    try:
        said = run.ready(FIRST_START)
        assert f"http://localhost:{free_port}\n" in said
        links = re.findall(rf"http://localhost:{free_port}(/\S+)", said)
        assert len(set(links)) == 3, said
        assert get(free_port, "/")[0] == 200
        assert get(free_port, "/prague-2013/")[0] == 200
        assert [get(free_port, link)[0] for link in links] == [200, 200, 200]

        posts = posts_on_the_board(free_port)
        assert posts
        manage = [str(clone / ".venv/bin/python"), str(clone / "manage.py"), "shell", "-c"]
        count = "from conference.models import Conference; print('conferences:', Conference.objects.count())"
        found = subprocess.run(
            [*manage, count], env=environment, cwd=clone, capture_output=True, text=True, check=True
        )
        assert "conferences: 1" in found.stdout

        # An open stream must not hold up the end.
        with socket.create_connection(("localhost", free_port)) as stream:
            stream.sendall(b"GET /prague-2013/live/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"text/event-stream" in stream.recv(4096)
            assert run.stop(signal.SIGTERM) < 5
        assert processes_of(clone) == []
    finally:
        run.process.kill()

    again = Run(clone, environment, *arguments)
    try:
        said = again.ready(LATER_START)
        assert "Installing" not in said
        assert "Loading the demonstration" not in said
        assert posts_on_the_board(free_port) == posts
        assert again.stop(signal.SIGINT) < 5
        assert processes_of(clone) == []
    finally:
        again.process.kill()


def test_a_half_made_environment_is_made_again(data_dir: Path, plain_environment: dict[str, str]) -> None:
    """The shell part alone, with a stand-in for what it starts."""
    checkout = data_dir / "checkout"
    (checkout / "conference/operate").mkdir(parents=True)
    for file in ("run", "conference/operate/setup.sh", "conference/operate/install.py"):
        shutil.copy(ROOT / file, checkout / file)
    (checkout / "requirements.txt").write_text("# nothing\n")
    (checkout / "conference/operate/launch.py").write_text("print('launched')\n")
    environment = plain_environment | {"PYTHON": sys.executable}

    def run() -> str:
        done = subprocess.run(
            [str(checkout / "run")], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Making the environment" in run()
    assert run() == "launched\n"
    (checkout / ".venv/.unfinished").touch()
    assert "is not whole; making it again" in run()
    (checkout / ".venv/bin/python").unlink()
    assert "is not whole; making it again" in run()
    (checkout / "requirements.txt").write_text("# nothing, but newly locked\n")
    said = run()
    assert "Installing" in said
    assert "Making" not in said

    # Through a link, and two at once.
    link = data_dir / "link-to-run"
    link.symlink_to(checkout / "run")
    shutil.rmtree(checkout / ".venv")
    both = [
        subprocess.Popen([str(link)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    outputs = [process.communicate()[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sum("Making the environment" in output for output in outputs) == 1, outputs
    assert all(output.endswith("launched\n") for output in outputs)
