"""Catch-up: calls that happened while nobody watched are read back from Asterisk's event log.

Idempotent by linkedid. The place in the file (inode and offset) is kept in the store, and never
passes the first line of a call that still goes on; so a crash at any point reads lines twice rather
than not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog

from pbxd.calls import cel, cel_files, queries
from pbxd.calls.cel import CelRow
from pbxd.calls.cel_files import Part
from pbxd.calls.gathering import Gathering
from pbxd.calls.history import History
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.calls.record import record_of
from pbxd.ports import CallerDirectory, Clock
from pbxd.store.engine import Store

log = structlog.get_logger(__name__)

GRACE_S = 2.0  # Asterisk writes a call's last lines within this time


class CatchUp:
    """Reads `file` from where it was read last."""

    def __init__(
        self,
        file: Path,
        store: Store,
        history: History,
        live: LiveCalls,
        endpoints: Endpoints,
        normalise: Callable[[str], str],
        new_key: Callable[[], str],
        clock: Clock,
        directory: CallerDirectory,
    ) -> None:
        self._file = file
        self._store = store
        self._history = history
        self._live = live
        self._endpoints = endpoints
        self._normalise = normalise
        self._new_key = new_key
        self._clock = clock
        self._directory = directory
        self._lock = asyncio.Lock()

    async def run(self) -> int:
        """Bring the history up to date; returns how many calls were written.

        Called after each log-in, when the live calls are in step, and when a call has ended that
        we did not see whole. A call without an end that is not live now has died with Asterisk;
        one whose last line is very young may be about to get its end, and is asked for again.
        """
        async with self._lock:
            written, again = await self._read_on()
            while again:
                await asyncio.sleep(GRACE_S)
                more, again = await self._read_on()
                written += more
            if written:
                log.info("calls caught up", calls=written)
            return written

    async def _read_on(self) -> tuple[int, bool]:
        """(calls written, is there a call that may be about to end?)."""
        async with self._store.reading() as conn:
            known = await queries.cursor_of(conn, str(self._file))
        inode, offset = known or (None, 0)
        files = await asyncio.to_thread(cel_files.parts, self._file, inode, offset)
        if not files:
            log.warning("no CEL file", file=str(self._file))
            return 0, False
        gathering = Gathering()
        written = 0
        for number, part in enumerate(files):
            offset = part.start
            async for behind, rows in _chunks(part):
                offset = behind
                written += await self._take(number, rows, gathering)
        more, again = await self._take_ended(gathering)
        number, offset = gathering.first() or (len(files) - 1, offset)
        async with self._store.writing() as conn:
            await queries.set_cursor(conn, str(self._file), files[number].inode, offset)
        return written + more, again

    async def _take(self, number: int, rows: list[tuple[int, CelRow]], gathering: Gathering) -> int:
        written = 0
        for offset, row in rows:
            linkedid = gathering.call_of(row.linkedid)
            whole = gathering.add((number, offset), row)
            if whole is not None:
                written += await self._save(linkedid, whole)
        return written

    async def _take_ended(self, gathering: Gathering) -> tuple[int, bool]:
        """Calls without an end that are not live have died with Asterisk."""
        live = {call.linkedid for call in self._live.calls()}
        now = self._clock()
        written, again = 0, False
        for linkedid, last in gathering.unfinished().items():
            if linkedid in live:
                continue
            # a time to come is a clock that was put back: no reason to wait for it
            if now - timedelta(seconds=GRACE_S) < last.at <= now:
                again = True
                continue
            written += await self._save(linkedid, gathering.take(linkedid))
        return written, again

    async def _save(self, linkedid: str, rows: list[CelRow]) -> int:
        if await self._history.complete(linkedid):
            return 0
        call = cel.call_of(rows, self._endpoints, self._new_key)
        if call is None:
            return 0
        record = record_of(call, self._normalise)
        known = await self._directory.look_up(record.number) if record.number else ()
        if known and known[0].settled:
            record = replace(record, customer_id=known[0].customer_id)
        await self._history.keep(record, caught_up=True)
        return 1


async def _chunks(part: Part) -> AsyncIterator[tuple[int, list[tuple[int, CelRow]]]]:
    """Read and parsed on a thread: a long absence leaves many lines."""
    with closing(cel_files.chunks(part)) as found:
        while (one := await asyncio.to_thread(next, found, None)) is not None:
            yield one
