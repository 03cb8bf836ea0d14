"""The desk's parts put together: who calls, what each screen shows, and how it gets there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from console.customers.model import Customer
from console.customers.service import Customers
from console.desk.answers import in_words
from console.desk.board import Board
from console.desk.home import RecentCall, recent_call
from console.desk.identify import Identifier
from console.desk.lines import PopLines, texts
from console.desk.options import PopOptions
from console.desk.pop import NOBODY, Pop
from console.desk.ports import LastCall
from console.desk.screens import DeskScreens, Writing
from console.live.parts import Parts
from console.live.stream import LiveHub
from console.live.stream import agent as pages_of
from console.memos import queries as memo_queries
from console.supervise.watchers import seen_watchers
from console.web.context import Viewer
from console.web.i18n import Language, Languages
from console.web.templates import Templates
from pbxd.agents.model import Agent
from pbxd.calls import queries as call_queries
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.events import CallEnded, CommandSettled

if TYPE_CHECKING:
    from pbxd.app import Daemon

RECENT = 20
NUMBERS = 4096  # remembered as read and as written


class Pages:
    """Brings messages and cards to the pages of one agent."""

    def __init__(
        self, hub: LiveHub, languages: Languages, templates: Templates, lines: PopLines
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self._lines = lines

    def send(self, agent_id: str, message: dict[str, Any]) -> None:
        """A message to all pages of the agent."""
        self._hub.send(pages_of(agent_id), message)

    def show_pop(self, agent_id: str, swap: str, target: str, pop: Pop | None) -> None:
        """Put a card there, change it, or (None) take it away."""
        self._hub.send_each(
            pages_of(agent_id),
            lambda code: fragment(
                target, swap, "" if pop is None else self.card(pop, self._languages[code])
            ),
        )

    def say(self, agent_id: str, event: CommandSettled) -> None:
        """What became of a command later than its answer."""
        self._hub.send_each(
            pages_of(agent_id),
            lambda code: {
                "kind": "desk-settled",
                "result": event.result,
                "reason": in_words(event.reason, {}, self._languages[code].text),
            },
        )

    def card(self, pop: Pop, language: Language) -> str:
        """One card as HTML."""
        card = pop.card
        return self._templates.fragment(
            language,
            "desk/pop.html",
            pop=pop,
            lines=[] if card is None else texts(card, self._lines.chosen),
            last_contact=language.moment(card.last_contact_at) if card is not None else "",
        )


class Desktop:
    """Everything of the desk that lives as long as the daemon."""

    def __init__(
        self,
        daemon: Daemon,
        hub: LiveHub,
        parts: Parts,
        languages: Languages,
        templates: Templates,
        customers: Customers,
    ) -> None:
        office = daemon.settings.office
        self._languages = languages
        self._zone = office.zone
        self._clock = daemon.clock
        self._agents = daemon.agents
        self._live = daemon.live
        self._store = daemon.store
        self._customers = customers
        self.lines = PopLines(daemon.store)
        self.options = PopOptions(daemon.store)
        self.who = Identifier(
            daemon.bus,
            customers,
            daemon.plan.normalise,
            daemon.supervisor.once,
            daemon.clock,
            self._last_call,
        )
        self._pages = Pages(hub, languages, templates, self.lines)
        # the same few numbers are read again at every change of every call
        normalise = lru_cache(NUMBERS)(daemon.plan.normalise)
        display = lru_cache(NUMBERS)(daemon.plan.display)
        lines = {normalise(number): name for number, name in office.lines.items()}

        def line(dialled: str) -> str:
            number = normalise(dialled)
            return lines.get(number) or display(number)

        self.screens = DeskScreens(
            daemon.bus,
            calls=daemon.live,
            people=daemon.agents,
            who=self.who,
            writing=Writing(
                normalise,
                display,
                line,
                daemon.desk.muted,
                daemon.settings.desk.hold_reminder_seconds,
                lambda key, extension: seen_watchers(daemon, key, extension),
                daemon.limits.of,
                daemon.recordings.recorded,
            ),
            screens=self._pages,
            clock=daemon.clock,
        )
        self.board = Board(
            daemon.bus,
            daemon.live,
            daemon.agents,
            self.screens.names,
            hub,
            parts,
            templates,
            daemon.queues.all,
            daemon.desk.picking_up.may if daemon.settings.desk.pick_up == "queue" else None,
            daemon.phonebook.shared,
            display,
        )
        self._supervisor = daemon.supervisor
        daemon.bus.subscribe(CommandSettled, self._settled)
        daemon.bus.subscribe(CallEnded, self._ended)
        customers.on_change(self._customer_changed)
        hub.snapshot(self._snapshot)

    async def load(self) -> None:
        """Read the office's choices; compile what the first ring must not wait for."""
        await self.lines.load()
        await self.options.load()
        for language in self._languages.all():
            self._pages.card(NOBODY, language)
            self.board.warm(language)

    async def choose(self, key: str, customer_id: str) -> None:
        """It is this customer who calls (or called). Raises NotFound."""
        await self.who.choose(key, customer_id)
        if self._live.get(key) is None:
            async with self._store.writing() as conn:
                await call_queries.set_customer(conn, key, customer_id)

    async def recent(self, agent: Agent, language: Language) -> tuple[RecentCall, ...]:
        """The agent's last calls, newest first."""
        async with self._store.reading() as conn:
            page = await call_queries.log(conn, CallFilter(agent_id=agent.id), size=RECENT)
        known = {row.customer_id for row in page.rows} - {""}
        customers = await self._customers.names(sorted(known)) if known else {}
        return tuple(
            recent_call(
                row,
                agent,
                self.screens.names,
                customers.get(row.customer_id, ""),
                lambda at: self._when(at, language),
            )
            for row in page.rows
        )

    async def _last_call(self, customer_id: str) -> LastCall | None:
        async with self._store.reading() as conn:
            page = await call_queries.log(conn, CallFilter(customer_id=customer_id), size=1)
            found = next(iter(page.rows), None)
            if found is None:
                return None
            memos = await memo_queries.of(conn, [found.id])
        agent = self._agents.by_id(found.agent_id)
        memo = memos.get(found.id)
        return LastCall(
            found.started_at,
            found.direction.value,
            found.outcome.value,
            agent.name if agent is not None else found.extension,
            memo.text if memo is not None else "",
        )

    def _when(self, at: datetime, language: Language) -> str:
        """Today's calls by the clock, older ones with their date."""
        today = self._clock().astimezone(self._zone).date()
        local = at.astimezone(self._zone)
        return f"{local:%H:%M}" if local.date() == today else language.moment(at)

    def _customer_changed(self, customer: Customer) -> None:
        """A stranger became a customer while we talk: the card says so at once."""
        for phone in customer.details.phones:
            self._supervisor.once("identify again", self.who.refresh(phone.number))

    def _ended(self, event: CallEnded) -> None:
        """Who talked with us had a contact: the next pop says when."""
        customer_id = self.who.of(event.call.key).customer_id
        if customer_id and event.call.outcome is Outcome.ANSWERED:
            self._supervisor.once("last contact", self._customers.contacted(customer_id))

    def _settled(self, event: CommandSettled) -> None:
        if event.reason:
            self._pages.say(event.agent_id, event)

    def _snapshot(self, viewer: Viewer) -> Iterable[dict[str, Any]]:
        agent = self._agents.by_id(viewer.user.agent_id) if viewer.user.agent_id else None
        if agent is not None and agent.closed:
            agent = None
        yield self.screens.message(agent)
        if viewer.may("desk"):
            yield self.board.ringing()
        cards = self.screens.pops(agent.id) if agent is not None else ()
        html = "".join(self._pages.card(pop, viewer.language) for pop in cards)
        yield fragment("#pops", "inner", html)


def fragment(target: str, swap: str, html: str) -> dict[str, Any]:
    """A piece of page for the live stream."""
    return {"kind": "fragment", "target": target, "swap": swap, "html": html}
