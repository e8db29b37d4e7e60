"""Moments at which pages change by themselves: each process announces them to its own streams."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from django.utils import timezone

from conference.live.knowledge import Knowledge
from conference.live.registry import Boundary
from conference.live.topics import CONFERENCES, agenda_topic

logger = logging.getLogger(__name__)

# Looked at anew at least so often: the wall clock may have been set.
LONGEST_SLEEP = 30.0
PAUSE_AFTER_ERROR = 5.0
# A little after the boundary, so that the view that renders the fragment is past it too.
MARGIN_SECONDS = 0.02


class Boundaries:
    """Waits for the next boundary of every conference that has streams here."""

    def __init__(
        self,
        knowledge: Knowledge,
        functions: list[Boundary],
        in_thread: Callable[[Callable[[], datetime | None]], Awaitable[datetime | None]],
        announce: Callable[[int], Awaitable[None]],
    ) -> None:
        self._functions = functions
        self._in_thread = in_thread
        self._announce = announce
        self._waiting: dict[int, asyncio.Task[None]] = {}
        self._changed: dict[int, asyncio.Event] = {}
        knowledge.watchers.append(self._moved)

    def watch(self, conference_id: int, opened: bool) -> None:
        """A conference's first stream was opened, or its last one ended."""
        if opened and self._functions:
            self._changed[conference_id] = asyncio.Event()
            self._waiting[conference_id] = asyncio.get_running_loop().create_task(self._wait(conference_id))
        elif not opened and conference_id in self._waiting:
            self._waiting.pop(conference_id).cancel()
            del self._changed[conference_id]

    def _moved(self, topic: str, revision: int) -> None:
        for conference_id, changed in self._changed.items():
            if topic in (agenda_topic(conference_id), CONFERENCES):
                changed.set()

    async def _wait(self, conference_id: int) -> None:
        changed = self._changed[conference_id]
        while True:
            changed.clear()
            try:
                boundary = await self._in_thread(lambda: self._next(conference_id))
            except Exception:
                logger.exception("The next boundary of conference %s could not be computed.", conference_id)
                await asyncio.sleep(PAUSE_AFTER_ERROR)
                continue
            left = LONGEST_SLEEP
            if boundary is not None:
                left = max(0.0, (boundary - timezone.now()).total_seconds() + MARGIN_SECONDS)
            try:
                await asyncio.wait_for(changed.wait(), min(left, LONGEST_SLEEP))
            except TimeoutError:
                if boundary is not None and timezone.now() >= boundary:
                    await self._announce(conference_id)

    def _next(self, conference_id: int) -> datetime | None:
        moments = [function(conference_id) for function in self._functions]
        return min((moment for moment in moments if moment is not None), default=None)
