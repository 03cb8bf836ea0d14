"""Long-call protection on the real PBX: who hears the notice, the extension, the end."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest_asyncio

from lab.hearing import loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.app import Daemon
from pbxd.ports import KnownCaller
from pbxd.talk_limit.model import AtEnd, Limit, Rule
from tests.pbx.verbs import Pressing, pressing

CALLER, VIP = "01012345678", "01087654321"
NEVER = datetime.max.replace(tzinfo=UTC)
NOT_YET = Limit(NEVER, NEVER, warned=False, over=False, can_extend=False, at_end=AtEnd.END)
SHORT = Rule(on=True, warn_seconds=2, end_seconds=600, extend_seconds=600)


class OneVip:
    """A CRM with one important customer."""

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        if number.endswith(VIP[1:]):
            return (KnownCaller("c1", "김중요", vip=True),)
        return ()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", directory=OneVip()) as made:
        yield made


async def _talk(city: City, phone: DeskPhone, desk: Pressing, caller: str = CALLER) -> CityCall:
    """A customer and an agent, both silent."""
    call = await city.call(MAIN_NUMBER, caller, audio=None)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", caller)
    return call


def _agent_hears(phone: DeskPhone) -> float:
    return loud_seconds(phone.heard)


async def test_the_customer_alone_hears_the_notice_and_the_end(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", 0)
    daemon = desk.daemon
    await daemon.limits.change(dataclasses.replace(SHORT, end_seconds=12))
    call = await _talk(city, phone, desk)
    key = (await desk.call()).key
    await until(lambda: _limit(daemon, key).warned, "the notice is given", 10)
    await until(lambda: loud_seconds(call.heard) > 3, "the customer hears the notice", 15)
    assert _agent_hears(phone) < 1.0  # two short tones, not the notice
    before = loud_seconds(call.heard)
    await phone.wait_idle(20)  # free while the customer still hears the announcement
    assert daemon.live.calls()
    await until(lambda: not daemon.live.calls(), "the announcement ends", 20)
    assert loud_seconds(call.heard) - before > 3
    assert daemon.limits.of(key) is None


async def test_the_agent_extends_by_a_key(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", 0)
    daemon = desk.daemon
    await daemon.limits.change(dataclasses.replace(SHORT, end_seconds=6))
    await _talk(city, phone, desk)
    key = (await desk.call()).key
    await until(lambda: _limit(daemon, key).warned, "the notice is given", 10)
    end = _limit(daemon, key).end_at
    await phone.dtmf("*60")
    await until(lambda: _limit(daemon, key).end_at > end, "the end moves", 10)
    assert _limit(daemon, key).can_extend
    await phone.hang_up()


async def test_left_to_the_agent(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101", 0)
    daemon = desk.daemon
    await daemon.limits.change(
        dataclasses.replace(SHORT, warn_seconds=1, end_seconds=3, at_end=AtEnd.AGENT)
    )
    call = await _talk(city, phone, desk)
    key, agent = (await desk.call()).key, desk.agents["101"]
    early = await daemon.limits.finish(agent, key)
    assert early.reason_id == "limit-not-over"
    await until(lambda: _limit(daemon, key).over, "the time is over", 10)
    assert desk.sees("101") is not None
    assert (await daemon.limits.finish(agent, key)).ok
    await phone.wait_idle()
    before = loud_seconds(call.heard)
    await until(lambda: not daemon.live.calls(), "the announcement ends", 20)
    assert loud_seconds(call.heard) > before


async def test_a_vip_and_an_outgoing_call_are_not_limited(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", 0)
    daemon = desk.daemon
    await daemon.limits.change(dataclasses.replace(SHORT, warn_seconds=1, end_seconds=2))
    await _talk(city, phone, desk, VIP)
    call = await desk.call()
    assert call.answered_at is not None
    await until(
        lambda: (daemon.clock() - call.answered_at).total_seconds() > 4, "the time passes", 10
    )
    assert desk.sees("101") is not None
    assert daemon.limits.of(call.key) is None
    await phone.hang_up()


def _limit(daemon: Daemon, key: str) -> Limit:
    return daemon.limits.of(key) or NOT_YET
