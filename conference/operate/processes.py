"""Child processes that never outlive us, and waiting for them with a deadline."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_us(signal_number: int) -> Callable[[], None] | None:
    """A `preexec_fn` by which the kernel sends the child this signal when we end, even killed (Linux only).

    The signal comes when the *thread* that made the child ends: call Popen from the main thread.
    """
    if _libc is None:
        return None
    us = os.getpid()

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != us:  # We ended between fork and prctl.
            os._exit(1)

    return before_exec


def wait_until(condition: Callable[[], bool], deadline: float) -> bool:
    """Wait until condition holds or time.monotonic() reaches the deadline; whether it held."""
    while not condition():
        if time.monotonic() >= deadline:
            return condition()
        time.sleep(0.02)
    return True


def end_all(children: Iterable[subprocess.Popen[bytes]], *, deadline: float) -> bool:
    """Ask children with SIGTERM to end, kill what has not by the deadline; whether all obeyed.

    Each child must be the leader of its own session (start_new_session=True).
    """
    children = list(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    obeyed = wait_until(lambda: all(child.poll() is not None for child in children), deadline)
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return obeyed


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into a request to stop that the main loop looks at."""

    def __init__(self) -> None:
        self.requests = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # As nohup sets it.
            signal.signal(signal.SIGHUP, self._asked)

    def _asked(self, number: int, frame: object) -> None:
        self.requests += 1

    @property
    def stopping(self) -> bool:
        """Whether somebody asked us to stop."""
        return self.requests > 0
