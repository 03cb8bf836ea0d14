"""Three talk together: the agent, the customer and whom the agent asked or had on another call."""

from __future__ import annotations

import asyncio

from pbxd.agents.model import Agent
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Leg
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.situation import CONFERENCE, Situation, situation
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallChanged, CallHandedOver, Handing, LegEnded
from pbxd.ports import Clock
from pbxd.tasks import Supervisor

ALONE_S = 3.0  # a conference of one is over


class Conference:
    """The verb `merge`; and the end of a conference in which one is left."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._watched: set[str] = set()
        bus.subscribe(LegEnded, lambda event: self._watch(event.call))
        bus.subscribe(CallChanged, lambda event: self._watch(event.call))

    async def merge(self, agent: Agent, call_key: str, other_key: str) -> CommandResult:
        """Join the consulted person (or the agent's other call `other_key`) with this call."""
        call = self._live.get(call_key)
        now = None if call is None else situation(call, agent)
        if call is None or now is None:
            return refused("call-over", "This call is over.")
        if now.can_merge and now.asked is not None:
            return await self._together(call, agent, now.mine, (now.asked, *now.waiting))
        other = self._live.get(other_key) if other_key else None
        there = None if other is None else situation(other, agent)
        if there is None or other is None:
            return refused("nothing-to-merge", "There is no other call to merge with.")
        return await self._two_calls(call, agent, now, there)

    async def _two_calls(
        self, call: Call, agent: Agent, now: Situation, there: Situation
    ) -> CommandResult:
        if now.customer is None or there.customer is None:
            return refused("not-both-up", "Both calls must be answered before they can be merged.")
        result = await self._together(call, agent, now.mine, (now.customer, there.customer))
        if result.ok:
            await self._switchboard.hang_up(there.mine.channel, 16)
        return result

    async def _together(
        self, call: Call, agent: Agent, mine: Leg, others: tuple[Leg, ...]
    ) -> CommandResult:
        """The agent and the one he talks with go first, at once: neither hangs the other up."""
        first, *rest = others
        await self._switchboard.send(actions.SetVariable(mine.channel, "PBXD_DONE", "yes"))
        for leg in others:
            variable = actions.SetVariable(leg.channel, "PBXD_BACK", agent.extension)
            if not (result := await self._switchboard.send(variable)).ok:
                return result
        result = await self._switchboard.send(
            actions.Redirect(
                mine.channel, CONFERENCE, call.key, first.channel, CONFERENCE, call.key
            )
        )
        for leg in rest:
            if result.ok:
                result = await self._switchboard.send(
                    actions.Redirect(leg.channel, CONFERENCE, call.key)
                )
        if result.ok:
            to = "&".join(leg.party.extension or leg.party.number for leg in others)
            self._bus.publish(
                CallHandedOver(self._clock(), call.key, agent.extension, to, Handing.MERGED, "")
            )
        return result

    def _watch(self, call: Call) -> None:
        """Somebody may be alone now: look again in a moment, then end it."""
        if self._alone(call) is not None and call.key not in self._watched:
            self._watched.add(call.key)
            self._supervisor.once("conference of one", self._end(call.key))

    def _alone(self, call: Call) -> Leg | None:
        """The only one left in a conference; its others may stand in another call still."""
        live = [leg for leg in call.legs if leg.live]
        if len(live) != 1 or not live[0].talking or live[0].place != CONFERENCE:
            return None
        here = [leg for other in self._live.calls() for leg in other.legs if leg.live]
        beside = [leg for leg in here if leg.bridge and leg.bridge == live[0].bridge]
        return live[0] if len(beside) <= 1 else None

    async def _end(self, key: str) -> None:
        try:
            await asyncio.sleep(ALONE_S)
            call = self._live.get(key)
            if call is not None and (leg := self._alone(call)) is not None:
                await self._switchboard.hang_up(leg.channel, 16)
        finally:
            self._watched.discard(key)
