"""Announcements of the office's own on the real PBX: heard by the next caller, and taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from lab.hearing import hears, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.sound import write_tone
from pbxd.announcements.model import Source
from pbxd.app import build
from tests.pbx.verbs import Pressing, pressing

CALLER, OURS_HZ = "01012345678", 700
NAME = "nobody-available"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101") as made:
        yield made
        for name in ("nobody-available", "block-abuse"):
            await made.daemon.announcements.reset(name, "ko")


async def test_a_recording_is_heard_until_it_is_taken_back(
    desk: Pressing, city: City, tmp_path: Path
) -> None:
    service = desk.daemon.announcements
    tone = write_tone(tmp_path / "ours.wav", OURS_HZ, 2, 44100).read_bytes()
    kept = await service.record(NAME, "ko", tone, "u1")
    assert (kept.source, round(kept.seconds)) == (Source.RECORDED, 2)
    call = await city.call(MAIN_NUMBER, CALLER)  # no phone is on: nobody can take it
    await call.wait_ended(20)
    assert hears(call.heard, OURS_HZ) > 1.5
    await service.reset(NAME, "ko")
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.wait_ended(20)
    assert hears(call.heard, OURS_HZ) < 0.2
    assert loud_seconds(call.heard) > 2


async def test_files_follow_the_store_at_each_start(
    desk: Pressing, office: Office, tmp_path: Path
) -> None:
    service = desk.daemon.announcements
    said = await service.say("block-abuse", "ko", "  상담을   종료합니다.  ", "u1")
    assert (said.source, said.text) == (Source.SPOKEN, "상담을 종료합니다.")
    file = office.sounds / "ko" / "block-abuse.wav"
    before = file.read_bytes()
    file.write_bytes(b"cut by a full disk")
    (office.sounds / "ko" / "not-ours-any-more.wav").write_bytes(before)
    again = await build(desk.daemon.settings)
    try:
        await again.announcements.load()
        assert file.read_bytes() == before
        assert not (office.sounds / "ko" / "not-ours-any-more.wav").exists()
        assert again.announcements.get("block-abuse", "ko") == said
        assert await again.announcements.listen("block-abuse", "ko") == before
    finally:
        await again.stop()
