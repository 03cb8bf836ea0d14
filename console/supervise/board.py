"""Keeps the supervisors' lists true, and writes down who was at whose call."""

from __future__ import annotations

from console.audit import queries as audit
from console.desk.state import Names
from console.live.parts import Parts, Rows
from console.supervise.rows import supervised_agents, supervised_calls
from pbxd.app import Daemon
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    AgentStateChanged,
    CallEvent,
    CallIdentified,
    Event,
    PresenceChoicesChanged,
    SupervisionChanged,
    SupervisionEnded,
)

CALLS, AGENTS = "supervised-calls", "supervised-agents"
_CALLS_CHANGE: tuple[type[Event], ...] = (
    CallEvent,
    CallIdentified,
    SupervisionChanged,
    AgentsChanged,
)
_AGENTS_CHANGE: tuple[type[Event], ...] = (
    AgentPresenceChanged,
    AgentsChanged,
    AgentStateChanged,
    PresenceChoicesChanged,
)


class SupervisorBoard:
    """Both lists, and the audit row of each supervision."""

    def __init__(self, daemon: Daemon, names: Names, parts: Parts) -> None:
        self._daemon = daemon
        self._names = names
        self._parts = parts
        parts.add_for_all(CALLS, "supervise", self._calls)
        parts.add_for_all(AGENTS, "supervise", self._agents)
        for kind in _CALLS_CHANGE:
            daemon.bus.subscribe(kind, lambda event: parts.changed(CALLS))
        for kind in _AGENTS_CHANGE:
            daemon.bus.subscribe(kind, lambda event: parts.changed(AGENTS))
        daemon.bus.subscribe(SupervisionEnded, self._ended)

    def _calls(self, code: str) -> Rows:
        daemon = self._daemon
        return {
            call.row.key: self._parts.row(code, "supervise/call.html", call)
            for call in supervised_calls(
                daemon.live.calls(), self._names, daemon.agents, daemon.supervision.sessions()
            )
        }

    def _agents(self, code: str) -> Rows:
        daemon = self._daemon
        return {
            one.agent.id: self._parts.row(code, "supervise/agent.html", one)
            for one in supervised_agents(daemon.agents, daemon.presence.reasons())
        }

    def _ended(self, event: SupervisionEnded) -> None:
        """Who was at whose call, how and how long: on file, also when pbxd ended it."""

        async def write() -> None:
            async with self._daemon.store.writing() as conn:
                await audit.note(
                    conn,
                    event.at,
                    event.supervisor_id,
                    "supervise",
                    event.call_key,
                    None,
                    {"watched": event.watched, "mode": event.mode, "seconds": event.seconds},
                )

        self._daemon.supervisor.once("note supervision", write())
