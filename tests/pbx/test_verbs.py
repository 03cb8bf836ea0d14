"""Transfer, consult, merge, pick up: what everybody hears, and that no customer is dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.hearing import MIXED, hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import BUSY, City, CityCall, plays
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.calls import queries
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.desk.queries import handovers
from pbxd.events import Handing
from tests.pbx.verbs import Pressing, hears_more, pressing

CUSTOMER = "01012345678"
C, A, B, D = 440, 660, 550, 880  # the tones of customer, agents 101 and 102, somebody outside


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", "103") as made:
        yield made


async def inbound(desk: Pressing, city: City, phone: DeskPhone) -> CityCall:
    """A customer called and 101 talks with him."""
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A, 0.2)
    return call


async def test_blind_transfer_to_a_colleague(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.transfer, "101", "102", "급함")).ok
    await two.wait_ringing()
    await one.wait_idle()
    await until(lambda: desk.sees("101") is None, "pbxd knows that 101 is out")
    again = await desk.press(desk.daemon.desk.transfer, "101", "102")
    assert again.reason_id == "call-over"
    await two.answer()
    await desk.until_talks("102", CUSTOMER)
    await hears_more(call.heard, B)
    assert call.state == "answered"
    await two.hang_up()
    await call.wait_ended()


async def test_a_blind_transfer_that_nobody_takes_comes_back(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.transfer, "101", "102")).ok
    await two.wait_ringing()
    await two.refuse()
    await one.wait_ringing()
    await one.answer()
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A)
    await call.hang_up()
    await one.wait_idle()


async def test_a_blind_transfer_outside_and_one_to_a_busy_number(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    assert (await desk.press(desk.daemon.desk.transfer, "101", BUSY)).ok
    await one.wait_ringing(10)
    await one.answer()
    await desk.until_talks("101", CUSTOMER)
    assert (await desk.press(desk.daemon.desk.transfer, "101", plays(D))).ok
    await one.wait_idle()
    await hears_more(call.heard, D)
    assert city.shown_at(plays(D))[-1] == MAIN_NUMBER
    await call.hang_up()


async def test_where_a_call_cannot_go(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    for to, why in (
        ("101", "own-extension"),
        ("103", "colleague-offline"),
        ("00212345678", "international-barred"),
        ("hello", "number-form"),
    ):
        result = await desk.press(desk.daemon.desk.transfer, "101", to)
        assert (to, result.reason_id) == (to, why)
    assert (await desk.press(desk.daemon.desk.complete, "101")).reason_id == "nobody-asked"
    assert (await desk.press(desk.daemon.desk.back, "101")).reason_id == "not-consulting"
    await desk.until_talks("101", CUSTOMER)
    await call.hang_up()
    await one.wait_idle()


async def consulted(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> tuple[CityCall, DeskPhone, DeskPhone]:
    """101 has asked 102, who answered, while the customer waits with music."""
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("101", "102")
    now = desk.sees("101")
    assert now is not None
    assert now.can_complete
    assert now.can_merge
    assert [leg.party.number for leg in now.waiting] == [CUSTOMER]
    return call, one, two


async def test_consult_and_hand_over(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    await hears_more(one, B)
    await hears_more(two, A)
    assert hears(two.heard, C) < 0.2, "the customer is not heard while he waits"
    assert (await desk.press(desk.daemon.desk.complete, "101")).ok
    await one.wait_idle()
    await desk.until_talks("102", CUSTOMER)
    await hears_more(call.heard, B)
    await hears_more(two, C)
    await call.hang_up()
    await two.wait_idle()


async def test_consult_and_go_back(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    assert (await desk.press(desk.daemon.desk.back, "101")).ok
    await two.wait_idle()
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A)
    await call.hang_up()
    await one.wait_idle()


async def test_who_was_asked_hangs_up(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    await two.hang_up()
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A)
    await one.hang_up()
    await call.wait_ended()


async def test_the_agent_hangs_up_while_asking(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    await one.hang_up()
    await desk.until_talks("102", CUSTOMER)
    await hears_more(call.heard, B)
    await two.hang_up()
    await call.wait_ended()


async def test_hand_over_while_it_still_rings(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await inbound(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await until(lambda: (now := desk.sees("101")) is not None and now.can_complete, "it rings")
    assert (await desk.press(desk.daemon.desk.complete, "101")).ok
    await one.wait_idle()
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("102", CUSTOMER)
    await call.hang_up()
    await two.wait_idle()


async def test_all_three_talk(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    assert (await desk.press(desk.daemon.desk.merge, "101")).ok
    for who, tones in ((one, (C, B)), (two, (C, A)), (call.heard, (A, B))):
        for tone in tones:
            await hears_more(who, tone, share=MIXED)
    await one.hang_up()
    await hears_more(two, C)
    await two.hang_up()
    await call.wait_ended()


async def test_an_outgoing_call_is_handed_over_too(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    two = await desk_phone("102", B)
    assert (await desk.daemon.desk.dial(desk.agents["101"].id, plays(D), "command-out")).ok
    await one.wait_ringing()
    await one.answer()
    await desk.until_talks("101", plays(D))
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("101", "102")
    assert (await desk.press(desk.daemon.desk.complete, "101")).ok
    await one.wait_idle()
    await desk.until_talks("102", plays(D))
    await hears_more(two, D)
    assert (await desk.press(desk.daemon.desk.transfer, "102", "101")).ok
    await one.wait_ringing()
    await one.answer()
    await desk.until_talks("101", plays(D))
    await one.hang_up()


async def test_pbxd_dies_while_the_customer_waits(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    await desk.daemon.stop()
    await one.hang_up()
    await hears_more(call.heard, B)
    await two.hang_up()
    await call.wait_ended()


async def test_pick_up_a_colleagues_call(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    one = await desk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await one.wait_ringing()
    two = await desk_phone("102", B)
    await until(lambda: desk.sees("101") is not None, "it is known who rings")
    mine = await desk.press(desk.daemon.desk.pick_up, "101")
    assert mine.reason_id == "rings-here"
    assert (await desk.press(desk.daemon.desk.pick_up, "102")).ok
    await two.wait_ringing()
    await one.wait_idle()
    await two.answer()
    await call.wait_answered()
    await desk.until_talks("102", CUSTOMER)
    await call.hang_up()
    await two.wait_idle()


async def test_who_had_a_call_stands_in_its_history(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    call, one, two = await consulted(desk, city, desk_phone)
    assert (await desk.press(desk.daemon.desk.complete, "101")).ok
    await one.wait_idle()
    await desk.until_talks("102", CUSTOMER)
    await call.hang_up()
    await two.wait_idle()
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    async with desk.daemon.store.reading() as conn:
        (record,) = (await queries.log(conn, CallFilter())).rows
        chain = (await handovers(conn, [record.linkedid]))[record.linkedid]
    assert [(step.how, step.by, step.to) for step in chain] == [
        (Handing.CONSULT, "101", "102"),
        (Handing.COMPLETED, "101", "102"),
    ]
    assert (record.outcome, record.extension) == (Outcome.ANSWERED, "101")
