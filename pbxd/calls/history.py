"""The history: every call that ends becomes one row, however slow the disk is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.calls import queries
from pbxd.calls.record import CallRecord, is_code, record_of
from pbxd.events import CallEnded, CallIdentified, CallRecorded, CallsMerged, CallStarted
from pbxd.ports import Clock
from pbxd.store.engine import Store

log = structlog.get_logger(__name__)

RETRY_S = 1.0
PATIENCE = 3  # attempts for work that fails though the store is well


class History:
    """Writes records from a queue of its own; `run` is a service, `drain` its orderly end.

    A crash empties the queue: catch-up reads those calls back from Asterisk's event log.
    """

    def __init__(
        self,
        store: Store,
        bus: Bus,
        agents: Agents,
        normalise: Callable[[str], str],
        clock: Clock,
        node: str = "",
    ) -> None:
        self._store = store
        self._bus = bus
        self._agents = agents
        self._normalise = normalise
        self._clock = clock
        self._node = node
        self._waiting: asyncio.Queue[CallRecord | CallIdentified] = asyncio.Queue()
        self._customers: dict[str, str] = {}  # of live calls, by key
        self.written = 0
        self.failed = 0  # attempts
        self.spoilt = 0  # calls that no attempt could write
        bus.subscribe(CallStarted, self._started)
        bus.subscribe(CallsMerged, self._merged)
        bus.subscribe(CallEnded, self._ended)
        bus.subscribe(CallIdentified, self._identified)

    @property
    def backlog(self) -> int:
        """Records that wait to be written."""
        return self._waiting.qsize()

    async def run(self) -> None:
        """Write records as they come.

        While the store is unwell (locked, disk full) the same record is tried for ever and the
        rest waits. What cannot be written though the store is well is put into the log, whole, and
        counted: one spoilt value must not stop the history.
        """
        while True:
            work = await self._waiting.get()
            attempts = 0
            while not await self._write(work, last=attempts >= PATIENCE - 1):
                attempts += 1
                await asyncio.sleep(RETRY_S)
            self._waiting.task_done()

    async def drain(self) -> None:
        """Until everything is written."""
        await self._waiting.join()

    async def keep(self, record: CallRecord, caught_up: bool = False) -> None:
        """Write one record now (catch-up)."""
        agent = self._agents.by_extension(record.extension) if record.extension else None
        record = replace(record, agent_id=agent.id if agent else "")
        async with self._store.writing() as conn:
            await queries.save(conn, record, self._node)
        self.written += 1
        self._bus.publish(CallRecorded(self._clock(), record.id, caught_up))

    async def complete(self, linkedid: str) -> bool:
        """Is this call recorded with its end?"""
        async with self._store.reading() as conn:
            return await queries.complete(conn, self._node, linkedid)

    def _started(self, event: CallStarted) -> None:
        self._customers.setdefault(event.call.key, "")

    def _merged(self, event: CallsMerged) -> None:
        known = self._customers.pop(event.absorbed, "")
        if known and not self._customers.get(event.call.key):
            self._customers[event.call.key] = known

    def _ended(self, event: CallEnded) -> None:
        customer_id = self._customers.pop(event.call.key, "")
        if is_code(event.call):
            return
        record = record_of(event.call, self._normalise)
        self._waiting.put_nowait(replace(record, customer_id=customer_id))

    def _identified(self, event: CallIdentified) -> None:
        if event.key in self._customers:
            self._customers[event.key] = event.customer_id
        else:  # it has ended: its record, which is written before this, gets the customer
            self._waiting.put_nowait(event)

    async def _write(self, work: CallRecord | CallIdentified, last: bool) -> bool:
        """False: try again. `last`: for what is not the store's fault there is no other time."""
        try:
            if isinstance(work, CallRecord):
                await self.keep(work)
            else:
                await self._bind(work)
        except Exception as problem:
            if not last or _is_the_stores(problem):
                self.failed += 1
                why = getattr(problem, "orig", None) or problem  # without the caller's number
                log.warning("history not written yet", why=repr(why), waiting=self.backlog)
                return False
            self.spoilt += 1
            log.critical("history cannot be written", work=repr(work), why=repr(problem))
        return True

    async def _bind(self, event: CallIdentified) -> None:
        async with self._store.writing() as conn:
            found = await queries.set_customer(conn, event.key, event.customer_id)
        if found:
            self._bus.publish(CallRecorded(self._clock(), event.key))


def _is_the_stores(problem: Exception) -> bool:
    """Locked, disk full or failing: it may be well again (a value that it refuses will not be)."""
    if isinstance(problem, IntegrityError | DataError | ProgrammingError):
        return False
    return isinstance(problem, DBAPIError | PoolTimeout | OSError)
