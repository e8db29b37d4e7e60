"""Starting the servers that are measured, and reading what they use."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ("uvicorn", "granian")


def installed(server: str) -> bool:
    """Whether the environment has it; granian is no dependency of the product."""
    return importlib.util.find_spec(server) is not None


@contextmanager
def serving(server: str, name: str) -> Iterator[tuple[int, int]]:
    """Serve `bench.sites:name` in one process; gives its port and the process that does the work."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", server]
    if server == "uvicorn":
        command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
        command += ["--backlog", "4096", "--no-server-header"]
    else:
        command += [
            "--interface",
            "asgi",
            "--loop",
            "uvloop",
            "--no-ws",
            "--workers",
            "1",
            "--log-level",
            "error",
        ]
        command += ["--backlog", "4096", "--backpressure", "20000"]
    command += ["--host", "127.0.0.1", "--port", str(port), f"bench.sites:{name}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait_for(port)
        yield port, _worker(process.pid)
    finally:
        # granian does not end on SIGTERM while threads of the bridge are there.
        os.killpg(process.pid, 9)
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            time.sleep(0.3)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _worker(pid: int) -> int:
    """granian works in a child of the process that was started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else pid


def memory_kb(pid: int) -> int:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError(f"no VmRSS for {pid}")


def others_busy(seconds: float = 1.0) -> float:
    """How many cores others keep busy just now: a figure taken beside them is worth less."""

    def busy() -> float:
        fields = [int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")

    before = busy()
    time.sleep(seconds)
    return (busy() - before) / seconds
