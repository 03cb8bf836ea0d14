"""The rows of one file, chunk by chunk: compared with who is there, written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import IO

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.batches import queries as batches
from console.batches.model import BATCH, Item, What
from console.customer_import import queries
from console.customer_import.apart import Chunk, Read, Wrong
from console.customer_import.model import Counts, Import, Policy, Same, State
from console.customer_import.rows import filled_in
from console.customers import queries as customer_queries
from console.customers.model import Details
from console.customers.records import Prepared
from console.customers.service import Customers
from pbxd.errors import InvalidInput
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

SHOWN_CODES = 200


class Work:
    """`one` is the import as far as it is."""

    def __init__(self, one: Import, customers: Customers) -> None:
        self.one = one
        self._customers = customers
        self._phones: dict[str, set[str]] = {}  # which the rows before would have made, and names
        self._numbers: set[str] = set()
        self._unknown = dict.fromkeys(one.new_codes)

    async def take(self, done: Chunk, wrong: IO[str], store: Store, clock: Clock) -> None:
        """All of it, with the count of what is done, or nothing."""
        if self.one.state is State.CHECKING:
            async with store.reading() as conn:
                await self._sort(conn, done)
            self.one = self._counted(done)
        else:
            async with store.writing() as conn:
                await self._sort(conn, done)
                await self._write(conn, done, clock)
                after = self._counted(done)
                await queries.keep(conn, after)
            self.one = after
            self._customers.counted(len(done.created))
        for one in done.wrong:
            line = (one.number, one.message, one.cells, one.details)
            wrong.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        wrong.flush()

    def _counted(self, done: Chunk) -> Import:
        counts = self.one.counts
        self._unknown |= done.new_codes
        return replace(
            self.one,
            counts=Counts(
                counts.created + len(done.created),
                counts.changed + len(done.changed),
                counts.skipped + done.skipped,
                counts.wrong + len(done.wrong),
            ),
            zeros=self.one.zeros + done.zeros,
            new_codes=tuple(self._unknown)[:SHOWN_CODES],
        )

    async def _sort(self, conn: AsyncConnection, done: Chunk) -> None:
        """Who is new, and who is there already."""
        read = done.read
        phones = [phone.number for one in read for phone in one.row.details.phones]
        numbers = [one.row.details.number for one in read if one.row.details.number]
        by_phone, by_number = await customer_queries.holders(conn, phones, numbers)
        policy = self.one.plan.policy
        for one in read:
            details = one.row.details
            id = self._holder(details, by_phone, by_number)
            taken = details.number in by_number or details.number in self._numbers
            if id is None or (policy is Policy.NEW and not taken):
                one.id = id = new_id()
                done.created.append(one)
                if details.number:
                    by_number[details.number] = id
                for phone in details.phones:
                    by_phone.setdefault(phone.number, []).append((id, details.name))
                self._remember(details)
            elif policy is Policy.UPDATE:
                one.id = id
                done.changed.append(one)
            else:
                done.skipped += 1

    def _remember(self, details: Details) -> None:
        """A try-out writes nothing: later chunks have to know of these."""
        if self.one.state is not State.CHECKING:
            return
        if details.number:
            self._numbers.add(details.number)
        for phone in details.phones:
            self._phones.setdefault(phone.number, set()).add(details.name)

    def _holder(
        self,
        details: Details,
        by_phone: dict[str, list[tuple[str, str]]],
        by_number: dict[str, str],
    ) -> str | None:
        """Who this is already ("" a row before, in a try-out); None nobody."""
        if details.number and details.number in by_number:
            return by_number[details.number]
        if details.number and details.number in self._numbers:
            return ""
        if self.one.plan.same is Same.NUMBER:
            return None
        any_name = self.one.plan.same is Same.PHONE
        for phone in details.phones:
            for id, name in by_phone.get(phone.number, ()):
                if any_name or name == details.name:
                    return id
            names = self._phones.get(phone.number, set())
            if names and (any_name or details.name in names):
                return ""
        return None

    async def _write(self, conn: AsyncConnection, done: Chunk, clock: Clock) -> None:
        now, prefix = clock(), self._customers.fields.options.prefix
        rows: list[tuple[str, Details, Prepared]] = []
        number = await customer_queries.next_number(conn, prefix) if prefix else ""
        for one in done.created:
            details, prepared = one.row.details, one.prepared
            assert prepared is not None
            if not details.number and number:
                prepared = prepared.numbered(number)
                digits = number.removeprefix(prefix)
                number = f"{prefix}{int(digits) + 1:0{len(digits)}}"
            rows.append((one.id, details, prepared))
        await self._customers.put_many(conn, rows, now, self.one.by)
        items = [Item(id, What.CREATED, 1) for id, *_ in rows]
        await batches.add(conn, self.one.batch_id, items)
        await self._change(conn, done, clock)

    async def _change(self, conn: AsyncConnection, done: Chunk, clock: Clock) -> None:
        """Rows of customers who are there; several rows of one are one change."""
        by_id: dict[str, list[Read]] = {}
        for one in done.changed:
            by_id.setdefault(one.id, []).append(one)
        known = {one.id: one for one in await customer_queries.many(conn, list(by_id))}
        for id, some in by_id.items():
            before = known[id]
            details = before.details
            try:
                for one in some:
                    details = filled_in(details, one.row)
                details = self._customers.checked(details, before.details, frozenset())
                await self._customers.check_number(conn, details.number, id)
            except InvalidInput as refusal:
                done.wrong += [Wrong.of(one.number, one.cells, refusal) for one in some]
                done.changed = [one for one in done.changed if one.id != id]
                continue
            if details == before.details:
                continue
            now = clock()
            derived = self._customers.derived(details)
            await customer_queries.change(conn, id, details, before.version, now, derived)
            await self._customers.index(conn, id, details)
            old, new = before.details.as_dict(), details.as_dict()
            said = new | {BATCH: self.one.batch_id}
            await audit.note(conn, now, self.one.by, "customer.change", id, old, said)
            item = Item(id, What.CHANGED, before.version + 1, json.dumps(old, ensure_ascii=False))
            await batches.add(conn, self.one.batch_id, [item])
