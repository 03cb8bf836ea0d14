"""Customers: kept, found, and never lost. One function is one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.customers import queries
from console.customers.model import Customer, Details
from console.customers.rules import checked, merged
from console.desk.ports import CallerCard
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import Conflict, NotFound
from pbxd.ports import Clock, KnownCaller
from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page

KIND = "customer"


class Stale(Conflict):
    """Somebody saved meanwhile: carries both versions."""

    def __init__(self, mine: Details, theirs: Customer) -> None:
        super().__init__(
            "customer-stale", "Somebody else has changed this customer meanwhile.", field=""
        )
        self.mine = mine
        self.theirs = theirs


class Customers:
    """The customer files; also answers who is calling."""

    def __init__(self, store: Store, plan: NumberPlan, clock: Clock) -> None:
        self._store = store
        self._plan = plan
        self._clock = clock
        self._listeners: list[Callable[[Customer], None]] = []
        self._count: int | None = None  # counting a million takes 0.1 s

    def on_change(self, listener: Callable[[Customer], None]) -> None:
        """Be told of each customer that was made, changed or deleted."""
        self._listeners.append(listener)

    async def create(self, details: Details, user_id: str) -> Customer:
        """A new customer. Raises InvalidInput."""
        details = checked(details, self._plan)
        id = new_id()
        async with self._store.writing() as conn:
            now = self._clock()
            await queries.add(conn, id, details, now)
            await self._index(conn, id, details)
            await audit.note(conn, now, user_id, "customer.create", id, None, details.as_dict())
        self._counted(1)
        return await self._told(id)

    async def mark_caution(self, id: str) -> None:
        """Mark a customer "caution" for the system, whatever else is being saved meanwhile."""
        while True:
            async with self._store.reading() as conn:
                found = await queries.get(conn, id)
            if found is None or found.deleted_at is not None or found.details.caution:
                return
            try:
                details = dataclasses.replace(found.details, caution=True)
                await self.change(id, details, found.version, "")
            except Stale:
                continue
            return

    async def change(self, id: str, details: Details, version: int, user_id: str) -> Customer:
        """Save an edit of `version`. Raises InvalidInput, NotFound, Stale (nothing was saved)."""
        details = checked(details, self._plan)
        async with self._store.writing() as conn:
            before = await queries.get(conn, id)
            if before is None or before.deleted_at is not None:
                raise NotFound("no-customer", "There is no such customer any more.")
            now = self._clock()
            if not await queries.change(conn, id, details, version, now):
                raise Stale(await self._merged(conn, details, version, before), before)
            await self._index(conn, id, details)
            await audit.note(
                conn,
                now,
                user_id,
                "customer.change",
                id,
                before.details.as_dict(),
                details.as_dict(),
            )
        return await self._told(id)

    async def delete(self, id: str, user_id: str) -> None:
        """Delete; can be taken back. Raises NotFound."""
        await self._set_deleted(id, user_id, deleted=True)

    async def restore(self, id: str, user_id: str) -> None:
        """Take a deletion back. Raises NotFound."""
        await self._set_deleted(id, user_id, deleted=False)

    async def get(self, id: str) -> Customer:
        """One customer. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.get(conn, id)
        if found is None or found.deleted_at is not None:
            raise NotFound("no-customer", "There is no such customer any more.")
        return found

    async def several(self, ids: Iterable[str]) -> dict[str, Customer]:
        """Customers by id, deleted ones too."""
        async with self._store.reading() as conn:
            return {one.id: one for one in await queries.many(conn, sorted(set(ids) - {""}))}

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Names by id."""
        async with self._store.reading() as conn:
            return await queries.names(conn, [id for id in ids if id])

    async def page(self, cursor: str = "", size: int = 50) -> Page[Customer]:
        """One page of all customers, by name."""
        async with self._store.reading() as conn:
            ids = await queries.listed(conn, cursor, size)
            rows = await queries.many(conn, ids.rows)
        return Page(tuple(rows), ids.next, ids.previous)

    async def count(self) -> int:
        """How many there are."""
        if self._count is None:
            async with self._store.reading() as conn:
                self._count = await queries.count(conn)
        return self._count

    async def find(self, query: str, limit: int = 50) -> list[Customer]:
        """The newest by name, initial consonants, part of a number, company, address, memo."""
        return list((await self.found(query, size=limit)).rows)

    async def found(self, query: str, cursor: str = "", size: int = 50) -> Page[Customer]:
        """One page of all that `find` would give."""
        async with self._store.reading() as conn:
            ids = await search.find(conn, KIND, query, size, cursor)
            rows = await queries.many(conn, ids.rows)
        return Page(tuple(rows), ids.next, ids.previous)

    async def with_number(self, number: str, but: str = "") -> list[tuple[str, str, str]]:
        """(number, id, name) of those who have this number already."""
        async with self._store.reading() as conn:
            return await queries.others_with_numbers(conn, [number], but)

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        """Who has this number (`pbxd.ports.CallerDirectory`)."""
        cards = await self.cards(number)
        settled = len(cards) == 1
        return tuple(
            KnownCaller(
                card.customer_id, card.name, settled or card.remembered, vip="vip" in card.flags
            )
            for card in cards
        )

    async def cards(self, number: str) -> tuple[CallerCard, ...]:
        """Who may that be (`console.desk.ports.CallerCards`)."""
        if not number or self._plan.classify(number).kind is NumberKind.SAFETY:
            return ()
        found = await self._store.urgent(lambda conn: queries.with_number(conn, number))
        return tuple(_card(customer, chosen) for customer, chosen in found)

    async def choose(self, number: str, customer_id: str) -> None:
        """It is this one: comes first for this number from now on."""
        async with self._store.writing() as conn:
            await queries.choose(conn, number, customer_id, self._clock())

    async def contacted(self, customer_id: str) -> None:
        """There was a contact now."""
        async with self._store.writing() as conn:
            await queries.touch(conn, customer_id, self._clock())

    async def _set_deleted(self, id: str, user_id: str, *, deleted: bool) -> None:
        async with self._store.writing() as conn:
            customer = await queries.get(conn, id)
            if customer is None:
                raise NotFound("no-customer", "There is no such customer any more.")
            if (customer.deleted_at is not None) is deleted:
                return
            now = self._clock()
            await queries.set_deleted(conn, id, now if deleted else None)
            if deleted:
                await search.remove(conn, KIND, id)
            else:
                await self._index(conn, id, customer.details)
            what = "customer.delete" if deleted else "customer.restore"
            await audit.note(conn, now, user_id, what, id)
        self._counted(-1 if deleted else 1)
        await self._told(id)

    def _counted(self, more: int) -> None:
        if self._count is not None:
            self._count += more

    async def _merged(
        self, conn: AsyncConnection, mine: Details, version: int, theirs: Customer
    ) -> Details:
        """My edit of `version` on top of theirs: what only they changed is not put back."""
        base = await audit.nth_before(conn, theirs.id, "customer.change", theirs.version - version)
        if base is None:
            return mine
        values, _ = merged(base, mine.as_dict(), theirs.details.as_dict())
        return Details.from_dict(values)

    async def _index(self, conn: AsyncConnection, id: str, details: Details) -> None:
        await put_in_index(conn, self._plan, id, details)

    async def _told(self, id: str) -> Customer:
        async with self._store.reading() as conn:
            customer = await queries.get(conn, id)
        assert customer is not None
        for listener in self._listeners:
            listener(customer)
        return customer


async def put_in_index(conn: AsyncConnection, plan: NumberPlan, id: str, details: Details) -> None:
    """Make a customer findable by all that the page shows."""
    numbers = [plan.display(phone.number) for phone in details.phones]
    values = (details.name, details.company, details.address, details.memo)
    memos = (phone.memo for phone in details.phones)
    await search.index(conn, KIND, id, (*values, *memos), numbers)


def _card(customer: Customer, chosen: bool) -> CallerCard:
    details = customer.details
    flags = tuple(flag for flag in ("vip", "caution") if getattr(details, flag))
    return CallerCard(
        customer_id=customer.id,
        name=details.name,
        company=details.company,
        address=details.address,
        flags=flags,
        memo=details.memo,
        last_contact_at=customer.last_contact_at,
        remembered=chosen,
    )
