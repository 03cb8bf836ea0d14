"""Customers: kept, found, and never lost. One function is one transaction."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.codes.service import Codes
from console.customers import queries, statement
from console.customers.card import card_of
from console.customers.checks import Checks
from console.customers.dates import Calendar, typed
from console.customers.model import Customer, Details, Made, Stale
from console.customers.personal import Personal
from console.customers.ranking import rank
from console.customers.records import Derived, Prepared
from console.customers.rules import merged
from console.desk.ports import CallerCard
from console.fields.service import Fields
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import InvalidInput, NotFound
from pbxd.ports import Clock, KnownCaller
from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page

KIND = "customer"
_NUMBER = re.compile(r"[A-Z]{1,4}\d{3,}")  # typed like an automatic customer number
_DIALLED = re.compile(r"[\d\s().-]+")  # digits and what stands between them
_CHANGES = ("customer.change", "customer.undo")  # each is one version more
FOUND_AT_MOST = 200  # hits that are put in order; for a few shown fewer are enough


class Customers:
    """The customer files; also answers who is calling."""

    def __init__(
        self,
        store: Store,
        plan: NumberPlan,
        clock: Clock,
        personal: Personal,
        codes: Codes,
        fields: Fields,
    ) -> None:
        self._store = store
        self._plan = plan
        self._clock = clock
        self.personal = personal
        self.codes = codes
        self.fields = fields
        self._listeners: list[Callable[[Customer], None]] = []
        self._count: int | None = None  # counting a million takes 0.1 s

    def on_change(self, listener: Callable[[Customer], None]) -> None:
        """Be told of each customer that was made, changed or deleted."""
        self._listeners.append(listener)

    async def create(
        self, details: Details, user_id: str, anyway: frozenset[str] = frozenset(), id: str = ""
    ) -> Customer:
        """A new customer. Raises InvalidInput, and Made when there is one with this `id` already.

        `anyway`: fields whose number is kept although its check digit does not fit; `id`: the
        form's own, so that one form is one customer however often it is sent.
        """
        details = self.checked(details, Details(""), anyway)
        id = id or new_id()
        async with self._store.writing() as conn:
            now = self._clock()
            if (there := await queries.get(conn, id)) is not None:
                raise Made(there, details)
            if not details.number and self.fields.options.prefix:
                number = await queries.next_number(conn, self.fields.options.prefix)
                details = dataclasses.replace(details, number=number)
            await self.check_number(conn, details.number, id)
            await self.put(conn, id, details, now, user_id)
            await audit.note(conn, now, user_id, "customer.create", id, None, details.as_dict())
        self.counted(1)
        return await self._told(id)

    @property
    def checks(self) -> Checks:
        """What customers are checked with, as it is now."""
        known, codes = self.fields.known(), self.codes.by_id()
        required, searchable = self.fields.required, self.fields.searchable
        return Checks(self._plan, self.personal, known, required, searchable, codes)

    def checked(self, details: Details, before: Details, anyway: frozenset[str]) -> Details:
        """As the store may have it: sealed where it must be. Raises InvalidInput."""
        return self.checks.checked(details, before, anyway)

    async def put(
        self, conn: AsyncConnection, id: str, details: Details, at: datetime, by: str = ""
    ) -> None:
        """Write a checked new customer and make it findable; for who writes many at once."""
        await queries.add(conn, id, details, at, self.derived(details), by)
        await self.index(conn, id, details)

    def prepared(self, details: Details) -> Prepared:
        """What `put_many` writes beside checked details: the costly part, before the writer."""
        return self.checks.prepared(details)

    async def put_many(
        self,
        conn: AsyncConnection,
        rows: Sequence[tuple[str, Details, Prepared]],
        at: datetime,
        by: str,
    ) -> None:
        """Write checked new customers: id, details, and what was prepared of these."""
        await queries.add_many(conn, rows, at, by)
        await search.index_many(conn, KIND, [(id, one.doc) for id, _, one in rows])

    def derived(self, details: Details) -> Derived:
        """What a customer is found by."""
        return self.checks.derived(details)

    async def reveal(self, id: str, word: str, user_id: str) -> str:
        """The whole number, which is written down. Raises NotFound, InvalidInput."""
        customer = await self.get(id)
        if word not in ("national_id", "business_number"):
            raise NotFound("no-field", "There is no such field any more.")
        number = self.personal.open(getattr(customer.details, word))
        async with self._store.writing() as conn:
            await audit.note(conn, self._clock(), user_id, "customer.reveal", id, None, [word])
        return number

    async def check_number(self, conn: AsyncConnection, number: str, id: str) -> None:
        """Raises InvalidInput: a living customer other than `id` has this customer number."""
        if not number:
            return
        found = await queries.with_customer_number(conn, number)
        if found is not None and found[0] != id:
            raise InvalidInput(
                "customer-number-taken",
                "{number} is the number of {name} already.",
                field="number",
                number=number,
                name=found[1],
            )

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

    async def change(
        self,
        id: str,
        details: Details,
        version: int,
        user_id: str,
        anyway: frozenset[str] = frozenset(),
    ) -> Customer:
        """Save an edit of `version`. Raises InvalidInput, NotFound, Stale (nothing was saved)."""
        async with self._store.writing() as conn:
            before = _living(await queries.get(conn, id))
            details = self.checked(details, before.details, anyway)
            now = self._clock()
            await self.check_number(conn, details.number, id)
            derived = self.derived(details)
            if not await queries.change(conn, id, details, version, now, derived):
                raise Stale(await self._merged(conn, details, version, before), before)
            await self.index(conn, id, details)
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
        return _living(found)

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

    async def alike(
        self, number: str, name: str, birthday: str, but: str = ""
    ) -> list[tuple[str, str, str]]:
        """(what is the same, id, name) of others with this customer number, or this name and
        birthday as typed."""
        number, name = "".join(number.split()).upper(), name.strip()
        found: list[tuple[str, str, str]] = []
        async with self._store.reading() as conn:
            if number:
                taken = await queries.with_customer_number(conn, number)
                found += [(number, *taken)] if taken is not None else []
            try:
                day = typed(birthday, Calendar.SOLAR, self._plan.country, "birthday")
            except InvalidInput:
                day = None
            if name and day is not None:
                same = await queries.named_and_born(conn, name, day.kept[:-1])
                found += [(f"{name}, {day.written}", id, name) for id in same]
        return [one for one in found if one[1] != but]

    async def quick(self, query: str, size: int = 20) -> list[Customer]:
        """What the quick search shows, best first: by customer number, name, company, telephone,
        mobile, address, then anything else (S3-20)."""
        digits = "".join(char for char in query if char.isdigit())
        text = query.strip()
        async with self._store.reading() as conn:
            ids = await statement.beginning(conn, text, self._plan.normalise(digits))
            if not (ids and _NUMBER.fullmatch(text.upper())):
                looked_at = min(FOUND_AT_MOST, max(40, size * 3))
                bare = digits if _DIALLED.fullmatch(text) else ""
                ids += await statement.ending(conn, bare, looked_at)
                if len(ids) < looked_at:  # last digits that so many have are enough of a text
                    ids += (await search.find(conn, KIND, query, looked_at)).rows
            rows = await queries.many(conn, list(dict.fromkeys(ids)))
        living = [one for one in rows if one.deleted_at is None]
        return sorted(living, key=lambda one: rank(one.details, query))[:size]

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
        return tuple(
            card_of(customer, chosen, self.codes, self.fields, self._plan)
            for customer, chosen in found
        )

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
            if not deleted:
                await self.check_number(conn, customer.details.number, id)
            if (customer.deleted_at is not None) is deleted:
                return
            now = self._clock()
            await queries.set_deleted(conn, id, now if deleted else None)
            if deleted:
                await search.remove(conn, KIND, id)
            else:
                await self.index(conn, id, customer.details)
            what = "customer.delete" if deleted else "customer.restore"
            await audit.note(conn, now, user_id, what, id)
        self.counted(-1 if deleted else 1)
        await self._told(id)

    def counted(self, more: int) -> None:
        """So many more (or fewer) customers there are."""
        if self._count is not None:
            self._count += more

    async def _merged(
        self, conn: AsyncConnection, mine: Details, version: int, theirs: Customer
    ) -> Details:
        """My edit of `version` on top of theirs: what only they changed is not put back."""
        base = await audit.nth_before(conn, theirs.id, _CHANGES, theirs.version - version)
        if base is None:
            return mine
        base = Details.from_dict(base).as_dict()  # an older one has fewer fields
        values, _ = merged(base, mine.as_dict(), theirs.details.as_dict())
        return Details.from_dict(values)

    async def index(self, conn: AsyncConnection, id: str, details: Details) -> None:
        """Findable by all that the page shows, but for sealed numbers."""
        values, numbers = self.document(details)
        await search.index(conn, KIND, id, values, numbers)

    def document(self, details: Details) -> tuple[list[str], list[str]]:
        """(texts, numbers) by which the quick search finds a customer."""
        return self.checks.document(details)

    async def _told(self, id: str) -> Customer:
        async with self._store.reading() as conn:
            customer = await queries.get(conn, id)
        assert customer is not None
        self.tell(customer)
        return customer

    def tell(self, customer: Customer) -> None:
        """A customer was changed or deleted: who is on the phone with it sees it."""
        for listener in self._listeners:
            listener(customer)


def _living(found: Customer | None) -> Customer:
    if found is None:
        raise NotFound("no-customer", "There is no such customer any more.")
    if found.deleted_at is not None:
        raise NotFound(
            "customer-deleted",
            "This customer was deleted, or made one with another. Whoever may delete customers can"
            " take it back.",
        )
    return found
