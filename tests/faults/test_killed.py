"""Killed at the worst moment: no call is missing, none stands there twice, no ghost stays."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall
from lab.phone import DeskPhone
from lab.waiting import until
from pbxd.calls.model import Outcome
from pbxd.calls.record import CallRecord
from tests.faults.daemon import DaemonProcess

MakePhone = Callable[..., Awaitable[DeskPhone]]
CALLER = "01012345678"


@pytest.fixture
async def daemon(office: Office, tmp_path: Path) -> AsyncIterator[DaemonProcess]:
    process = await DaemonProcess(office, tmp_path).start()
    yield process
    await process.end(signal.SIGKILL)


async def given_answered_call(city: City, phone: DeskPhone, name: str) -> CityCall:
    call = await city.call(MAIN_NUMBER, CALLER, name=name)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    return call


async def the_record(daemon: DaemonProcess, name: str, *, whole: bool = False) -> CallRecord:
    """The one record of the call whose caller had this name.

    `whole`: once Asterisk's event log has completed what was seen only in part.
    """
    found: list[CallRecord] = []

    async def there() -> bool:
        found[:] = [record for record in await daemon.records() if record.name == name]
        return bool(found) and (found[0].end_known or not whole)

    await until(there, "the call's record", 8)
    assert len(found) == 1
    return found[0]


async def test_a_call_that_ended_while_pbxd_was_dead_is_read_back_once(
    daemon: DaemonProcess, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await given_answered_call(city, phone, "killed-1")
    began = datetime.now(UTC)
    assert await daemon.end(signal.SIGKILL) == -signal.SIGKILL
    await asyncio.sleep(1)  # the length of the talk, not a wait for something
    await call.hang_up()
    ended = datetime.now(UTC)
    await phone.wait_idle()
    await daemon.start()
    record = await the_record(daemon, "killed-1")
    assert record.outcome is Outcome.ANSWERED
    assert record.extension == "101"
    assert record.end_known
    assert abs((record.ended_at - ended).total_seconds()) < 1
    assert abs(record.talk_seconds - (ended - began).total_seconds()) < 1
    await daemon.end(signal.SIGTERM)
    await daemon.start()
    assert len([one for one in await daemon.records() if one.name == "killed-1"]) == 1


async def test_a_call_that_goes_on_over_a_kill_is_recorded_once_and_whole(
    daemon: DaemonProcess, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await given_answered_call(city, phone, "killed-2")
    began = datetime.now(UTC)
    await daemon.end(signal.SIGKILL)
    await daemon.start()
    await call.hang_up()
    ended = datetime.now(UTC)
    await phone.wait_idle()
    record = await the_record(daemon, "killed-2", whole=True)
    assert record.outcome is Outcome.ANSWERED
    assert record.extension == "101"
    assert abs((record.ended_at - ended).total_seconds()) < 1
    assert abs(record.talk_seconds - (ended - began).total_seconds()) < 2


async def test_asterisk_killed_in_mid_call_leaves_no_ghost_and_no_gap(
    daemon: DaemonProcess, office: Office, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    await given_answered_call(city, phone, "killed-3")
    await office.kill()
    await office.start()
    record = await the_record(daemon, "killed-3")
    assert record.outcome is Outcome.ANSWERED
    assert not record.end_known


async def test_an_orderly_stop_is_quick_and_loses_nothing(
    daemon: DaemonProcess, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await given_answered_call(city, phone, "stopped")
    await call.hang_up()
    await phone.wait_idle()
    async with asyncio.timeout(6):
        assert await daemon.end(signal.SIGTERM) == 0
    await daemon.start()
    assert (await the_record(daemon, "stopped")).outcome is Outcome.ANSWERED


async def test_calls_go_on_without_pbxd(
    daemon: DaemonProcess, city: City, desk_phone: MakePhone
) -> None:
    await daemon.end(signal.SIGKILL)
    phone = await desk_phone("101")
    call = await given_answered_call(city, phone, "alone")
    await call.hang_up()
    await phone.wait_idle()


async def test_a_wrong_setting_stops_the_start_and_names_it(
    daemon: DaemonProcess, tmp_path: Path
) -> None:
    await daemon.end(signal.SIGTERM)
    daemon.file.write_text("[pbx]\nport = 70000\n", "utf-8")
    with pytest.raises(AssertionError, match=r"pbx\.port"):
        await daemon.start()
    assert daemon.process is not None
    assert await daemon.process.wait() == 2
