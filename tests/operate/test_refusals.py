"""What is not as it has to be is said in one line, with exit code 2 and no traceback."""

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conference.operate import checks
from conference.operate.words import Refusal
from tests.operate.conftest import ROOT

Launch = Callable[..., subprocess.CompletedProcess[str]]


def refused(done: subprocess.CompletedProcess[str], *, word: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_taken_port(launch: Launch, data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(launch("--port", port, "--data", str(data_dir)), word=f"Port {port} is taken")


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "٣"])
def test_no_port_at_all(launch: Launch, data_dir: Path, port: str) -> None:
    refused(launch(f"--port={port}", "--data", str(data_dir)), word="The port must be a number")


def test_a_host_that_is_not_here(launch: Launch, data_dir: Path, free_port: int) -> None:
    done = launch("--host", "192.0.2.7", "--port", str(free_port), "--data", str(data_dir))
    refused(done, word="Cannot listen on 192.0.2.7")


def test_a_data_folder_that_is_a_file(launch: Launch, data_dir: Path) -> None:
    (data_dir / "file").write_text("")
    refused(launch("--data", str(data_dir / "file")), word="is a file")
    refused(launch("--data", str(data_dir / "file" / "below")), word="cannot be written to")


def test_a_data_folder_that_cannot_be_written(launch: Launch) -> None:
    # Not even root writes here.
    refused(launch("--data", "/proc/conference"), word="cannot be written to")


def test_a_second_run_on_the_same_data(launch: Launch, data_dir: Path) -> None:
    with checks.lock(data_dir):
        done = launch("--data", str(data_dir))
        refused(done, word="Another ./run (process ")
    checks.lock(data_dir).close()


def test_a_paper_that_is_not_there(launch: Launch, data_dir: Path) -> None:
    refused(launch("--data", str(data_dir), "--paper", str(data_dir / "none.md")), word="No such file")
    refused(launch("--data", str(data_dir), "--paper", str(data_dir)), word="is a folder")


def test_a_database_that_cannot_be_reached(launch: Launch, data_dir: Path, free_port: int) -> None:
    url = "postgres://someone:hidden-word@127.0.0.1:1/none"
    done = launch("--port", str(free_port), "--data", str(data_dir), DATABASE_URL=url)
    refused(done, word="cannot be reached")
    assert "hidden-word" not in done.stdout + done.stderr


def test_a_database_of_another_kind(launch: Launch, data_dir: Path, free_port: int) -> None:
    done = launch("--port", str(free_port), "--data", str(data_dir), DATABASE_URL="mysql://somewhere/x")
    refused(done, word="must begin with postgres://")


def test_unknown_arguments_and_workers(launch: Launch, data_dir: Path) -> None:
    refused(launch("--nonsense"), word="--nonsense")
    refused(launch("--data", str(data_dir), WORKERS="many"), word="WORKERS")


def test_too_old_a_python(tmp_path: Path) -> None:
    """`run` in a checkout without an environment, where every python3 says that it is too old."""
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        stand_in = tmp_path / "bin" / name
        stand_in.parent.mkdir(exist_ok=True)
        stand_in.write_text('#!/bin/sh\ncase "$*" in *version_info*) exit 1;; *) echo "found 3.9.2";; esac\n')
        stand_in.chmod(0o755)
    checkout = tmp_path / "checkout"
    (checkout / "conference/operate").mkdir(parents=True)
    for file in ("run", "requirements.txt", "conference/operate/setup.sh"):
        (checkout / file).write_bytes((ROOT / file).read_bytes())
    done = subprocess.run(
        ["/bin/sh", str(checkout / "run")],
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    refused(done, word="Python 3.11 or newer is needed (found 3.9.2)")
    assert not (checkout / ".venv").exists()


def test_numbers_are_plain_digits() -> None:
    assert checks.number("8000", "The port", least=1, most=65535) == 8000
    with pytest.raises(Refusal):
        checks.number("8_000", "The port", least=1, most=65535)
