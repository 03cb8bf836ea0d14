"""Who may call what, and which number he shows: on the real PBX, with pbxd and without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.waiting import until
from pbxd.callers.numbers import NumberKind
from pbxd.calls import queries
from pbxd.calls.queries import CallFilter
from pbxd.desk.result import Result
from pbxd.events import AgentState
from pbxd.forwarding.model import Forward
from pbxd.outgoing.model import Allowance, usual
from tests.pbx.verbs import Pressing, forget, in_step, pressing

CALLER = "01012345678"
ABROAD = "0081312345678"
MOBILE = plays(463)
SECOND_LINE = "025550101"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        outgoing = made.daemon.outgoing
        outgoing._lines = {MAIN_NUMBER: "대표번호", SECOND_LINE: "A/S"}
        roles = {made.agents["101"].id: "user", made.agents["102"].id: "supervisor"}
        outgoing.roles = lambda: roles
        yield made
    await forget(office, "pbxd/outgoing", "pbxd/forward")


async def rule(desk: Pressing, role: str, allowance: Allowance) -> None:
    await desk.daemon.outgoing.set_rule(role, allowance)
    await in_step(desk.daemon.outgoing._mirror)


async def refused(desk: Pressing, extension: str, number: str) -> str:
    """Which refusal the desk gives; "" it dials."""
    agent = desk.agents[extension]
    agents = desk.daemon.agents
    await until(lambda: agents.state(agent.id) is AgentState.AVAILABLE, "the phone is known")
    result = await desk.daemon.desk.dial(agent.id, number, f"dial-{extension}-{number}")
    return result.reason_id if result.result is Result.REFUSED else ""


async def test_the_phone_itself_is_bound_too_also_without_pbxd(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone
) -> None:
    one, two = await talk_phone("101"), await talk_phone("102")
    await one.dial(ABROAD)
    await until(lambda: one.last_reason.startswith("404"), "nobody may without a rule", 20)
    await rule(desk, "user", Allowance(frozenset({NumberKind.LANDLINE})))
    abroad = Allowance(usual("KR").kinds | {NumberKind.INTERNATIONAL}, never=("+812*",))
    await rule(desk, "supervisor", abroad)
    assert await refused(desk, "101", MOBILE) == "number-barred"
    assert await refused(desk, "101", ABROAD) == "international-barred"
    assert await refused(desk, "102", "+81 2 1234 5678") == "international-barred"
    await desk.daemon.stop()
    one.last_reason = ""
    await one.dial(MOBILE)
    await until(lambda: one.last_reason != "", "it is told, then refused", 20)
    assert one.last_reason.startswith("403")
    assert not city.heard_by(MOBILE)
    await two.dial(ABROAD)
    await two.wait_established(10)
    await two.hang_up()
    await two.dial("00812345678")
    await until(lambda: two.last_reason.startswith("404"), "but not that one", 20)


async def test_emergency_and_colleagues_always(desk: Pressing, talk_phone: MakeTalkPhone) -> None:
    await rule(desk, "user", Allowance(frozenset()))
    await desk.daemon.outgoing.show(desk.agents["101"].id, SECOND_LINE)
    await in_step(desk.daemon.outgoing._mirror)
    one, two = await talk_phone("101"), await talk_phone("102")
    await one.dial("102")
    await two.wait_ringing()
    await one.hang_up()
    await until(lambda: not desk.daemon.live.calls(), "it is over")
    one.last_reason = ""
    await one.dial("119")
    await until(lambda: one.last_reason != "", "the network has answered", 10)
    await until(lambda: not desk.daemon.live.calls(), "it is over")
    await desk.daemon.history.drain()
    async with desk.daemon.store.reading() as conn:
        last = (await queries.log(conn, CallFilter())).rows[0]
    assert (last.number, last.trunk) == ("119", "city"), "it went out"
    assert await refused(desk, "101", "112") == ""
    await one.wait_ringing()
    await one.hang_up()


async def test_nobody_goes_round_it(
    desk: Pressing, office: Office, city: City, talk_phone: MakeTalkPhone, desk_phone: MakePhone
) -> None:
    """By forwarding one's phone, or by transferring somebody."""
    landlines = Allowance(frozenset({NumberKind.LANDLINE}))
    forwardings, one = desk.daemon.forwardings, desk.agents["101"]
    assert await forwardings.set(one, {Forward.ALWAYS: MOBILE})
    await rule(desk, "user", landlines)
    two = await desk_phone("102")
    await two.dial("101")
    await until(lambda: not two.calls, "it goes nowhere", 20)
    assert not city.heard_by(MOBILE)
    assert await forwardings.set(one, {})
    await in_step(forwardings._mirror)

    phone = await talk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CALLER)
    result = await desk.press(desk.daemon.desk.transfer, "101", to=MOBILE)
    assert (result.result, result.reason_id) == (Result.REFUSED, "number-barred")
    # as the phone's own transfer key does
    (mine,) = [name for name in await office.channels() if "PJSIP/101-" in name]
    ami = await office.ami()
    await ami.action("BlindTransfer", Channel=mine, Context="pbxd-transfer", Exten=MOBILE)
    ami.close()
    await phone.wait_ringing(10)  # the customer comes back
    await call.hang_up()
    assert not city.heard_by(MOBILE)


@pytest.mark.parametrize("way", ["dialled", "clicked"])
async def test_the_number_that_is_shown(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone, way: str
) -> None:
    phone, me = await talk_phone("101"), desk.agents["101"]
    number = plays(464 if way == "dialled" else 465)
    seen = city.shown_at(number)
    agents = desk.daemon.agents
    for shows, expected in (("", MAIN_NUMBER), (SECOND_LINE, SECOND_LINE), ("", MAIN_NUMBER)):
        await desk.daemon.outgoing.show(me.id, shows)
        await in_step(desk.daemon.outgoing._mirror)
        if way == "dialled":
            await phone.dial(number)
        else:
            await until(lambda: agents.state(me.id) is AgentState.AVAILABLE, "free")
            command = f"shows-{len(seen)}"
            assert (await desk.daemon.desk.dial(me.id, number, command)).ok
            await phone.wait_ringing()
            await phone.answer()
        seen.append(expected)
        await until(lambda: city.shown_at(number) == seen, f"{expected} is shown", 10)
        await phone.hang_up()
        await until(lambda: not desk.daemon.live.calls(), "the call is over")
