"""What the launcher says: steps with their time, and refusals in one clear line."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """Something outside of us is not as it has to be; its text is one line that says what, for a person."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show that something that takes a while has begun, then how long it took: `Migrating … 0.8 s`."""
    started = time.monotonic()
    print(f"{text} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def say(text: str) -> None:
    """One line on standard output, at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    """One line on standard error, at once."""
    print(text, file=sys.stderr, flush=True)
