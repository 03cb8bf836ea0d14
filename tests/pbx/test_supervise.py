"""Listen, whisper, barge in, take over on the real PBX: who hears whom, told by tones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.hearing import MIXED, hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.events import SupervisionEnded
from pbxd.supervise.model import Mode
from tests.pbx.verbs import Pressing, hears_more, pressing

CUSTOMER = "01012345678"
C, A, S = 440, 660, 880  # customer, agent 101, supervisor 102


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        yield made


async def talking(desk: Pressing, city: City, phone: DeskPhone) -> CityCall:
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A, 0.2)
    return call


async def watch(desk: Pressing, mode: Mode, extension: str = "101") -> str:
    key = (await desk.call()).key
    supervision = desk.daemon.supervision
    return (await supervision.start(desk.agents["102"], key, extension, mode)).reason_id


async def test_who_hears_whom(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    ended: list[SupervisionEnded] = []
    desk.daemon.bus.subscribe(SupervisionEnded, ended.append)
    agent = await desk_phone("101", A)
    call = await talking(desk, city, agent)
    supervisor = await desk_phone("102", S)

    assert await watch(desk, Mode.LISTEN) == ""
    assert await watch(desk, Mode.WHISPER) == "still-ringing"
    await supervisor.wait_ringing()
    await supervisor.answer()
    await hears_more(supervisor, C, share=MIXED)
    await hears_more(supervisor, A, share=MIXED)
    assert hears(agent.heard, S, MIXED) < 0.2
    assert hears(call.heard, S, MIXED) < 0.2

    assert await watch(desk, Mode.WHISPER) == ""
    await hears_more(agent, S, share=MIXED)
    assert hears(call.heard, S, MIXED) < 0.2, "the customer hears nothing of it"

    assert await watch(desk, Mode.BARGE) == ""
    await hears_more(call.heard, S, share=MIXED)
    (one,) = desk.daemon.supervision.sessions()
    assert (one.mode, one.watched) == (Mode.BARGE, "101")
    assert len(desk.daemon.live.calls()) == 1, "the supervisor's phone is no call of its own"

    await call.hang_up()
    await agent.wait_idle()
    await supervisor.wait_idle()  # it does not move on to another call
    await until(
        lambda: [(event.watched, event.mode) for event in ended] == [("101", "barge")],
        "the end of it is said once",
    )
    await until(lambda: desk.daemon.history.written == 1, "one call, one record")
    assert desk.daemon.supervision.sessions() == ()


async def test_take_over(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    agent = await desk_phone("101", A)
    call = await talking(desk, city, agent)
    supervisor = await desk_phone("102", S)
    key = (await desk.call()).key
    result = await desk.daemon.supervision.take_over(desk.agents["102"], key, "101")
    assert result.ok
    await supervisor.wait_ringing()
    await agent.wait_idle()
    await supervisor.answer()
    await desk.until_talks("102", CUSTOMER)
    await hears_more(call.heard, S)
    await call.hang_up()


async def test_a_supervisor_who_does_not_pick_up_drops_nobody(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    agent = await desk_phone("101", A)
    call = await talking(desk, city, agent)
    supervisor = await desk_phone("102", S)
    key = (await desk.call()).key
    await desk.daemon.supervision.take_over(desk.agents["102"], key, "101")
    await supervisor.wait_ringing()
    await supervisor.refuse()
    await agent.wait_ringing()
    await agent.answer()
    await desk.until_talks("101", CUSTOMER)
    await call.hang_up()


async def test_what_cannot_be_supervised(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    agent = await desk_phone("101", A)
    call = await talking(desk, city, agent)
    key = (await desk.call()).key
    assert await watch(desk, Mode.LISTEN) == "no-phone"
    assert await watch(desk, Mode.LISTEN, "102") == "call-over"
    supervision = desk.daemon.supervision
    own = await supervision.start(desk.agents["101"], key, "101", Mode.LISTEN)
    assert own.reason_id == "own-supervision"
    assert (await supervision.stop(desk.agents["102"])).reason_id == "not-supervising"
    await call.hang_up()
    await agent.wait_idle()
    await until(lambda: not desk.daemon.live.calls(), "pbxd knows that it is over")
    gone = await supervision.start(desk.agents["102"], key, "101", Mode.LISTEN)
    assert gone.reason_id == "call-over"


async def test_the_target_hangs_up_while_the_supervisors_phone_rings(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    agent = await desk_phone("101", A)
    call = await talking(desk, city, agent)
    supervisor = await desk_phone("102", S)
    assert await watch(desk, Mode.LISTEN) == ""
    await supervisor.wait_ringing()
    await call.hang_up()
    await agent.wait_idle()
    await supervisor.wait_idle()
    await until(lambda: desk.daemon.supervision.sessions() == (), "it is over")
