"""What follows from an incident in the console: the mark, the supervisors' notice, the rest."""

from __future__ import annotations

from console.customers.service import Customers
from console.live.stream import LiveHub, who_may
from console.web.i18n import Languages
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.events import AbuseReported
from pbxd.presence.service import Presences
from pbxd.tasks import Supervisor


class AbuseNews:
    """Listens for incidents."""

    def __init__(
        self,
        bus: Bus,
        hub: LiveHub,
        languages: Languages,
        agents: Agents,
        presence: Presences,
        customers: Customers,
        supervisor: Supervisor,
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._agents = agents
        self._presence = presence
        self._customers = customers
        self._supervisor = supervisor
        bus.subscribe(AbuseReported, self._reported)

    def _reported(self, event: AbuseReported) -> None:
        agent = self._agents.by_id(event.agent_id)
        name = agent.name if agent is not None else ""
        self._hub.send_each(
            who_may("abuse"),
            lambda code: {
                "kind": "toast",
                "level": "error" if event.blocked else "info",
                "text": self._text(code, name, event),
            },
        )
        if event.blocked:
            self._presence.offer_rest(event.agent_id)
        if event.customer_id:
            mark = self._customers.mark_caution(event.customer_id)
            self._supervisor.once("mark caution", mark)

    def _text(self, code: str, name: str, event: AbuseReported) -> str:
        text = self._languages[code].text
        if not event.blocked:
            return text("{name} warned an abusive caller.").format(name=name)
        if event.refused:
            return text(
                "{name} ended a call because of abuse. The number is refused from now on."
            ).format(name=name)
        return text("{name} ended a call because of abuse.").format(name=name)
