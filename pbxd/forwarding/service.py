"""Forwarding of each extension: the store is the truth, AstDB makes it hold without pbxd."""

from __future__ import annotations

from collections.abc import Mapping

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.desk.rules import MayCall
from pbxd.errors import InvalidInput
from pbxd.events import AgentsChanged
from pbxd.forwarding import queries
from pbxd.forwarding.model import Forward
from pbxd.ports import Clock
from pbxd.presence.mirror import Mirror
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

FAMILY = "pbxd/forward"


class Forwardings:
    """Reads are from memory; changes go to the store first, then to Asterisk."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        agents: Agents,
        plan: NumberPlan,
        may_call: MayCall,
        mirror: Mirror,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._bus = bus
        self._agents = agents
        self._plan = plan
        self._may_call = may_call
        self._mirror = mirror
        self._clock = clock
        self._targets: dict[str, dict[Forward, str]] = {}
        mirror.follow(self._wanted, bus, supervisor)
        bus.subscribe(AgentsChanged, lambda event: mirror.soon())

    async def load(self) -> None:
        """Read all forwardings."""
        async with self._store.reading() as conn:
            self._targets = await queries.every(conn)

    def of(self, agent_id: str) -> Mapping[Forward, str]:
        """Where an agent's calls go; kinds that are not there go nowhere."""
        return self._targets.get(agent_id, {})

    async def set(self, agent: Agent, typed: Mapping[Forward, str]) -> bool:
        """Forward from now on; "" not. Raises InvalidInput (field: the kind).

        False: written down, and Asterisk learns it as soon as it can be reached.
        """
        targets = {
            kind: self._target(agent, kind, text.strip())
            for kind, text in typed.items()
            if text.strip()
        }
        async with self._store.writing() as conn:
            await queries.keep(conn, agent.id, targets)
        self._targets[agent.id] = targets
        self._bus.publish(AgentsChanged(self._clock()))
        if not self._mirror.up:
            return False
        return all([await self._mirror.tell(f"{agent.extension}-{kind}") for kind in Forward])

    def _target(self, agent: Agent, kind: Forward, text: str) -> str:
        try:
            number = self._plan.parse(text)
            if number.e164 == agent.extension:
                raise InvalidInput("own-extension", "This is your own extension.")
            if self._agents.by_extension(number.e164) is not None:
                return number.e164
            self._may_call(agent, number)
        except InvalidInput as refusal:
            raise InvalidInput(
                refusal.id, refusal.message, field=kind.value, **refusal.details
            ) from None
        return self._plan.dial_string(number)

    def _wanted(self) -> dict[str, str]:
        return {
            f"{agent.extension}-{kind}": target
            for agent in self._agents.all()
            for kind, target in self.of(agent.id).items()
        }
