"""What the launcher says: steps with their time, and refusals in one clear line."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Refusal(Exception):
    """Something outside of us is not as it has to be; its text is one line that says what, for a person."""


class _Line:
    """Whether a step's line stands open on the terminal, waiting for its time."""

    open = False


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show that something that takes a while has begun, then how long it took: `Migrating … 0.8 s`."""
    started = time.monotonic()
    _write(f"{text} … ", sys.stdout)
    _Line.open = True
    try:
        yield
    except BaseException:
        _close_line()
        raise
    # Something else was said meanwhile: the time alone would say nothing.
    again = "" if _Line.open else f"{text} … "
    _Line.open = False
    _write(f"{again}{time.monotonic() - started:.1f} s\n", sys.stdout)


def say(text: str) -> None:
    """One line on standard output, at once."""
    _close_line()
    _write(f"{text}\n", sys.stdout)


def complain(text: str) -> None:
    """One line on standard error, at once."""
    _close_line()
    _write(f"{text}\n", sys.stderr)


def _close_line() -> None:
    if _Line.open:
        _Line.open = False
        _write("\n", sys.stdout)


def _write(text: str, stream: TextIO) -> None:
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # The terminal is gone (a hang-up is one of the signals that stop us): what we do must not depend on
        # anybody reading about it.
        return
