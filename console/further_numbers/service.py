"""Further numbers kept, shown whole to those who may, and taken away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.customers import queries as customer_queries
from console.customers.model import Customer
from console.customers.personal import Personal
from console.further_numbers import queries
from console.further_numbers.model import FurtherNumber
from console.further_numbers.rules import losing
from pbxd.errors import NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id


async def keep_losing(
    conn: AsyncConnection,
    kept: Customer,
    other: Customer,
    take: Collection[str],
    personal: Personal,
    at: datetime,
) -> list[str]:
    """In a merge: the numbers that give way stay with `kept`; their ids."""
    made = []
    for word, mine in losing(kept.details, other.details, take):
        loser = kept if mine else other
        token: str = getattr(loser.details, word)
        one = FurtherNumber(new_id(), kept.id, word, token, loser.name, at)
        mark = personal.mark(personal.open(token))
        if not await queries.has(conn, kept.id, mark):
            await queries.add(conn, one, mark)
            made.append(one.id)
    return made


class FurtherNumbers:
    """What merges have kept."""

    def __init__(self, store: Store, personal: Personal, clock: Clock) -> None:
        self._store = store
        self._personal = personal
        self._clock = clock

    async def of(self, customer_id: str) -> list[FurtherNumber]:
        """A customer's."""
        async with self._store.reading() as conn:
            return await queries.of(conn, customer_id)

    async def whose(self, number: str) -> str:
        """Whose national or business number it is, own or further ("" nobody's)."""
        bare = "".join(char for char in number if char.isalnum()).upper()
        if not bare:
            return ""
        mark = self._personal.mark(bare)
        async with self._store.reading() as conn:
            return await customer_queries.with_mark(conn, mark) or await queries.with_mark(
                conn, mark
            )

    async def reveal(self, customer_id: str, id: str, user_id: str) -> str:
        """The whole number, which is written down. Raises NotFound, InvalidInput."""
        one = await self._get(customer_id, id)
        number = self._personal.open(one.token)
        async with self._store.writing() as conn:
            now, what = self._clock(), "customer.reveal"
            await audit.note(conn, now, user_id, what, customer_id, None, [one.field])
        return number

    async def remove(self, customer_id: str, id: str, user_id: str) -> None:
        """Not kept any more: who asks for it to be forgotten, or it was wrong. Raises NotFound."""
        one = await self._get(customer_id, id)
        async with self._store.writing() as conn:
            now, what = self._clock(), "customer.forget-number"
            await queries.remove(conn, id)
            await audit.note(conn, now, user_id, what, customer_id, one.text, None)

    async def _get(self, customer_id: str, id: str) -> FurtherNumber:
        for one in await self.of(customer_id):
            if one.id == id:
                return one
        raise NotFound("no-field", "There is no such field any more.")
