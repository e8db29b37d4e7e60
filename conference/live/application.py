"""Everything of the live part put together: one of these per web process."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from conference.live.asgi_types import App, Receive, Scope, Send
from conference.live.boundaries import Boundaries
from conference.live.bridge import Bridge
from conference.live.front import Front, FrontSettings
from conference.live.jobs import Worker, repeat
from conference.live.knowledge import Knowledge
from conference.live.listener import Listener
from conference.live.registry import Registry

logger = logging.getLogger(__name__)


class Application:
    """The ASGI application of a web process: the front, the listener, the jobs and the boundaries."""

    def __init__(
        self, django: App | Bridge, *, listen_url: str, registry: Registry, settings: FrontSettings
    ) -> None:
        self.knowledge = Knowledge()
        self.listener = Listener(listen_url, self.knowledge)
        self.front = Front(
            django, knowledge=self.knowledge, events=self.listener, registry=registry, settings=settings
        )
        self._django = django
        self._registry = registry
        self._worker = Worker()
        self._boundaries = Boundaries(
            self.knowledge, registry.boundaries, self._worker.do, self._boundary_reached
        )
        self.front.hub.on_conference = self._boundaries.watch
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.front(scope, receive, send)

    def close(self) -> None:
        """End all streams at once and open no more; requests go on. Called first when the process is to
        end.
        """
        self.front.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._start(self.listener.run())
        self._start(self.front.hub.keep_alive())
        for job in self._registry.jobs:
            self._start(repeat(job, self._worker))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._worker.close()
        if isinstance(self._django, Bridge):
            self._django.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """None of these ends by itself: when one does, the log must say so."""
        self._tasks.discard(task)
        if not task.cancelled():
            logger.error("A background task ended.", exc_info=task.exception())

    async def _boundary_reached(self, conference_id: int) -> None:
        await self.front.hub.send_unnumbered(conference_id, "agenda")
