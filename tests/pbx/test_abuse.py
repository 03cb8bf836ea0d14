"""Abuse block on the real PBX: what the customer hears to its end, and that the agent is free."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.hearing import hears, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall, plays
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.abuse import queries
from pbxd.abuse.model import Incident, Kind, Policy, Step
from pbxd.events import AbuseReported, CommandSettled
from tests.pbx.verbs import Pressing, hears_more, pressing

CUSTOMER = "01012345678"
C, A, D = 440, 660, 880


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


async def block(desk: Pressing, kind: str = "abuse") -> str:
    abuse = desk.daemon.abuse
    key = (await desk.call()).key
    return (await abuse.block(desk.agents["101"], key, kind)).reason_id


async def incidents(desk: Pressing, count: int) -> tuple[Incident, ...]:
    """All incidents, oldest first, once there are so many and the last one has ended."""
    found: tuple[Incident, ...] = ()

    async def there() -> bool:
        nonlocal found
        now = desk.daemon.clock()
        async with desk.daemon.store.reading() as conn:
            found = await queries.between(conn, now.replace(year=2000), now.replace(year=2100))
        return len(found) == count

    await until(there, f"{count} incidents are written down")
    return found[::-1]


async def test_the_customer_hears_it_whole_and_the_agent_is_free_at_once(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    reported: list[AbuseReported] = []
    desk.daemon.bus.subscribe(AbuseReported, reported.append)
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    before = loud_seconds(call.heard)
    assert await block(desk) == ""
    await phone.wait_idle()
    assert call.state == "answered", "the announcement is still being played"
    assert await call.wait_ended(20) == 16
    said = loud_seconds(call.heard) - before
    assert said > 4, "the announcement to its end, then the hang-up"
    (incident,) = await incidents(desk, 1)
    await until(lambda: bool(reported), "supervisors hear of it")
    assert (incident.step, incident.kind, incident.extension) == (Step.BLOCKED, "abuse", "101")
    assert incident.number == "+821012345678"

    async def ended() -> bool:
        return (await incidents(desk, 1))[0].heard_whole is True

    await until(ended, "it is written down that it was heard whole")


async def test_an_outgoing_call_too_and_who_hangs_up_himself(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await desk.daemon.desk.dial(desk.agents["101"].id, plays(D), "command-out")
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", plays(D))
    heard = city.heard_by(plays(D))[-1]
    await hears_more(heard, A, 0.2)
    quiet = hears(heard, A)
    assert await block(desk, "harassment") == ""
    await phone.wait_idle()
    await until(lambda: not desk.daemon.live.calls(), "the customer's line is down too", 20)
    assert loud_seconds(heard) - quiet > 4
    (incident,) = await incidents(desk, 1)
    assert incident.kind == "harassment"


async def test_warnings_come_first_and_both_talk_again(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    await desk.daemon.abuse.change((Kind("abuse", warnings=1, position=1),), Policy())
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    theirs = hears(phone.heard, C)
    assert await block(desk) == ""
    await until(lambda: (now := desk.sees("101")) is not None and not now.beside, "apart", 5)
    await desk.until_talks("101", CUSTOMER)
    await hears_more(call.heard, A)
    assert hears(phone.heard, C) < theirs + 4
    assert await block(desk) == ""
    await call.wait_ended(20)
    assert [one.step for one in await incidents(desk, 2)] == [Step.WARNED, Step.BLOCKED]


async def test_the_agents_phone_waits_where_the_office_wants_it(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    await desk.daemon.abuse.change(desk.daemon.abuse.all_kinds, Policy(agent_waits=True))
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    assert await block(desk) == ""
    await until(lambda: (now := desk.sees("101")) is not None and not now.beside, "apart", 5)
    theirs = hears(phone.heard, C)
    await call.wait_ended(20)
    await phone.wait_idle()
    assert hears(phone.heard, C) <= theirs + 0.2, "he is not heard any more"


async def test_pbxd_dies_in_the_announcement_and_after_it_the_number_is_refused(
    desk: Pressing, city: City, desk_phone: MakePhone, office: Office
) -> None:
    await desk.daemon.abuse.change(desk.daemon.abuse.all_kinds, Policy(block_after=1))
    reported: list[AbuseReported] = []
    desk.daemon.bus.subscribe(AbuseReported, reported.append)
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    assert await block(desk) == ""
    await until(lambda: bool(reported), "it is written down")
    assert reported[0].refused
    await desk.daemon.stop()
    assert await call.wait_ended(20) == 16
    again = await city.call(MAIN_NUMBER, CUSTOMER, audio=C)
    assert await again.wait_ended(20) == 21
    assert not phone.calls
    link = await office.ami()
    await link.action("DBDel", Family="pbxd/block", Key=CUSTOMER[1:])
    link.close()


async def test_when_there_is_nobody_to_block(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101", A), await desk_phone("102", D)
    await one.dial("102")
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("101", "102")
    assert await block(desk) == "no-customer"
    assert await block(desk, "nothing") == "no-such-kind"
    await one.hang_up()


async def test_by_the_keys_of_a_desk_phone(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    before = loud_seconds(call.heard)
    await phone.dtmf("*62")
    await phone.wait_idle()
    assert await call.wait_ended(20) == 16
    assert loud_seconds(call.heard) - before > 4
    (incident,) = await incidents(desk, 1)
    assert (incident.kind, incident.extension) == ("harassment", "101")


async def test_a_key_without_a_kind_and_a_customer_who_presses_it_do_nothing(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    said: list[CommandSettled] = []
    desk.daemon.bus.subscribe(CommandSettled, said.append)
    phone = await desk_phone("101", A)
    call = await talking(desk, city, phone)
    await call.send_dtmf("*61")
    await phone.dtmf("*69")
    await until(lambda: bool(said), "the agent is told")
    assert [one.reason_id for one in said] == ["no-such-kind"]
    assert desk.sees("101") is not None
    await hears_more(call.heard, A)
    await phone.hang_up()
    await incidents(desk, 0)
