"""What this process knows of the topics, and until when it may vouch for it. Pure: no network, no Django."""

import time
from collections.abc import Callable, Iterable, Mapping

# How long one answered round trip on the listening connection is good for, counted from when it was sent.
LEASE_SECONDS = 1.0

Watcher = Callable[[str, int], None]


class Knowledge:
    """Revisions heard of by NOTIFY, and the lease.

    A process that is frozen, or cut off from the database without noticing, hears of no change. So it answers
    from memory only while the lease is good: for a second, on the monotonic clock, after it last *sent*
    something on the listening connection that was answered.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.good_until = float("-inf")
        self.revisions: dict[str, int] = {}
        # Called with a topic and its revision whenever one moved, and for every topic after a reconnect.
        self.watchers: list[Watcher] = []
        # Called when a revision went backwards: the database was restored to an earlier state.
        self.on_rewind: list[Callable[[], None]] = []

    def vouches(self) -> bool:
        """Whether the lease is good now."""
        return self.clock() < self.good_until

    def renew(self, sent: float) -> None:
        """A round trip that was sent at `sent` (monotonic seconds) has been answered."""
        self.good_until = max(self.good_until, sent + LEASE_SECONDS)

    def lose(self) -> None:
        """The listening connection is gone: what happens from now on is not heard."""
        self.good_until = float("-inf")

    def learn(self, topic: str, revision: int) -> None:
        """A topic moved. Late news of an older revision changes nothing."""
        if revision > self.revisions.get(topic, 0):
            self.revisions[topic] = revision
            self._tell(topic, revision)

    def replace(self, revisions: Mapping[str, int]) -> None:
        """Start anew from all revisions, read after the connection came (back)."""
        before, self.revisions = self.revisions, dict(revisions)
        if any(self.revisions.get(topic, 0) < revision for topic, revision in before.items()):
            for rewind in self.on_rewind:
                rewind()
        for topic, revision in self.revisions.items():
            self._tell(topic, revision)

    def holds(self, revisions: Iterable[tuple[str, int]]) -> bool:
        """Whether nothing newer than these revisions was heard of."""
        known = self.revisions
        return all(known.get(topic, 0) <= revision for topic, revision in revisions)

    def _tell(self, topic: str, revision: int) -> None:
        for watcher in self.watchers:
            watcher(topic, revision)
