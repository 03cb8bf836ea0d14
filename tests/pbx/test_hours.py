"""Opening hours on the real PBX, with pbxd running and stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest_asyncio

from lab.hearing import loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from pbxd.callbacks.model import Policy
from pbxd.calls.model import Outcome, Unanswered
from pbxd.hours import rules
from pbxd.hours.model import DayPlan, Mode, Schedule, SpecialDay, Week
from tests.pbx.test_blacklist import record
from tests.pbx.verbs import Pressing, forget, in_step, pressing

CALLER = "01012345678"
NO_ANSWER = 19


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        await made.daemon.callbacks.set_policy(Policy(hours=False))
        yield made
        await forget(office, "pbxd/hours", "pbxd/callback-rule")


def every_day(plan: DayPlan | None) -> Week:
    return cast(Week, (plan,) * 7)


async def both_in_step(desk: Pressing) -> None:
    await in_step(desk.daemon.hours._mirror, desk.daemon.callbacks._rules)


async def save(desk: Pressing, week: Week, *lines: str) -> Schedule:
    made = await desk.daemon.hours.save(Schedule("", "사무실", lines, week, holidays=False))
    await both_in_step(desk)
    return made


async def refused(city: City) -> None:
    """A caller is told, and it ends."""
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.begin_recording()
    assert await call.wait_ended(25) == NO_ANSWER
    assert loud_seconds(call.heard) > 2, "he hears why"


async def rings(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await call.hang_up()


async def test_closed_by_the_table_also_after_pbxd_stopped(
    desk: Pressing, office: Office, city: City, desk_phone: MakePhone
) -> None:
    await save(desk, every_day(None))
    await refused(city)
    row = await record(desk)
    assert (row.outcome, row.reason) == (Outcome.CLOSED, Unanswered.CLOSED)
    assert row.rang_at is None
    await desk.daemon.supervisor.stop()
    await refused(city)


async def test_round_the_clock_and_the_switch(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    hours = desk.daemon.hours
    made = await save(desk, every_day(rules.plan("00:00", "00:00")))
    await rings(city, desk_phone)
    await hours.close_now(made.id, desk.daemon.clock() + timedelta(hours=1), "u")
    await both_in_step(desk)
    await refused(city)
    await hours.open_again(made.id, "u")
    await both_in_step(desk)
    await rings(city, desk_phone)


async def test_lunch_a_holiday_and_a_line_of_its_own(
    desk: Pressing, office: Office, city: City, desk_phone: MakePhone
) -> None:
    hours, zone = desk.daemon.hours, desk.daemon.settings.office.zone
    # lunch all day but its first minute
    await save(desk, every_day(rules.plan("00:00", "00:00", "00:01", "23:59")))
    spoken: list[str] = []
    link = await office.ami()
    link.listen(
        lambda event: (
            spoken.append(event["AppData"])
            if event.get("Event") == "Newexten" and event.get("Application") == "Playback"
            else None
        )
    )
    await refused(city)
    assert spoken[-1].startswith("pbxd/lunch")
    today: date = desk.daemon.clock().astimezone(zone).date()
    day = await hours.add_day(SpecialDay("", "", today, "창립기념일", Mode.CLOSED))
    await both_in_step(desk)
    await refused(city)
    assert spoken[-1].startswith("pbxd/holiday")
    await hours.remove_day(day.id)
    await hours.save(
        Schedule(
            "", "대표번호", (MAIN_NUMBER,), every_day(rules.plan("00:00", "00:00")), holidays=False
        )
    )
    await both_in_step(desk)
    await rings(city, desk_phone)
    link.close()
