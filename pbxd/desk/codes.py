"""Keys that an agent presses at a phone in a call (`dialplan/features-pbxd.conf`).

They do what the buttons do, by the same verbs, for agents without a browser in front of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.ami.events import AmiEvent, KeyPressed
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.service import Desk
from pbxd.events import CommandSettled
from pbxd.ports import Clock
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

Work = Callable[[Agent, str, int], Awaitable[CommandResult]]  # agent, call key, key


class Codes:
    """Finds who pressed in which call, and asks the desk."""

    def __init__(
        self,
        desk: Desk,
        live: LiveCalls,
        agents: Agents,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        work: dict[int, tuple[str, Work]],
    ) -> None:
        self._desk = desk
        self._live = live
        self._agents = agents
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._work = work

    def apply(self, event: AmiEvent) -> None:
        """Take a key."""
        if not isinstance(event, KeyPressed):
            return
        for call in self._live.calls():
            leg = next((leg for leg in call.legs if leg.id == event.channel.uniqueid), None)
            agent = None if leg is None else self._agents.by_extension(leg.party.extension)
            if agent is not None:
                self._supervisor.once("key", self._press(agent, call.key, event.key))
                return
        log.info("key of nobody", channel=event.channel.name, key=event.key)

    async def _press(self, agent: Agent, call_key: str, key: int) -> None:
        verb, work = self._work.get(key, ("key", _nothing))
        command_id = f"key-{new_id()}"
        result = await self._desk.run(
            agent.id, verb, f"{call_key} *6{key}", command_id, lambda one: work(one, call_key, key)
        )
        if not result.ok:  # the agent's pages say why; the phone itself cannot
            self._bus.publish(
                CommandSettled(
                    self._clock(),
                    command_id,
                    agent.id,
                    verb,
                    result.result.value,
                    result.reason_id,
                    result.reason,
                )
            )


async def _nothing(agent: Agent, call_key: str, key: int) -> CommandResult:
    del agent, call_key, key
    return refused("no-such-key", "This key has no meaning here.")
