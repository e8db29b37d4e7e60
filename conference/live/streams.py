"""Open event streams: who listens, what is sent to them, and when they are cut."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Protocol

from conference.live.asgi_types import Message, Receive, Send
from conference.live.channels import FINAL, HEADERS, Channel, Gate, Stream, finish, frame, push
from conference.live.knowledge import Knowledge
from conference.live.listener import ConnectionLost, Event
from conference.live.registry import FragmentAddress
from conference.live.topics import DESK, HALL, PUBLIC, event_topic, parse_event_topic

logger = logging.getLogger(__name__)

RETRY_MILLISECONDS = 3000
HEARTBEAT_SECONDS = 15.0
# A signed-out browser's desk stream ends within this time even though no topic moved.
REAUTHORISE_SECONDS = 60.0
# After a longer outage one refresh is cheaper than every fragment.
MOST_REPLAYED = 50
# The loop turns to other requests after so many streams.
STREAMS_AT_ONCE = 256


class Events(Protocol):
    """Where events are read from: the listener."""

    async def events_after(
        self, conference_id: int, audience: str, number: int, limit: int
    ) -> list[Event]: ...


Fetch = Callable[[str, str, str], Awaitable[tuple[int, bytes]]]
Authorise = Callable[[Gate], Awaitable[bool]]


class Hub:
    """All streams of this process."""

    def __init__(
        self,
        knowledge: Knowledge,
        events: Events,
        fragments: dict[str, FragmentAddress],
        fetch: Fetch,
        authorise: Authorise,
    ) -> None:
        """`fetch(path, language, audience)` gives the status and the bytes that the front would answer
        with.
        """
        self._knowledge = knowledge
        self._events = events
        self._fragments = fragments
        self._fetch = fetch
        self._authorise = authorise
        self._channels: dict[tuple[int, str], Channel] = {}
        self._gated: dict[str, set[Stream]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.closing = False
        # Called with a conference's id when its first stream opens (True) and its last one ends (False).
        self.on_conference: Callable[[int, bool], None] = lambda conference_id, opened: None
        knowledge.watchers.append(self._moved)

    # Opening and ending -------------------------------------------------------------------------------------

    async def serve(
        self,
        *,
        conference_id: int,
        slug: str,
        audience: str,
        language: str,
        number: int,
        since: int | None,
        gate: Gate | None,
        receive: Receive,
        send: Send,
    ) -> None:
        """Keep a client's stream open until either side ends it.

        `number` is the newest event that its page can contain; `since` the last one it says it has seen.
        """
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        stream = Stream(send, number, gate)
        channel = self._join(stream, conference_id, slug, audience, language)
        newest = max(number, channel.last)
        beginning = b"retry: %d\n" % RETRY_MILLISECONDS
        if number < channel.last or (since is not None and since != newest):
            beginning += frame("refresh", b"", newest)
        else:
            beginning += b"id: %d\n\n" % newest
        try:
            if not push(stream, {"type": "http.response.body", "body": beginning, "more_body": True}):
                self._end(channel, language, stream)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._leave(channel, language, stream)

    def close(self) -> None:
        """End all streams at once, without waiting for anyone."""
        self.closing = True
        for channel in list(self._channels.values()):
            for language, streams in list(channel.groups.items()):
                for stream in list(streams):
                    self._end(channel, language, stream)
        for task in self._tasks:
            task.cancel()

    def count(self) -> int:
        """The number of open streams."""
        return sum(len(group) for channel in self._channels.values() for group in channel.groups.values())

    def _join(self, stream: Stream, conference_id: int, slug: str, audience: str, language: str) -> Channel:
        channel = self._channels.get((conference_id, audience))
        if channel is None:
            known = self._knowledge.revisions.get(event_topic(conference_id, audience), 0)
            channel = Channel(conference_id, audience, slug, max(known, stream.after))
            if not any(key[0] == conference_id for key in self._channels):
                self.on_conference(conference_id, True)
            self._channels[conference_id, audience] = channel
        channel.slug = slug
        channel.groups.setdefault(language, set()).add(stream)
        for topic in stream.gate.topics if stream.gate else ():
            self._gated.setdefault(topic, set()).add(stream)
        return channel

    def _leave(self, channel: Channel, language: str, stream: Stream) -> None:
        group = channel.groups.get(language)
        if group is None or stream not in group:
            return
        group.discard(stream)
        for topic in stream.gate.topics if stream.gate else ():
            gated = self._gated.get(topic)
            if gated is not None:
                gated.discard(stream)
                if not gated:
                    del self._gated[topic]
        if not group:
            del channel.groups[language]
        if not channel.groups:
            del self._channels[channel.conference_id, channel.audience]
            if not any(key[0] == channel.conference_id for key in self._channels):
                self.on_conference(channel.conference_id, False)

    def _end(self, channel: Channel, language: str, stream: Stream) -> None:
        """End a stream from our side; its own task then sees the end of its response and leaves."""
        self._leave(channel, language, stream)
        if not push(stream, FINAL):
            # It lags. The end waits in line until the client reads on or its connection times out.
            self._spawn(finish(stream))

    # What is sent -------------------------------------------------------------------------------------------

    def _moved(self, topic: str, revision: int) -> None:
        """A topic moved, or was read again after a reconnect."""
        stream_of = parse_event_topic(topic)
        channel = self._channels.get(stream_of) if stream_of else None
        if channel is not None and revision > channel.last:
            channel.wanted = max(channel.wanted, revision)
            if channel.pump is None:
                channel.pump = self._spawn(self._pump(channel))
        if topic in self._gated:
            self._spawn(self._check(set(self._gated[topic])))

    async def _pump(self, channel: Channel) -> None:
        """Send what is new on a channel, in order, until nothing is."""
        try:
            while channel.last < channel.wanted and channel.groups:
                await self._send_new(channel)
            channel.last = max(channel.last, channel.wanted)
        except ConnectionLost:
            # All topics are read again when the connection is back, which starts this anew.
            logger.debug("Events of conference %s wait for the connection.", channel.conference_id)
        finally:
            channel.pump = None

    async def _send_new(self, channel: Channel) -> None:
        events = await self._events.events_after(
            channel.conference_id, channel.audience, channel.last, MOST_REPLAYED + 1
        )
        complete = bool(events) and events[0].number == channel.last + 1 and len(events) <= MOST_REPLAYED
        if not complete:
            # Some are too old to be there, or they are too many: everyone fetches their page again.
            number = max([channel.wanted, *(event.number for event in events)])
            events = [Event(number, "refresh", "")]
        for event in events:
            await self._send_event(channel, event.kind, event.subject, event.number)

    async def send_unnumbered(self, conference_id: int, kind: str) -> None:
        """Send an event that is not in the log, made by each process for itself: a boundary of the clock."""
        for audience in (PUBLIC, HALL):
            channel = self._channels.get((conference_id, audience))
            if channel is not None:
                await self._send_event(channel, kind, "", None)

    async def _send_event(self, channel: Channel, kind: str, subject: str, number: int | None) -> None:
        frames: dict[str, bytes] = {}
        while missing := channel.groups.keys() - frames.keys():
            for language in missing:
                frames[language] = await self._framed(channel, language, kind, subject, number)
        # From here to the lists nothing waits: who joins later finds this event among those sent already.
        if number is not None:
            channel.last = max(channel.last, number)
        lists = [(language, list(streams)) for language, streams in channel.groups.items()]
        for language, streams in lists:
            wanting = [each for each in streams if number is None or number > each.after]
            await self._broadcast(channel, language, wanting, frames[language])

    async def _framed(
        self, channel: Channel, language: str, kind: str, subject: str, number: int | None
    ) -> bytes:
        address = self._fragments.get(kind)
        if address is None or channel.audience == DESK:
            return frame(kind, subject.encode(), number)
        try:
            path = address(channel.slug, subject, channel.audience)
            status, body = await self._fetch(path, language, channel.audience)
        except Exception:
            # A fault in one fragment must not keep the events after it from being sent.
            logger.exception("The fragment of an event of kind %s could not be rendered.", kind)
            return frame("refresh", b"", number)
        if status == 200:
            return frame(kind, body, number)
        if status == 404:
            return frame("gone", subject.encode(), number)
        return frame("refresh", b"", number)

    async def _broadcast(
        self, channel: Channel, language: str, streams: Iterable[Stream], data: bytes
    ) -> None:
        message: Message = {"type": "http.response.body", "body": data, "more_body": True}
        for place, stream in enumerate(streams, 1):
            if not push(stream, message):
                self._end(channel, language, stream)
            if place % STREAMS_AT_ONCE == 0:
                await asyncio.sleep(0)

    # Keeping them alive, and cutting them -------------------------------------------------------------------

    async def keep_alive(self) -> None:
        """Send a comment to every stream now and then, so that proxies keep them; until cancelled."""
        beats = 0
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            beats += 1
            for channel in list(self._channels.values()):
                for language, streams in list(channel.groups.items()):
                    await self._broadcast(channel, language, list(streams), b": \n\n")
            if beats * HEARTBEAT_SECONDS % REAUTHORISE_SECONDS == 0:
                await self._check({stream for streams in self._gated.values() for stream in streams})

    async def _check(self, streams: set[Stream]) -> None:
        """Cut those of `streams` that would not be let in any more, and those of whom we cannot tell."""
        allowed: dict[Gate, bool] = {}
        for gate in {stream.gate for stream in streams if stream.gate is not None}:
            allowed[gate] = await self._authorise(gate)
        for channel in list(self._channels.values()):
            for language, group in list(channel.groups.items()):
                for stream in streams & group:
                    if stream.gate is not None and not allowed[stream.gate]:
                        self._end(channel, language, stream)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("An event could not be sent.", exc_info=error)
