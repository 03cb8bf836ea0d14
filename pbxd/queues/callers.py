"""Who waits in which queue, what became of him, and the day's figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pbxd.ami.events import AmiEvent, Hangup, QueueAnswered, QueueJoined, QueueLeft
from pbxd.bus import Bus
from pbxd.events import CallAnswered, CallEnded, QueuesChanged
from pbxd.ports import Clock
from pbxd.queues import queries
from pbxd.queues.model import Left, Queue, Today
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

TAKEN_WITHIN_S = 1.0
STILL_UP = timedelta(hours=8)  # a call that was taken longer ago is over


class Callers:
    """`known_as` finds a queue by Asterisk's name for it."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        zone: ZoneInfo,
        known_as: Callable[[str], Queue | None],
    ) -> None:
        self._store = store
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._zone = zone
        self._known_as = known_as
        self._waiting: dict[str, dict[str, datetime]] = {}  # Asterisk's queue → channel → since
        # channel → how he left and since when he had waited; what became of him is soon known
        self._leaving: dict[str, tuple[QueueLeft, datetime]] = {}
        self._routed: dict[str, tuple[Queue, datetime]] = {}  # linkedid → rung at its last agent
        self._came_by: dict[str, str] = {}  # linkedid of a live call → the queue it came through
        self._today: dict[str, Today] = {}
        self._day = clock().astimezone(zone).date()
        bus.subscribe(CallAnswered, self._answered)
        bus.subscribe(CallEnded, self._ended)

    async def load(self) -> None:
        """Read the day's figures, and through which queue the live calls came."""
        self._day = self._clock().astimezone(self._zone).date()
        midnight = datetime.combine(self._day, time(), self._zone).astimezone(UTC)
        async with self._store.reading() as conn:
            self._today = await queries.since(conn, midnight)
            self._came_by = await queries.came_by(conn, self._clock() - STILL_UP)

    def waiting(self, queue: Queue) -> dict[str, datetime]:
        """Who waits, by channel, since when."""
        return dict(self._waiting.get(queue.asterisk_name, {}))

    def set_waiting(self, found: dict[str, list[str]]) -> None:
        """Asterisk's own list: queue → channels."""
        now = self._clock()
        self._waiting = {
            queue: {id: self._waiting.get(queue, {}).get(id, now) for id in ids}
            for queue, ids in found.items()
        }

    def queue_of(self, linkedid: str) -> str:
        """The word of the queue through which a live call came, "" none."""
        return self._came_by.get(linkedid, "")

    def today(self, queue: Queue) -> Today:
        """The figures since midnight."""
        if self._clock().astimezone(self._zone).date() != self._day:
            return Today()
        return self._today.get(queue.word, Today())

    def routed(self, queue: Queue, linkedid: str) -> None:
        """A caller is rung at the agent he talked with last, before he waits."""
        self._came_by[linkedid] = queue.word
        self._routed[linkedid] = (queue, self._clock())

    def apply(self, event: AmiEvent) -> None:
        """Take note of a caller who joins, is taken or leaves."""
        if isinstance(event, QueueJoined):
            self._waiting.setdefault(event.queue, {})[event.channel.uniqueid] = event.at
            self._routed.pop(event.channel.linkedid, None)
            if (queue := self._known_as(event.queue)) is not None:
                self._came_by[event.channel.linkedid] = queue.word
        elif isinstance(event, QueueAnswered):
            self._over(event.channel.uniqueid, event, Left.ANSWERED, event.member)
        elif isinstance(event, QueueLeft):
            id = event.channel.uniqueid
            since = self._waiting.get(event.queue, {}).pop(id, None)
            if since is not None:
                self._leaving[id] = (event, since)
                self._supervisor.once("queue left", self._went_on(event))
        elif isinstance(event, Hangup) and event.channel.uniqueid in self._leaving:
            left, _ = self._leaving[event.channel.uniqueid]
            self._over(event.channel.uniqueid, left, Left.ABANDONED)
        else:
            return
        self._tell()

    async def _went_on(self, event: QueueLeft) -> None:
        """Asterisk says that somebody was taken only after he has left the queue.

        Its QueueCallerAbandon is of no use: it is said of those too whose time was over.
        """
        await asyncio.sleep(TAKEN_WITHIN_S)
        self._over(event.channel.uniqueid, event, Left.OVERFLOW)

    def _answered(self, event: CallAnswered) -> None:
        found = self._routed.get(event.call.linkedid)
        if found is not None and event.leg.party.extension:
            del self._routed[event.call.linkedid]
            queue, since = found
            self._note(
                queue,
                event.at,
                event.call.linkedid,
                since,
                Left.ANSWERED,
                event.leg.party.extension,
            )

    def _ended(self, event: CallEnded) -> None:
        linkedid = event.call.linkedid
        self._came_by.pop(linkedid, None)
        if (found := self._routed.pop(linkedid, None)) is not None:
            self._note(found[0], event.at, linkedid, found[1], Left.ABANDONED)

    def _over(self, id: str, event: QueueAnswered | QueueLeft, how: Left, by: str = "") -> None:
        """The waiting of one caller ended; counted once."""
        since = self._waiting.get(event.queue, {}).pop(id, None)
        if (left := self._leaving.pop(id, None)) is not None:
            since = left[1]
        queue = self._known_as(event.queue)
        if since is not None and queue is not None:
            self._note(queue, event.at, event.channel.linkedid, since, how, by)

    def _note(
        self, queue: Queue, at: datetime, linkedid: str, since: datetime, how: Left, by: str = ""
    ) -> None:
        waited = max(0.0, (at - since).total_seconds())
        day = self._clock().astimezone(self._zone).date()
        if day != self._day:
            self._day, self._today = day, {}
        old = self._today.get(queue.word, Today())
        self._today[queue.word] = old.with_one(how, in_time=waited <= queue.service_level)

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.note(conn, queue.word, at, linkedid, waited, by, how)

        self._supervisor.once("note queue call", write())
        self._tell()

    def _tell(self) -> None:
        self._bus.publish(QueuesChanged(self._clock()))
