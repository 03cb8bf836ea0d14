"""Forwarding on the real PBX, with pbxd and without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.calls import queries
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.errors import InvalidInput
from pbxd.forwarding.model import Forward
from tests.pbx.verbs import Pressing, pressing

CALLER = "01012345678"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", "103") as made:
        yield made
        for agent in made.agents.values():
            for kind in Forward:
                link = await office.ami()
                await link.action(
                    "DBPut", Family="pbxd/forward", Key=f"{agent.extension}-{kind}", Val="x"
                )
                await link.action("DBDel", Family="pbxd/forward", Key=f"{agent.extension}-{kind}")
                link.close()


async def forward(desk: Pressing, extension: str, kind: Forward, to: str) -> None:
    assert await desk.daemon.forwardings.set(desk.agents[extension], {kind: to})


async def test_always_to_a_colleague_also_when_pbxd_is_gone(
    desk: Pressing, desk_phone: MakePhone
) -> None:
    one, two, three = [await desk_phone(extension) for extension in ("101", "102", "103")]
    await forward(desk, "101", Forward.ALWAYS, "102")
    await three.dial("101")
    await two.wait_ringing()
    assert not one.calls
    await three.hang_up()
    await two.wait_idle()
    await desk.daemon.stop()
    await three.dial("101")
    await two.wait_ringing()
    await three.hang_up()


async def test_no_answer_declined_and_off(desk: Pressing, desk_phone: MakePhone) -> None:
    three, two = await desk_phone("103"), await desk_phone("102")
    await forward(desk, "101", Forward.OFFLINE, "102")
    await three.dial("101")
    await two.wait_ringing()
    await three.hang_up()
    await two.wait_idle()
    one = await desk_phone("101")
    await forward(desk, "101", Forward.BUSY, "102")
    await three.dial("101")
    await one.wait_ringing()
    await one.refuse()
    await two.wait_ringing()
    await three.hang_up()
    await two.wait_idle()


async def test_in_a_call_the_next_goes_elsewhere(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER)
    await one.wait_ringing()
    await one.answer()
    two, three = await desk_phone("102"), await desk_phone("103")
    await forward(desk, "101", Forward.BUSY, "102")
    await three.dial("101")
    await two.wait_ringing()
    assert len(one.calls) == 1
    await three.hang_up()
    await call.hang_up()


async def test_to_a_number_outside_with_the_offices_number(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    three, called = await desk_phone("103"), len(city.shown_at(plays(880)))
    await forward(desk, "101", Forward.ALWAYS, "010-0000-0880")
    await three.dial("101")
    await until(lambda: len(city.shown_at(plays(880))) > called, "it goes outside")
    assert city.shown_at(plays(880))[-1] == MAIN_NUMBER
    await three.hang_up()


async def test_two_who_forward_to_each_other_end(desk: Pressing, desk_phone: MakePhone) -> None:
    one, two, three = [await desk_phone(extension) for extension in ("101", "102", "103")]
    await forward(desk, "101", Forward.ALWAYS, "102")
    await forward(desk, "102", Forward.ALWAYS, "101")
    await three.dial("101")
    await two.wait_ringing()
    assert not one.calls
    await three.hang_up()
    await two.wait_idle()


@pytest.mark.parametrize("wrong", ["101", "00212345678", "hello", "0601234567"])
async def test_where_nobody_may_forward(desk: Pressing, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await desk.daemon.forwardings.set(desk.agents["101"], {Forward.BUSY: wrong})
    assert refusal.value.field == "busy"
    assert desk.daemon.forwardings.of(desk.agents["101"].id) == {}


async def test_a_code_picks_up_without_a_screen(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER, audio=440)
    await one.wait_ringing()
    two = await desk_phone("102")
    await two.dial("*8101")
    await one.wait_idle()
    await call.wait_answered()
    await until(lambda: len(desk.daemon.live.calls()) == 1, "it is one call")
    await call.hang_up()
    await two.wait_idle()
    await until(lambda: desk.daemon.history.written == 1, "one record")
    async with desk.daemon.store.reading() as conn:
        (record,) = (await queries.log(conn, CallFilter())).rows
    assert (record.outcome, record.extension) == (Outcome.ANSWERED, "102")
