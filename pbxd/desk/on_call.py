"""Verbs on a call that the agent has a part in: answer and hang up."""

from __future__ import annotations

from pbxd.agents.model import Agent, DeviceKind
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Leg, LegState
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.switchboard import Switchboard

NORMAL, REJECTED = 16, 21  # Q.850: normal clearing; call rejected


class OnCall:
    """The verbs `answer` and `hang_up`, each on the agent's own leg."""

    def __init__(self, switchboard: Switchboard, live: LiveCalls) -> None:
        self._switchboard = switchboard
        self._live = live

    async def answer(self, agent: Agent, call_key: str) -> CommandResult:
        """Make the desk phone take the call that rings at it.

        A browser phone answers by itself, in its page.
        """
        leg = self._leg(agent, call_key)
        if leg is None or leg.state is LegState.ENDED:
            return refused("call-over", "This call is over.")
        if leg.state is not LegState.RINGING:
            return refused("not-ringing", "This call does not ring at your phone any more.")
        if agent.device is DeviceKind.BROWSER:
            return refused("answer-in-page", "Answer in the page that holds your browser phone.")
        return await self._switchboard.talk(leg.channel)

    async def hang_up(self, agent: Agent, call_key: str) -> CommandResult:
        """End the agent's part; a ringing call is declined."""
        leg = self._leg(agent, call_key)
        if leg is None or leg.state is LegState.ENDED:
            return refused("call-over", "This call is over.")
        declined = leg.state is LegState.RINGING and not leg.originator
        return await self._switchboard.hang_up(leg.channel, REJECTED if declined else NORMAL)

    def _leg(self, agent: Agent, call_key: str) -> Leg | None:
        """The agent's leg: the one that talks, else the one on the chosen phone."""
        call = self._live.get(call_key)
        legs = [] if call is None else list(call.legs_of(agent.extension))
        alive = [leg for leg in legs if leg.state is not LegState.ENDED]
        talking = [leg for leg in alive if leg.state in (LegState.UP, LegState.HELD)]
        chosen = [leg for leg in alive if leg.endpoint == agent.endpoint]
        return next(iter(talking or chosen or alive or legs), None)
