"""Who calls is asked once, as soon as the call exists; a choice is remembered."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Coroutine, Sequence
from typing import Any

import msgspec
import pytest

from console.desk.identify import Identifier
from console.desk.ports import CallerCard
from pbxd.bus import Bus
from pbxd.calls.model import Call, Direction, Party
from pbxd.errors import NotFound
from pbxd.events import CallChanged, CallIdentified, CallStarted
from tests.unit.desk.cast import JIU, SEOJUN, T0, incoming


class Files:
    """Customer files that answer when let go."""

    def __init__(self, *cards: CallerCard) -> None:
        self.found = cards
        self.asked: list[str] = []
        self.chosen: list[tuple[str, str]] = []
        self.go = asyncio.Event()

    async def cards(self, number: str) -> tuple[CallerCard, ...]:
        self.asked.append(number)
        await self.go.wait()
        return self.found

    async def choose(self, number: str, customer_id: str) -> None:
        self.chosen.append((number, customer_id))

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        return {}


class Desk:
    """An identifier with its bus; `settle` waits until every question was answered."""

    def __init__(self, *cards: CallerCard) -> None:
        self.bus, self.files = Bus(), Files(*cards)
        self.told: list[tuple[str, str]] = []
        self.work: list[Coroutine[Any, Any, None]] = []
        self.bus.subscribe(CallIdentified, lambda e: self.told.append((e.key, e.customer_id)))
        self.who = Identifier(
            self.bus,
            self.files,
            lambda raw: "+82" + raw[1:],
            lambda name, work: self.work.append(work),
            lambda: T0,
        )

    def start(self, call: Call) -> None:
        self.bus.publish(CallStarted(T0, call))

    async def settle(self) -> None:
        self.files.go.set()
        while self.work:
            await self.work.pop(0)


async def test_one_customer_is_it() -> None:
    desk = Desk(SEOJUN)
    desk.start(incoming())
    assert desk.who.of("C1").searching
    await desk.settle()
    assert desk.told == [("C1", "01SEOJUN")]
    assert desk.who.of("C1").name == "김서준"


async def test_of_several_nobody_is_taken_until_one_is_chosen() -> None:
    desk = Desk(SEOJUN, JIU)
    desk.start(incoming())
    await desk.settle()
    assert desk.told == [("C1", "")]
    assert desk.who.of("C1").name == "김서준 / 이지우"
    await desk.who.choose("C1", "01JIU")
    assert desk.files.chosen == [("+821012345678", "01JIU")]
    assert desk.told[-1] == ("C1", "01JIU")
    assert desk.who.of("C1").name == "이지우"
    with pytest.raises(NotFound):
        await desk.who.choose("C1", "01SOMEBODYELSE")


async def test_the_one_chosen_last_time_is_it_again() -> None:
    desk = Desk(dataclasses.replace(JIU, remembered=True), SEOJUN)
    desk.start(incoming())
    await desk.settle()
    assert desk.told == [("C1", "01JIU")]


async def test_a_click_at_a_customer_wins_over_the_number() -> None:
    desk = Desk(SEOJUN, JIU)
    desk.start(incoming())
    desk.bus.publish(CallIdentified(T0, "C1", "01JIU"))
    await desk.settle()
    assert desk.told[-1] == ("C1", "01JIU")
    assert desk.who.of("C1").name == "이지우"


async def test_who_is_deleted_in_the_call_stays_it_until_somebody_else_is_made_of_it() -> None:
    desk = Desk(SEOJUN)
    desk.start(incoming())
    await desk.settle()
    number = desk.who.of("C1").number
    desk.files.found = ()  # deleted
    await desk.who.refresh(number)
    assert desk.told[-1] == ("C1", "01SEOJUN"), "the record: it may be taken back"
    assert desk.who.of("C1").name == "", "no link that leads nowhere"
    desk.files.found = (SEOJUN,)  # taken back
    await desk.who.refresh(number)
    assert desk.who.of("C1").name == "김서준"
    desk.files.found = ()
    await desk.who.refresh(number)
    desk.files.found = (JIU,)  # the agent went on with a new one
    await desk.who.refresh(number)
    assert desk.told[-1] == ("C1", "01JIU")
    desk.files.found = (SEOJUN, JIU)
    await desk.who.refresh(number)
    assert desk.who.of("C1").name == "이지우"


async def test_who_shares_a_deleted_customers_number_is_not_taken_for_him() -> None:
    desk = Desk(dataclasses.replace(JIU, remembered=True), SEOJUN)
    desk.start(incoming())
    await desk.settle()
    desk.files.found = (SEOJUN,)
    await desk.who.refresh(desk.who.of("C1").number)
    assert desk.told[-1] == ("C1", "01JIU")


async def test_the_same_number_is_asked_once_a_new_one_again() -> None:
    desk = Desk()
    desk.start(incoming())
    desk.bus.publish(CallChanged(T0, incoming()))
    await desk.settle()
    other = incoming(caller=Party(number="0255512345"))
    desk.bus.publish(CallChanged(T0, other))
    await desk.settle()
    assert desk.files.asked == ["+821012345678", "+82255512345"]
    assert desk.who.of("C1").cards == ()


@pytest.mark.parametrize(
    "call",
    [
        incoming(caller=Party(number="x", withheld=True)),
        msgspec.structs.replace(incoming(), direction=Direction.INTERNAL),
    ],
)
async def test_withheld_and_internal_callers_are_nobody(call: Call) -> None:
    desk = Desk(SEOJUN)
    desk.start(call)
    assert desk.work == []
    assert not desk.who.of("C1").searching


async def test_a_search_that_fails_does_not_search_for_ever() -> None:
    desk = Desk()

    async def broken(number: str) -> tuple[CallerCard, ...]:
        raise OSError(number)

    desk.files.cards = broken  # type: ignore[method-assign]
    desk.start(incoming())
    with pytest.raises(OSError, match="82"):
        await desk.settle()
    assert not desk.who.of("C1").searching
