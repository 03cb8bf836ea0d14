"""Whom a call from outside rings first, before all phones of its line."""

from __future__ import annotations

from datetime import timedelta

from pbxd.agents.service import Agents
from pbxd.agi.server import Answer
from pbxd.agi.session import Question
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.config import DeskSettings
from pbxd.events import AgentState
from pbxd.ports import CallerDirectory, Clock
from pbxd.presence.mirror import Mirror
from pbxd.queues import queries
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

FAMILY = "pbxd/line-rule"


class LineRoute:
    """The hook `/line-route`: sets PBXD_FIRST to extensions that are free (`101` or `101&102`).

    A queue has a rule of its own; a line of one extension rings that one anyway.
    """

    def __init__(
        self,
        directory: CallerDirectory,
        agents: Agents,
        store: Store,
        plan: NumberPlan,
        clock: Clock,
        settings: DeskSettings,
    ) -> None:
        self._directory = directory
        self._agents = agents
        self._store = store
        self._plan = plan
        self._clock = clock
        self._days = settings.last_agent_days
        self._vip = settings.vip_extensions

    async def __call__(self, question: Question) -> Answer:
        """VIP customers ring those who are there for them, others whom they talked with last."""
        number = self._plan.normalise(question.caller)
        if not number:
            return {}
        first: list[str] = []
        if self._vip and any(one.vip for one in await self._directory.look_up(number)):
            first += [one for one in self._vip if self._free(one)]
        if not first and self._days:
            since = self._clock() - timedelta(days=self._days)
            async with self._store.reading() as conn:
                agent_id = await queries.last_agent(conn, number, since)
            agent = self._agents.by_id(agent_id)
            if agent is not None and self._free(agent.extension):
                first.append(agent.extension)
        return {"PBXD_FIRST": "&".join(first)} if first else {}

    def _free(self, extension: str) -> bool:
        agent = self._agents.by_extension(extension)
        return agent is not None and self._agents.state(agent.id) is AgentState.AVAILABLE


def keep_rule(mirror: Mirror, settings: DeskSettings, bus: Bus, supervisor: Supervisor) -> None:
    """Tell the dialplan whether it is worth asking."""
    asks = bool(settings.last_agent_days or settings.vip_extensions)
    mirror.follow(lambda: {"first": "yes"} if asks else {}, bus, supervisor)
