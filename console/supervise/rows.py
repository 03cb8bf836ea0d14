"""The supervisor's tables as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.desk.home import LiveRow, live_rows
from console.desk.state import Names
from pbxd.agents.model import Agent
from pbxd.agents.presence import Presence, Reason
from pbxd.agents.service import Agents
from pbxd.calls.model import Call
from pbxd.events import AgentState
from pbxd.supervise.model import Session
from pbxd.supervise.rules import customer_of, watched_leg


@dataclass(frozen=True, slots=True)
class Part:
    """One agent's part in a call, and what a supervisor may do with it."""

    extension: str
    name: str
    can_watch: bool
    can_take: bool
    watchers: tuple[tuple[str, str], ...]  # name, mode


@dataclass(frozen=True, slots=True)
class SupervisedCall:
    """One call of the table."""

    row: LiveRow
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SupervisedAgent:
    """One agent of the table."""

    agent: Agent
    state: AgentState
    presence: Presence | None
    reasons: tuple[Reason, ...]  # for which he can be set to away


def supervised_calls(
    calls: Iterable[Call], names: Names, agents: Agents, sessions: Iterable[Session]
) -> tuple[SupervisedCall, ...]:
    """All calls that go on, oldest first."""
    by_key = {call.key: call for call in calls}
    known = tuple(sessions)
    return tuple(
        SupervisedCall(
            row, tuple(_part(by_key[row.key], side.number, agents, known) for side in row.inside)
        )
        for row in live_rows(by_key.values(), names)
    )


def _part(call: Call, extension: str, agents: Agents, sessions: tuple[Session, ...]) -> Part:
    agent = agents.by_extension(extension)
    watchers = []
    for session in sessions:
        if session.call_key == call.key and session.watched == extension:
            supervisor = agents.by_id(session.supervisor_id)
            watchers.append((supervisor.name if supervisor else "", session.mode.value))
    return Part(
        extension,
        agent.name if agent is not None else extension,
        watched_leg(call, extension) is not None,
        customer_of(call, extension) is not None,
        tuple(watchers),
    )


def supervised_agents(agents: Agents, reasons: Iterable[Reason]) -> tuple[SupervisedAgent, ...]:
    """Everybody who works here now."""
    offered = tuple(reasons)
    return tuple(
        SupervisedAgent(agent, agents.state(agent.id), agents.presence(agent.id), offered)
        for agent in agents.all()
    )
