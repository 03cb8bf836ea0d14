"""Take a call that rings at a colleague's phone (당겨받기, S4-56)."""

from __future__ import annotations

from collections.abc import Callable

from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.service import Agents
from pbxd.ami import actions
from pbxd.ami.events import DeviceState
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Leg, LegState
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.situation import ringing_caller
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallHandedOver, Handing
from pbxd.ports import Clock

_AWAY = (DeviceState.UNAVAILABLE, DeviceState.INVALID, DeviceState.UNKNOWN)


class PickUp:
    """The verb `pick_up`: the caller leaves the colleague's phone and rings, answered, at mine."""

    def __init__(
        self, switchboard: Switchboard, live: LiveCalls, agents: Agents, bus: Bus, clock: Clock
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._agents = agents
        self._bus = bus
        self._clock = clock
        # at whose phones an agent may pick up; None: at anybody's
        self.mates: Callable[[Agent], frozenset[str] | None] = lambda agent: None

    def may(self, agent: Agent, call: Call) -> bool:
        """Does it ring at somebody of the agent's group?"""
        mates = self.mates(agent)
        return mates is None or any(
            leg.state is LegState.RINGING and leg.party.extension in mates for leg in call.legs
        )

    async def __call__(self, agent: Agent, call_key: str) -> CommandResult:
        """Bring the call to the agent's phone; the colleague's falls silent."""
        call = self._live.get(call_key)
        caller = None if call is None else ringing_caller(call)
        if call is None or caller is None:
            return refused("not-ringing-any-more", "This call does not ring any more.")
        if (why_not := self._why_not(agent, call, caller)) is not None:
            return why_not
        colleague = _rung(call)
        back = actions.SetVariable(caller.channel, "PBXD_BACK", colleague)
        if not (result := await self._switchboard.send(back)).ok:
            return result
        result = await self._switchboard.send(
            actions.Redirect(caller.channel, "pbxd-pick-up", agent.extension)
        )
        if result.ok:
            self._bus.publish(
                CallHandedOver(
                    self._clock(), call.key, colleague, agent.extension, Handing.PICKED_UP, ""
                )
            )
        return result

    def _why_not(self, agent: Agent, call: Call, caller: Leg) -> CommandResult | None:
        if caller.party.extension == agent.extension:
            return refused("own-call", "This is your own call.")
        if any(leg.state is LegState.RINGING for leg in call.legs_of(agent.extension)):
            return refused("rings-here", "This call rings at your own phone; answer it.")
        if not self.may(agent, call):
            return refused("other-group", "This call rings at none of your queues' colleagues.")
        states = [self._agents.device_state(agent.extension, kind) for kind in DeviceKind]
        if all(state in _AWAY for state in states):
            return refused("no-phone", "None of your phones is connected.")
        return None


def _rung(call: Call) -> str:
    """The first extension at which it rings."""
    return next(
        leg.party.extension
        for leg in call.legs
        if leg.state is LegState.RINGING and leg.party.extension
    )
