"""Queues in memory: what they are (store), who waits (Asterisk), the day's figures."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.ami import actions, queue_actions
from pbxd.ami.link import Link
from pbxd.ami.reply import Ending
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.desk.rules import MayCall
from pbxd.errors import InvalidInput, NotFound
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    LinkState,
    PbxLinkChanged,
    PresenceKind,
    QueuesChanged,
)
from pbxd.ports import Clock
from pbxd.presence.rules import differences
from pbxd.queues import queries
from pbxd.queues.callers import Callers
from pbxd.queues.model import Queue, Strategy
from pbxd.queues.rules import check, free_slot, settings
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)


Seat = tuple[str, str]  # Asterisk's queue, extension


class Member(NamedTuple):
    """How somebody sits in a queue of Asterisk's."""

    paused: bool
    penalty: str


class Queues:
    """The store is the truth; Asterisk is made equal after each log-in."""

    def __init__(
        self,
        link: Link,
        store: Store,
        bus: Bus,
        agents: Agents,
        plan: NumberPlan,
        may_call: MayCall,
        supervisor: Supervisor,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._link = link
        self._store = store
        self._bus = bus
        self._agents = agents
        self._plan = plan
        self._may_call = may_call
        self._supervisor = supervisor
        self._clock = clock
        self._queues: dict[str, Queue] = {}
        self.callers = Callers(store, bus, supervisor, clock, zone, self._known_as)
        bus.subscribe(PbxLinkChanged, self._linked)
        bus.subscribe(AgentPresenceChanged, self._presence)
        bus.subscribe(AgentsChanged, lambda event: self._align_soon())

    async def load(self) -> None:
        """Read queues and the day's figures."""
        async with self._store.reading() as conn:
            self._queues = {queue.word: queue for queue in await queries.every(conn)}
        await self.callers.load()

    def all(self) -> tuple[Queue, ...]:
        """All queues, by name."""
        return tuple(self._queues.values())

    def get(self, word: str) -> Queue | None:
        """One queue."""
        return self._queues.get(word)

    def mates(self, agent: Agent) -> frozenset[str]:
        """The extensions of all who are members of one of the agent's queues."""
        ids = {
            id
            for queue in self._queues.values()
            if agent.id in queue.members
            for id in queue.members
        }
        found = (self._agents.by_id(id) for id in ids)
        return frozenset(one.extension for one in found if one is not None)

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
        return await self.align()

    async def remove(self, word: str) -> bool:
        """Take a queue away."""
        async with self._store.writing() as conn:
            await queries.remove(conn, word)
        await self._reload()
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

    async def align(self) -> bool:
        """Make Asterisk's queues equal to ours; False: it could not be asked."""
        if not self._link.up:
            return False
        reply = await self._link.send(queue_actions.QueueStatus())
        if not reply.ok:
            return False
        found: dict[Seat, Member] = {}
        waiting: dict[str, list[str]] = {}
        for item in reply.items:
            queue = item.get("Queue", "")
            if "StateInterface" in item and queue.startswith("pbxd-"):  # a member
                paused, penalty = item.get("Paused") == "1", item.get("Penalty", "")
                found[queue, item.get("Name", "")] = Member(paused, penalty)
            elif "Uniqueid" in item:  # somebody who waits
                waiting.setdefault(queue, []).append(item["Uniqueid"])
        self.callers.set_waiting(waiting)
        changes = [*await self._entries(), *self._members(found)]
        done = [await self._send(action) for action in changes]
        self._tell()
        return all(done)

    async def _entries(self) -> list[actions.Action]:
        """What AstDB lacks of us, and what is there of queues that are gone."""
        wanted: dict[str, str] = {}
        lines: dict[str, str] = {}
        for queue in self._queues.values():
            wanted |= {f"{queue.word}-{key}": value for key, value in settings(queue).items()}
            if queue.number:
                lines[queue.number] = f"queue:{queue.word}"
        there = await self._tree("pbxd/queue")
        old = {
            number: line
            for number, line in (await self._tree("pbxd/did")).items()
            if line.startswith("queue:")
        }
        changes: list[actions.Action] = []
        for family, ours, theirs in (("pbxd/queue", wanted, there), ("pbxd/did", lines, old)):
            write, remove = differences(ours, theirs)
            changes += [actions.DBDel(family, key) for key in remove]
            changes += [actions.DBPut(family, key, value) for key, value in write.items()]
        return changes

    async def _tree(self, family: str) -> dict[str, str]:
        """A family of AstDB; Asterisk refuses when it is empty."""
        reply = await self._link.send(actions.DBGetTree(family))
        return {
            item["Key"].rpartition("/")[2]: item.get("Val", "")
            for item in reply.items
            if "Key" in item
        }

    def _members(self, found: dict[Seat, Member]) -> list[actions.Action]:
        wanted: dict[Seat, Member] = {}
        for queue in self._queues.values():
            here = [self._agents.by_id(agent_id) for agent_id in queue.here]
            there = sorted(
                (agent for agent in here if agent is not None and not agent.closed),
                key=lambda agent: (len(agent.extension), agent.extension),
            )
            for place, agent in enumerate(there):
                # app_queue's own order is that of logging in
                penalty = place if queue.strategy is Strategy.LINEAR else 0
                wanted[queue.asterisk_name, agent.extension] = Member(
                    self._pauses(agent.id), str(penalty)
                )
        changes: list[actions.Action] = []
        for (name, extension), member in wanted.items():
            old = found.get((name, extension))
            if old is None:
                add = queue_actions.QueueAdd(name, extension, member.paused, int(member.penalty))
                changes.append(add)
                continue
            if old.penalty != member.penalty:
                changes.append(queue_actions.QueuePenalty(name, extension, int(member.penalty)))
            if old.paused is not member.paused:
                changes.append(queue_actions.QueuePause(name, extension, member.paused))
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

    def _known_as(self, name: str) -> Queue | None:
        return next((one for one in self._queues.values() if one.asterisk_name == name), None)

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
            self._may_call(None, number)
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
