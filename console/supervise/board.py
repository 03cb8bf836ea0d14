"""Keeps the supervisors' tables true: redrawn at most four times a second, for who may see them."""

from __future__ import annotations

import asyncio

from console.audit import queries as audit
from console.desk.desktop import Desktop, fragment
from console.live.stream import LiveHub, who_may
from console.supervise.rows import supervised_agents, supervised_calls
from console.web.i18n import Language, Languages
from console.web.templates import Templates
from pbxd.app import Daemon
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    AgentStateChanged,
    CallEvent,
    CallIdentified,
    SupervisionChanged,
    SupervisionEnded,
)

AT_MOST_EVERY_S = 0.25


class SupervisorBoard:
    """Both tables, and the audit row of each supervision."""

    def __init__(
        self,
        daemon: Daemon,
        desktop: Desktop,
        hub: LiveHub,
        languages: Languages,
        templates: Templates,
    ) -> None:
        self._daemon = daemon
        self._names = desktop.screens.names
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self._timer: asyncio.TimerHandle | None = None
        for kind in (
            CallEvent,
            CallIdentified,
            AgentStateChanged,
            AgentPresenceChanged,
            AgentsChanged,
            SupervisionChanged,
        ):
            daemon.bus.subscribe(kind, lambda event: self._later())
        daemon.bus.subscribe(SupervisionEnded, self._ended)

    def html(self, language: Language) -> str:
        """Both tables."""
        daemon = self._daemon
        return self._templates.fragment(
            language,
            "supervise/tables.html",
            calls=supervised_calls(
                daemon.live.calls(), self._names, daemon.agents, daemon.supervision.sessions()
            ),
            agents=supervised_agents(daemon.agents),
            reasons=daemon.presence.reasons(),
        )

    def _later(self) -> None:
        if self._timer is None and self._hub.clients:
            self._timer = asyncio.get_running_loop().call_later(AT_MOST_EVERY_S, self._now)

    def _now(self) -> None:
        self._timer = None
        self._hub.send_each(
            who_may("supervise"),
            lambda code: fragment("#supervise", "outer", self.html(self._languages[code])),
        )

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
