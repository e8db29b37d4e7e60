"""Install a lock file into the running environment with pip, showing how far it is.

Run by setup.sh with the environment's Python, before anything is installed: standard library only.
"""

import ctypes
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """On Linux, have this process end when the shell (or, in pip's process, this script) was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def count_packages(lock: str) -> int:
    """How many packages the text of a lock file names for this platform, as far as progress needs to know."""
    lines = re.findall(r"^[A-Za-z0-9][^\n]*==[^\n]*", lock, re.MULTILINE)
    return sum(1 for line in lines if "sys_platform == 'win32'" not in line)


class Progress:
    """One line that is rewritten on a terminal; a new line every five seconds elsewhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.started = self.shown = time.monotonic()
        self.terminal = sys.stdout.isatty()

    def show(self, text: str, *, last: bool = False) -> None:
        """Show text, if it is time to."""
        now = time.monotonic()
        if self.terminal:
            print(f"\r\x1b[K{text}", end="\n" if last else "", flush=True)
        elif last or now - self.shown > 5:
            self.shown = now
            print(text, flush=True)


def install(lock: Path) -> int:
    """Install what the lock file names; returns pip's exit code, and shows its words when it failed."""
    progress = Progress(count_packages(lock.read_text()))
    print(f"Installing {progress.total} packages …", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command += ["--progress-bar", "off", "--disable-pip-version-check", "--root-user-action", "ignore"]
    pip = subprocess.Popen(
        [*command, "-r", str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=_end_with_parent,
    )
    assert pip.stdout is not None
    words: list[str] = []
    done = 0
    for line in pip.stdout:
        words.append(line)
        if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line):
            done += 1
            progress.show(f"  {min(done, progress.total)} of {progress.total}: {found[1]}")
        elif line.startswith("Installing collected packages"):
            progress.show("  Unpacking …")
    code = pip.wait()
    if code:
        progress.show("".join(words[-15:]).rstrip(), last=True)
        print(f"pip could not install {lock.name} (its last words are above).", file=sys.stderr)
    else:
        progress.show(f"  Installed in {time.monotonic() - progress.started:.0f} s.", last=True)
    return code


if __name__ == "__main__":
    _end_with_parent()
    sys.exit(install(Path(sys.argv[1])))
