"""What may go wrong in the middle of a verb: the screen stays true, nobody is left in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from lab.hearing import MIXED, hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.waiting import until
from pbxd.app import build
from pbxd.calls.model import LegState
from pbxd.supervise.model import Mode
from tests.pbx.verbs import Nobody, Pressing, hears_more, pressing

CUSTOMER = "01012345678"
A, B, C, S = 660, 880, 440, 550


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", "103") as made:
        yield made


@asynccontextmanager
async def restarted(desk: Pressing) -> AsyncIterator[Pressing]:
    """pbxd is stopped and started again while the call goes on."""
    await desk.daemon.stop()
    daemon = await build(desk.daemon.settings)
    await daemon.start(Nobody())
    try:
        await until(lambda: daemon.link.up and bool(daemon.live.calls()), "it is in step", 15)
        yield Pressing(daemon, desk.agents)
    finally:
        await daemon.stop()


async def talking(desk: Pressing, city: City, phone: DeskPhone) -> CityCall:
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CUSTOMER)
    return call


async def test_restarted_while_the_customer_is_asked_to_wait(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await talking(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("101", "102")
    async with restarted(desk) as again:
        await until(lambda: (now := again.sees("101")) is not None and now.can_merge, "still so")
        assert (await again.press(again.daemon.desk.back, "101")).ok
        await again.until_talks("101", CUSTOMER)
        await hears_more(call.heard, A)
        await call.hang_up()
        await one.wait_idle()
        await two.wait_idle()


async def test_restarted_in_a_conference(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    one = await desk_phone("101", A)
    call = await talking(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("101", "102")
    assert (await desk.press(desk.daemon.desk.merge, "101")).ok
    await hears_more(call.heard, B, 0.3, share=MIXED)
    async with restarted(desk) as again:
        await until(
            lambda: (now := again.sees("101")) is not None and now.conference, "still all three"
        )
        await one.hang_up()
        await hears_more(call.heard, B)
        await two.hang_up()
        await call.wait_ended()


async def test_restarted_while_the_desk_phone_holds(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone
) -> None:
    phone = await talk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CUSTOMER)
    assert (await desk.press(desk.daemon.desk.hold, "101", on=True)).ok
    async with restarted(desk) as again:
        await until(
            lambda: (now := again.sees("101")) is not None and now.can_resume, "it is still held"
        )
        assert (await again.press(again.daemon.desk.hold, "101", on=False)).ok
        await hears_more(call.heard, A)
        await call.hang_up()
        await phone.wait_idle()


async def test_the_dialplan_is_reloaded_while_somebody_waits(
    desk: Pressing, city: City, office: Office, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await talking(desk, city, one)
    two = await desk_phone("102", B)
    assert (await desk.press(desk.daemon.desk.consult, "101", "102")).ok
    await two.wait_ringing()
    await office.cli("dialplan reload")
    await two.answer()
    await desk.until_talks("101", "102")
    assert (await desk.press(desk.daemon.desk.complete, "101")).ok
    await one.wait_idle()
    await desk.until_talks("102", CUSTOMER)
    await hears_more(call.heard, B)
    await two.hang_up()
    await call.wait_ended()


async def test_two_supervisors_at_one_call(
    desk: Pressing, city: City, desk_phone: MakePhone, talk_phone: MakeTalkPhone
) -> None:
    one = await desk_phone("101", A)
    call = await talking(desk, city, one)
    key = (await desk.call()).key
    bosses = [await talk_phone("102", B), await talk_phone("103", S)]
    for extension in ("102", "103"):
        started = await desk.daemon.supervision.start(
            desk.agents[extension], key, "101", Mode.BARGE
        )
        assert started.ok, started
    for boss in bosses:
        await boss.wait_established()
    for tone in (B, S):
        await hears_more(call.heard, tone, 0.2, share=0.1)
    assert len(desk.daemon.supervision.sessions(key)) == 2
    await call.hang_up()
    await one.wait_idle()
    for boss in bosses:
        await boss.wait_idle()
    await until(lambda: desk.daemon.supervision.sessions() == (), "nobody supervises any more")


async def test_a_phone_that_logs_off_in_the_call_still_talks(
    desk: Pressing, city: City, office: Office, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await talking(desk, city, one)
    link = await office.ami()
    for name in (await office.cli("database show registrar/contact")).splitlines():
        if "/101;" in name:
            key = name.split(":")[0].strip().removeprefix("/registrar/contact/")
            await link.action("DBDel", Family="registrar/contact", Key=key)
    link.close()
    quiet = hears(call.heard, A)
    await until(lambda: hears(call.heard, A) > quiet + 0.5, "they go on talking")
    two = await desk_phone("102", B)
    agents = desk.daemon.agents
    await until(lambda: agents.state(desk.agents["102"].id) == "available", "102 is there")
    assert (await desk.press(desk.daemon.desk.transfer, "101", "102")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("102", CUSTOMER)
    await call.hang_up()
    await two.wait_idle()


async def test_what_has_just_stopped_ringing(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    key = (await desk.call()).key
    await call.hang_up()
    await one.wait_idle()
    await until(lambda: not desk.daemon.live.calls(), "it is over")
    desk_, me = desk.daemon.desk, desk.agents["101"].id
    assert (await desk_.answer(me, key, "late-answer")).reason_id == "call-over"
    assert (await desk_.hang_up(me, key, "late-hang-up")).reason_id == "call-over"
    assert (await desk_.transfer(me, key, "late-transfer", "102")).reason_id == "call-over"


async def test_the_same_press_twice_and_a_hold_during_a_transfer(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone, desk_phone: MakePhone
) -> None:
    phone = await talk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CUSTOMER)
    two = await desk_phone("102", B)
    key, me = (await desk.call()).key, desk.agents["101"].id
    first = await desk.daemon.desk.transfer(me, key, "one-press", "102")
    again = await desk.daemon.desk.transfer(me, key, "one-press", "102")
    assert first.ok
    assert again == first
    late = await desk.daemon.desk.hold(me, key, "hold-too-late", on=True)
    assert late.reason_id == "call-over"
    twice = await desk.daemon.desk.transfer(me, key, "another-press", "103")
    assert twice.reason_id == "call-over", "who has gone already cannot be sent elsewhere"
    await two.wait_ringing()

    def ringing() -> int:
        legs = [leg for one in desk.daemon.live.calls() for leg in one.legs]
        return sum(leg.state is LegState.RINGING for leg in legs)

    await until(lambda: ringing() == 1, "transferred once")
    await two.answer()
    await desk.until_talks("102", CUSTOMER)
    await call.hang_up()
    await two.wait_idle()
