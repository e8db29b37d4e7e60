"""Folders, ports and processes for tests that start servers of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conference.operate.postgres import Server

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder that PostgreSQL's account can reach (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="conference-operate-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(data_dir: Path) -> Iterator[Server]:
    """A running embedded PostgreSQL."""
    server = Server(data_dir)
    server.start()
    yield server
    server.stop(deadline=time.monotonic() + 5)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def plain_environment() -> dict[str, str]:
    """Our environment without what settings and launcher read."""
    ours = (
        "DATABASE_URL",
        "LISTEN_DATABASE_URL",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "TRUSTED_PROXIES",
    )
    ours += ("EMAIL_URL", "HOST", "PORT", "WORKERS", "DATA_DIR", "RATE_LIMITS")
    ours += ("DJANGO_SETTINGS_MODULE",)
    return {name: value for name, value in os.environ.items() if name not in ours} | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def launch(plain_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the launcher with arguments (and environment) and wait for its end."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "conference.operate.launch", *arguments],
            env=plain_environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def ended(pid: int) -> bool:
    """Whether a process is gone (a zombie is)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def kill(pid: int | None) -> None:
    """SIGKILL."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
