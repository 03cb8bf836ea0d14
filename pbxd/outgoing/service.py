"""Who may call what, and which number he shows: kept in the store, mirrored in AstDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.callers.numbers import Country, Number, NumberKind, NumberPlan
from pbxd.config import Settings
from pbxd.errors import InvalidInput
from pbxd.events import AgentsChanged
from pbxd.outgoing import model, queries
from pbxd.outgoing.model import Allowance
from pbxd.presence.mirror import Mirror
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

FAMILY = "pbxd/outgoing"


class Outgoing:
    """Reads are from memory."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        agents: Agents,
        plan: NumberPlan,
        mirror: Mirror,
        supervisor: Supervisor,
        settings: Settings,
    ) -> None:
        self._store = store
        self._agents = agents
        self._plan = plan
        self._mirror = mirror
        self._lines = settings.office.lines
        self._main = settings.pbx.caller_id
        self.country: Country = settings.office.country
        self._rules: dict[str, Allowance] = {}
        self._numbers: dict[str, str] = {}
        self.roles: Callable[[], Mapping[str, str]] = dict  # agent's id → role; set by who knows
        mirror.follow(self._wanted, bus, supervisor)
        bus.subscribe(AgentsChanged, lambda event: mirror.soon())

    async def load(self) -> None:
        """Read everything."""
        async with self._store.reading() as conn:
            self._rules = await queries.rules(conn)
            self._numbers = await queries.numbers(conn)

    def rule(self, role: str) -> Allowance:
        """What a role may call."""
        return self._rules.get(role) or model.usual(self.country)

    async def set_rule(self, role: str, rule: Allowance) -> None:
        """From the next call on."""
        kept = None if rule == model.usual(self.country) else rule
        if max(len(model.allowed(rule, self.country)), len(model.never(rule))) > model.LONGEST:
            raise InvalidInput("outgoing-long", "These are too many patterns; shorten them with *.")
        async with self._store.writing() as conn:
            await queries.keep_rule(conn, role, kept)
        if kept is None:
            self._rules.pop(role, None)
        else:
            self._rules[role] = kept
        self.align()

    def check(self, agent: Agent | None, number: Number) -> None:
        """Raise InvalidInput when this agent (None: nobody) may not call it; emergencies always."""
        if number.kind in (NumberKind.EMERGENCY, NumberKind.EXTENSION):
            return
        if number.kind is NumberKind.WITHHELD:
            raise InvalidInput(
                "no-number",
                "The caller's number is withheld; it cannot be called.",
                field="number",
            )
        role = "" if agent is None else self.roles().get(agent.id, "")
        if self.rule(role).permits(self._plan.dial_string(number), self.country):
            return
        shown = self._plan.display(number.e164)
        if number.kind is NumberKind.INTERNATIONAL:
            raise InvalidInput(
                "international-barred",
                "{number} is an international number; those are barred here.",
                field="number",
                number=shown,
            )
        if number.kind is NumberKind.PREMIUM:
            raise InvalidInput(
                "premium-barred",
                "{number} is a premium number; those are barred here.",
                field="number",
                number=shown,
            )
        raise InvalidInput(
            "number-barred", "You may not call {number}.", field="number", number=shown
        )

    def choices(self) -> dict[str, str]:
        """The numbers that may be shown, with their names; the office's own is not among them."""
        main = self._plan.normalise(self._main)
        return {
            number: name
            for number, name in self._lines.items()
            if self._plan.normalise(number) != main
        }

    def shown(self, agent_id: str) -> str:
        """The number that this agent shows; "": the office's."""
        number = self._numbers.get(agent_id, "")
        return number if number in self.choices() else ""

    async def show(self, agent_id: str, number: str) -> None:
        """Another one; "": the office's. Raises InvalidInput: it is not the office's."""
        if number and number not in self.choices():
            raise InvalidInput("outgoing-number", "Choose a number of this office.", field="shows")
        async with self._store.writing() as conn:
            await queries.keep_number(conn, agent_id, number)
        self._numbers[agent_id] = number
        self.align()

    def align(self) -> None:
        """Make Asterisk's database equal."""
        self._mirror.soon()

    def _wanted(self) -> dict[str, str]:
        roles, wanted = self.roles(), {}
        for agent in self._agents.all():
            rule = self._rules.get(roles.get(agent.id, ""))
            if rule is not None:
                wanted[f"may-{agent.extension}"] = model.allowed(rule, self.country)
                wanted[f"not-{agent.extension}"] = model.never(rule)
            wanted[f"shows-{agent.extension}"] = self.shown(agent.id)
        return {key: value for key, value in wanted.items() if value}
