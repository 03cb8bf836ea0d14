"""Verbs on a call that the agent has a part in: answer, hang up, hold and resume."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from pbxd.agents.model import Agent, DeviceKind, endpoint_of
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Leg, LegState
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallEvent, LegEnded, LegMuted
from pbxd.ports import Clock

OBEYS_S = 2.5  # how long a phone may take to do what it was asked
KEY_PAUSE_S = 0.1  # receivers need a gap between keys (ITU-T Q.24: 65 ms and more), or lose them
NORMAL, REJECTED = 16, 21  # Q.850: normal clearing; call rejected


class OnCall:
    """The verbs `answer`, `hang_up`, `hold`, `mute` and `keys`, each on the agent's own leg."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        bus: Bus,
        clock: Clock,
        leaving: Collection[str],
    ) -> None:
        """`leaving`: ids of legs that are as good as over."""
        self._switchboard = switchboard
        self._live = live
        self._bus = bus
        self._clock = clock
        self._leaving = leaving
        self.muted: set[str] = set()  # legs that are muted at the PBX
        self._keypads: dict[str, asyncio.Lock] = {}  # by leg: one key at a time
        bus.subscribe(LegEnded, self._forget)

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

    async def hold(self, agent: Agent, call_key: str, on: bool) -> CommandResult:
        """Make the desk phone put the other side on hold, or take it back.

        A browser phone does it by itself, in its page. A phone that does not know the request
        changes nothing; the result says so.
        """
        leg = self._leg(agent, call_key)
        if leg is None or leg.state is LegState.ENDED or leg.id in self._leaving:
            return refused("call-over", "This call is over.")
        wanted = LegState.HELD if on else LegState.UP
        if leg.state is wanted:
            return CommandResult(Result.OK)
        if not leg.talking:
            return refused("not-answered", "This call is not answered yet.")
        if leg.endpoint != endpoint_of(agent.extension, DeviceKind.DESK):
            return refused("hold-in-page", "Hold in the page that holds your browser phone.")
        return await self._ask_phone(leg, call_key, wanted)

    async def mute(self, agent: Agent, call_key: str, on: bool) -> CommandResult:
        """Let the others hear nothing from the agent's phone, whichever it is, or again."""
        call = self._live.get(call_key)
        leg = self._leg(agent, call_key)
        if call is None or leg is None or not leg.talking:
            return refused("not-answered", "This call is not answered yet.")
        result = await self._switchboard.send(actions.MuteAudio(leg.channel, on))
        if result.ok:
            (self.muted.add if on else self.muted.discard)(leg.id)
            self._bus.publish(LegMuted(self._clock(), call, leg, on))
        return result

    async def keys(self, agent: Agent, call_key: str, keys: str) -> CommandResult:
        """Press keys for the other side."""
        call = self._live.get(call_key)
        leg = self._leg(agent, call_key)
        if call is None or leg is None or not (others := call.beside(leg)):
            return refused("not-answered", "This call is not answered yet.")
        result = CommandResult(Result.OK)
        async with self._keypads.setdefault(leg.id, asyncio.Lock()):
            for key in keys:
                for other in others:
                    result = await self._switchboard.send(actions.PlayDTMF(other.channel, key))
                    if not result.ok:
                        return result
                await asyncio.sleep(KEY_PAUSE_S)
        return result

    def _forget(self, event: LegEnded) -> None:
        self.muted.discard(event.leg.id)
        self._keypads.pop(event.leg.id, None)

    async def _ask_phone(self, leg: Leg, call_key: str, wanted: LegState) -> CommandResult:
        hold = wanted is LegState.HELD
        request = self._switchboard.hold if hold else self._switchboard.talk
        result = await request(leg.channel)
        if not result.ok or await self._became(call_key, leg.id, wanted):
            return result
        return refused(
            "hold-not-obeyed", "Your desk phone did not obey; press the hold key at the phone."
        )

    async def _became(self, call_key: str, leg_id: str, wanted: LegState) -> bool:
        """Until the phone has done it; False: it has not within OBEYS_S."""
        done = asyncio.Event()

        def look(event: CallEvent) -> None:
            if event.call.key == call_key and _is(event.call, leg_id, wanted):
                done.set()

        unsubscribe = self._bus.subscribe(CallEvent, look)
        try:
            call = self._live.get(call_key)
            if call is not None and _is(call, leg_id, wanted):
                return True
            async with asyncio.timeout(OBEYS_S):
                await done.wait()
        except TimeoutError:
            return False
        finally:
            unsubscribe()
        return True

    def _leg(self, agent: Agent, call_key: str) -> Leg | None:
        """The agent's leg: the one that talks, else the one on the chosen phone."""
        call = self._live.get(call_key)
        legs = [] if call is None else list(call.legs_of(agent.extension))
        alive = [leg for leg in legs if leg.state is not LegState.ENDED]
        talking = [leg for leg in alive if leg.state in (LegState.UP, LegState.HELD)]
        chosen = [leg for leg in alive if leg.endpoint == agent.endpoint]
        return next(iter(talking or chosen or alive or legs), None)


def _is(call: Call, leg_id: str, state: LegState) -> bool:
    return any(leg.id == leg_id and leg.state is state for leg in call.legs)
