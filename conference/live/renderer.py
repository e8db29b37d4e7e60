"""Pages from memory where that is right, from Django where it is not, and the last ones while the database is away."""

import asyncio
from dataclasses import dataclass
from typing import Any

from conference.live.asgi_types import App
from conference.live.knowledge import Knowledge
from conference.live.pages import Answer, Page, Shelf, ask
from conference.live.topics import CONFERENCES, PUBLIC

# How old the last public bytes may be that are sent while the database is away.
LAST_RESORT_SECONDS = 600.0
# With the lease lost and something to fall back on, a silent database is not waited for longer than this.
SHORT_PATIENCE = 2.0
LONG_PATIENCE = 20.0
# Pause between attempts while the database is away: each may hold a thread until the pool gives up.
PROBE_SECONDS = 1.0
# Smaller answers are made ready in the event loop; a change of threads would cost more.
SMALL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be had: under which key it is kept, and how Django is asked for it."""

    key: str
    audience: str
    scope: dict[str, Any]


class Renderer:
    """The page cache and everything that decides whether it may be used."""

    def __init__(self, django: App, knowledge: Knowledge, shelf: Shelf) -> None:
        self.shelf = shelf
        self._django = django
        self._knowledge = knowledge
        self._flights: dict[str, asyncio.Task[Page]] = {}
        self._forgotten_at = float("-inf")
        self._conferences = 0
        self._away = False
        self._next_probe = float("-inf")
        self._probing = False
        knowledge.watchers.append(self._moved)
        knowledge.on_rewind.append(self.forget)

    def fresh(self, key: str) -> Page | None:
        """The page under `key` if this process can vouch for it now."""
        page = self.shelf.get(key)
        return page if page is not None and self._good(page) else None

    async def page(self, wanted: Wanted) -> Page:
        """A page that is at least as new as everything this process knew when it was asked.

        While the database is away: the last public page of the last ten minutes; a page with `away` set
        (status 503) where there is none or the audience is not the public.
        """
        page = self.fresh(wanted.key)
        if page is not None:
            return page
        if self._believed_away():
            return self._last(wanted) or unavailable()
        vouched = self._knowledge.vouches()
        probe = self._away and not vouched
        self._probing = self._probing or probe
        last = None if vouched else self._last(wanted)
        try:
            page = await self._rendered(wanted, LONG_PATIENCE if last is None else SHORT_PATIENCE)
        except TimeoutError:
            page = unavailable()
        finally:
            if probe:
                self._probing = False
        self.noticed(away=page.away)
        return self._last(wanted) or page if page.away else page

    def noticed(self, *, away: bool) -> None:
        """Django has just reached the database, or has not."""
        self._away = away
        if away:
            self._next_probe = self._knowledge.clock() + PROBE_SECONDS

    def forget(self) -> None:
        """Drop every page, also as a last resort, and what is being rendered now."""
        self.shelf.clear()
        self._forgotten_at = self._knowledge.clock()
        self._flights.clear()

    def _good(self, page: Page) -> bool:
        now = self._knowledge.clock()
        return (
            page.keep
            and now < page.deadline
            and now < self._knowledge.good_until
            and self._knowledge.holds(page.revisions)
        )

    def _believed_away(self) -> bool:
        """Whether asking Django now would only hold another thread."""
        if not self._away or self._knowledge.vouches():
            return False
        return self._probing or self._knowledge.clock() < self._next_probe

    def _last(self, wanted: Wanted) -> Page | None:
        page = self.shelf.get(wanted.key) if wanted.audience == PUBLIC else None
        if page is None or self._knowledge.clock() - page.made > LAST_RESORT_SECONDS:
            return None
        return page

    async def _rendered(self, wanted: Wanted, patience: float) -> Page:
        """Ask Django, once for all who wait for the same page.

        Whoever joins a rendering that had begun already takes its page only if nothing newer is known by
        then; otherwise the next one, which began after they came, is theirs whatever happens meanwhile.
        """
        flight = self._flights.get(wanted.key)
        if flight is not None:
            page = await self._wait(wanted.key, flight, patience)
            if self._good(page) and page.made > self._forgotten_at:
                return page
            flight = self._flights.get(wanted.key)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(self._render(wanted))
            self._flights[wanted.key] = flight
        return await self._wait(wanted.key, flight, patience)

    async def _wait(self, key: str, flight: asyncio.Task[Page], patience: float) -> Page:
        try:
            # Shielded: the one who asked first may hang up while others wait.
            return await asyncio.wait_for(asyncio.shield(flight), patience)
        except TimeoutError:
            # A rendering that hangs must not hold up those who come later.
            self._land(key, flight)
            raise

    def _land(self, key: str, flight: asyncio.Task[Page] | None) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _render(self, wanted: Wanted) -> Page:
        asked = self._knowledge.clock()
        try:
            answer = await ask(self._django, wanted.scope)
            if len(answer.body) < SMALL_BYTES:
                page = Page(answer, audience=wanted.audience, asked=asked)
            else:
                page = await asyncio.to_thread(Page, answer, audience=wanted.audience, asked=asked)
        finally:
            self._land(wanted.key, asyncio.current_task())
        self._keep(wanted.key, page)
        return page

    def _keep(self, key: str, page: Page) -> None:
        if page.away or page.made <= self._forgotten_at:
            return
        if not page.keep:
            # What is no longer there for this audience is no last resort either.
            self.shelf.drop(key)
            return
        before = self.shelf.get(key)
        if before is None or before.made <= page.made:
            self.shelf.put(key, page)

    def _moved(self, topic: str, revision: int) -> None:
        if topic == CONFERENCES and revision != self._conferences:
            self._conferences = revision
            self.forget()


def unavailable() -> Page:
    """What is said when there is nothing else to send."""
    text = b"The database cannot be reached at the moment. Please try again in a minute.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"5")]
    return Page(Answer(503, headers, text, None, None, away=True), audience=PUBLIC, asked=0.0)
