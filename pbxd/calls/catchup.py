"""Catch-up: calls that happened while nobody watched are read back from Asterisk's event log.

Idempotent by linkedid. The place in the file (inode and offset) is kept in the store, and never
passes the first line of a call that still goes on; so a crash at any point reads lines twice rather
than not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog

from pbxd.calls import cel, queries
from pbxd.calls.cel import CelRow
from pbxd.calls.history import History
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.calls.record import record_of
from pbxd.ports import CallerDirectory, Clock
from pbxd.store.engine import Store

log = structlog.get_logger(__name__)

GRACE_S = 2.0  # Asterisk writes a call's last lines within this time
CHUNK = 4 << 20  # bytes read at a time
LATE_CALLS = 200  # saved between two breaths of the event loop

Rows = dict[str, list[CelRow]]


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
        try:
            inode, start = await self._place()
        except FileNotFoundError:
            log.warning("no CEL file", file=str(self._file))
            return 0, False
        written = 0
        open_calls: Rows = {}
        first_of: dict[str, int] = {}
        async for offset, rows in self._chunks(start):
            written += await self._take(rows, open_calls, first_of)
            start = offset
        live = {call.linkedid for call in self._live.calls()}
        young = self._clock() - timedelta(seconds=GRACE_S)
        again = False
        for linkedid in [one for one in open_calls if one not in live]:
            if open_calls[linkedid][-1].at > young:
                again = True
                continue
            first_of.pop(linkedid)
            written += await self._save(open_calls.pop(linkedid))
        place = min(first_of.values(), default=start)
        async with self._store.writing() as conn:
            await queries.set_cursor(conn, str(self._file), inode, place)
        return written, again

    async def _place(self) -> tuple[int, int]:
        """The file's inode and where to go on; a rotated or cut file starts at its beginning."""
        stat = self._file.stat()
        async with self._store.reading() as conn:
            known = await queries.cursor_of(conn, str(self._file))
        if known is None or known[0] != stat.st_ino or known[1] > stat.st_size:
            return stat.st_ino, 0
        return known

    async def _chunks(self, start: int) -> AsyncIterator[tuple[int, list[tuple[int, CelRow]]]]:
        """(offset behind, [(offset before, row)]) of each chunk of whole records."""
        rest = b""
        while True:
            data = await asyncio.to_thread(self._read, start + len(rest))
            if not data:
                return
            data = rest + data
            rows: list[tuple[int, CelRow]] = []
            done = 0
            for end, record in cel.records(data):
                row = cel.parse(record)
                if row is not None:
                    rows.append((start + done, row))
                done = end
            start += done
            rest = data[done:]
            yield start, rows

    def _read(self, offset: int) -> bytes:
        with self._file.open("rb") as file:
            file.seek(offset)
            return file.read(CHUNK)

    async def _take(
        self, rows: list[tuple[int, CelRow]], open_calls: Rows, first_of: dict[str, int]
    ) -> int:
        written = 0
        for offset, row in rows:
            self._join(row, open_calls, first_of)
            if row.kind == "LINKEDID_END" and row.linkedid not in open_calls:
                continue  # it was joined with another call, which goes on
            open_calls.setdefault(row.linkedid, []).append(row)
            first_of.setdefault(row.linkedid, offset)
            if row.kind == "LINKEDID_END":
                first_of.pop(row.linkedid)
                written += await self._save(open_calls.pop(row.linkedid))
                if written % LATE_CALLS == 0:
                    await asyncio.sleep(0)
        return written

    @staticmethod
    def _join(row: CelRow, open_calls: Rows, first_of: dict[str, int]) -> None:
        """A channel that has come under another linkedid brings its whole call along."""
        for linkedid, earlier in open_calls.items():
            if linkedid != row.linkedid and any(one.uniqueid == row.uniqueid for one in earlier):
                moved = open_calls.pop(linkedid)
                open_calls[row.linkedid] = moved + open_calls.get(row.linkedid, [])
                offset = first_of.pop(linkedid)
                first_of[row.linkedid] = min(offset, first_of.get(row.linkedid, offset))
                return

    async def _save(self, rows: list[CelRow]) -> int:
        if await self._history.complete(rows[0].linkedid):
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
