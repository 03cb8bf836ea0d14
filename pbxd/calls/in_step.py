"""Are we in step with Asterisk? Asked after each log-in and every minute; repaired if not."""

from __future__ import annotations

import asyncio

from pbxd.agents.service import Agents
from pbxd.ami import snapshot
from pbxd.ami.link import Link
from pbxd.ami.reasons import LinkDown, Reason
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.events import PbxInStep
from pbxd.ports import Clock

EVERY_S = 60.0
SECOND_LOOK_S = 1.0  # a call that begins or ends during the first look is no difference


class InStep:
    """Compares our live calls and device states with Asterisk's lists."""

    def __init__(self, live: LiveCalls, agents: Agents, bus: Bus, clock: Clock) -> None:
        self._live = live
        self._agents = agents
        self._bus = bus
        self._clock = clock
        self.link: Link | None = None  # set once both exist: the link calls us at each log-in

    async def after_log_in(self) -> None:
        """Take over Asterisk's state; events are held back meanwhile. Raises LinkDown."""
        assert self.link is not None
        now = await snapshot.read(self.link)
        if now is None:
            raise LinkDown(Reason.NO_ANSWER)
        repaired = len(self._live.differences(now.rows))
        self._live.repair(now.rows, self._clock())
        self._live.held(await snapshot.held(self.link, now.rows), self._clock())
        self._agents.apply_snapshot(now.devices)
        self._bus.publish(PbxInStep(self._clock(), len(now.rows), repaired))

    async def run(self) -> None:
        """Every minute, for ever."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self.link is not None and self.link.up:
                await self.look()

    async def look(self) -> None:
        """Compare now. Only what differs in two looks is repaired."""
        assert self.link is not None
        first = await snapshot.read(self.link)
        if first is None:
            return
        wrong = self._live.differences(first.rows)
        if wrong:
            await asyncio.sleep(SECOND_LOOK_S)
            second = await snapshot.read(self.link)
            if second is None:
                return
            wrong &= self._live.differences(second.rows)
            self._live.repair(second.rows, self._clock(), only=wrong)
            first = second
        self._agents.apply_snapshot(first.devices)
        self._bus.publish(PbxInStep(self._clock(), len(first.rows), len(wrong)))
