"""Backups that are ended in the middle, and those that are made while others write."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from console.running import running
from lab.waiting import until
from pbxd.app import DATABASE
from pbxd.store import backup as files
from pbxd.store.migrate import EndedError, migrate
from tests.loopback import on_loopback

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    """Of some megabytes."""
    file = tmp_path / DATABASE
    await migrate(file)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")  # as a running pbxd has it
        db.execute("CREATE TABLE bulk (data BLOB)")
        db.execute("INSERT INTO bulk SELECT zeroblob(4000000)")
        db.commit()
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("*")}


def used_up(looks: Iterator[int]) -> bool:
    return next(looks, None) is None


def test_stopped_at_any_moment_nothing_is_left(database: Path, folder: Path) -> None:
    ended = 0
    for moment in count():
        looks = iter(range(moment))
        try:
            files.make(database, folder, NOW, partial(used_up, looks))
        except EndedError:
            ended += 1
            assert not names(folder)
        else:
            break
    assert ended > 10, "while it is copied, tried out and read"
    (made,) = files.listed(folder)
    assert made.counts["bulk"] == 1


def test_what_others_write_meanwhile_does_not_begin_it_anew(database: Path, folder: Path) -> None:
    written = 0
    with closing(sqlite3.connect(database)) as office:

        def write() -> bool:
            nonlocal written
            written += 1
            office.execute("INSERT INTO bulk VALUES (x'00')")
            office.commit()
            return written > 200  # it would not come to an end

        made = files.make(database, folder, NOW, write)
    assert made.counts["bulk"] == 1, "as it was when it began"


def test_what_a_killed_one_left_goes_with_the_next(database: Path, folder: Path) -> None:
    (folder / "pbxd-try-x").mkdir(parents=True)
    left = "pbxd-try-x/a", "pbxd-1.partial", "pbxd-1.partial-journal", "pbxd-1.untried"
    for name in (*left, "letter.txt"):
        (folder / name).write_bytes(b"half")
    assert files.listed(folder) == []
    made = files.make(database, folder, NOW)
    assert names(folder) == {made.name, made.name.replace("sqlite3", "json"), "letter.txt"}


def test_two_at_once_are_one(database: Path, folder: Path) -> None:
    def look() -> bool:
        with pytest.raises(OSError, match="being made"):
            files.make(database, folder, NOW)
        return False

    made = files.make(database, folder, NOW, look)
    assert files.listed(folder) == [made]


async def test_pbxd_stops_while_one_is_made(tmp_path: Path, database: Path, folder: Path) -> None:
    async with running(on_loopback(tmp_path)) as now:
        backups = now.daemon.backups
        making = now.daemon.supervisor.once("backup", backups.make())
        while not names(folder):
            await asyncio.sleep(0)
    await asyncio.wait([making])

    def whole_or_nothing() -> bool:
        return {name.partition(".")[2] for name in names(folder)} in (set(), {"json", "sqlite3"})

    await until(whole_or_nothing, "its thread has ended")
