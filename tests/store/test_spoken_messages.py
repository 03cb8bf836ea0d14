"""What a caller said who reached nobody: taken in once, kept by the recordings' rules."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from pbxd.app import Daemon, build
from pbxd.backup.rules import Policy as BackupPolicy
from pbxd.callbacks import queries as callbacks
from pbxd.callbacks import spool
from pbxd.calls.model import Outcome
from pbxd.config import Settings
from pbxd.doctor.finding import Level
from pbxd.doctor.recordings import recordings as doctor
from pbxd.errors import NotFound
from pbxd.events import CallbacksChanged
from pbxd.recordings import queries
from pbxd.recordings.ingest import Ingest
from pbxd.recordings.model import Fault, Kind, Use
from pbxd.recordings.policy import Mode, Policy
from pbxd.store import beside
from tests.store.test_blacklist import NOW, Clock
from tests.store.test_recordings import CHANNEL, a_call, clock, kept, raw
from tests.unit.recordings.test_sound import message, tone

__all__ = ["clock"]

FILE = f"{CHANNEL}.wav"
NUMBER = "01012345678"


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock) -> AsyncIterator[Daemon]:
    (tmp_path / "spool").mkdir()
    (tmp_path / "key").write_text(bytes(range(32)).hex())
    store = {"directory": tmp_path, "recordings_key": tmp_path / "key"}
    settings = Settings.model_validate({"store": store, "pbx": {"spool": tmp_path / "spool"}})
    made = await build(settings, clock)
    await made.recordings.load()
    assert made.recordings._ingest is not None
    made.recordings._ingest._lives = lambda channel: False
    yield made
    await made.recordings.close()
    await made.stop()


def spoken(tmp_path: Path, seconds: float = 3, old_s: float = 10, name: str = FILE) -> Path:
    """What Asterisk's Record left, `old_s` ago."""
    file = message(tmp_path / "spool" / name, tone(440, seconds))
    os.utime(file, (time.time() - old_s,) * 2)
    return file


async def wished(daemon: Daemon) -> str:
    """The wish that names it, as the dialplan wrote it into AstDB; the callback's id."""
    value = f"{int(NOW.timestamp())}|closed|025550100|{NUMBER}|ko|{FILE}|"
    wish = spool.request(CHANNEL, value, daemon.plan.normalise)
    assert wish is not None
    made = await daemon.callbacks.ask(wish)
    assert made is not None
    return made.id


async def test_a_message_is_taken_in_sealed_and_found_by_its_wish(
    daemon: Daemon, tmp_path: Path
) -> None:
    told: list[CallbacksChanged] = []
    daemon.bus.subscribe(CallbacksChanged, told.append)
    await daemon.recordings.set_policy(Policy(incoming=Mode.NEVER))  # calls; this is none
    call_id = await a_call(daemon, Outcome.CLOSED)
    file = spoken(tmp_path)
    began = datetime.fromtimestamp(round(file.stat().st_mtime - 3, 3), UTC)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert (found.kind, found.call_id, found.number) == (Kind.MESSAGE, call_id, "+821012345678")
    assert (found.seconds, found.faults) == (3, ())
    assert abs(found.started_at - began) < timedelta(milliseconds=2), "when he began to speak"
    path = daemon.recordings.path(found)
    assert b"OggS" not in path.read_bytes()
    sound = b"".join([part async for part in daemon.recordings.read(path, 0, found.size)])
    assert sound.startswith(b"OggS")
    assert hashlib.sha256(sound).hexdigest() == found.sha256
    assert not file.exists()
    assert len(told) == 1, "open lists show it"
    id = await wished(daemon)  # AstDB was read later
    async with daemon.store.reading() as conn:
        ((_, name),) = (await callbacks.messages(conn, [id]))[id]
    assert await daemon.recordings.message(name) == found


async def test_who_says_nothing_leaves_nothing_and_no_light(daemon: Daemon, tmp_path: Path) -> None:
    await a_call(daemon, Outcome.CLOSED)
    file = spoken(tmp_path, 0)
    await daemon.recordings.take()
    assert not file.exists()
    assert await kept(daemon) == ()
    assert daemon.recordings.unreadable == 0


async def test_without_a_call_it_is_kept_all_the_same(daemon: Daemon, tmp_path: Path) -> None:
    spoken(tmp_path)
    await daemon.recordings.take()
    assert await kept(daemon) == (), "its record may still come"
    spoken(tmp_path, old_s=200)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert found.faults == (Fault.NO_CALL,)


class DeathError(Exception):
    """As kill -9 does."""


STEPS = {  # what is never done, and whether the row is there when pbxd dies
    "the sound is not made": (Ingest, "_convert", False),
    "the row is not written": (queries, "add", False),
    "the spool's file is not removed": (Path, "unlink", True),
}


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_each_step_nothing_is_lost_and_nothing_is_there_twice(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await a_call(daemon, Outcome.CLOSED)
    file = spoken(tmp_path)
    said = file.read_bytes()
    where, name, row = STEPS[step]

    def dies(*_: object, **__: object) -> None:
        raise DeathError

    with monkeypatch.context() as broken:
        broken.setattr(where, name, dies)
        with pytest.raises(DeathError):
            await daemon.recordings.take()
    assert file.read_bytes() == said
    assert len(await kept(daemon)) == row
    await daemon.recordings.take()
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert not file.exists()
    files = [path for path in (tmp_path / "recordings").rglob("*") if path.is_file()]
    assert files == [daemon.recordings.path(found)]


async def test_what_cannot_be_read_is_put_aside(daemon: Daemon, tmp_path: Path) -> None:
    await a_call(daemon, Outcome.CLOSED)
    file = spoken(tmp_path)
    file.write_bytes(b"#" * 5000)
    os.utime(file, (time.time() - 10,) * 2)
    await daemon.recordings.take()
    assert (tmp_path / "spool" / "unreadable" / FILE).read_bytes() == b"#" * 5000
    assert daemon.recordings.unreadable == 1


async def test_it_goes_by_age_and_by_hand_and_the_wish_stays(
    daemon: Daemon, tmp_path: Path, clock: Clock
) -> None:
    await a_call(daemon, Outcome.CLOSED)
    id = await wished(daemon)
    spoken(tmp_path)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    path = daemon.recordings.path(found)
    await daemon.recordings.set_policy(Policy(keep_days=30))
    clock.now = found.started_at + timedelta(days=31)
    told: list[CallbacksChanged] = []
    daemon.bus.subscribe(CallbacksChanged, told.append)
    await daemon.recordings.tidy()
    assert not path.exists()
    assert told, "open lists say so"
    with pytest.raises(NotFound):
        await daemon.recordings.message(FILE)
    async with daemon.store.reading() as conn:
        assert [use.use for use in await queries.uses(conn, found.id)] == [Use.EXPIRED]
        gone = await queries.of_raws(conn, [FILE])
        assert (await callbacks.one(conn, id)) is not None
    assert gone[FILE].deleted_at == clock.now


@pytest.mark.parametrize("every", [True, False])
async def test_it_is_in_each_backup_and_comes_back(
    daemon: Daemon, tmp_path: Path, every: bool
) -> None:
    await a_call(daemon, Outcome.CLOSED)
    raw(tmp_path, 1, "1.1", 500)  # recorded calls are in it where that is wished
    spoken(tmp_path)
    await daemon.recordings.take()
    found = {one.kind: daemon.recordings.path(one) for one in await kept(daemon)}
    talk, said = found[Kind.TALK], found[Kind.MESSAGE]
    sound = said.read_bytes()
    backups = daemon.backups
    await backups.set_policy(BackupPolicy(last=1, daily=0, weekly=0, monthly=0, recordings=every))
    for _ in range(2):  # the second finds it there
        made = await backups.make()
    assert (made.recordings, made.missing) == (2 if every else 0, 0)
    shutil.rmtree(tmp_path / "recordings")
    beside.ask_for(tmp_path, backups.folder)
    assert beside.carry_out(tmp_path, backups.folder / made.name) is not None
    assert said.read_bytes() == sound
    assert talk.exists() is every


async def test_doctor_knows_it(daemon: Daemon, tmp_path: Path) -> None:
    await a_call(daemon, Outcome.CLOSED)
    spoken(tmp_path)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert [one.level for one in await doctor(daemon.settings)] == [Level.OK]
    path = daemon.recordings.path(found)
    path.rename(path.with_name("nobody.opus.sealed"))
    levels = [one.level for one in await doctor(daemon.settings)]
    assert levels == [Level.ERROR, Level.WARNING]
