"""The verbs of a supervisor, and who supervises whom right now."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.ami import actions
from pbxd.ami.events import AmiEvent, DeviceState, Hangup, Newchannel
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import SPY_PREFIX
from pbxd.config import PbxSettings
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.switchboard import Switchboard
from pbxd.events import (
    CallHandedOver,
    Handing,
    LegEnded,
    LinkState,
    PbxLinkChanged,
    SupervisionChanged,
    SupervisionEnded,
)
from pbxd.ports import Clock
from pbxd.store.metadata import new_id
from pbxd.supervise.model import Mode, Session
from pbxd.supervise.rules import customer_of, is_in, watched_leg
from pbxd.tasks import Supervisor

PLACE = "pbxd-supervise"
_AWAY = (DeviceState.UNAVAILABLE, DeviceState.INVALID, DeviceState.UNKNOWN)


class Supervision:
    """Sessions are kept by the id of the supervisor's channel, which we choose."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        agents: Agents,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        settings: PbxSettings,
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._agents = agents
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._settings = settings
        self._sessions: dict[str, Session] = {}
        bus.subscribe(PbxLinkChanged, self._on_link)
        bus.subscribe(LegEnded, self._leg_ended)

    def sessions(self, call_key: str = "") -> tuple[Session, ...]:
        """Who supervises now (one call, or all)."""
        found = self._sessions.values()
        return tuple(one for one in found if not call_key or one.call_key == call_key)

    async def start(
        self, supervisor: Agent, call_key: str, extension: str, mode: Mode
    ) -> CommandResult:
        """Ring the supervisor's phone, then be at the call of `extension`; or change the mode."""
        call = self._live.get(call_key)
        leg = None if call is None else watched_leg(call, extension)
        if call is None or leg is None:
            return refused("call-over", "This call is over.")
        if extension == supervisor.extension or is_in(call, supervisor):
            return refused("own-supervision", "You are in this call yourself.")
        mine = next((s for s in self.sessions() if s.supervisor_id == supervisor.id), None)
        if mine is not None and mine.call_key == call_key and mine.watched == extension:
            return await self._switch(mine, mode)
        if (problem := self._phone_problem(supervisor)) is not None:
            return problem
        if mine is not None:
            await self.stop(supervisor)
        channel_id = f"{SPY_PREFIX}{new_id()}"
        session = Session(channel_id, supervisor.id, extension, call_key, mode, self._clock())
        self._sessions[channel_id] = session
        result = await self._switchboard.send(
            actions.Originate(
                channel=f"PJSIP/{supervisor.endpoint}",
                channel_id=channel_id,
                context=PLACE,
                exten=mode.value,
                caller_id=f"<{extension}>",
                timeout_s=self._settings.ring_seconds,
                account=supervisor.extension,
                variables=(
                    ("PBXD_SPY", leg.channel),
                    ("PJSIP_HEADER(add,X-Pbxd-Auto)", "yes"),
                    ("PJSIP_HEADER(add,Call-Info)", "<sip:pbxd>;answer-after=0"),
                ),
            )
        )
        if not result.ok:
            self._sessions.pop(channel_id, None)
        else:
            self._tell(session)
        return result

    async def stop(self, supervisor: Agent) -> CommandResult:
        """Leave the supervised call."""
        for session in self.sessions():
            if session.supervisor_id == supervisor.id and session.channel:
                return await self._switchboard.hang_up(session.channel, 16)
        return refused("not-supervising", "You are not at anybody's call.")

    async def take_over(self, supervisor: Agent, call_key: str, extension: str) -> CommandResult:
        """The customer comes to the supervisor's phone; not picked up, back to the agent."""
        call = self._live.get(call_key)
        customer = None if call is None else customer_of(call, extension)
        if call is None or customer is None:
            return refused("nobody-to-take", "There is nobody in this call to take over.")
        if extension == supervisor.extension or is_in(call, supervisor):
            return refused("own-supervision", "You are in this call yourself.")
        if (problem := self._phone_problem(supervisor)) is not None:
            return problem
        await self.stop(supervisor)
        back = actions.SetVariable(customer.channel, "PBXD_BACK", extension)
        if not (result := await self._switchboard.send(back)).ok:
            return result
        result = await self._switchboard.send(
            actions.Redirect(customer.channel, "pbxd-pick-up", supervisor.extension)
        )
        if result.ok:
            self._bus.publish(
                CallHandedOver(
                    self._clock(), call.key, extension, supervisor.extension, Handing.TAKEN_OVER
                )
            )
        return result

    def apply(self, event: AmiEvent) -> None:
        """Learn the supervisor's channel's name; notice when it ends."""
        if isinstance(event, Newchannel):
            session = self._sessions.get(event.channel.uniqueid)
            if session is not None:
                named = dataclasses.replace(session, channel=event.channel.name)
                self._sessions[session.channel_id] = named
        elif isinstance(event, Hangup):
            self._end(event.channel.uniqueid)

    def _leg_ended(self, event: LegEnded) -> None:
        """There is nothing to hear any more: a phone that still rings for it falls silent."""
        for session in self.sessions(event.call.key):
            if session.watched == event.leg.party.extension and session.channel:
                end = self._switchboard.hang_up(session.channel, 16)
                self._supervisor.once("supervision over", _done(end))

    def _on_link(self, event: PbxLinkChanged) -> None:
        """Out of sight: nobody is known to listen."""
        if event.state is LinkState.DOWN:
            for channel_id in tuple(self._sessions):
                self._end(channel_id)

    async def _switch(self, session: Session, mode: Mode) -> CommandResult:
        if not session.channel:
            return refused("still-ringing", "Your phone still rings; pick it up first.")
        result = await self._switchboard.send(actions.Redirect(session.channel, PLACE, mode.value))
        if result.ok:
            changed = dataclasses.replace(session, mode=mode)
            self._sessions[session.channel_id] = changed
            self._tell(changed)
        return result

    def _end(self, channel_id: str) -> None:
        session = self._sessions.pop(channel_id, None)
        if session is None:
            return
        now = self._clock()
        self._bus.publish(
            SupervisionEnded(
                now,
                session.supervisor_id,
                session.watched,
                session.call_key,
                session.mode.value,
                (now - session.since).total_seconds(),
            )
        )

    def _tell(self, session: Session) -> None:
        self._bus.publish(
            SupervisionChanged(
                self._clock(),
                session.supervisor_id,
                session.watched,
                session.call_key,
                session.mode.value,
            )
        )

    def _phone_problem(self, agent: Agent) -> CommandResult | None:
        if self._agents.device_state(agent.extension, agent.device) in _AWAY:
            return refused("no-phone", "None of your phones is connected.")
        return None


async def _done(command: Awaitable[CommandResult]) -> None:
    await command
