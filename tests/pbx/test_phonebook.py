"""Speed dial and the word to desk phones, on the real PBX."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.office import Office
from lab.outside import City, plays
from lab.pytest_plugin import MakeTalkPhone
from lab.waiting import until
from pbxd.calls.model import Direction
from pbxd.phonebook.model import Entry
from tests.pbx.test_blacklist import record
from tests.pbx.verbs import Pressing, forget, pressing

SHARED, MINE = plays(447), plays(557)  # nobody else calls these


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        yield made
    await forget(office, "pbxd/speed")


async def test_speed_dial_ones_own_first_also_without_pbxd(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone
) -> None:
    book = desk.daemon.phonebook
    book.extension_of = lambda user_id: "101" if user_id == "u1" else ""
    await book.save(Entry("", "", "모두", SHARED, speed="12"))
    await book.save(Entry("", "u1", "내 것", MINE, speed="12"))
    mirror = book._mirror

    async def in_step() -> bool:
        return ((await mirror._read()) or {}) == {"12": SHARED, "101-12": MINE}

    await until(in_step, "speed dials are in step")
    first, second = await talk_phone("101", 660), await talk_phone("102", 880)
    await first.dial("*712")
    await until(lambda: first.state == "established", "his own answers", 10)
    await until(lambda: len(city.heard_by(MINE)) == 1, "that is who answers")
    await first.hang_up()
    row = await record(desk)
    assert (row.direction, row.number) == (Direction.OUT, "+82" + MINE[1:])
    await desk.daemon.supervisor.stop()
    await second.dial("*712")
    await until(lambda: second.state == "established", "everybody's answers", 10)
    await until(lambda: len(city.heard_by(SHARED)) == 1, "that is who answers")
    await second.hang_up()


async def test_desk_phones_are_told_to_read_anew(desk: Pressing, talk_phone: MakeTalkPhone) -> None:
    phone = await talk_phone("101", 660)
    await desk.daemon.phonebook.save(Entry("", "", "모두", SHARED, speed="7"))
    done, told = await desk.daemon.phonebook.update_phones()
    assert done is not None
    assert done.failed == 0
    assert told >= 1
    await until(lambda: any("check-sync" in one for one in phone.notified), "it is told")
