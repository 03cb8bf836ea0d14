"""What calls lead to: wrap-up behind a conversation, an absence behind unanswered ones.

Only for agents whose console is on line (접속관리): to the others the screen could not say it.
"""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from pbxd.agents.presence import By
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.calls.model import Call
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    CallAnswered,
    LegEnded,
    LinkState,
    PbxLinkChanged,
    PresenceKind,
)
from pbxd.presence import rules
from pbxd.presence.mirror import Mirror
from pbxd.presence.service import Presences
from pbxd.tasks import Supervisor


class Calls(Protocol):
    """The live calls."""

    def of_extension(self, extension: str) -> tuple[Call, ...]: ...


class Watch:
    """Listens on the bus from its making on."""

    def __init__(
        self,
        bus: Bus,
        calls: Calls,
        agents: Agents,
        presences: Presences,
        mirror: Mirror,
        supervisor: Supervisor,
    ) -> None:
        self._calls = calls
        self._agents = agents
        self._presences = presences
        self._mirror = mirror
        self._supervisor = supervisor
        self._missed: Counter[str] = Counter()  # agent → calls in a row
        bus.subscribe(LegEnded, self._ended)
        bus.subscribe(CallAnswered, self._answered)
        bus.subscribe(AgentPresenceChanged, self._changed)
        bus.subscribe(PbxLinkChanged, self._linked)
        bus.subscribe(AgentsChanged, lambda event: self._align())

    def _ended(self, event: LegEnded) -> None:
        agent = self._agents.by_extension(event.leg.party.extension)
        if agent is None or not agent.linked:
            return
        if rules.talked_with_customer(event.call, event.leg):
            if not self._calls.of_extension(agent.extension):
                self._supervisor.once("wrap-up", self._presences.wrap_up(agent.id))
        elif rules.left_unanswered(event.call, event.leg):
            self._missed[agent.id] += 1
            limit = self._presences.options.missed_limit
            if limit and self._missed[agent.id] >= limit and self._presences.of(agent.id).reachable:
                self._supervisor.once(
                    "away after missed calls", self._presences.away(agent.id, "", By.AUTO)
                )

    def _answered(self, event: CallAnswered) -> None:
        agent = self._agents.by_extension(event.leg.party.extension)
        if agent is not None:
            self._missed.pop(agent.id, None)

    def _changed(self, event: AgentPresenceChanged) -> None:
        if event.kind is not PresenceKind.WRAP_UP:
            self._missed.pop(event.agent_id, None)

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self._align()

    def _align(self) -> None:
        """After each log-in; and when somebody came, left or moved to another extension."""
        if self._mirror.up:
            self._supervisor.once("presence in Asterisk", self._presences.align())
