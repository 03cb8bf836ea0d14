"""Each change reaches the pages of the agent concerned, once, and nobody else's."""

from __future__ import annotations

import dataclasses
from collections.abc import Coroutine, Sequence
from typing import Any

from console.desk.identify import Identifier
from console.desk.pop import Pop, Stage
from console.desk.ports import CallerCard
from console.desk.screens import DeskScreens, Writing
from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.presence import Presence
from pbxd.ami.events import DeviceState
from pbxd.bus import Bus
from pbxd.calls.model import Call, LegState
from pbxd.events import (
    AgentState,
    AgentStateChanged,
    CallAnswered,
    CallEnded,
    CallStarted,
    Event,
    LegRang,
    LinkState,
    PbxLinkChanged,
)
from tests.unit.desk.cast import JIU, MINA, SEOJUN, T0, incoming, names

OTHER = Agent("01AGENTOTHER", "박하늘", "103", DeviceKind.DESK)


class Files:
    def __init__(self, *cards: CallerCard) -> None:
        self.found = cards

    async def cards(self, number: str) -> tuple[CallerCard, ...]:
        return self.found

    async def choose(self, number: str, customer_id: str) -> None: ...

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        return {}


class Office:
    """Two agents with pages; what each page was told is written down."""

    def __init__(self, *cards: CallerCard) -> None:
        self.bus = Bus()
        self.live: dict[str, Call] = {}
        self.mina = MINA
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.shown: list[tuple[str, str, str, Pop | None]] = []
        self.work: list[Coroutine[Any, Any, None]] = []
        plain = names()
        self.who = Identifier(
            self.bus, Files(*cards), plain.normalise, lambda _, work: self.work.append(work),
            lambda: T0,
        )  # fmt: skip
        self.screens = DeskScreens(
            self.bus, calls=self, people=self, who=self.who, screens=self, clock=lambda: T0,
            writing=Writing(plain.normalise, plain.display, plain.line),
        )  # fmt: skip
        self.happens(PbxLinkChanged(T0, LinkState.UP))
        self.told.clear()

    def get(self, key: str) -> Call | None:
        return self.live.get(key)

    def of_extension(self, extension: str) -> tuple[Call, ...]:
        return tuple(call for call in self.live.values() if call.legs_of(extension))

    def all(self) -> tuple[Agent, ...]:
        return (self.mina, OTHER)

    def by_id(self, agent_id: str) -> Agent | None:
        return next((agent for agent in self.all() if agent.id == agent_id), None)

    def by_extension(self, extension: str) -> Agent | None:
        return next((agent for agent in self.all() if agent.extension == extension), None)

    def state(self, agent_id: str) -> AgentState:
        return AgentState.AVAILABLE

    def presence(self, agent_id: str) -> Presence | None:
        return None

    def device_state(self, extension: str, device: DeviceKind) -> DeviceState:
        return DeviceState.NOT_INUSE

    def send(self, agent_id: str, message: dict[str, Any]) -> None:
        self.told.append((agent_id, message))

    def show_pop(self, agent_id: str, swap: str, target: str, pop: Pop | None) -> None:
        self.shown.append((agent_id, swap, target, pop))

    def ring(self, call: Call) -> None:
        self.live[call.key] = call
        self.happens(CallStarted(T0, call), LegRang(T0, call, call.legs[1]))

    def happens(self, *events: Event) -> None:
        """Asterisk says all this in one breath; then the screens are drawn."""
        for event in events:
            self.bus.publish(event)
        self.screens.flush()

    async def settle(self) -> None:
        while self.work:
            await self.work.pop(0)
            self.screens.flush()


async def test_the_ring_shows_a_card_and_the_name_follows() -> None:
    office = Office(SEOJUN)
    office.ring(incoming())
    await office.settle()
    assert [(to, swap, target) for to, swap, target, _ in office.shown] == [
        (MINA.id, "append", "#pops"),
        (MINA.id, "outer", "#pop-C1"),
    ]
    last = office.shown[-1][3]
    assert last is not None
    assert last.card == SEOJUN
    assert {to for to, _ in office.told} == {MINA.id}
    assert office.told[-1][1]["calls"][0]["name"] == "김서준"


async def test_the_same_state_is_told_once() -> None:
    office = Office()
    office.ring(incoming())
    await office.settle()
    office.told.clear()
    office.shown.clear()
    office.happens(LegRang(T0, incoming(), incoming().legs[1]))
    assert office.told == []
    assert office.shown == []


async def test_answer_changes_the_card_and_the_end_takes_it_away() -> None:
    office = Office(SEOJUN)
    office.ring(incoming())
    await office.settle()
    office.shown.clear()
    talking = incoming(LegState.UP)
    office.live["C1"] = talking
    office.happens(CallAnswered(T0, talking, talking.legs[1]))
    del office.live["C1"]
    office.happens(CallEnded(T0, talking))
    stages = [(swap, pop.stage if pop else None) for _, swap, _, pop in office.shown]
    assert stages == [("outer", Stage.UP), ("remove", None)]
    assert office.told[-1][1]["calls"] == []


async def test_a_choice_after_the_end_reaches_the_pinned_card() -> None:
    office = Office(SEOJUN, JIU)
    office.ring(incoming())
    await office.settle()
    office.screens.pin_pop(MINA.id, "C1", True)
    office.screens.flush()
    ended = office.live.pop("C1")
    office.happens(CallEnded(T0, ended))
    await office.who.choose("C1", JIU.customer_id)
    office.screens.flush()
    last = office.shown[-1][3]
    assert last is not None
    assert (last.stage, last.card, last.pinned) == (Stage.ENDED, JIU, True)


async def test_going_off_line_clears_the_screen_and_coming_back_shows_the_call_again() -> None:
    office = Office()
    office.ring(incoming())
    await office.settle()
    office.mina = dataclasses.replace(MINA, linked=False)
    changed = AgentStateChanged(T0, MINA.id, "101", AgentState.RINGING, False)
    office.happens(changed)
    assert office.told[-1][1]["calls"] == []
    assert office.shown[-1][1] == "remove"
    office.mina = MINA
    office.happens(changed)
    assert office.shown[-1][1] == "append"


async def test_the_link_to_the_pbx_is_told_to_everybody() -> None:
    office = Office()
    office.happens(PbxLinkChanged(T0, LinkState.DOWN))
    assert [(to, message["pbx"]) for to, message in office.told] == [
        (MINA.id, "down"),
        (OTHER.id, "down"),
    ]


async def test_the_page_with_the_phone_is_named() -> None:
    office = Office()
    office.screens.page_has_phone(MINA.id, "page-1")
    office.screens.flush()
    assert office.told == [(MINA.id, office.screens.message(MINA))]
    assert office.told[0][1]["agent"]["phone_page"] == "page-1"
