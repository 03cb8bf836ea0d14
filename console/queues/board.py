"""The wallboard's live part, for who may see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from console.live.parts import Parts, Rows
from pbxd.app import Daemon
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    AgentState,
    AgentStateChanged,
    QueuesChanged,
)
from pbxd.queues.model import Queue, Today

NAME = "wallboard"


@dataclass(frozen=True, slots=True)
class Row:
    """One queue."""

    queue: Queue
    waiting: int
    first_since: int  # ms since 1970 UTC; 0 nobody waits
    today: Today
    here: int


@dataclass(frozen=True, slots=True)
class People:
    """The agents by state."""

    counts: tuple[tuple[str, int], ...]  # state, how many
    names: tuple[tuple[str, AgentState], ...]

    def count(self, state: str) -> int:
        """How many are in that state."""
        return dict(self.counts).get(state, 0)


class Wallboard:
    """Listens on the bus."""

    def __init__(self, daemon: Daemon, parts: Parts) -> None:
        self._daemon = daemon
        self._parts = parts
        # after midnight all figures are of a new day
        parts.add_for_all(NAME, "wallboard", self._rows, self._today)
        for kind in (QueuesChanged, AgentStateChanged, AgentPresenceChanged, AgentsChanged):
            daemon.bus.subscribe(kind, lambda event: parts.changed(NAME))

    def _today(self) -> date:
        return self._daemon.clock().astimezone(self._daemon.settings.office.zone).date()

    def _rows(self, code: str) -> Rows:
        draw = self._parts.row
        rows = {
            f"queue:{queue.word}": draw(code, "queues/wall_queue.html", self._row(queue))
            for queue in self._daemon.queues.all()
        }
        if not rows:
            rows["none"] = draw(code, "queues/wall_none.html", None)
        rows["agents"] = draw(code, "queues/wall_agents.html", self._people())
        return rows

    def _people(self) -> People:
        agents = self._daemon.agents
        names = tuple((agent.name, agents.state(agent.id)) for agent in agents.all())
        return People(tuple(sorted(Counter(state.value for _, state in names).items())), names)

    def _row(self, queue: Queue) -> Row:
        queues = self._daemon.queues
        waiting = queues.callers.waiting(queue)
        first = min(waiting.values(), default=None)
        since = 0 if first is None else round(first.timestamp() * 1000)
        return Row(queue, len(waiting), since, queues.callers.today(queue), len(queue.here))
