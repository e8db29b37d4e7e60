"""Which addresses the front answers itself: an allow-list, and one key for all spellings of an address."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from conference.live.registry import CachedRoute
from conference.live.topics import DESK, HALL, PUBLIC

LONGEST_QUERY = 200
REMEMBERED = 4096
# Which streams an address carries, and whether Django is asked every time if these cookies open it: a room's chair
# hears what the desk hears, its screen what the hall hears, by private link.
STREAMS = (
    (re.compile(r"/[a-z0-9-]+/live/"), PUBLIC, False),
    (re.compile(r"/[a-z0-9-]+/hall/live/"), HALL, False),
    (re.compile(r"/[a-z0-9-]+/moderate/live/"), DESK, True),
    (re.compile(r"/[a-z0-9-]+/stage/[a-z0-9-]+/live/"), DESK, True),
    (re.compile(r"/[a-z0-9-]+/screen/[a-z0-9-]+/live/"), HALL, True),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the front's. `path` has its language's prefix; `query` holds allowed parameters only."""

    path: str
    query: bytes
    audience: str
    language: str
    slug: str
    stream: bool
    # Where Django says whether the browser's cookies open this stream; empty when the audience alone decides.
    asked: str = ""

    @property
    def key(self) -> str:
        """The same for every spelling of this address, and for nothing else."""
        return f"{self.path}?{self.query.decode()}" if self.query else self.path


class Places:
    """Finds the Place of a request, remembering what it found."""

    def __init__(
        self, routes: Iterable[CachedRoute], languages: Sequence[str], default_language: str
    ) -> None:
        """`languages` are those whose pages lie under their own prefix."""
        self._routes = list(routes)
        self._languages = frozenset(languages)
        self._default = default_language
        self._remembered: dict[tuple[str, bytes], tuple[str, Place]] = {}

    def find(self, path: str, query: bytes) -> tuple[str, Place] | None:
        """The key and the place of a path and a raw query; None when the front knows no such address."""
        found = self._remembered.get((path, query))
        if found is not None:
            return found
        place = self._look(path, query)
        if place is None:
            return None
        found = (place.key, place)
        if len(path) + len(query) < 2 * LONGEST_QUERY:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[path, query] = found
        return found

    def _look(self, path: str, query: bytes) -> Place | None:
        language, bare = self._default, path
        first = path[1:].partition("/")[0]
        if first in self._languages:
            language, bare = first, path[len(first) + 1 :]
        slug = bare[1:].partition("/")[0]
        for pattern, audience, is_asked in STREAMS:
            if pattern.fullmatch(bare):
                return Place(path, b"", audience, language, slug, stream=True, asked=bare if is_asked else "")
        for route in self._routes:
            if route.regex.fullmatch(bare):
                allowed = _allowed_query(query, route.params)
                if allowed is None:
                    return None
                return Place(path, allowed, route.audience, language, slug, stream=False)
        return None


def _allowed_query(query: bytes, params: frozenset[str]) -> bytes | None:
    """The allowed parameters in one order, the last value of each; None when they are too long to be kept."""
    if not query or not params:
        return b""
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    chosen = {name: value for name, value in pairs if name in params}
    allowed = urlencode(sorted(chosen.items())).encode()
    return allowed if len(allowed) <= LONGEST_QUERY else None
