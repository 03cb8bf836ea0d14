"""A caller of a ring group rings first at the agent he knows, or at those who look after VIPs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.events import AgentState
from pbxd.ports import KnownCaller
from tests.pbx.verbs import Pressing, forget, pressing
from tests.watching import until_asked

CALLER, VIP = "01012345678", "01099998888"


class Vips:
    """A customer list with one VIP."""

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        vip = number == "+821099998888"
        return (KnownCaller("c1", "귀빈", settled=True, vip=True),) if vip else ()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    rules = {"last_agent_days": 30, "vip_extensions": ("103",)}
    async with pressing(
        office, tmp_path, "101", "102", "103", directory=Vips(), desk=rules
    ) as made:

        async def told() -> bool:
            return "yes" in await office.cli("database get pbxd/line-rule first")

        await until(told, "the dialplan knows what to ask")
        await until_asked(office, made.daemon)
        yield made
    await forget(office, "pbxd/line-rule")


async def phones(desk: Pressing, desk_phone: MakePhone) -> list[DeskPhone]:
    made = [await desk_phone(extension) for extension in ("101", "102", "103")]
    agents = desk.daemon.agents
    await until(
        lambda: all(
            agents.state(agent.id) is AgentState.AVAILABLE for agent in desk.agents.values()
        ),
        "all phones are known",
    )
    return made


async def test_the_agent_he_talked_with_rings_first(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one, two, three = await phones(desk, desk_phone)
    call = await city.call(MAIN_NUMBER, CALLER)
    for phone in (one, two, three):
        await phone.wait_ringing()  # nobody knows him yet
    await two.answer()
    await desk.until_talks("102", CALLER)
    await call.hang_up()
    await two.wait_idle()
    await until(lambda: desk.daemon.history.written == 1, "it is on disk")

    call = await city.call(MAIN_NUMBER, CALLER)
    await two.wait_ringing()
    assert not one.calls
    assert not three.calls
    await two.refuse()
    for phone in (one, three):  # then all
        await phone.wait_ringing()
    await call.hang_up()
    for phone in (one, two, three):
        await phone.wait_idle()

    await desk.daemon.stop()
    call = await city.call(MAIN_NUMBER, CALLER)
    for phone in (one, two, three):  # nobody is asked: all at once
        await phone.wait_ringing()
    await call.hang_up()


async def test_vip_customers_ring_those_who_are_there_for_them(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one, two, three = await phones(desk, desk_phone)
    call = await city.call(MAIN_NUMBER, VIP)
    await three.wait_ringing()
    assert not one.calls
    await three.answer()
    await desk.until_talks("103", VIP)
    second = await city.call(MAIN_NUMBER, VIP)  # 103 talks: all who are free ring
    for phone in (one, two):
        await phone.wait_ringing()
    await second.hang_up()
    await call.hang_up()
