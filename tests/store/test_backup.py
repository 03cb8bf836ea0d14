"""Backups: made while one writes, tried out, put back, whatever dies meanwhile."""

from __future__ import annotations

import json
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
