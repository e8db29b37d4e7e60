"""What features tell the live part in `AppConfig.ready()`: pages it may keep, fragments, jobs, boundaries."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from conference.live.topics import HALL, PUBLIC

# (conference's slug, the event's subject, audience) -> path without language prefix
FragmentAddress = Callable[[str, str, str], str]
# conference's id -> wall time (UTC) at which its pages change by themselves, or None
Boundary = Callable[[int], datetime | None]


@dataclass(frozen=True)
class CachedRoute:
    """Pages that are the same bytes for everyone in an audience.

    `pattern` is matched against the whole path without its language prefix. Of the query only `params` reach
    the view; all others are dropped before the page is looked up or rendered. A hall route starts with the
    conference's slug and `/hall/`.
    """

    pattern: str
    params: frozenset[str] = frozenset()
    audience: str = PUBLIC
    regex: re.Pattern[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.audience not in (PUBLIC, HALL):
            raise ValueError(f"pages of {self.audience!r} are not kept")
        # Frozen: this is the one place that may set it.
        object.__setattr__(self, "regex", re.compile(self.pattern))


@dataclass(frozen=True)
class Job:
    """Something done every `seconds` in a thread of every process."""

    name: str
    seconds: float
    function: Callable[[], None]


@dataclass(frozen=True)
class UploadRoute:
    """An address (without its language prefix) that takes larger bodies than others: a file."""

    regex: re.Pattern[str]
    most_bytes: int


@dataclass
class Registry:
    """Everything that was registered. One per process (`registered`); tests make their own."""

    pages: list[CachedRoute] = field(default_factory=list)
    fragments: dict[str, FragmentAddress] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    boundaries: list[Boundary] = field(default_factory=list)
    uploads: list[UploadRoute] = field(default_factory=list)


registered = Registry()


def register_pages(routes: Iterable[CachedRoute]) -> None:
    """Let the front keep these pages and answer from memory."""
    registered.pages.extend(routes)


def register_fragment(kind: str, address: FragmentAddress) -> None:
    """Send the bytes at `address` with events of `kind`; a page there must be registered too.

    When it answers 404 the streams get `gone` with the subject instead.
    """
    if kind in registered.fragments:
        raise ValueError(f"events of kind {kind!r} have a fragment already")
    registered.fragments[kind] = address


def register_job(name: str, seconds: float, function: Callable[[], None]) -> None:
    """Call `function` every `seconds` in every process; where one is enough it takes an advisory lock."""
    registered.jobs.append(Job(name, seconds, function))


def register_boundary(function: Boundary) -> None:
    """Send `agenda` to a conference's streams at the moment that `function` names for it."""
    registered.boundaries.append(function)


def register_upload(pattern: str, most_bytes: int) -> None:
    """Let bodies of up to `most_bytes` through to addresses that match `pattern`.

    Where a body is larger, the address is asked by GET with the header X-Front-Too-Large, and its page is the refusal.
    """
    registered.uploads.append(UploadRoute(re.compile(pattern), most_bytes))
