"""Takes finished raw files from Asterisk's spool into the store.

At any moment a crash leaves either the raw file (and it is taken again, into the same place) or the
row with its file: the raw file goes only when the row is committed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import structlog

from pbxd.calls.model import Direction
from pbxd.ports import Clock
from pbxd.recordings import queries, rules, sealed, sound
from pbxd.recordings.model import Codec, Kind, Recording
from pbxd.recordings.policy import Mode
from pbxd.recordings.queries import OfCall
from pbxd.recordings.rules import Raw
from pbxd.store.engine import Store
from pbxd.workers import worker

log = structlog.get_logger(__name__)

IDLE_S = 1.5  # Asterisk writes fifty times a second
UNWATCHED_S = 600.0  # without a link nobody can say which calls live
ASIDE = "unreadable"
NO_RECORD_S = 120.0  # for so long a call's record may come
NICE = 10  # telephones first
ENDINGS = {Codec.OPUS: ".opus", Codec.MP3: ".mp3"}


class Ingest:
    """One file at a time, in a process of its own: a codec that crashes takes nobody along."""

    def __init__(
        self,
        spool: Path,
        directory: Path,
        store: Store,
        clock: Clock,
        lives: Callable[[str], bool | None],
        codec: Callable[[], Codec],
        mode: Callable[[OfCall], Mode],
        key: bytes | None = None,
    ) -> None:
        self._spool = spool
        self._directory = directory
        self._store = store
        self._clock = clock
        self._lives = lives  # this channel is in a call now; None: nobody knows
        self._codec = codec
        self._mode = mode  # what is done with such a call
        self._key = key  # recordings are sealed with it; None: they are not
        self._pool: ProcessPoolExecutor | None = None
        self.no_space = False

    async def take(self) -> list[Recording]:
        """All that are finished; those taken."""
        names = await asyncio.to_thread(_finished, self._spool, self._lives)
        made = []
        for name in names:
            try:
                recording = await self._one(name)
            except OSError as problem:
                self.no_space = True
                log.critical("recording not taken: no space?", file=name, why=str(problem))
                break
            except BrokenProcessPool:
                self.close()
                log.error("the worker died of a recording", file=name)
                await self._put_aside(name)
                continue
            self.no_space = False
            if recording is not None:
                made.append(recording)
        return made

    def unreadable(self) -> int:
        """How many files were put aside. Blocking."""
        with suppress(FileNotFoundError), os.scandir(self._spool / ASIDE) as entries:
            return sum(1 for _ in entries)
        return 0

    def close(self) -> None:
        """End the worker."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def _one(self, name: str) -> Recording | None:
        raw = rules.raw(name)
        path = self._spool / name
        if raw is None:
            return None
        async with self._store.reading() as conn:
            if await queries.taken(conn, name):  # we died after the row was written
                await asyncio.to_thread(path.unlink, True)
                return None
            call = await queries.call_of(conn, raw.channel)
            pauses = await queries.pauses(conn, raw.channel)
            wished = await queries.wished(conn, raw.channel)
        length, ended = await asyncio.to_thread(_length_and_end, path)
        if call is None and time.time() - ended < NO_RECORD_S:
            return None
        if not self._wanted(raw, call, length, wished):
            await asyncio.to_thread(path.unlink, True)
            return None
        talk = _talk_seconds(call) if raw.kind is Kind.TALK else None
        lead = rules.lead(length, talk) if talk else 0.0
        started = call.answered_at if call and call.answered_at else raw.begun
        if raw.kind is Kind.MESSAGE:
            started = datetime.fromtimestamp(ended - length, UTC)
        id = hashlib.sha256(name.encode()).hexdigest()[:26]  # the same each time it is tried
        file = f"{rules.folder(started)}/{id}{ENDINGS[self._codec()]}"
        if self._key is not None:
            file += sealed.ENDING
        try:
            made = await self._convert(path, self._directory / file, lead)
        except (ValueError, av.FFmpegError) as problem:
            log.error("recording cannot be read", file=name, why=str(problem))
            await self._put_aside(name)
            return None
        recording = Recording(
            id=id,
            call_id=call.call_id if call else "",
            channel=raw.channel,
            started_at=started,
            seconds=made.seconds,
            file=file,
            size=made.size,
            sha256=made.sha256,
            direction=call.direction if call else Direction.IN,
            number=(call.number or call.other_extension) if call else "",
            customer_id=call.customer_id if call else "",
            agent_id=call.agent_id if call else "",
            extension=call.extension if call else "",
            left_db=made.left_db,
            right_db=made.right_db,
            faults=rules.message_faults(known=call is not None, damaged=made.damaged)
            if raw.kind is Kind.MESSAGE
            else rules.faults(made.seconds, talk, made.left_db, made.right_db, made.damaged),
            pauses=rules.offsets(pauses, started, made.seconds),
            on_hold=False,
            deleted_at=None,
            kind=raw.kind,
        )
        async with self._store.writing() as conn:
            await queries.add(conn, name, recording, made.peaks)
        await asyncio.to_thread(path.unlink, True)
        return recording

    def _wanted(self, raw: Raw, call: OfCall | None, seconds: float, wished: bool) -> bool:
        """Messages are kept whatever the rule for calls is, unless nothing was said at all."""
        if raw.kind is Kind.MESSAGE:
            return seconds > 0
        return call is None or rules.kept(call.answered_at, self._mode(call), wished)

    async def _convert(self, raw: Path, out: Path, lead: float) -> sound.Made:
        if self._pool is None:
            self._pool = worker(NICE)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, sound.convert, raw, out, lead, self._key)

    async def _put_aside(self, name: str) -> None:
        """Nothing that was recorded is thrown away, also what we cannot read."""

        def move() -> None:
            aside = self._spool / ASIDE
            aside.mkdir(exist_ok=True)
            (self._spool / name).replace(aside / name)

        await asyncio.to_thread(move)


def _talk_seconds(call: OfCall | None) -> float | None:
    if call is None or call.answered_at is None or not call.end_known:
        return None
    return (call.ended_at - call.answered_at) / timedelta(seconds=1)


def _finished(spool: Path, lives: Callable[[str], bool | None]) -> list[str]:
    """Names of raw files that nobody writes any more, oldest first."""
    found = []
    with os.scandir(spool) as entries:
        for entry in entries:
            raw = rules.raw(entry.name)
            if raw is None or not entry.is_file(follow_symlinks=False):
                continue
            idle = time.time() - entry.stat(follow_symlinks=False).st_mtime
            alive = lives(raw.channel)
            if (alive is False and idle > IDLE_S) or (alive is None and idle > UNWATCHED_S):
                found.append((raw.begun, entry.name))
    return [name for _, name in sorted(found)]


def _length_and_end(path: Path) -> tuple[float, float]:
    """Seconds that it plays, and when the last of it was written."""
    return sound.raw_seconds(path), path.stat().st_mtime
