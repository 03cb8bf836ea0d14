"""Agents in memory: who they are (from the store) and what their phones do (from Asterisk)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from pbxd.agents import queries
from pbxd.agents.model import Agent, DeviceKind, endpoint_of
from pbxd.agents.presence import Presence
from pbxd.agents.rules import agent_state
from pbxd.ami.events import AmiEvent, DeviceState, DeviceStateChange
from pbxd.bus import Bus
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import AgentsChanged, AgentState, AgentStateChanged, PresenceKind
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

EXTENSION = re.compile(r"[1-9][0-9]{1,3}")  # at most four digits (S4-24)


class Agents:
    """Reads are synchronous and from memory; changes go to the store first."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._agents: dict[str, Agent] = {}
        self._here: dict[str, Agent] = {}  # by extension: those who work here now
        self._devices: dict[str, DeviceState] = {}
        self._told: dict[str, AgentState] = {}
        self._presence: dict[str, Presence] = {}

    async def load(self) -> None:
        """Read all agents from the store."""
        async with self._store.reading() as conn:
            found = await queries.every(conn)
        self._keep(*found)
        self._bus.publish(AgentsChanged(self._clock()))

    def all(self) -> tuple[Agent, ...]:
        """Those who work here now, by extension."""
        return tuple(self._here.values())

    def by_id(self, agent_id: str) -> Agent | None:
        """One agent, also one who left."""
        return self._agents.get(agent_id)

    def by_extension(self, extension: str) -> Agent | None:
        """Who sits at `extension` now."""
        return self._here.get(extension)

    def state(self, agent_id: str) -> AgentState:
        """What the agent's phones do, and whether calls are sent to them."""
        agent = self._agents.get(agent_id)
        if agent is None:
            return AgentState.OFFLINE
        return agent_state(
            (self.device_state(agent.extension, kind) for kind in DeviceKind),
            PresenceKind.AVAILABLE if (now := self.presence(agent_id)) is None else now.kind,
        )

    def device_state(self, extension: str, device: DeviceKind) -> DeviceState:
        """The state of one phone of an extension; UNKNOWN before Asterisk told."""
        name = f"PJSIP/{endpoint_of(extension, device)}"
        return self._devices.get(name, DeviceState.UNKNOWN)

    def apply(self, event: AmiEvent) -> None:
        """Take note of a phone's state."""
        if isinstance(event, DeviceStateChange):
            self._devices[event.device] = event.state
            extension = event.device.removeprefix("PJSIP/").removesuffix("-web")
            if (agent := self.by_extension(extension)) is not None:
                self._tell(agent)

    def apply_snapshot(self, states: Iterable[tuple[str, DeviceState]]) -> int:
        """Replace all device states by Asterisk's list; returns how many differed."""
        now = dict(states)
        changed = sum(
            self._devices.get(device, DeviceState.UNKNOWN) is not state
            for device, state in now.items()
        )
        self._devices = now
        for agent in self.all():
            self._tell(agent)
        return changed

    async def add(self, name: str, extension: str, device: DeviceKind) -> Agent:
        """A new agent. Raises InvalidInput, Conflict (extension taken)."""
        name = self._checked(name, extension)
        agent = Agent(new_id(), name, extension, device)
        async with self._store.writing() as conn:
            await queries.add(conn, agent, self._clock())
        self._keep(agent)
        self._bus.publish(AgentsChanged(self._clock()))
        return agent

    async def change(self, agent_id: str, name: str, extension: str) -> None:
        """Another name or extension. Raises NotFound, InvalidInput, Conflict."""
        agent = self._known(agent_id)
        name = self._checked(name, extension, agent_id)
        async with self._store.writing() as conn:
            await queries.set_identity(conn, agent_id, name, extension)
        self._replace(dataclasses.replace(agent, name=name, extension=extension))
        self._bus.publish(AgentsChanged(self._clock()))

    async def close(self, agent_id: str) -> None:
        """The agent leaves; the history keeps him. Raises NotFound."""
        agent = self._known(agent_id)
        async with self._store.writing() as conn:
            await queries.set_closed(conn, agent_id, self._clock())
        self._keep(dataclasses.replace(agent, closed=True))
        self._bus.publish(AgentsChanged(self._clock()))

    async def reopen(self, agent_id: str) -> None:
        """The agent is back at the same extension. Raises NotFound, Conflict."""
        agent = self._known(agent_id)
        self._checked(agent.name, agent.extension, agent_id)
        async with self._store.writing() as conn:
            await queries.set_closed(conn, agent_id, None)
        self._replace(dataclasses.replace(agent, closed=False))
        self._bus.publish(AgentsChanged(self._clock()))

    def left(self) -> tuple[Agent, ...]:
        """Those who do not work here any more."""
        return tuple(agent for agent in self._agents.values() if agent.closed)

    def _checked(self, name: str, extension: str, agent_id: str = "") -> str:
        """The name, trimmed. Raises InvalidInput, Conflict (extension taken by another)."""
        name = name.strip()
        if not name or len(name) > 80:
            raise InvalidInput("agent-name", "Enter a name of 1 to 80 characters.", field="name")
        if not EXTENSION.fullmatch(extension):
            raise InvalidInput(
                "extension-form", "An extension has two to four digits.", field="extension"
            )
        sits = self.by_extension(extension)
        if sits is not None and sits.id != agent_id:
            raise Conflict(
                "extension-taken", "Extension {extension} is taken.", extension=extension
            )
        return name

    async def set_device(self, agent_id: str, device: DeviceKind) -> None:
        """Choose the phone that the console drives."""
        agent = self._known(agent_id)
        async with self._store.writing() as conn:
            await queries.set_device(conn, agent_id, device)
        self._replace(dataclasses.replace(agent, device=device))

    async def set_linked(self, agent_id: str, linked: bool) -> None:
        """Switch the CTI link (접속관리, S4-101)."""
        agent = self._known(agent_id)
        async with self._store.writing() as conn:
            await queries.set_linked(conn, agent_id, linked)
        self._replace(dataclasses.replace(agent, linked=linked))

    def presence(self, agent_id: str) -> Presence | None:
        """How `pbxd/presence` says an agent is; None before it ever changed: available."""
        return self._presence.get(agent_id)

    def take_presence(self, presence: Presence) -> None:
        """Take note of what `pbxd/presence` says; told also when only a reason changed."""
        self._presence[presence.agent_id] = presence
        if (agent := self._agents.get(presence.agent_id)) is not None:
            self._tell(agent, always=True)

    def _known(self, agent_id: str) -> Agent:
        agent = self._agents.get(agent_id)
        if agent is None:
            raise NotFound("no-agent", "There is no such agent.")
        return agent

    def _keep(self, *agents: Agent) -> None:
        self._agents.update((agent.id, agent) for agent in agents)
        here = (agent for agent in self._agents.values() if not agent.closed)
        self._here = {
            agent.extension: agent for agent in sorted(here, key=lambda agent: agent.extension)
        }

    def _replace(self, agent: Agent) -> None:
        self._keep(agent)
        self._tell(agent, always=True)

    def _tell(self, agent: Agent, always: bool = False) -> None:
        state = self.state(agent.id)
        if always or self._told.get(agent.id) is not state:
            self._told[agent.id] = state
            self._bus.publish(
                AgentStateChanged(self._clock(), agent.id, agent.extension, state, agent.linked)
            )
