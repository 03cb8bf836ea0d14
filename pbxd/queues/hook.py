"""The dialplan asks whom a caller should be rung at before he waits: his last agent."""

from __future__ import annotations

from datetime import timedelta

from pbxd.agents.service import Agents
from pbxd.agi.server import Answer
from pbxd.agi.session import Question
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.live import LiveCalls
from pbxd.events import AgentState
from pbxd.ports import Clock
from pbxd.queues import queries
from pbxd.queues.service import Queues
from pbxd.store.engine import Store


class QueueRoute:
    """The hook `/queue-route?queue=WORD`: sets PBXD_FIRST to the extension of a free member."""

    def __init__(
        self,
        queues: Queues,
        agents: Agents,
        live: LiveCalls,
        store: Store,
        plan: NumberPlan,
        clock: Clock,
    ) -> None:
        self._queues = queues
        self._agents = agents
        self._live = live
        self._store = store
        self._plan = plan
        self._clock = clock

    async def __call__(self, question: Question) -> Answer:
        """Who had this caller last, takes calls of the queue, and is free now."""
        queue = self._queues.get(question.query.get("queue", ""))
        number = self._plan.normalise(question.caller)
        if queue is None or not queue.last_agent_days or not number:
            return {}
        since = self._clock() - timedelta(days=queue.last_agent_days)
        async with self._store.reading() as conn:
            agent_id = await queries.last_agent(conn, number, since)
        agent = self._agents.by_id(agent_id) if agent_id in queue.here else None
        if agent is None or self._agents.state(agent.id) is not AgentState.AVAILABLE:
            return {}
        call = next(
            (
                call
                for call in self._live.calls()
                if any(leg.id == question.uniqueid for leg in call.legs)
            ),
            None,
        )
        self._queues.callers.routed(queue, question.uniqueid if call is None else call.linkedid)
        return {"PBXD_FIRST": agent.extension}
