"""Refused numbers on the real PBX, with pbxd running, stopped, hung; and why calls were missed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from lab.hearing import loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.blacklist.model import How, Policy
from pbxd.blacklist.queries import hits
from pbxd.blacklist.service import Wanted
from pbxd.calls import queries
from pbxd.calls.model import Outcome, Unanswered
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from tests.pbx.verbs import Pressing, forget, pressing

CALLER, OTHER = "01012345678", "01012345679"
REFUSED, NETWORK_BUSY = 21, 17


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        yield made
        await forget(office, "pbxd/block", "pbxd/block-prefix", "pbxd/block-rule")


async def record(desk: Pressing, count: int = 1) -> CallRecord:
    """The newest of so many calls."""
    rows: tuple[CallRecord, ...] = ()

    async def there() -> bool:
        nonlocal rows
        async with desk.daemon.store.reading() as conn:
            rows = (await queries.log(conn, CallFilter())).rows
        return len(rows) == count

    await until(there, f"{count} calls are recorded", 10)
    return rows[0]


async def in_step(desk: Pressing, family: str, key: str, value: str) -> None:
    """Until Asterisk's database says so."""

    async def there() -> bool:
        mirror = desk.daemon.blacklist._mirrors[family]
        return ((await mirror._read()) or {}).get(key, "") == value

    await until(there, f"{family}/{key} is {value}")


async def test_refused_while_pbxd_runs_and_after_it_stopped(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    await desk.daemon.blacklist.add(Wanted(CALLER), "u")
    await in_step(desk, "pbxd/block", CALLER[1:], "0")
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.begin_recording()
    assert await call.wait_ended(20) == REFUSED
    assert loud_seconds(call.heard) > 1, "he is told so"
    row = await record(desk)
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Unanswered.BLOCKED)
    async with desk.daemon.store.reading() as conn:
        found = await hits(conn, "+821012345678")
    assert found.count == 1
    await desk.daemon.stop()
    again = await city.call(MAIN_NUMBER, f"+82{CALLER[1:]}")
    assert await again.wait_ended(20) == REFUSED
    assert not phone.calls
    other = await city.call(MAIN_NUMBER, OTHER)
    await phone.wait_ringing()
    await other.hang_up()


async def test_refused_while_pbxd_is_hung(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    """Hung as a SIGSTOP leaves it: its time is fresh, and nothing answers."""
    phone = await desk_phone("101")
    await desk.daemon.blacklist.add(Wanted(CALLER), "u")
    await in_step(desk, "pbxd/block", CALLER[1:], "0")
    call = await city.call(MAIN_NUMBER, CALLER)

    def hang() -> None:
        while call.state == "calling" and time.monotonic() < end:
            time.sleep(0.05)

    end = time.monotonic() + 1.0
    hang()
    assert await call.wait_ended(20) == REFUSED
    assert not phone.calls


async def test_prefixes_and_a_last_day(desk: Pressing, city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    blacklist = desk.daemon.blacklist
    await blacklist.add(Wanted("010-1234", is_prefix=True), "u")
    await blacklist.add(Wanted("025", is_prefix=True), "u")
    soon = datetime.now(UTC) + timedelta(seconds=4)
    await blacklist.add(Wanted("01099998888", expires_at=soon), "u")
    await in_step(desk, "pbxd/block-rule", "lengths", "2-6")
    for number in ("01099998888", CALLER, OTHER, "0255512345"):
        call = await city.call(MAIN_NUMBER, number)
        assert await call.wait_ended(20) == REFUSED
    call = await city.call(MAIN_NUMBER, "01098765432")
    await phone.wait_ringing()
    await call.hang_up()
    await phone.wait_idle()
    while datetime.now(UTC) < soon + timedelta(seconds=1):
        await asyncio.sleep(0.2)  # a last day's end has no event
    call = await city.call(MAIN_NUMBER, "01099998888")
    await phone.wait_ringing()
    await call.hang_up()


async def test_hidden_numbers_and_the_busy_tone(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, None)
    await phone.wait_ringing()
    await call.hang_up()
    await phone.wait_idle()
    await desk.daemon.blacklist.set_policy(Policy(How.BUSY, anonymous=True))
    await in_step(desk, "pbxd/block-rule", "anonymous", "yes")
    call = await city.call(MAIN_NUMBER, None)
    assert await call.wait_ended(20) == NETWORK_BUSY
    row = await record(desk, 2)
    assert (row.outcome, row.reason, row.withheld) == (Outcome.BLOCKED, Unanswered.BLOCKED, True)


async def test_update_phones_says_the_difference(desk: Pressing, office: Office) -> None:
    blacklist = desk.daemon.blacklist
    await blacklist.add(Wanted(CALLER), "u")
    await blacklist.add(Wanted("060", is_prefix=True), "u")
    await in_step(desk, "pbxd/block-rule", "lengths", "2")
    link = await office.ami()
    await link.action("DBDel", Family="pbxd/block", Key=CALLER[1:])
    await link.action("DBPut", Family="pbxd/block", Key="1000", Val="0")
    link.close()
    done = await blacklist.update_phones()
    assert done is not None
    assert (done.added, done.removed, done.same, done.failed) == (1, 1, 2, 0)
    again = await blacklist.update_phones()
    assert again is not None
    assert (again.added, again.removed, again.same) == (0, 0, 3)


@pytest.mark.parametrize("why", ["nobody", "busy", "gave_up"])
async def test_a_missed_call_says_why(
    desk: Pressing, city: City, desk_phone: MakePhone, why: str
) -> None:
    phone = await desk_phone("101") if why != "nobody" else None
    call = await city.call(MAIN_NUMBER, CALLER)
    if phone is not None:
        await phone.wait_ringing()
        await (phone.refuse() if why == "busy" else call.hang_up())
    await call.wait_ended(20)
    row = await record(desk)
    assert row.reason is Unanswered(why)
