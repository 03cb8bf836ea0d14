"""Backups in a running pbxd: when they are due, by hand, and the way back."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from pbxd.backup import queries, rules
from pbxd.backup.rules import Policy
from pbxd.bus import Bus
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import BackupsChanged
from pbxd.ports import Clock
from pbxd.store import backup as files
from pbxd.store import beside
from pbxd.store.backup import Backup
from pbxd.store.beside import Room
from pbxd.store.engine import Store
from pbxd.store.migrate import EndedError

log = structlog.get_logger(__name__)

FIRST_LOOK_S = 5.0  # the telephone first
LOOK_EVERY_S = 20.0
AGAIN_AFTER_S = 900.0  # a failure


class Backups:
    """One at a time; each is tried out before it counts."""

    def __init__(
        self, store: Store, directory: Path, bus: Bus, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._store = store
        self._directory = directory
        self._bus = bus
        self._clock = clock
        self._zone = zone
        self._busy = asyncio.Lock()
        self._ending = threading.Event()
        self.policy = Policy()
        self.running_since: datetime | None = None
        self.problem = ""  # of the last one
        self.restart = asyncio.Event()  # something is to be restored

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return files.folder_in(self._directory, self.policy.folder)

    async def load(self) -> None:
        """Read the rule."""
        async with self._store.reading() as conn:
            self.policy = await queries.policy(conn)

    async def run(self) -> None:
        """By the clock; what was missed while the machine was off is made up."""
        failed_at: datetime | None = None
        await asyncio.sleep(FIRST_LOOK_S)
        await self._bring_recordings_back()
        while True:
            now, made = self._clock(), await self.all()
            waits = failed_at is not None and (now - failed_at).total_seconds() < AGAIN_AFTER_S
            if not waits and rules.due(self.policy, made[0].at if made else None, now, self._zone):
                failed_at = None if await self._make() is not None else now
            await asyncio.sleep(LOOK_EVERY_S)

    def end(self) -> None:
        """pbxd stops: what is being made or brought back ends in the middle and leaves nothing."""
        self._ending.set()

    async def all(self) -> list[Backup]:
        """Those in the folder, newest first."""
        return await asyncio.to_thread(files.listed, self.folder)

    async def make(self) -> Backup:
        """Now. Raises Conflict: one is being made, or it failed (and why)."""
        if self._busy.locked():
            raise Conflict("backup-running", "A backup is being made at this moment.")
        made = await self._make()
        if made is None:
            raise Conflict("backup-failed", "The backup failed: {reason}", reason=self.problem)
        return made

    async def _make(self) -> Backup | None:
        async with self._busy:
            self.running_since = self._clock()
            self._tell()
            try:
                made = await asyncio.to_thread(
                    files.make, self._store.file, self.folder, self._clock(), self._ending.is_set
                )
                self.problem = ""
                made = await self._with_recordings(made)
                await self._forget_old()
                log.info("backup made", name=made.name, size=made.size)
            except (OSError, sqlite3.Error) as problem:
                self.problem = str(problem)
                log.critical("backup failed", why=self.problem)
                made = None
            except EndedError:
                made = None
            finally:
                self.running_since = None
                self._tell()
        return made

    async def _with_recordings(self, made: Backup) -> Backup:
        """All, or only what callers said who reached nobody. The backup counts also when they find
        no room beside it: that is said."""
        file, every = self.folder / made.name, self.policy.recordings
        try:
            held = await asyncio.to_thread(
                beside.copy,
                self._directory,
                self.folder,
                file,
                messages_only=not every,
                stopped=self._ending.is_set,
            )
        except OSError as problem:
            self.problem = str(problem)
            log.critical("recordings not backed up", why=self.problem)
            return made
        made = replace(made, missing=held.missing)
        if every:
            made = replace(made, recordings=held.count, recordings_size=held.size)
        await asyncio.to_thread(files.note, self.folder, made)
        return made

    async def _bring_recordings_back(self) -> None:
        try:
            done = await asyncio.to_thread(
                beside.carry_out, self._directory, self._store.file, self._ending.is_set
            )
        except OSError as problem:
            self.problem = str(problem)
            log.critical("recordings not restored", why=self.problem)
            return
        if done is not None:
            log.warning("recordings were restored", there=done.count, missing=done.missing)

    async def room(self) -> Room:
        """What the recordings would take beside a backup made now."""
        return await asyncio.to_thread(beside.room, self._directory, self.folder, self._store.file)

    async def set_policy(self, policy: Policy) -> None:
        """From now on. Raises InvalidInput: nothing can be written in that folder."""
        folder = files.folder_in(self._directory, policy.folder)
        try:
            await asyncio.to_thread(_try_to_write, folder)
        except OSError as problem:
            raise InvalidInput(
                "backup-folder",
                "Nothing can be written in {folder}: {reason}",
                field="folder",
                folder=str(folder),
                reason=problem.strerror or str(problem),
            ) from None
        async with self._store.writing() as conn:
            await queries.keep_policy(conn, policy)
        self.policy = policy
        self._tell()

    async def restore(self, name: str) -> None:
        """Put one back: pbxd starts again with it, and keeps aside what is now.

        Raises NotFound, Refused (it cannot be used).
        """
        if name not in {one.name for one in await self.all()}:
            raise NotFound("no-backup", "This backup is not there any more.")
        file = self.folder / name
        await asyncio.to_thread(files.ask_for, self._directory, file, self._clock())
        log.warning("a backup is restored", name=name)
        asyncio.get_running_loop().call_later(0.5, self.restart.set)  # the page is answered first

    async def _forget_old(self) -> None:
        made = await self.all()
        keep = rules.kept([one.at for one in made], self.policy, self._zone)
        old = [one.name for one in made if one.at not in keep]
        await asyncio.to_thread(files.forget, self.folder, old)
        kept = [self.folder / one.name for one in made if one.at in keep]
        await asyncio.to_thread(beside.forget, self.folder, kept)

    def _tell(self) -> None:
        self._bus.publish(BackupsChanged(self._clock()))


def _try_to_write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = folder / ".pbxd-probe"
    probe.write_bytes(b"")
    probe.unlink()
