"""Taking recordings in, whatever dies meanwhile; retention, holding, deletion."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from msgspec.structs import replace as replace_struct

from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon, build
from pbxd.calls import queries as calls
from pbxd.calls.model import Direction, Leg, LegState, Outcome, Party
from pbxd.config import Settings
from pbxd.errors import InvalidInput, NotFound
from pbxd.queues.model import Left
from pbxd.queues.queries import note
from pbxd.recordings import queries
from pbxd.recordings.model import Fault, Recording, Use
from pbxd.recordings.policy import Mode, Of, Policy, Special
from pbxd.recordings.service import GIGABYTE
from tests.store.test_blacklist import NOW, Clock
from tests.store.test_callbacks import call as record_call
from tests.unit.recordings.test_sound import tone

CHANNEL = "1763697600.12"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock) -> AsyncIterator[Daemon]:
    (tmp_path / "spool").mkdir()
    settings = {"store": {"directory": tmp_path}, "pbx": {"spool": tmp_path / "spool"}}
    made = await build(Settings.model_validate(settings), clock)
    await made.recordings.load()
    assert made.recordings._ingest is not None
    made.recordings._ingest._lives = lambda channel: False
    yield made
    await made.recordings.close()
    await made.stop()


def raw(tmp_path: Path, seconds: float = 20, channel: str = CHANNEL, old_s: float = 10) -> Path:
    """What Asterisk left behind, `old_s` ago."""
    file = tmp_path / "spool" / f"rec-{channel}_{int(NOW.timestamp())}.raw"
    np.column_stack([tone(440, seconds), tone(880, seconds)]).astype("<i2").tofile(file)
    os.utime(file, (time.time() - old_s,) * 2)
    return file


async def a_call(
    daemon: Daemon,
    outcome: Outcome = Outcome.ANSWERED,
    direction: Direction = Direction.IN,
    extension: str = "",
) -> str:
    """The record of a call whose customer's leg is CHANNEL; it lasted 20 s."""
    record = await record_call(daemon, direction, outcome, 0)
    leg = Leg(
        id=CHANNEL,
        channel="PJSIP/trunk-1",
        endpoint="trunk",
        party=Party(number="01012345678"),
        state=LegState.ENDED,
        started_at=NOW,
    )
    ours = replace_struct(
        leg, id="9.9", endpoint=extension, party=Party(extension=extension), answered_at=NOW
    )
    legs = (leg, ours) if extension else (leg,)
    async with daemon.store.writing() as conn:
        await calls.save(conn, replace(record, legs=legs), "")
    return record.id


async def kept(daemon: Daemon) -> tuple[Recording, ...]:
    async with daemon.store.reading() as conn:
        return (await queries.listed(conn, queries.Filter())).rows


async def test_a_recording_is_taken_in(daemon: Daemon, tmp_path: Path) -> None:
    call_id = await a_call(daemon)
    file = raw(tmp_path, 27)  # seven seconds of ringing
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert (found.call_id, found.number, found.faults) == (call_id, "+821012345678", ())
    assert found.seconds == pytest.approx(20, abs=0.01)
    assert daemon.recordings.path(found).is_file()
    assert not file.exists()
    async with daemon.store.reading() as conn:
        assert len(await queries.peaks(conn, found.id)) > 100


async def test_nobody_talked_nothing_is_kept(daemon: Daemon, tmp_path: Path) -> None:
    await a_call(daemon, Outcome.MISSED)
    file = raw(tmp_path)
    await daemon.recordings.take()
    assert await kept(daemon) == ()
    assert not file.exists()


async def test_the_record_may_come_later_and_need_not_come_at_all(
    daemon: Daemon, tmp_path: Path
) -> None:
    raw(tmp_path)
    await daemon.recordings.take()
    assert await kept(daemon) == (), "its record may still come"
    raw(tmp_path, old_s=200)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    assert found.faults == (Fault.NO_CALL,)
    assert daemon.recordings.suspicious == 1


async def test_a_death_at_any_moment_loses_nothing_and_leaves_no_orphan(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_call(daemon)
    file = raw(tmp_path)
    content = file.read_bytes()

    class DeathError(Exception):
        """As kill -9 does."""

    async def dies(*_: object) -> None:
        raise DeathError

    with monkeypatch.context() as broken:  # the file is written, the row is not
        broken.setattr(queries, "add", dies)
        with pytest.raises(DeathError):
            await daemon.recordings.take()
    assert file.read_bytes() == content
    assert await kept(daemon) == ()
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    files = [path for path in (tmp_path / "recordings").rglob("*") if path.is_file()]
    assert files == [daemon.recordings.path(found)]

    file.write_bytes(content)  # the row is written, the raw file is not gone yet
    os.utime(file, (time.time() - 10,) * 2)
    await daemon.recordings.take()
    assert len(await kept(daemon)) == 1
    assert not file.exists()


async def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(
    daemon: Daemon, tmp_path: Path
) -> None:
    await a_call(daemon)
    empty = tmp_path / "spool" / "rec-1.1_1.raw"
    empty.write_bytes(b"")
    os.utime(empty, (time.time() - 500,) * 2)
    raw(tmp_path)
    await daemon.recordings.take()
    assert (tmp_path / "spool" / "unreadable" / empty.name).exists()
    assert daemon.recordings.unreadable == 1
    assert len(await kept(daemon)) == 1


async def test_no_space_is_a_light_and_the_raw_file_stays(daemon: Daemon, tmp_path: Path) -> None:
    await a_call(daemon)
    file = raw(tmp_path)
    (tmp_path / "recordings").write_bytes(b"in the way")
    await daemon.recordings.take()
    assert daemon.recordings.no_space
    assert file.exists()
    (tmp_path / "recordings").unlink()
    await daemon.recordings.take()
    assert not daemon.recordings.no_space
    assert len(await kept(daemon)) == 1


async def test_two_that_end_in_one_moment(daemon: Daemon, tmp_path: Path) -> None:
    raw(tmp_path, 2, "1.1", 500)
    raw(tmp_path, 3, "1.2", 500)
    await daemon.recordings.take()
    assert sorted(one.seconds for one in await kept(daemon)) == [2, 3]


async def test_age_and_holding(daemon: Daemon, tmp_path: Path, clock: Clock) -> None:
    for channel in ("1.1", "1.2"):
        raw(tmp_path, 1, channel, 500)
    await daemon.recordings.take()
    first, second = await kept(daemon)
    path = daemon.recordings.path(first)
    await daemon.recordings.set_policy(Policy(keep_days=30))
    await daemon.recordings.hold(second.id, "u", True)
    clock.now = NOW + timedelta(days=29)
    await daemon.recordings.tidy()
    assert len(await kept(daemon)) == 2
    clock.now = NOW + timedelta(days=31)
    await daemon.recordings.tidy()
    assert [one.id for one in await kept(daemon)] == [second.id]
    assert not path.exists()
    async with daemon.store.reading() as conn:
        assert [use.use for use in await queries.uses(conn, first.id)] == [Use.EXPIRED]


@pytest.mark.parametrize("wished", [True, False])
async def test_on_demand(daemon: Daemon, tmp_path: Path, wished: bool) -> None:
    await daemon.recordings.set_policy(Policy(incoming=Mode.DEMAND))
    await a_call(daemon)
    if wished:
        async with daemon.store.writing() as conn:
            await queries.wish(conn, CHANNEL, NOW, "u")
    file = raw(tmp_path)
    await daemon.recordings.take()
    assert len(await kept(daemon)) == wished
    assert not file.exists()


async def test_an_agent_s_rule_and_a_queue_s(daemon: Daemon, tmp_path: Path) -> None:
    agent = await daemon.agents.add("김민아", "101", DeviceKind.DESK)
    call_id = await a_call(daemon, extension="101")
    async with daemon.store.reading() as conn:
        record = await calls.by_id(conn, call_id)
    assert record is not None
    async with daemon.store.writing() as conn:
        await note(conn, "orders", NOW, record.linkedid, 3, "101", Left.ANSWERED)
    never = Special(Of.AGENT, agent.id, Mode.NEVER)
    always = Special(Of.QUEUE, "orders", Mode.ALWAYS)
    recordings = daemon.recordings
    await recordings.set_policy(Policy(specials=(never, always)))
    async with daemon.store.reading() as conn:
        assert await queries.policy(conn) == recordings.policy
    raw(tmp_path)
    await recordings.take()
    assert await kept(daemon) == ()
    await recordings.set_policy(Policy(incoming=Mode.NEVER, specials=(always,)))
    raw(tmp_path)
    await recordings.take()
    assert len(await kept(daemon)) == 1


async def test_a_full_disk_finds_room_among_the_old_ones(
    daemon: Daemon, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, channel in enumerate(("1.1", "1.2", "1.3", "1.4")):
        file = raw(tmp_path, 1, channel, 500)
        begun = int((NOW + timedelta(days=n)).timestamp())
        file.rename(file.with_name(f"rec-{channel}_{begun}.raw"))
    await daemon.recordings.take()
    *_, oldest = await kept(daemon)
    await daemon.recordings.hold(oldest.id, "u", True)
    recordings = daemon.recordings

    def free() -> int:
        files = [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()]
        return (5 - len(files)) * GIGABYTE  # each deleted file frees one

    monkeypatch.setattr(recordings, "free_bytes", free)
    clock.now = NOW + timedelta(days=40)
    await recordings.set_policy(Policy(free_gb=3))
    await recordings.tidy()
    assert len(await kept(daemon)) == 4, "only where the office says so"
    await recordings.set_policy(Policy(free_gb=3, room_days=30))
    await recordings.tidy()
    left = await kept(daemon)
    assert [one.channel for one in left] == ["1.4", "1.1"], "held ones stay, the oldest go first"
    await recordings.set_policy(Policy(free_gb=100, room_days=60))
    await recordings.tidy()
    assert len(await kept(daemon)) == 2, "nothing younger than was said"


async def test_sealed_on_the_disk(daemon: Daemon, tmp_path: Path) -> None:
    recordings = daemon.recordings
    assert recordings._ingest is not None
    recordings._key = recordings._ingest._key = bytes(range(32))
    raw(tmp_path, 1, "1.1", 500)
    await recordings.take()
    (found,) = await kept(daemon)
    path = recordings.path(found)
    assert recordings.sealed(found)
    assert b"OggS" not in path.read_bytes()
    sound = b"".join([part async for part in recordings.read(path, 0, found.size)])
    assert sound.startswith(b"OggS")
    assert hashlib.sha256(sound).hexdigest() == found.sha256
    recordings._key = None
    with pytest.raises(NotFound, match="key"):
        await anext(recordings.read(path, 0, 10))


async def test_deletion_wants_a_reason_and_gives_a_certificate(
    daemon: Daemon, tmp_path: Path
) -> None:
    raw(tmp_path, 1, "1.1", 500)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    path = daemon.recordings.path(found)
    with pytest.raises(InvalidInput):
        await daemon.recordings.delete(found.id, "u", " ")
    await daemon.recordings.hold(found.id, "u", True)
    with pytest.raises(InvalidInput):
        await daemon.recordings.delete(found.id, "u", "고객 요청")
    await daemon.recordings.hold(found.id, "u", False)
    certificate = await daemon.recordings.delete(found.id, "u", "고객 요청")
    assert len(certificate) == 64
    assert not path.exists()
    with pytest.raises(NotFound):
        await daemon.recordings.get(found.id)


@pytest.mark.parametrize("file", ["../pbxd.sqlite3", "/etc/passwd", "2026/../../x.opus"])
async def test_no_address_leads_out_of_the_directory(
    daemon: Daemon, tmp_path: Path, file: str
) -> None:
    raw(tmp_path, 1, "1.1", 500)
    await daemon.recordings.take()
    (found,) = await kept(daemon)
    with pytest.raises(NotFound):
        daemon.recordings.path(replace(found, file=file))
