"""Keeps every agent's screens true: call bar and screen pops, told to that agent only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from console.desk.identify import Identifier
from console.desk.pop import Handed, Pop, pop_of
from console.desk.pops import Changes, Pops
from console.desk.state import Known, Names, Phone, desk_message
from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.presence import Presence
from pbxd.ami.events import DeviceState
from pbxd.bus import Bus
from pbxd.calls.model import Call
from pbxd.events import (
    AgentsChanged,
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallEvent,
    CallHandedOver,
    CallIdentified,
    CallsMerged,
    Handing,
    LinkState,
    PbxLinkChanged,
    SupervisionChanged,
    TalkLimitChanged,
)
from pbxd.ports import Clock
from pbxd.talk_limit.model import Limit

_PHONE_AWAY = (DeviceState.UNAVAILABLE, DeviceState.INVALID, DeviceState.UNKNOWN)


class Calls(Protocol):
    """The live calls."""

    def get(self, key: str) -> Call | None: ...
    def of_extension(self, extension: str) -> tuple[Call, ...]: ...


class People(Protocol):
    """The agents."""

    def all(self) -> tuple[Agent, ...]: ...
    def by_id(self, agent_id: str) -> Agent | None: ...
    def by_extension(self, extension: str) -> Agent | None: ...
    def state(self, agent_id: str) -> AgentState: ...
    def presence(self, agent_id: str) -> Presence | None: ...
    def device_state(self, extension: str, device: DeviceKind) -> DeviceState: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """How numbers and lines are written here."""

    normalise: Callable[[str], str]  # raw caller ID → E.164 or short code
    display: Callable[[str], str]  # E.164 or short code → as people write it
    line: Callable[[str], str]  # a number of ours that was dialled → its name
    muted: Callable[[str], bool] = lambda leg_id: False  # leg id → muted at the PBX
    hold_reminder_s: int = 0
    watchers: Callable[[str, str], tuple[tuple[str, str], ...]] = lambda key, extension: ()
    limit: Callable[[str], Limit | None] = lambda key: None
    recorded: Callable[[Call], str] = lambda call: ""


class Screens(Protocol):
    """How messages reach the pages of one agent; the live stream does it."""

    def send(self, agent_id: str, message: dict[str, Any]) -> None: ...
    def show_pop(self, agent_id: str, swap: str, target: str, pop: Pop | None) -> None: ...


class DeskScreens:
    """Listens on the bus and tells the pages of whoever is concerned."""

    def __init__(
        self,
        bus: Bus,
        *,
        calls: Calls,
        people: People,
        who: Identifier,
        writing: Writing,
        screens: Screens,
        clock: Clock,
    ) -> None:
        self._calls = calls
        self._people = people
        self._who = who
        self._screens = screens
        self._clock = clock
        self._names = Names(
            normalise=writing.normalise,
            display=writing.display,
            line=writing.line,
            known=self._known,
            colleague=self._colleague,
            muted=writing.muted,
            hold_reminder_s=writing.hold_reminder_s,
            watchers=writing.watchers,
            limit=writing.limit,
            recorded=writing.recorded,
        )
        self._pops = Pops()
        self._pages: dict[str, str] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._handed: dict[str, CallHandedOver] = {}  # call → its last change of hands
        self._pbx_up = False
        self._due: dict[str, None] = {}  # agents whose screens are out of date, in order
        bus.subscribe(CallEvent, self._on_call)
        bus.subscribe(CallIdentified, self._on_identified)
        bus.subscribe(CallHandedOver, self._on_handed)
        bus.subscribe(AgentStateChanged, lambda event: self._refresh_id(event.agent_id))
        bus.subscribe(AgentsChanged, lambda event: self._refresh_all())
        bus.subscribe(PbxLinkChanged, self._on_link)
        bus.subscribe(SupervisionChanged, self._on_supervision)
        bus.subscribe(TalkLimitChanged, self._on_limit)

    @property
    def pbx_up(self) -> bool:
        """The link to Asterisk stands."""
        return self._pbx_up

    @property
    def names(self) -> Names:
        """How numbers, lines and people are written."""
        return self._names

    def message(self, agent: Agent | None) -> dict[str, Any]:
        """The `desk` message for one agent as of now."""
        calls = self._calls.of_extension(agent.extension) if agent is not None else ()
        return self._message(agent, calls)

    def _message(self, agent: Agent | None, calls: tuple[Call, ...]) -> dict[str, Any]:
        return desk_message(
            agent,
            self._phone(agent),
            calls,
            self._names,
            pbx_up=self._pbx_up,
            now=self._clock(),
        )

    def pops(self, agent_id: str) -> tuple[Pop, ...]:
        """The cards on an agent's screen, oldest first."""
        return self._pops.shown(agent_id)

    def page_has_phone(self, agent_id: str, page: str) -> None:
        """From now on the page `page` is the agent's browser phone; another one gives it up."""
        self._pages[agent_id] = page
        self._refresh_id(agent_id)

    def close_pop(self, agent_id: str, key: str) -> None:
        """The agent closed a card: it goes in all pages."""
        self._pops.close(agent_id, key)
        self._refresh_id(agent_id)

    def pin_pop(self, agent_id: str, key: str, on: bool) -> None:
        """The agent pinned a card, or let it go."""
        self._pops.pin(agent_id, key, on)
        self._refresh_id(agent_id)

    def _phone(self, agent: Agent | None) -> Phone:
        if agent is None:
            return Phone(AgentState.OFFLINE, phone_up=False)
        device = self._people.device_state(agent.extension, agent.device)
        return Phone(
            self._people.state(agent.id),
            phone_up=device not in _PHONE_AWAY,
            page=self._pages.get(agent.id, ""),
            presence=self._people.presence(agent.id),
        )

    def _on_call(self, event: CallEvent) -> None:
        if isinstance(event, CallEnded):
            self._handed.pop(event.call.key, None)
        elif isinstance(event, CallsMerged):
            self._handed.pop(event.absorbed, None)
        self._refresh_extensions(event.call)

    def _on_handed(self, event: CallHandedOver) -> None:
        if event.how is Handing.RETURNED:
            self._handed.pop(event.key, None)
        else:
            self._handed[event.key] = event
        if (call := self._calls.get(event.key)) is not None:
            self._refresh_extensions(call)

    def _how_it_came(self, key: str, agent: Agent) -> Handed | None:
        """For whom a call was handed to, and for whom it came back to."""
        event = self._handed.get(key)
        if event is None:
            return None
        if event.to == agent.extension:
            name = self._colleague(event.by) or event.by
            return Handed(event.how, name, event.note, returned=event.by == event.to)
        if event.by == agent.extension:
            to = self._colleague(event.to) or self._names.display(event.to)
            return Handed(event.how, to, event.note, returned=True)
        return None

    def _on_identified(self, event: CallIdentified) -> None:
        call = self._calls.get(event.key)
        if call is not None:
            self._refresh_extensions(call)
            return
        known = self._who.of(event.key)
        for agent in self._people.all():  # a pinned card of a call that is over
            if (pop := self._pops.learn(agent.id, event.key, known)) is not None:
                self._screens.show_pop(agent.id, "outer", f"#pop-{pop.key}", pop)

    def _on_supervision(self, event: SupervisionChanged) -> None:
        if (agent := self._people.by_extension(event.watched)) is not None:
            self._refresh(agent)

    def _on_limit(self, event: TalkLimitChanged) -> None:
        if (call := self._calls.get(event.key)) is not None:
            self._refresh_extensions(call)

    def _on_link(self, event: PbxLinkChanged) -> None:
        if self._pbx_up is not (event.state is LinkState.UP):
            self._pbx_up = not self._pbx_up
            self._refresh_all()

    def _refresh_extensions(self, call: Call) -> None:
        extensions = {leg.party.extension for leg in call.legs} | {call.clicked_by}
        for extension in sorted(extensions - {""}):
            if (agent := self._people.by_extension(extension)) is not None:
                self._refresh(agent)

    def _refresh_all(self) -> None:
        for agent in self._people.all():
            self._refresh(agent)

    def _refresh_id(self, agent_id: str) -> None:
        if (agent := self._people.by_id(agent_id)) is not None:
            self._refresh(agent)

    def _refresh(self, agent: Agent) -> None:
        """Soon: what Asterisk says in one breath (five events for one ring) is drawn once."""
        if not self._due:
            asyncio.get_running_loop().call_soon(self.flush)
        self._due[agent.id] = None

    def flush(self) -> None:
        """Bring all screens that are out of date up to date now."""
        due, self._due = self._due, {}
        for agent_id in due:
            if (agent := self._people.by_id(agent_id)) is not None:
                self._redraw(agent)

    def _redraw(self, agent: Agent) -> None:
        calls = self._calls.of_extension(agent.extension)
        message = self._message(agent, calls)
        what_matters = {key: value for key, value in message.items() if key != "now"}
        if self._told.get(agent.id) != what_matters:
            self._told[agent.id] = what_matters
            self._screens.send(agent.id, message)
        cards = self._cards(agent, calls) if agent.linked else []
        self._show(agent.id, self._pops.update(agent.id, cards))

    def _cards(self, agent: Agent, calls: Iterable[Call]) -> list[Pop]:
        cards = (
            pop_of(
                call,
                agent,
                self._who.of(call.key),
                self._names,
                self._pops.pinned(agent.id, call.key),
                self._how_it_came(call.key, agent),
            )
            for call in sorted(calls, key=lambda call: call.started_at)
        )
        return [card for card in cards if card is not None]

    def _show(self, agent_id: str, changes: Changes) -> None:
        for key in changes.removed:
            self._screens.show_pop(agent_id, "remove", f"#pop-{key}", None)
        for pop in changes.changed:
            self._screens.show_pop(agent_id, "outer", f"#pop-{pop.key}", pop)
        for pop in changes.added:
            self._screens.show_pop(agent_id, "append", "#pops", pop)

    def _known(self, key: str) -> Known:
        known = self._who.of(key)
        return Known(known.customer_id, known.name)

    def _colleague(self, extension: str) -> str:
        agent = self._people.by_extension(extension) if extension else None
        return agent.name if agent is not None else ""
