"""The advanced search, and what somebody keeps of several results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from console.customer_search import queries
from console.customer_search.model import Mode, Wanted
from console.customer_search.statement import Found, Statement
from console.customer_sorting.statement import NEWEST, Sort, sort_by
from console.customers.model import Customer
from console.customers.service import Customers
from pbxd.calls.statement import Match
from pbxd.errors import InvalidInput
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.paging import Page

MOST_KEPT = 200_000
CHUNK = 5_000
_MODES = {
    Match.CONTAINS: Mode.CONTAINS,
    Match.EXACT: Mode.EXACT,
    Match.STARTS: Mode.PREFIX,
    Match.ENDS: Mode.SUFFIX,
}


@dataclass(frozen=True, slots=True)
class Around:
    """Ids beside a customer in a list, "" where it ends; which one he is (0 it is not known).

    `within`: he is in it; who was changed meanwhile may have left it, and the walk goes on.
    """

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    place: int = 0
    within: bool = True


class CustomerSearch:
    """Asks the store; keeps nothing itself."""

    def __init__(
        self, store: Store, customers: Customers, clock: Clock, zone: ZoneInfo, country: str
    ) -> None:
        self._store = store
        self._customers = customers
        self._clock = clock
        self._zone = zone
        self._country = country

    async def page(self, wanted: Wanted, sort: str, cursor: str, size: int = 50) -> Page[Customer]:
        """One page, sorted by a column's word (`-word` from high to low; unknown: newest first)."""
        async with self._store.reading() as conn:
            found = await self._statement(wanted).found(conn)
            ids = await self._page(conn, found, sort, cursor, size)
        return await self._with_rows(ids)

    async def sorted(self, ids: Sequence[str], sort: str) -> Sequence[Customer]:
        """Some customers, sorted."""
        async with self._store.reading() as conn:
            found = await self._page(conn, queries.these(ids), sort, "", len(ids))
        return (await self._with_rows(found)).rows

    async def count(self, wanted: Wanted) -> int:
        """How many there are (queries.COUNTED + 1: more); in a big office later than the page."""
        async with self._store.reading() as conn:
            return await queries.count(conn, (await self._statement(wanted).found(conn)).ids)

    async def kept(
        self, user_id: str, sort: str, cursor: str, size: int = 50
    ) -> tuple[Page[Customer], int]:
        """One page of what somebody keeps, and how many that are."""
        kept = queries.kept(user_id)
        async with self._store.reading() as conn:
            found = await self._page(conn, kept, sort, cursor, size)
            total = await queries.count(conn, kept.ids)
        return await self._with_rows(found), total

    async def keep(self, user_id: str, wanted: Wanted, *, anew: bool) -> int:
        """Keep a result, instead of or besides what was kept (S3-31); how many were found.

        Raises InvalidInput: too many.
        """
        async with self._store.reading() as conn:
            found = await self._statement(wanted).found(conn)
            ids = await queries.some_ids(conn, found.ids, MOST_KEPT + 1)
        if len(ids) > MOST_KEPT:
            raise InvalidInput(
                "kept-many", "At most {most} can be kept: ask more narrowly.", most=MOST_KEPT
            )
        if anew:
            await self.let_go(user_id, None)
        for start in range(0, len(ids), CHUNK):  # calls' records are written between
            async with self._store.writing() as conn:
                await queries.keep(conn, user_id, ids[start : start + CHUNK])
        return len(ids)

    async def let_go(self, user_id: str, ids: Sequence[str] | None) -> None:
        """Keep these no more; None: nothing."""
        async with self._store.writing() as conn:
            await queries.let_go(conn, user_id, ids)

    async def kept_ids(self, user_id: str) -> list[str]:
        """All that somebody keeps."""
        async with self._store.reading() as conn:
            return await queries.some_ids(conn, queries.kept(user_id).ids, MOST_KEPT)

    async def ids(self, wanted: Wanted) -> list[str]:
        """All that a search finds, up to MOST_KEPT."""
        async with self._store.reading() as conn:
            found = await self._statement(wanted).found(conn)
            return await queries.some_ids(conn, found.ids, MOST_KEPT)

    async def named(self, text: str, match: Match, most: int) -> list[str]:
        """Ids of customers whose name fits, at most so many."""
        wanted = Wanted(texts=(("name", text),), mode=_MODES[match])
        async with self._store.reading() as conn:
            found = await self._statement(wanted).found(conn)
            return await queries.some_ids(conn, found.ids, most)

    async def around(self, wanted: Wanted | None, sort: str, customer: Customer) -> Around:
        """Beside a customer in a search's result; None: in all customers."""
        async with self._store.reading() as conn:
            found = await self._statement(wanted or Wanted()).found(conn)
            return await self._around(conn, found, sort, customer)

    async def around_kept(self, user_id: str, sort: str, customer: Customer) -> Around:
        """Beside a customer in what somebody keeps."""
        async with self._store.reading() as conn:
            return await self._around(conn, queries.kept(user_id), sort, customer)

    async def _page(
        self, conn: AsyncConnection, found: Found, sort: str, cursor: str, size: int
    ) -> Page[str]:
        by, falls = self._sort(sort)
        return await queries.found(conn, found, by, falls=falls, cursor=cursor, size=size)

    async def _around(
        self, conn: AsyncConnection, found: Found, sort: str, customer: Customer
    ) -> Around:
        by, falls = self._sort(sort)
        return Around(*await queries.around(conn, found, by, customer.id, falls=falls))

    def sorts(self, sort: str) -> bool:
        """Is there such an order?"""
        return self._by(sort) is not None

    def _sort(self, sort: str) -> tuple[Sort, bool]:
        by, falls = self._by(sort), sort.startswith("-")
        return (by, falls) if by is not None else (NEWEST, True)

    def _by(self, sort: str) -> Sort | None:
        codes, fields = self._customers.codes, self._customers.fields
        return sort_by(sort.removeprefix("-"), codes, fields)

    def _statement(self, wanted: Wanted) -> Statement:
        today = self._clock().astimezone(self._zone).date()
        return Statement(wanted, today, self._zone, self._country)

    async def _with_rows(self, found: Page[str]) -> Page[Customer]:
        known = await self._customers.several(found.rows)
        rows = tuple(known[id] for id in found.rows if id in known)
        return Page(rows, found.next, found.previous)
