"""Backups: made while one writes, tried out, put back, whatever dies meanwhile."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command

from pbxd.agents.model import DeviceKind
from pbxd.app import DATABASE, Daemon, build, restore_if_asked
from pbxd.backup.rules import Policy
from pbxd.config import Settings
from pbxd.errors import InvalidInput, NotFound, Refused
from pbxd.store import backup as files
from pbxd.store import migrate as migrating
from pbxd.store.migrate import UnusableDatabase
from tests.store.test_blacklist import NOW, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings(folder: Path) -> Settings:
    return Settings.model_validate({"store": {"directory": folder}})


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock) -> AsyncIterator[Daemon]:
    made = await build(settings(tmp_path), clock)
    await made.agents.load()
    await made.backups.load()
    yield made
    await made.stop()


def agents(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as db:
        return {row[0] for row in db.execute("SELECT name FROM agents")}


async def test_made_tried_out_and_kept_by_rule(daemon: Daemon, clock: Clock) -> None:
    await daemon.agents.add("김민아", "101", DeviceKind.DESK)
    await daemon.backups.set_policy(Policy(last=2, daily=0, weekly=0, monthly=0))
    names = []
    for day in range(4):
        clock.now = NOW + timedelta(days=day)
        made = await daemon.backups.make()
        names.append(made.name)
        assert made.counts["customers"] == 0
        assert len(made.sha256) == 64
    assert [one.name for one in await daemon.backups.all()] == names[:1:-1]
    assert agents(daemon.backups.folder / names[-1]) == {"김민아"}
    left = {file.name for file in daemon.backups.folder.iterdir()}
    assert len(left) == 4, "nothing of the deleted ones and of the trials"
    assert {oct((daemon.backups.folder / name).stat().st_mode)[-3:] for name in names[2:]} == {
        "600"
    }


async def test_two_in_one_second_are_two(daemon: Daemon) -> None:
    one, two = await daemon.backups.make(), await daemon.backups.make()
    assert [made.name for made in await daemon.backups.all()] == [two.name, one.name]


async def test_a_folder_in_which_nothing_can_be_written(daemon: Daemon, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidInput) as refusal:
        await daemon.backups.set_policy(Policy(folder=str(tmp_path / "file" / "x")))
    assert refusal.value.field == "folder"
    assert daemon.backups.policy == Policy()


async def test_a_failure_is_a_light_and_goes_out(daemon: Daemon, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    await daemon.backups.set_policy(Policy(folder=str(folder)))
    folder.rmdir()
    folder.write_bytes(b"in the way")
    with pytest.raises(Refused, match="failed"):
        await daemon.backups.make()
    assert daemon.backups.problem
    folder.unlink()
    await daemon.backups.make()
    assert daemon.backups.problem == ""


async def test_back_to_a_backup_and_what_was_there_is_kept(
    daemon: Daemon, tmp_path: Path, clock: Clock
) -> None:
    await daemon.agents.add("그때", "101", DeviceKind.DESK)
    made = await daemon.backups.make()
    await daemon.agents.add("그 뒤", "102", DeviceKind.DESK)
    await daemon.backups.restore(made.name)
    with pytest.raises(NotFound):
        await daemon.backups.restore("pbxd-20200101T000000Z.sqlite3")
    await daemon.stop()
    again = await started(tmp_path, clock)
    await again.agents.load()
    assert [one.name for one in again.agents.all()] == ["그때"]
    await again.stop()
    (aside,) = (tmp_path / "backups").glob("before-restore-*.sqlite3")
    assert agents(aside) == {"그때", "그 뒤"}
    assert not (tmp_path / files.REQUEST).exists()
    assert (await build_and_stop(tmp_path, clock)) == ["그때"], "once, not at each start"


async def started(folder: Path, clock: Clock) -> Daemon:
    """As a daemon starts."""
    await restore_if_asked(settings(folder))
    return await build(settings(folder), clock)


async def build_and_stop(folder: Path, clock: Clock) -> list[str]:
    daemon = await started(folder, clock)
    await daemon.agents.load()
    names = [one.name for one in daemon.agents.all()]
    await daemon.stop()
    return names


async def test_a_command_beside_the_daemon_restores_nothing(
    daemon: Daemon, tmp_path: Path, clock: Clock
) -> None:
    """`pbxd user add` builds on the same directory: the daemon still writes there."""
    made = await daemon.backups.make()
    await daemon.agents.add("그 뒤", "102", DeviceKind.DESK)
    files.ask_for(tmp_path, daemon.backups.folder / made.name, NOW)
    other = await build(settings(tmp_path), clock)
    await other.stop()
    assert agents(tmp_path / DATABASE) == {"그 뒤"}
    assert (tmp_path / files.REQUEST).exists()


@pytest.mark.parametrize("dies_at", ["backup", "copyfile", "replace", "unlink"])
async def test_a_death_in_the_middle_of_it(
    daemon: Daemon, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    await daemon.agents.add("그때", "101", DeviceKind.DESK)
    made = await daemon.backups.make()
    await daemon.agents.add("그 뒤", "102", DeviceKind.DESK)
    files.ask_for(tmp_path, daemon.backups.folder / made.name, NOW)
    await daemon.stop()
    database = tmp_path / DATABASE

    class DeathError(Exception):
        """As kill -9 does."""

    def dies(*_: object, **__: object) -> None:
        raise DeathError

    with monkeypatch.context() as broken:
        if dies_at == "backup":
            broken.setattr(files, "backup", dies)
        elif dies_at == "copyfile":
            broken.setattr(shutil, "copyfile", dies)
        elif dies_at == "replace":
            broken.setattr(Path, "replace", dies)
        else:
            broken.setattr(files, "_sync", dies)
        with pytest.raises(DeathError):
            files.carry_out(tmp_path, database)
    assert agents(database) in ({"그때", "그 뒤"}, {"그때"}), "one or the other, never half of both"
    assert await build_and_stop(tmp_path, clock) == ["그때"]
    (aside,) = (tmp_path / "backups").glob("before-restore-*.sqlite3")
    assert agents(aside) == {"그때", "그 뒤"}


async def test_what_is_damaged_or_nobody_s_is_refused(daemon: Daemon, tmp_path: Path) -> None:
    await daemon.agents.add("그때", "101", DeviceKind.DESK)
    made = await daemon.backups.make()
    file = daemon.backups.folder / made.name
    content = file.read_bytes()
    damaged = bytearray(content)
    damaged[4096:12288] = b"\xff" * 8192
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE x (y)")
    newer = tmp_path / "newer.sqlite3"
    shutil.copyfile(file, newer)
    with closing(sqlite3.connect(newer)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    file.write_bytes(damaged)
    text = tmp_path / "text.sqlite3"
    text.write_text("not a database")
    for wrong in (file, other, newer, text):
        with pytest.raises(Refused, match="cannot be used"):
            files.ask_for(tmp_path, wrong, NOW)
    assert not (tmp_path / files.REQUEST).exists()
    await daemon.agents.add("그 뒤", "102", DeviceKind.DESK)  # it goes on


async def test_a_backup_of_an_older_pbxd(daemon: Daemon, tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "old.sqlite3"
    command.upgrade(migrating._config(file), "0017")  # before backups had a rule
    with closing(sqlite3.connect(file)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(agents)")]
        values = {"id": "a", "name": "옛날", "extension": "101", "device": "desk", "linked": 1}
        values |= {"created_at": 0}
        row = [values.get(name) for name in columns]
        marks = ", ".join("?" * len(columns))
        db.execute(f"INSERT INTO agents VALUES ({marks})", row)  # noqa: S608
        db.commit()
    files.ask_for(tmp_path, file, NOW)
    await daemon.stop()
    assert await build_and_stop(tmp_path, clock) == ["옛날"]


async def test_a_wish_whose_file_is_gone_stops_the_start_with_words(
    daemon: Daemon, tmp_path: Path, clock: Clock
) -> None:
    await daemon.stop()
    wish = {"file": str(tmp_path / "gone"), "at": "20261121T000000"}
    (tmp_path / files.REQUEST).write_text(json.dumps(wish))
    with pytest.raises(UnusableDatabase, match="not there"):
        await started(tmp_path, clock)


def test_two_daemons_on_one_directory(tmp_path: Path) -> None:
    second = files.alone(tmp_path)
    with files.alone(tmp_path), pytest.raises(OSError, match="another pbxd"):
        second.__enter__()
    with files.alone(tmp_path):
        pass


def recorded(folder: Path, *names: str) -> None:
    """Recordings in the store and on the disk."""
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(recordings)")]
        marks = ", ".join("?" * len(columns))
        for name in names:
            file = f"2026/11/{name}.opus"
            values = {"id": name, "raw": name, "file": file, "size": len(name), "deleted_at": None}
            row = [values.get(column, 0) for column in columns]
            db.execute(f"INSERT INTO recordings VALUES ({marks})", row)  # noqa: S608
            path = folder / "recordings" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        db.commit()


def held(folder: Path) -> set[str]:
    return {file.stem for file in (folder / "recordings").rglob("*") if file.is_file()}


@pytest.fixture(params=["same disk", "another disk"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    def refuses(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    if request.param == "another disk":
        monkeypatch.setattr(os, "link", refuses)
    return str(request.param)


@pytest.mark.usefixtures("disk")
async def test_recordings_are_copied_once_kept_by_rule_and_put_back(
    daemon: Daemon, tmp_path: Path, clock: Clock
) -> None:
    folder = daemon.backups.folder
    recorded(tmp_path, "old", "gone")
    (tmp_path / "recordings/2026/11/gone.opus").unlink()
    await daemon.backups.set_policy(Policy(last=1, daily=0, weekly=0, monthly=0, recordings=True))
    first = await daemon.backups.make()
    assert (first.recordings, first.recordings_size, first.missing) == (1, 3, 1)
    copied = (folder / "recordings/2026/11/old.opus").stat()
    recorded(tmp_path, "new")
    assert (await daemon.backups.room()).new_size == len("new") + len("gone")
    clock.now = NOW + timedelta(days=1)
    second = await daemon.backups.make()
    assert second.recordings == 2
    assert (folder / "recordings/2026/11/old.opus").stat().st_mtime_ns == copied.st_mtime_ns
    assert [one.recordings for one in await daemon.backups.all()] == [2]

    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:  # by age
        db.execute("UPDATE recordings SET deleted_at = 1 WHERE id = 'old'")
        db.commit()
    shutil.rmtree(tmp_path / "recordings")
    await daemon.backups.restore(second.name)
    await daemon.stop()
    again = await started(tmp_path, clock)
    await again.backups._bring_recordings_back()
    assert held(tmp_path) == {"old", "new"}
    assert (tmp_path / "recordings/2026/11/new.opus").read_text() == "new"
    await again.backups.load()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        db.execute("UPDATE recordings SET deleted_at = 1 WHERE id = 'old'")
        db.commit()
    clock.now = NOW + timedelta(days=2)
    await again.backups.make()
    assert held(folder) == {"new"}, "no backup that is kept needs the other"
    await again.stop()


async def test_no_room_for_recordings_leaves_every_backup_whole(
    daemon: Daemon, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuses)
    folder = daemon.backups.folder
    await daemon.backups.set_policy(Policy(recordings=True))
    recorded(tmp_path, "one")
    await daemon.backups.make()
    recorded(tmp_path, "two")
    clock.now = NOW + timedelta(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(shutil, "copyfileobj", full)
        made = await daemon.backups.make()
    assert made.counts["recordings"] == 2
    assert made.recordings == 0
    assert "No space" in daemon.backups.problem, "the light stays on"
    assert held(folder) == {"one"}, "neither lost nor half of another"
    (folder / "recordings/2026/11/.two.opus.part").write_text("tw")  # killed in the middle
    clock.now = NOW + timedelta(days=2)
    assert (await daemon.backups.make()).recordings == 2
    assert daemon.backups.problem == ""
    assert held(folder) == {"one", "two"}
