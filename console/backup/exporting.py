"""All data as one Excel file (S1-44): one at a time, in a process of its own, kept for an hour."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import structlog

from console.audit import queries as audit
from console.backup import contents
from console.backup.workbook import FILE, Plan
from console.web.i18n import Language
from pbxd.app import Daemon
from pbxd.errors import Conflict, NotFound
from pbxd.store.metadata import metadata, new_id

log = structlog.get_logger(__name__)

KEPT = timedelta(hours=1)
KEEP_FREE = 500 * 10**6  # bytes: calls and recordings are written to the same disk


class State(StrEnum):
    """How far a file is."""

    RUNS = "runs"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Export:
    """One file. Times UTC; `problem` is for people, "full" the disk."""

    id: str
    by: str  # user
    begun_at: datetime
    state: State = State.RUNS
    table: str = ""
    rows: int = 0
    of: int = 0
    size: int = 0  # bytes
    until: datetime | None = None  # when it goes
    problem: str = ""


class Failed(Exception):  # noqa: N818 - what the other process said
    """It did not end well; why."""


class Exports:
    """Makes the file, keeps it for a while, and leaves nothing behind."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._folder = daemon.settings.store.directory / "exports"
        self._task: asyncio.Task[None] | None = None
        self.now: Export | None = None
        self.kept = KEPT
        self.keep_free = KEEP_FREE
        self.command: tuple[str, ...] = (sys.executable, "-m", "console.backup.workbook")
        self.on_state = _nothing  # it runs, is ready, failed or is gone
        self.on_progress = _nothing

    @property
    def running(self) -> Export | None:
        """The file that is being made."""
        return self.now if self.now is not None and self.now.state is State.RUNS else None

    async def load(self) -> None:
        """What a killed pbxd left goes."""
        await _clear(self._folder)

    def begin(self, by: str, language: Language) -> Export:
        """Make a file, in this language; an older one goes. Raises Conflict: one is being made."""
        if self.now is not None and self.now.state is State.RUNS:
            raise Conflict("export-running", "The file is being made at this moment.")
        self._end_task()
        made = Export(new_id(), by, self._daemon.clock())
        self._task = self._daemon.supervisor.once("all data", self._run(made, language))
        self._becomes(made)
        return made

    def cancel(self) -> Export | None:
        """Make no more of it, or do away with what was made; what it was."""
        was, self.now = self.now, None
        self._end_task()
        self.on_state()
        return was

    def file(self, id: str) -> Path:
        """Where the ready file is. Raises NotFound: it is gone."""
        if self.now is None or self.now.id != id or self.now.state is not State.READY:
            raise NotFound("export-gone", "This file is not there any more. Make a new one.")
        return self._folder / id / FILE

    async def _run(self, export: Export, language: Language) -> None:
        folder = self._folder / export.id
        try:
            ready = await self._made(export, folder, language)
            await self._noted(ready, "export.ready")
            self._becomes(ready)
            await asyncio.sleep(self.kept.total_seconds())
            if self._is_mine(export):
                self.now = None
        except Exception as problem:
            known = isinstance(problem, Failed | OSError)
            log.error("no file made", why=str(problem), exc_info=None if known else problem)
            await _clear(folder)  # it is said that nothing was left
            failed = replace(export, state=State.FAILED, problem=str(problem))
            await self._noted(failed, "export.failed")
            if self._is_mine(export):
                self._becomes(failed)
        finally:
            await _clear(folder)
            self.on_state()

    async def _made(self, export: Export, folder: Path, language: Language) -> Export:
        """Let the other process work. Raises Failed, OSError."""
        await asyncio.to_thread(folder.mkdir, parents=True, mode=0o700)
        plan = self._plan(export, folder, language).model_dump_json()
        process = await asyncio.create_subprocess_exec(*self.command, stdin=PIPE, stdout=PIPE)
        try:
            assert process.stdin is not None
            process.stdin.write(plan.encode() + b"\n")
            return await self._heard(export, folder, process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _heard(self, export: Export, folder: Path, process: Process) -> Export:
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            if "failed" in said:
                raise Failed(said["failed"])
            if "ready" in said:
                await process.wait()
                size = (folder / FILE).stat().st_size
                until = self._daemon.clock() + self.kept
                rows = said["ready"]
                return replace(
                    export, state=State.READY, rows=rows, of=rows, size=size, until=until
                )
            if self._is_mine(export):
                self.now = replace(export, **said)
                self.on_progress()
        raise Failed(f"it ended with {await process.wait()}")

    def _plan(self, export: Export, folder: Path, language: Language) -> Plan:
        text, settings = language.text, self._daemon.settings
        zone = settings.office.zone.key
        made = f"{settings.office.name}, {language.moment(export.begun_at)}".removeprefix(", ")
        return Plan(
            database=self._daemon.store.file,
            folder=folder,
            zone=zone,
            title=text("Contents"),
            head=[made, text("Times are those of the office ({zone}).", zone=zone)],
            columns=[text("Table"), text("Column"), text("Kind"), text("Meaning"), text("Rows")],
            absent=text("Not in this file"),
            sheets=contents.sheets(metadata, language),
            left_out=contents.left_out(language),
            keep_free=self.keep_free,
        )

    async def _noted(self, export: Export, what: str) -> None:
        daemon = self._daemon
        said = {"rows": export.rows, "bytes": export.size, "problem": export.problem}
        async with daemon.store.writing() as conn:
            await audit.note(conn, daemon.clock(), export.by, what, export.id, None, said)

    def _is_mine(self, export: Export) -> bool:
        return self.now is not None and self.now.id == export.id

    def _becomes(self, export: Export) -> None:
        self.now = export
        self.on_state()

    def _end_task(self) -> None:
        if self._task is not None:
            self._task.cancel()


async def _clear(folder: Path) -> None:
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _nothing() -> None:
    """Nobody looks."""
