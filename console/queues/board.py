"""The wallboard's live part, redrawn at most twice a second for who may see it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from console.desk.desktop import fragment
from console.live.stream import LiveHub, who_may
from console.web.i18n import Language, Languages
from console.web.templates import Templates
from pbxd.app import Daemon
from pbxd.events import AgentPresenceChanged, AgentsChanged, AgentStateChanged, QueuesChanged
from pbxd.queues.model import Queue, Today

AT_MOST_EVERY_S = 0.4


@dataclass(frozen=True, slots=True)
class Row:
    """One queue."""

    queue: Queue
    waiting: int
    first_since: int  # ms since 1970 UTC; 0 nobody waits
    today: Today
    here: int


class Wallboard:
    """Listens on the bus."""

    def __init__(
        self, daemon: Daemon, hub: LiveHub, languages: Languages, templates: Templates
    ) -> None:
        self._daemon = daemon
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self._timer: asyncio.TimerHandle | None = None
        for kind in (QueuesChanged, AgentStateChanged, AgentPresenceChanged, AgentsChanged):
            daemon.bus.subscribe(kind, lambda event: self._later())

    def html(self, language: Language) -> str:
        """The whole board."""
        agents = self._daemon.agents
        people = [(agent, agents.state(agent.id)) for agent in agents.all()]
        return self._templates.fragment(
            language,
            "queues/board.html",
            rows=[self._row(queue) for queue in self._daemon.queues.all()],
            people=people,
            counts=Counter(state.value for _, state in people),
        )

    def _row(self, queue: Queue) -> Row:
        queues = self._daemon.queues
        waiting = queues.callers.waiting(queue)
        first = min(waiting.values(), default=None)
        since = 0 if first is None else round(first.timestamp() * 1000)
        return Row(queue, len(waiting), since, queues.callers.today(queue), len(queue.here))

    def _later(self) -> None:
        if self._timer is None and self._hub.clients:
            self._timer = asyncio.get_running_loop().call_later(AT_MOST_EVERY_S, self._now)

    def _now(self) -> None:
        self._timer = None
        self._hub.send_each(
            who_may("wallboard"),
            lambda code: fragment("#wallboard", "outer", self.html(self._languages[code])),
        )
