"""The `presence` message: what an agent's Away button shows, told to all pages of that agent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from console.desk.state import absence, ms
from console.live.stream import LiveHub
from console.live.stream import agent as pages_of
from console.web.context import Viewer
from pbxd.agents.presence import Reason
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.events import AgentPresenceChanged, PresenceChoicesChanged
from pbxd.ports import Clock
from pbxd.presence.service import Presences


class PresencePages:
    """Listens on the bus from its making on. Times are ms since 1970 UTC."""

    def __init__(
        self, bus: Bus, hub: LiveHub, agents: Agents, presences: Presences, clock: Clock
    ) -> None:
        self._hub = hub
        self._agents = agents
        self._presences = presences
        self._clock = clock
        bus.subscribe(AgentPresenceChanged, lambda event: self._send(event.agent_id))
        bus.subscribe(PresenceChoicesChanged, lambda event: self._send_all())
        hub.snapshot(self._snapshot)

    def message(self, agent_id: str) -> dict[str, Any]:
        """The message as of now."""
        rest = self._presences.rest_offered(agent_id)
        return {
            "kind": "presence",
            "now": ms(self._clock()),
            "away": absence(self._presences.of(agent_id)),
            "rest": None if rest is None else choice(rest),
            "reasons": [choice(reason) for reason in self._presences.reasons()],
        }

    def _send(self, agent_id: str) -> None:
        self._hub.send(pages_of(agent_id), self.message(agent_id))

    def _send_all(self) -> None:
        for agent in self._agents.all():
            self._send(agent.id)

    def _snapshot(self, viewer: Viewer) -> Iterable[dict[str, Any]]:
        agent = self._agents.by_id(viewer.user.agent_id) if viewer.user.agent_id else None
        if agent is not None and not agent.closed:
            yield self.message(agent.id)


def choice(reason: Reason) -> dict[str, Any]:
    """A reason in the menu."""
    return {
        "id": reason.id,
        "reason": reason.word,
        "name": reason.name,
        "minutes": reason.minutes,
    }
