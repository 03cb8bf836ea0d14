"""Queues in memory: what they are (store), who waits (Asterisk), the day's figures."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from pbxd.agents.service import Agents
from pbxd.ami import actions, queue_actions
from pbxd.ami.events import AmiEvent, Channel, QueueAnswered, QueueJoined, QueueLeft
from pbxd.ami.link import Link
from pbxd.ami.reply import Ending
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.desk.rules import check_dialable
from pbxd.errors import InvalidInput, NotFound
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    CallEnded,
    LinkState,
    PbxLinkChanged,
    PresenceKind,
    QueuesChanged,
)
from pbxd.ports import Clock
from pbxd.queues import queries
from pbxd.queues.model import Queue, Today
from pbxd.queues.rules import check, free_slot
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

TAKEN_WITHIN_S = 1.0
STILL_UP = timedelta(hours=8)  # a call that was taken longer ago is over


class Queues:
    """The store is the truth; Asterisk is made equal after each log-in."""

    def __init__(
        self,
        link: Link,
        store: Store,
        bus: Bus,
        agents: Agents,
        plan: NumberPlan,
        supervisor: Supervisor,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._link = link
        self._store = store
        self._bus = bus
        self._agents = agents
        self._plan = plan
        self._supervisor = supervisor
        self._clock = clock
        self._zone = zone
        self._queues: dict[str, Queue] = {}
        self._waiting: dict[str, dict[str, datetime]] = {}  # Asterisk's queue → channel → since
        self._leaving: dict[str, datetime] = {}  # channel → since; taken or given up, soon known
        self._today: dict[str, Today] = {}
        self._day = clock().astimezone(zone).date()
        self._came_by: dict[str, str] = {}  # linkedid of a live call → the queue it came through
        bus.subscribe(CallEnded, lambda event: self._forget_call(event.call.linkedid))
        bus.subscribe(PbxLinkChanged, self._linked)
        bus.subscribe(AgentPresenceChanged, self._presence)
        bus.subscribe(AgentsChanged, lambda event: self._align_soon())

    async def load(self) -> None:
        """Read queues and the day's figures."""
        self._day = self._clock().astimezone(self._zone).date()
        midnight = datetime.combine(self._day, time(), self._zone).astimezone(UTC)
        async with self._store.reading() as conn:
            self._queues = {queue.word: queue for queue in await queries.every(conn)}
            self._today = await queries.since(conn, midnight)
            self._came_by = await queries.came_by(conn, self._clock() - STILL_UP)

    def all(self) -> tuple[Queue, ...]:
        """All queues, by name."""
        return tuple(self._queues.values())

    def get(self, word: str) -> Queue | None:
        """One queue."""
        return self._queues.get(word)

    def waiting(self, queue: Queue) -> dict[str, datetime]:
        """Who waits, by channel, since when."""
        return dict(self._waiting.get(queue.asterisk_name, {}))

    def queue_of(self, linkedid: str) -> str:
        """The word of the queue through which a live call came, "" none."""
        return self._came_by.get(linkedid, "")

    def _forget_call(self, linkedid: str) -> None:
        self._came_by.pop(linkedid, None)

    def today(self, queue: Queue) -> Today:
        """The figures since midnight."""
        if self._clock().astimezone(self._zone).date() != self._day:
            return Today()
        return self._today.get(queue.word, Today())

    async def save(self, queue: Queue, *, new: bool) -> bool:
        """A new or a changed queue. Raises InvalidInput, Conflict, NotFound.

        False: written down, and Asterisk learns it as soon as it can be reached.
        """
        check(queue)
        before = self._queues.get(queue.word)
        if new and before is not None:
            raise InvalidInput("queue-taken", "This short name is taken.", field="word")
        if not new and before is None:
            raise NotFound("no-queue", "There is no such queue.")
        overflow = self._target(queue.overflow)
        self._check_number(queue)
        others = [one for one in self._queues.values() if one.word != queue.word]
        same = before is not None and before.strategy is queue.strategy
        slot = before.slot if same and before else free_slot(queue.strategy, others)
        queue = dataclasses.replace(queue, overflow=overflow, slot=slot, name=queue.name.strip())
        async with self._store.writing() as conn:
            await queries.keep(conn, queue)
        await self._reload()
        if before is not None and before.number and before.number != queue.number:
            await self._forget_line(before)  # or its callers would go on waiting here
        return await self.align()

    async def remove(self, word: str) -> bool:
        """Take a queue away."""
        async with self._store.writing() as conn:
            await queries.remove(conn, word)
        queue = self._queues.get(word)
        await self._reload()
        if queue is not None and queue.number:
            await self._forget_line(queue)
        return await self.align()

    async def log_in(self, word: str, agent_id: str, here: bool) -> bool:
        """An agent takes calls of a queue, or no longer. Raises NotFound."""
        queue = self._queues.get(word)
        if queue is None or agent_id not in queue.members:
            raise NotFound("no-queue", "There is no such queue.")
        async with self._store.writing() as conn:
            await queries.set_here(conn, word, agent_id, here)
        await self._reload()
        return await self.align()

    def apply(self, event: AmiEvent) -> None:
        """Take note of a caller who joins, is taken or leaves."""
        if isinstance(event, QueueJoined):
            self._waiting.setdefault(event.queue, {})[event.channel.uniqueid] = event.at
            if (queue := self._known_as(event.queue)) is not None:
                self._came_by[event.channel.linkedid] = queue.word
        elif isinstance(event, QueueAnswered):
            self._over(event.queue, event.channel, event.at, event.member)
        elif isinstance(event, QueueLeft):
            id = event.channel.uniqueid
            since = self._waiting.get(event.queue, {}).pop(id, None)
            if since is not None:
                self._leaving[id] = since
                self._supervisor.once("queue left", self._gave_up(event))
        else:
            return
        self._tell()

    async def _gave_up(self, event: QueueLeft) -> None:
        """Who left and was not taken: Asterisk tells the second only after the first."""
        await asyncio.sleep(TAKEN_WITHIN_S)
        self._over(event.queue, event.channel, event.at, "")
        self._tell()

    async def align(self) -> bool:
        """Make Asterisk's queues equal to ours; False: it could not be asked."""
        if not self._link.up:
            return False
        reply = await self._link.send(queue_actions.QueueStatus())
        if not reply.ok:
            return False
        found: dict[tuple[str, str], bool] = {}
        waiting: dict[str, dict[str, datetime]] = {}
        for item in reply.items:
            queue = item.get("Queue", "")
            if "StateInterface" in item and queue.startswith("pbxd-"):  # a member
                found[queue, item.get("Name", "")] = item.get("Paused") == "1"
            elif "Uniqueid" in item:  # somebody who waits
                known = self._waiting.get(queue, {})
                since = known.get(item["Uniqueid"], self._clock())
                waiting.setdefault(queue, {})[item["Uniqueid"]] = since
        self._waiting = waiting
        done = [await self._send(action) for action in (*self._entries(), *self._members(found))]
        self._tell()
        return all(done)

    def _entries(self) -> list[actions.Action]:
        wanted: list[actions.Action] = []
        for queue in self._queues.values():
            for key, value in (
                ("name", queue.asterisk_name),
                ("wait", str(queue.max_wait)),
                ("overflow", queue.overflow),
            ):
                wanted.append(actions.DBPut("pbxd/queue", f"{queue.word}-{key}", value))
            if queue.number:
                wanted.append(actions.DBPut("pbxd/did", queue.number, f"queue:{queue.word}"))
        return wanted

    def _members(self, found: dict[tuple[str, str], bool]) -> list[actions.Action]:
        wanted: dict[tuple[str, str], bool] = {}
        for queue in self._queues.values():
            for agent_id in queue.here:
                agent = self._agents.by_id(agent_id)
                if agent is not None and not agent.closed:
                    wanted[queue.asterisk_name, agent.extension] = self._pauses(agent_id)
        changes: list[actions.Action] = []
        for (name, extension), paused in wanted.items():
            if (name, extension) not in found:
                changes.append(queue_actions.QueueAdd(name, extension, paused))
            elif found[name, extension] is not paused:
                changes.append(queue_actions.QueuePause(name, extension, paused))
        changes += [queue_actions.QueueRemove(*key) for key in found if key not in wanted]
        return changes

    def _pauses(self, agent_id: str) -> bool:
        presence = self._agents.presence(agent_id)
        return presence is not None and presence.kind is not PresenceKind.AVAILABLE

    async def _send(self, action: actions.Action) -> bool:
        reply = await self._link.send(action)
        if reply.ending is Ending.REFUSED:
            log.warning("queue not changed", action=action.name, reason=reply.message)
        return reply.ok

    async def _forget_line(self, queue: Queue) -> None:
        await self._send(actions.DBDel("pbxd/did", queue.number))

    def _over(self, name: str, channel: Channel, at: datetime, by: str) -> None:
        """The waiting of one caller ended; counted once."""
        id, linkedid = channel.uniqueid, channel.linkedid
        since = self._waiting.get(name, {}).pop(id, None) or self._leaving.pop(id, None)
        queue = self._known_as(name)
        if since is None or queue is None:
            return
        waited = max(0.0, (at - since).total_seconds())
        self._count(queue, waited, by)

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.note(conn, queue.word, at, linkedid, waited, by)

        self._supervisor.once("note queue call", write())

    def _known_as(self, name: str) -> Queue | None:
        return next((one for one in self._queues.values() if one.asterisk_name == name), None)

    def _count(self, queue: Queue, waited: float, by: str) -> None:
        day = self._clock().astimezone(self._zone).date()
        if day != self._day:
            self._day, self._today = day, {}
        old = self._today.get(queue.word, Today())
        in_time = bool(by) and waited <= queue.service_level
        self._today[queue.word] = Today(
            old.answered + bool(by), old.abandoned + (not by), old.in_time + in_time
        )

    async def _reload(self) -> None:
        async with self._store.reading() as conn:
            self._queues = {queue.word: queue for queue in await queries.every(conn)}
        self._tell()

    def _check_number(self, queue: Queue) -> None:
        for other in self._queues.values():
            if queue.number and other.number == queue.number and other.word != queue.word:
                raise InvalidInput(
                    "queue-number",
                    "The callers of {number} wait in {name} already.",
                    field="number",
                    number=queue.number,
                    name=other.name,
                )

    def _target(self, text: str) -> str:
        if not text.strip():
            return ""
        try:
            number = self._plan.parse(text)
            if self._agents.by_extension(number.e164) is not None:
                return number.e164
            check_dialable(number, self._plan.display(number.e164))
        except InvalidInput as refusal:
            raise InvalidInput(
                refusal.id, refusal.message, field="overflow", **refusal.details
            ) from None
        return self._plan.dial_string(number)

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self._align_soon()

    def _presence(self, event: AgentPresenceChanged) -> None:
        if any(event.agent_id in queue.here for queue in self._queues.values()):
            self._align_soon()

    def _align_soon(self) -> None:
        if self._link.up:
            self._supervisor.once("queues in step", self._aligned())

    async def _aligned(self) -> None:
        await self.align()

    def _tell(self) -> None:
        self._bus.publish(QueuesChanged(self._clock()))
