"""Hand a call over: at once (blind), or after talking with the other first (consult).

The customer is never dropped: `dialplan/pbxd-desk.conf` brings a call that nobody takes back to the
agent, and goes on alone if pbxd vanishes between two steps.
"""

from __future__ import annotations

import asyncio

from pbxd.agents.model import Agent, DeviceKind
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Leg, LegState
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.situation import Situation, situation
from pbxd.desk.switchboard import Switchboard
from pbxd.desk.targets import Target, Targets
from pbxd.errors import InvalidInput
from pbxd.events import CallHandedOver, Handing
from pbxd.ports import Clock

OVER = refused("call-over", "This call is over.")
LEAVES_S = 3  # by then Asterisk has ended the leg of who transferred


class Transfer:
    """The verbs `transfer`, `consult`, `complete` and `back`."""

    def __init__(
        self, switchboard: Switchboard, live: LiveCalls, targets: Targets, bus: Bus, clock: Clock
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._targets = targets
        self._bus = bus
        self._clock = clock
        self._asked: dict[str, Target] = {}  # channel of the agent → whom he consults
        self.leaving: set[str] = set()  # legs whose customer has gone elsewhere

    async def blind(self, agent: Agent, call_key: str, to: str, note: str) -> CommandResult:
        """Send the other party to `to`; unanswered, the call comes back. Raises InvalidInput."""
        call, now = self._situation(agent, call_key)
        if call is None or now is None:
            return OVER
        if now.consulting:
            return refused("consulting", "You are asking a colleague; complete that or go back.")
        if (customer := now.customer) is None:
            return refused("nobody-to-transfer", "There is nobody in this call to transfer.")
        target = self._target(agent, call, to)
        result = await self._send_away(customer, target, agent)
        if result.ok:
            self.leaving.add(now.mine.id)
            loop = asyncio.get_running_loop()
            loop.call_later(LEAVES_S, self.leaving.discard, now.mine.id)
            self._tell(call, agent, target, Handing.BLIND, note)
        return result

    async def consult(self, agent: Agent, call_key: str, to: str, note: str) -> CommandResult:
        """The other party waits with music while the agent talks with `to`. Raises InvalidInput."""
        call, now = self._situation(agent, call_key)
        if call is None or now is None:
            return OVER
        if now.consulting:
            return refused("consulting", "You are asking a colleague; complete that or go back.")
        if (customer := now.customer) is None:
            return refused("nobody-to-transfer", "There is nobody in this call to transfer.")
        target = self._target(agent, call, to)
        if target.queue:
            return refused("queue-cannot-talk", "A queue cannot be asked; transfer directly.")
        if now.mine.state is LegState.HELD and agent.device is DeviceKind.DESK:
            await self._switchboard.talk(now.mine.channel)
        for channel, name, value in (
            (customer.channel, "PBXD_BACK", agent.extension),
            (customer.channel, "PBXD_WITH", now.mine.channel),
            (now.mine.channel, "__PBXD_PEER", customer.channel),
            (now.mine.channel, "PBXD_DONE", ""),
        ):
            if not (result := await self._set(channel, name, value)).ok:
                return result
        result = await self._switchboard.send(
            actions.Redirect(
                customer.channel,
                "pbxd-wait",
                "hold",
                now.mine.channel,
                "pbxd-consult",
                target.exten,
            )
        )
        if result.ok:
            self._asked[now.mine.channel] = target
            self._tell(call, agent, target, Handing.CONSULT, note)
        return result

    async def complete(self, agent: Agent, call_key: str) -> CommandResult:
        """Whoever was asked gets the customer, at once or (still ringing) when he picks up."""
        call, now = self._situation(agent, call_key)
        if call is None or now is None:
            return OVER
        if not now.can_complete or now.asked is None:
            return refused("nobody-asked", "There is nobody to hand this call to.")
        customer, target = now.waiting[0], self._asked_target(now.mine, now.asked)
        if not (result := await self._set(now.mine.channel, "PBXD_DONE", "yes")).ok:
            return result
        if now.asked.talking:
            result = await self._set(customer.channel, "PBXD_PEER", now.asked.channel)
            if result.ok:  # else he would seek the customer whenever their bridge ends (Dial's F)
                result = await self._set(now.asked.channel, "PBXD_PEER", "")
            if result.ok:
                result = await self._switchboard.send(
                    actions.Redirect(customer.channel, "pbxd-join", "take")
                )
        else:
            result = await self._send_away(customer, target, agent)
            if result.ok:
                await self._switchboard.hang_up(now.mine.channel, 16)
        if result.ok:
            self._tell(call, agent, target, Handing.COMPLETED, "")
        return result

    async def back(self, agent: Agent, call_key: str) -> CommandResult:
        """Leave whom one asked and talk with the customer again."""
        call, now = self._situation(agent, call_key)
        if call is None or now is None:
            return OVER
        if not now.consulting:
            return refused("not-consulting", "Nobody waits for you in this call.")
        if now.asked is not None and now.asked.talking:
            # else he would join the customer when the agent leaves (Dial's F)
            await self._set(now.asked.channel, "PBXD_PEER", "")
        result = await self._switchboard.send(
            actions.Redirect(now.mine.channel, "pbxd-join", "take")
        )
        if result.ok:
            here = Target(agent.extension, agent.name, agent.extension)
            self._tell(call, agent, here, Handing.RETURNED, "")
        return result

    def _situation(self, agent: Agent, key: str) -> tuple[Call | None, Situation | None]:
        call = self._live.get(key)
        now = None if call is None else situation(call, agent)
        return call, None if now is None or now.mine.id in self.leaving else now

    def _target(self, agent: Agent, call: Call, to: str) -> Target:
        target = self._targets.read(agent, to)
        if target.extension and any(leg.talking for leg in call.legs_of(target.extension)):
            raise refusal_in_call(target)
        return target

    def _asked_target(self, mine: Leg, asked: Leg) -> Target:
        """Whom the agent asked; after a restart of pbxd, as the leg tells."""
        known = self._asked.get(mine.channel)
        if known is not None:
            return known
        exten = asked.party.extension or asked.party.number
        return Target(exten, exten, asked.party.extension)

    async def _send_away(self, customer: Leg, target: Target, agent: Agent) -> CommandResult:
        result = await self._set(customer.channel, "PBXD_BACK", agent.extension)
        if not result.ok:
            return result
        return await self._switchboard.send(
            actions.Redirect(customer.channel, "pbxd-transfer", target.exten)
        )

    async def _set(self, channel: str, variable: str, value: str) -> CommandResult:
        return await self._switchboard.send(actions.SetVariable(channel, variable, value))

    def _tell(self, call: Call, agent: Agent, target: Target, how: Handing, note: str) -> None:
        while len(self._asked) > 500:  # channels of long ago
            del self._asked[next(iter(self._asked))]
        to = target.extension or target.queue or target.exten
        self._bus.publish(
            CallHandedOver(self._clock(), call.key, agent.extension, to, how, note.strip()[:500])
        )


def refusal_in_call(target: Target) -> InvalidInput:
    """Somebody cannot be asked about a call that he is in."""
    return InvalidInput(
        "already-in-call", "{name} is in this call already.", field="number", name=target.shown
    )
