"""What an agent's screen is told during real calls: link, tracker, desk and screens together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest_asyncio

from console.desk.identify import Identifier
from console.desk.pop import Pop
from console.desk.ports import CallerCard
from console.desk.screens import DeskScreens, Writing
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.service import Agents
from pbxd.ami.events import AmiEvent
from pbxd.ami.link import Link
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.in_step import InStep
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.config import DeskSettings, PbxSettings
from pbxd.desk.service import Desk
from pbxd.desk.switchboard import Switchboard
from pbxd.store.engine import Store
from pbxd.store.metadata import metadata, new_id
from pbxd.tasks import Supervisor

SEOJUN = CallerCard("01SEOJUN", "김서준", company="한빛상사")
CUSTOMER = "01012345678"
WAIT_S = 8


def now() -> datetime:
    return datetime.now(UTC)


class Files:
    async def cards(self, number: str) -> tuple[CallerCard, ...]:
        return (SEOJUN,) if number == "+821012345678" else ()

    async def choose(self, number: str, customer_id: str) -> None: ...

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        return {}


class Seat:
    """The daemon's telephone side and the screens of its agents, on the real office."""

    def __init__(self, store: Store, office: Office) -> None:
        self.settings = PbxSettings(
            host="127.0.0.1", port=office.ports.ami, user=office.account.user,
            secret=office.account.secret, trunks=("city",),
        )  # type: ignore[arg-type]  # fmt: skip
        self.supervisor, bus = Supervisor(), Bus()
        plan = NumberPlan("KR", "02")
        self.agents = Agents(store, bus, now)
        self.live = LiveCalls(
            Endpoints(self.settings.extension_pattern, self.settings.trunks), new_id, bus
        )
        self.in_step = InStep(self.live, self.agents, bus, now)
        self.link = Link(self.settings, bus, now, self._handle, self.in_step.after_log_in)
        self.in_step.link = self.link
        self.switchboard = Switchboard(self.link, self.live, bus, self.settings)
        self.desk = Desk(
            self.switchboard, self.live, self.agents, plan, lambda *_: None, store, bus,
            self.supervisor, now, DeskSettings(),
        )  # fmt: skip
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.cards: dict[str, list[tuple[str, Pop | None]]] = {}
        self._changed = asyncio.Event()
        who = Identifier(bus, Files(), plan.normalise, self.supervisor.once, now)
        self.screens = DeskScreens(
            bus, calls=self.live, people=self.agents, who=who, screens=self, clock=now,
            writing=Writing(plan.normalise, plan.display, {MAIN_NUMBER: "대표번호"}.__getitem__),
        )  # fmt: skip

    def _handle(self, event: AmiEvent) -> None:
        self.live.apply(event)
        self.agents.apply(event)
        self.switchboard.apply(event)

    def send(self, agent_id: str, message: dict[str, Any]) -> None:
        self.messages.setdefault(agent_id, []).append(message)
        self._changed.set()

    def show_pop(self, agent_id: str, swap: str, target: str, pop: Pop | None) -> None:
        self.cards.setdefault(agent_id, []).append((swap, pop))
        self._changed.set()

    async def until(
        self, agent: Agent, true: Callable[[dict[str, Any]], bool], what: str
    ) -> dict[str, Any]:
        """Until the latest message to `agent` is so."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not (told := self.messages.get(agent.id)) or not true(told[-1]):
                    self._changed.clear()
                    await self._changed.wait()
                return told[-1]
        except TimeoutError:
            raise AssertionError(f"not {what}: {self.messages.get(agent.id, [])[-3:]}") from None

    async def call_is(self, agent: Agent, state: str) -> dict[str, Any]:
        """Until the agent's one call is in `state`."""
        told = await self.until(
            agent, lambda one: [call["state"] for call in one["calls"]] == [state], state
        )
        call: dict[str, Any] = told["calls"][0]
        return call

    async def idle(self, agent: Agent) -> None:
        """Until no call is on the agent's screen."""
        await self.until(agent, lambda one: not one["calls"], "idle")


@pytest_asyncio.fixture(loop_scope="session")
async def seat(office: Office, tmp_path: Path) -> AsyncIterator[Seat]:
    store = await Store.open(tmp_path / "pbxd.sqlite3")
    async with store.writing() as conn:
        await conn.run_sync(metadata.create_all)
    seat = Seat(store, office)
    seat.supervisor.service("link", seat.link.run)
    yield seat
    await seat.supervisor.stop()
    await store.close()


async def hired(seat: Seat, extension: str) -> Agent:
    """An agent with a desk phone that is seen to be registered."""
    agent = await seat.agents.add("김민아", extension, DeviceKind.DESK)
    await seat.until(agent, lambda one: one["pbx"] == "up", "linked")
    await seat.until(agent, lambda one: one["agent"]["phone_up"], "phone up")
    return agent


async def test_a_customer_calls_and_is_known_before_anybody_answers(
    seat: Seat, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    agent = await hired(seat, "101")
    other = await seat.agents.add("박하늘", "102", DeviceKind.DESK)
    call = await city.call(MAIN_NUMBER, CUSTOMER, name="<b>x</b>")
    ringing = await seat.call_is(agent, "ringing")
    await seat.until(agent, lambda one: one["calls"][0]["name"] == "김서준", "named")
    assert (ringing["display"], ringing["line"]) == ("010-1234-5678", "대표번호")
    assert ringing["can"]["answer"]
    await phone.answer()
    up = await seat.call_is(agent, "up")
    assert up["answered_at"] >= ringing["since"]
    await call.hang_up()
    await seat.idle(agent)
    shown = seat.cards[agent.id]
    assert (shown[0][0], shown[-1][0]) == ("append", "remove")
    assert all(pop is None or pop.number == "+821012345678" for _, pop in shown)
    assert not any(message["calls"] for message in seat.messages[other.id])
    assert other.id not in seat.cards


async def test_a_withheld_number_is_nobody(seat: Seat, city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    agent = await hired(seat, "101")
    call = await city.call(MAIN_NUMBER, None)
    ringing = await seat.call_is(agent, "ringing")
    assert (ringing["number"], ringing["name"], ringing["customer_id"]) == ("", "", "")
    pop = seat.cards[agent.id][-1][1]
    assert pop is not None
    assert pop.withheld
    await call.hang_up()
    await phone.wait_idle()
    await seat.idle(agent)


async def test_a_click_rings_the_own_phone_then_the_customer(
    seat: Seat, city: City, desk_phone: MakePhone
) -> None:
    del city
    phone = await desk_phone("101")
    agent = await hired(seat, "101")
    clicked = seat.desk.dial(agent.id, "010-0000-0440", new_id(), SEOJUN.customer_id)
    asked = seat.supervisor.once("click", clicked)
    await phone.wait_ringing()
    mine = await seat.call_is(agent, "dialling")
    assert mine["clicked_by_me"]
    assert mine["outgoing"]
    assert mine["number"] == "+8210" + plays(440)[3:]
    await phone.answer()
    up = await seat.call_is(agent, "up")
    assert up["customer_id"] == SEOJUN.customer_id
    assert (await asked).ok
    ended = await seat.desk.hang_up(agent.id, up["key"], new_id())
    assert ended.ok
    await phone.wait_idle()
    await seat.idle(agent)


async def test_a_colleague_calls(seat: Seat, desk_phone: MakePhone) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    agent = await hired(seat, "101")
    other = await hired(seat, "102")
    await one.dial("102")
    ringing = await seat.call_is(other, "ringing")
    assert (ringing["direction"], ringing["number"], ringing["name"]) == (
        "internal", "101", "김민아"
    )  # fmt: skip
    assert (await seat.call_is(agent, "dialling"))["number"] == "102"
    await two.answer()
    await seat.call_is(agent, "up")
    await one.hang_up()
    await seat.idle(agent)
    await seat.idle(other)


async def test_the_answer_button_works_on_a_desk_phone(
    seat: Seat, city: City, talk_phone: MakeTalkPhone
) -> None:
    phone = await talk_phone("103")
    agent = await hired(seat, "103")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    ringing = await seat.call_is(agent, "ringing")
    assert (await seat.desk.answer(agent.id, ringing["key"], new_id())).ok
    await call.wait_answered()
    up = await seat.call_is(agent, "up")
    assert phone.answered_by == "talk"
    assert (await seat.desk.hang_up(agent.id, up["key"], new_id())).ok
    assert await call.wait_ended() == 16
    await seat.idle(agent)
