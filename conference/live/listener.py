"""The one connection of a process on which it hears of changes, and reads what they were."""

import asyncio
import logging
import os
import random
import socket
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from conference.live.knowledge import Knowledge

logger = logging.getLogger(__name__)

RENEW_SECONDS = 0.3
ROUND_TRIP_SECONDS = 1.0
# Reading all topics after a reconnect may take longer than one round trip.
READ_SECONDS = 5.0
CONNECT_SECONDS = 3
FIRST_DELAY, LAST_DELAY = 0.1, 2.0


class ConnectionLost(Exception):
    """The listening connection is down; the listener is making another one."""


@dataclass(frozen=True, slots=True)
class Event:
    """A LiveEvent as the streams need it."""

    number: int
    kind: str
    subject: str


class Listener:
    """Keeps a connection that LISTENs, feeds `Knowledge` and renews its lease.

    Queries run on the same connection, so that every notification sent before the answer has been heard when
    the answer is there: a fragment rendered after `events_after` cannot come from a page that the same
    transaction has outdated.
    """

    def __init__(self, url: str, knowledge: Knowledge) -> None:
        self._url = url
        self._knowledge = knowledge
        self._connection: psycopg.AsyncConnection[Any] | None = None
        # The connection's file descriptor while the event loop watches it. libpq closes the descriptor itself
        # when it finds the other side gone, so nothing of libpq's is called while it is watched.
        self._watched: int | None = None
        self._turn = asyncio.Lock()
        self._broken = asyncio.Event()
        # Revisions heard while all topics are being read: they may be newer than what that query sees.
        self._early: dict[str, int] | None = None
        self._reported = False

    async def run(self) -> None:
        """Listen until cancelled; reconnect with growing pauses. Reports each outage once."""
        delay = FIRST_DELAY
        while True:
            try:
                await self._connect()
                delay = FIRST_DELAY
                await self._stay()
            except (psycopg.Error, OSError, ConnectionLost) as error:
                self._report(error)
            finally:
                await self._disconnect()
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))
            delay = min(2 * delay, LAST_DELAY)

    async def events_after(self, conference_id: int, audience: str, number: int, limit: int) -> list[Event]:
        """The oldest `limit` events of a conference's audience that follow `number`, in order.

        Raises ConnectionLost when the connection is down or breaks meanwhile.
        """
        try:
            rows = await self._query(
                "SELECT number, kind, subject FROM conference_liveevent"
                " WHERE conference_id = %s AND audience = %s AND number > %s ORDER BY number LIMIT %s",
                (conference_id, audience, number, limit),
                ROUND_TRIP_SECONDS,
            )
        except psycopg.Error as error:
            self._broken.set()
            raise ConnectionLost from error
        return [Event(*row) for row in rows]

    async def _connect(self) -> None:
        """Connect, LISTEN, read all topics; only then the lease is good again."""
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            prepare_threshold=None,
            application_name="conference listener",
        )
        connection.add_notify_handler(lambda notify: self._heard(notify.payload))
        self._broken.clear()
        self._connection = connection
        self._early = {}
        await self._query("LISTEN live", None, ROUND_TRIP_SECONDS)
        sent = self._knowledge.clock()
        rows = await self._query("SELECT name, revision FROM conference_topic", None, READ_SECONDS)
        revisions = dict(rows)
        for topic, revision in self._early.items():
            revisions[topic] = max(revision, revisions.get(topic, 0))
        self._early = None
        self._knowledge.replace(revisions)
        self._knowledge.renew(sent)
        if self._reported:
            logger.warning("Listening to the database again.")
            self._reported = False

    async def _stay(self) -> None:
        """Renew the lease until the connection breaks; raises then."""
        while True:
            try:
                await asyncio.wait_for(self._broken.wait(), RENEW_SECONDS)
            except TimeoutError:
                sent = self._knowledge.clock()
                await self._query("SELECT 1", None, ROUND_TRIP_SECONDS)
                self._knowledge.renew(sent)
            else:
                raise ConnectionLost("the server closed the connection")

    async def _disconnect(self) -> None:
        self._knowledge.lose()
        connection, self._connection = self._connection, None
        self._early = None
        if connection is not None:
            self._unwatch()
            await connection.close()

    async def _query(self, sql: str, parameters: tuple[Any, ...] | None, seconds: float) -> list[Any]:
        """Run one statement, nobody else's meanwhile; the connection is cut when no answer comes in time.

        Cancelling psycopg's own wait would make it ask the server, which may be gone, to cancel the
        statement. So the socket is shut down instead, and the statement fails at once.
        """
        async with self._turn:
            connection = self._connection
            if connection is None or connection.closed:
                raise ConnectionLost("not connected")
            self._unwatch()
            task = asyncio.create_task(self._execute(connection, sql, parameters))
            try:
                await asyncio.wait({task}, timeout=seconds)
            finally:
                if not task.done():
                    _shut_down(connection)
                    await asyncio.wait({task})
                if not task.cancelled():
                    # Looked at even while we are being cancelled ourselves: asyncio would complain of it at the end.
                    task.exception()
            rows = task.result()
            self._watch(connection)
            return rows

    @staticmethod
    async def _execute(
        connection: psycopg.AsyncConnection[Any], sql: str, parameters: tuple[Any, ...] | None
    ) -> list[Any]:
        cursor = await connection.execute(sql.encode(), parameters)
        return await cursor.fetchall() if cursor.description else []

    def _readable(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Something came in while no statement was running: notifications, or the end."""
        self._unwatch()
        try:
            connection.pgconn.consume_input()
            while (notify := connection.pgconn.notifies()) is not None:
                self._heard(notify.extra.decode())
            self._watch(connection)
        except psycopg.Error:
            self._broken.set()

    def _watch(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._watched = connection.fileno()
        asyncio.get_running_loop().add_reader(self._watched, self._readable, connection)

    def _unwatch(self) -> None:
        if self._watched is not None:
            asyncio.get_running_loop().remove_reader(self._watched)
            self._watched = None

    def _heard(self, payload: str) -> None:
        topic, _, revision = payload.rpartition(":")
        if not topic or not revision.isdecimal():
            logger.warning("An unreadable notification was ignored: %.100r", payload)
            return
        if self._early is not None:
            self._early[topic] = max(int(revision), self._early.get(topic, 0))
        self._knowledge.learn(topic, int(revision))

    def _report(self, error: Exception) -> None:
        """Say once that the connection is lost, and why; never with the password."""
        if self._reported:
            return
        self._reported = True
        logger.warning("The listening connection is down (%s); pages are rendered anew.", self._reason(error))

    def _reason(self, error: Exception) -> str:
        try:
            password = conninfo_to_dict(self._url).get("password")
        except psycopg.ProgrammingError:
            # libpq quotes the whole address, password and all, when it cannot read it.
            return "the address of the database cannot be read"
        reason = " ".join(str(error).split()) or type(error).__name__
        return reason.replace(str(password), "***") if password else reason


def _shut_down(connection: psycopg.AsyncConnection[Any]) -> None:
    """Make every wait on this connection end now, without asking the other side."""
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as duplicate:
            duplicate.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error) as error:
        logger.debug("The listening connection was closed already: %s", error)
