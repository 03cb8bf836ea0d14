"""Finds who pressed or dialled what, and does what the button would.

In a call (`dialplan/features-pbxd.conf`): *60 extends it, *61-*69 block abuse.
Dialled (`dialplan/pbxd.conf`): *30 back, *31-*39 away, *40 and *41 out of and into one's queues.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from pbxd.abuse.service import Abuse
from pbxd.agents.model import Agent
from pbxd.agents.presence import By
from pbxd.agents.service import Agents
from pbxd.ami.events import AmiEvent, CodeDialled, KeyPressed
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.desk.service import Desk
from pbxd.events import CommandSettled
from pbxd.ports import Clock
from pbxd.presence.service import Presences
from pbxd.queues.service import Queues
from pbxd.store.metadata import new_id
from pbxd.talk_limit.service import TalkLimits
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

OK = CommandResult(Result.OK)
BACK, AWAY, QUEUES_OUT, QUEUES_IN = 30, range(31, 40), 40, 41


class Codes:
    """Every press goes through the desk: written down, with a definite result."""

    def __init__(
        self,
        desk: Desk,
        live: LiveCalls,
        agents: Agents,
        abuse: Abuse,
        limits: TalkLimits,
        presence: Presences,
        queues: Queues,
        endpoints: Endpoints,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._live = live
        self._agents = agents
        self._abuse = abuse
        self._limits = limits
        self._presence = presence
        self._queues = queues
        self._endpoints = endpoints
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock

    def apply(self, event: AmiEvent) -> None:
        """Take a key or a code."""
        if isinstance(event, KeyPressed):
            self._pressed(event)
        elif isinstance(event, CodeDialled):
            extension = self._endpoints.extension(event.channel.endpoint)
            agent = self._agents.by_extension(extension)
            if agent is not None:
                code = event.code
                work = self._run(agent, "code", f"*{code}", lambda one: self._dialled(one, code))
                self._supervisor.once("code", work)

    def _pressed(self, event: KeyPressed) -> None:
        id = event.channel.uniqueid
        for call in self._live.calls():
            leg = next((leg for leg in call.legs if leg.id == id), None)
            agent = None if leg is None else self._agents.by_extension(leg.party.extension)
            if agent is not None:
                self._supervisor.once("key", self._press(agent, call.key, event.key))
                return
        log.info("key of nobody", channel=event.channel.name, key=event.key)

    async def _press(self, agent: Agent, call_key: str, key: int) -> None:
        await self._run(
            agent,
            "abuse" if key else "extend",
            f"{call_key} *6{key}",
            lambda one: self._in_call(one, call_key, key),
        )

    async def _in_call(self, agent: Agent, call_key: str, key: int) -> CommandResult:
        if key == 0:
            return await self._limits.extend(agent, call_key)
        kinds = self._abuse.kinds
        word = kinds[key - 1].word if key <= len(kinds) else ""
        return await self._abuse.block(agent, call_key, word)

    async def _dialled(self, agent: Agent, code: int) -> CommandResult:
        reasons = self._presence.reasons()
        if code == BACK:
            await self._presence.back(agent.id)
        elif code in AWAY and code - BACK <= len(reasons):
            await self._presence.away(agent.id, reasons[code - BACK - 1].id, By.SELF)
        elif code in (QUEUES_OUT, QUEUES_IN):
            for queue in self._queues.all():
                if agent.id in queue.members:
                    await self._queues.log_in(queue.word, agent.id, code == QUEUES_IN)
        else:
            return refused("no-such-code", "This code has no meaning here.")
        return OK

    async def _run(
        self,
        agent: Agent,
        verb: str,
        target: str,
        work: Callable[[Agent], Awaitable[CommandResult]],
    ) -> None:
        command_id = f"key-{new_id()}"
        result = await self._desk.run(agent.id, verb, target, command_id, work)
        if not result.ok:  # the agent's pages say why; the phone itself cannot
            now, why = self._clock(), (result.reason_id, result.reason)
            self._bus.publish(
                CommandSettled(now, command_id, agent.id, verb, result.result.value, *why)
            )
