"""The browser phone vanished in the middle of a call: the customer hears music and is rung back.

A page that goes away says nothing (no BYE), so that a reload, a crash and a closed laptop look the
same and a deliberate hang-up, which does, is never taken for one. What happens to the customer is
in `dialplan/pbxd-desk.conf`, [pbxd-rescue].
"""

from __future__ import annotations

import asyncio

import structlog

from pbxd.agents.model import Agent, DeviceKind, endpoint_of
from pbxd.agents.service import Agents
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call
from pbxd.desk.situation import CONFERENCE, situation
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallHandedOver, Handing
from pbxd.ports import Clock
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

GRACE_S = 4.0  # a page that reconnects within it has its sound still


class Rescue:
    """Watches the pages that are browser phones, as the console tells of them."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        agents: Agents,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        seconds: int,
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._agents = agents
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._seconds = seconds
        self._phones: dict[str, str] = {}  # agent → the page that is the browser phone
        self._here: set[str] = set()  # pages whose stream stands

    def page(self, page: str, here: bool) -> None:
        """A page's stream stands, or broke: when it does not come back, its calls are rescued."""
        if here:
            self._here.add(page)
            return
        self._here.discard(page)
        for agent_id, phone in self._phones.items():
            if phone == page:
                self._supervisor.once("page gone", self._wait(agent_id, page))

    def phone_is(self, agent_id: str, page: str) -> None:
        """From now on `page` is the agent's browser phone.

        When the page that was it before is gone, its calls have lost their sound for good.
        """
        before = self._phones.get(agent_id, "")
        self._phones[agent_id] = page
        if before not in ("", page) and before not in self._here:
            self._supervisor.once("rescue", self._calls(agent_id))

    async def _wait(self, agent_id: str, page: str) -> None:
        await asyncio.sleep(GRACE_S)
        if page not in self._here and self._phones.get(agent_id) == page:
            await self._calls(agent_id)

    async def _calls(self, agent_id: str) -> None:
        agent = self._agents.by_id(agent_id)
        if agent is None or agent.closed:
            return
        endpoint = endpoint_of(agent.extension, DeviceKind.BROWSER)
        for call in self._live.of_extension(agent.extension):
            if any(leg.talking and leg.endpoint == endpoint for leg in call.legs):
                await self._call(agent, call)

    async def _call(self, agent: Agent, call: Call) -> None:
        now = situation(call, agent)
        if now is None:
            return
        log.warning("browser phone vanished in a call", extension=agent.extension, call=call.key)
        alone = now.beside[0] if len(now.beside) == 1 else None
        if now.consulting or (now.mine.place == CONFERENCE and alone is None):
            # who was asked is joined with the customer, or the customer comes back (dialplan)
            await self._switchboard.hang_up(now.mine.channel, 16)
            return
        if alone is None:
            return
        for name, value in (
            ("PBXD_BACK", agent.extension),
            ("PBXD_RESCUE_SECONDS", str(self._seconds)),
        ):
            variable = actions.SetVariable(alone.channel, name, value)
            if not (await self._switchboard.send(variable)).ok:
                return
        place = actions.Redirect(alone.channel, "pbxd-rescue", agent.extension)
        if (await self._switchboard.send(place)).ok:
            await self._switchboard.hang_up(now.mine.channel, 16)
            self._bus.publish(
                CallHandedOver(
                    self._clock(), call.key, agent.extension, agent.extension, Handing.RESCUED
                )
            )
