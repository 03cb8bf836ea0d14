"""Changes to many customers: done in short transactions, each traced, all taken back at will."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.batches import queries
from console.batches.model import BATCH, Batch, BatchKind, Item, Undone, What
from console.belongings.queries import give_back, worked_with
from console.customers import queries as customer_queries
from console.customers.model import Customer, Details
from console.customers.service import KIND, Customers
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

CHUNK = 250  # customers of one transaction: calls' records must not wait


class Batches:
    """What was done to many, and its undoing."""

    def __init__(self, store: Store, customers: Customers, clock: Clock) -> None:
        self._store = store
        self._customers = customers
        self._clock = clock
        self._undoing: set[str] = set()
        self.at_work: set[str] = set()  # batches to which customers are added just now
        self.wanted: dict[str, int] = {}  # of deletions at work: how many it will be

    async def begin(self, kind: BatchKind, name: str, user_id: str) -> str:
        """A new one's id; what is written into it can be taken back even when it is cut short."""
        id = new_id()
        async with self._store.writing() as conn:
            now = self._clock()
            await queries.begin(conn, id, kind, name, user_id, now)
            await audit.note(conn, now, user_id, f"customers.{kind}", id, None, name)
        return id

    async def end(self, id: str) -> None:
        """All of it is done."""
        async with self._store.writing() as conn:
            await queries.end(conn, id, self._clock())

    async def check_open(self, id: str) -> None:
        """May one that was cut short go on? Raises Conflict: it was taken back."""
        if (await self.get(id)).undone_at is not None or id in self._undoing:
            raise Conflict("batch-undone", "This was taken back already.")

    async def all(self) -> list[Batch]:
        """Those that can be taken back."""
        async with self._store.reading() as conn:
            return await queries.listed(conn, self._clock() - queries.KEPT)

    async def get(self, id: str) -> Batch:
        """One. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.listed(conn, self._clock(), id)
        if not found:
            raise NotFound("no-batch", "This is not there any more.")
        return found[0]

    async def delete(self, ids: Sequence[str], user_id: str) -> Batch:
        """Delete many (S0-13); can be taken back."""
        id = await self.begin(BatchKind.DELETE, "", user_id)
        await self.delete_in(id, ids, user_id)
        return await self.get(id)

    async def delete_in(self, id: str, ids: Sequence[str], user_id: str) -> None:
        """The same in a batch that was begun; `stop` ends it before its time."""
        self.at_work.add(id)
        self.wanted[id] = len(ids)
        try:
            await self._delete(id, ids, user_id)
            await self.end(id)
        finally:
            self.at_work.discard(id)
            self.wanted.pop(id, None)

    def stop(self, id: str) -> None:
        """No more customers than those that are deleted already."""
        self.wanted.pop(id, None)

    async def _delete(self, id: str, ids: Sequence[str], user_id: str) -> None:
        for start in range(0, len(ids), CHUNK):
            if id not in self.wanted:
                break
            async with self._store.writing() as conn:
                now = self._clock()
                rows = await customer_queries.many(conn, ids[start : start + CHUNK])
                living = [one for one in rows if one.deleted_at is None]
                for one in living:
                    await customer_queries.set_deleted(conn, one.id, now)
                    await search.remove(conn, KIND, one.id)
                    await audit.note(conn, now, user_id, "customer.delete", one.id, None, id)
                await queries.add(
                    conn, id, [Item(one.id, What.DELETED, one.version) for one in living]
                )
            self._customers.counted(-len(living))
            for one in living:
                self._customers.tell(replace(one, deleted_at=now))

    async def undo(self, id: str, user_id: str) -> Undone:
        """Take it back; what somebody has changed since stays. Raises Conflict: it is undone."""
        batch = await self.get(id)
        if batch.undone_at is not None or id in self._undoing:
            raise Conflict("batch-undone", "This was taken back already.")
        if id in self.at_work:
            raise Conflict("batch-works", "This goes on at the moment: stop it first.")
        self._undoing.add(id)
        done = stayed = 0
        try:
            after = ""
            while True:
                back: list[str] = []
                async with self._store.writing() as conn:
                    items = await queries.items(conn, id, after, CHUNK)
                    rows = await customer_queries.many(conn, [one.customer_id for one in items])
                    known = {one.id: one for one in rows}
                    # a merge's kept one gives the other's number back before that one returns
                    for item in sorted(items, key=lambda one: one.what is What.DELETED):
                        one = known.get(item.customer_id)
                        if await self._back(conn, id, item, one, user_id):
                            back.append(item.customer_id)
                        else:
                            stayed += 1
                if not items:
                    break
                done += len(back)
                for one in (await self._customers.several(back)).values():
                    self._customers.tell(one)
                after = items[-1].customer_id
            async with self._store.writing() as conn:
                now = self._clock()
                await queries.undone(conn, id, user_id, now)
                await audit.note(conn, now, user_id, "customers.undo", id, None, [done, stayed])
        finally:
            self._undoing.discard(id)
        return Undone(done, stayed)

    async def _back(
        self,
        conn: AsyncConnection,
        batch_id: str,
        item: Item,
        now_is: Customer | None,
        user_id: str,
    ) -> bool:
        if now_is is None or now_is.version != item.version:
            return False
        if item.what is What.CHANGED and now_is.deleted_at is not None:
            return False  # deleted since: it stays so, and the search does not find it
        if item.what is What.CREATED and await worked_with(conn, now_is.id):
            return False  # what was written about it would be nobody's
        now = self._clock()
        details = Details.from_dict(json.loads(item.before)) if item.before else now_is.details
        if item.what is What.CREATED:
            if now_is.deleted_at is None:
                await customer_queries.set_deleted(conn, now_is.id, now)
                await search.remove(conn, KIND, now_is.id)
                self._customers.counted(-1)
        else:
            try:
                await self._customers.check_number(conn, details.number, now_is.id)
            except InvalidInput:
                if item.what is not What.DELETED:
                    return False
                details = await self._with_another_number(conn, details)
            if item.what is What.CHANGED or details != now_is.details:
                derived = self._customers.derived(details)
                await customer_queries.change(
                    conn, now_is.id, details, now_is.version, now, derived
                )
            if item.what is What.DELETED and now_is.deleted_at is not None:
                await customer_queries.set_deleted(conn, now_is.id, None)
                self._customers.counted(1)
            await give_back(conn, now_is.id, item.moved)
            await self._customers.index(conn, now_is.id, details)
        before: Any = None
        after: Any = batch_id
        if item.what is What.CHANGED or details != now_is.details:
            before, after = now_is.details.as_dict(), details.as_dict() | {BATCH: batch_id}
        await audit.note(conn, now, user_id, "customer.undo", now_is.id, before, after)
        return True

    async def _with_another_number(self, conn: AsyncConnection, details: Details) -> Details:
        """Its customer number was given to somebody else meanwhile: it comes back with the next."""
        prefix = self._customers.fields.options.prefix
        number = await customer_queries.next_number(conn, prefix) if prefix else ""
        return replace(details, number=number)
