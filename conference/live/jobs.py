"""Periodic jobs of features, and other synchronous work, in one thread of their own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import connections

from conference.live.registry import Job

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Worker:
    """One thread, and so one database connection, for everything that is not a request."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="jobs")

    async def do(self, function: Callable[[], Result]) -> Result:
        """Run `function` in the thread; gives its database connection back afterwards."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _then_disconnect, function)

    def close(self) -> None:
        """Do nothing more; does not wait for what runs."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _then_disconnect(function: Callable[[], Result]) -> Result:
    try:
        return function()
    finally:
        connections.close_all()


async def repeat(job: Job, worker: Worker) -> None:
    """Do `job` over and over until cancelled. What fails is reported once, until it works again."""
    failing = False
    while True:
        try:
            await worker.do(job.function)
        except DatabaseError as error:
            if not failing:
                logger.warning("Job %s waits for the database: %s", job.name, type(error).__name__)
            failing = True
        except Exception:
            if not failing:
                logger.exception("Job %s failed; it is tried again every %s s.", job.name, job.seconds)
            failing = True
        else:
            if failing:
                logger.warning("Job %s works again.", job.name)
            failing = False
        await asyncio.sleep(job.seconds)
