"""The advanced search, saved searches, and what somebody keeps of several results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from console.customer_search import queries
from console.customer_search.model import Wanted
from console.customer_search.queries import Saved
from console.customer_search.statement import Statement
from console.customers.model import Customer
from console.customers.service import Customers
from pbxd.errors import InvalidInput
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page

MOST_KEPT = 200_000
CHUNK = 5_000
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Around:
    """Ids beside a customer in a list; "" where it ends."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


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
        """One page."""
        async with self._store.reading() as conn:
            ids = await self._statement(wanted).ids(conn)
            found = await queries.found(conn, ids, sort, cursor, size)
        return await self._with_rows(found)

    async def count(self, wanted: Wanted) -> int:
        """How many there are (queries.COUNTED + 1: more); in a big office later than the page."""
        async with self._store.reading() as conn:
            return await queries.count(conn, await self._statement(wanted).ids(conn))

    async def kept(
        self, user_id: str, sort: str, cursor: str, size: int = 50
    ) -> tuple[Page[Customer], int]:
        """One page of what somebody keeps, and how many that are."""
        ids = queries.kept(user_id)
        async with self._store.reading() as conn:
            found = await queries.found(conn, ids, sort, cursor, size)
            total = await queries.count(conn, ids)
        return await self._with_rows(found), total

    async def keep(self, user_id: str, wanted: Wanted, *, anew: bool) -> int:
        """Keep a result, instead of or besides what was kept (S3-31); how many were found.

        Raises InvalidInput: too many.
        """
        async with self._store.reading() as conn:
            statement = await self._statement(wanted).ids(conn)
            ids = await queries.some_ids(conn, statement, MOST_KEPT + 1)
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
            return await queries.some_ids(conn, queries.kept(user_id), MOST_KEPT)

    async def ids(self, wanted: Wanted) -> list[str]:
        """All that a search finds, up to MOST_KEPT."""
        async with self._store.reading() as conn:
            return await queries.some_ids(conn, await self._statement(wanted).ids(conn), MOST_KEPT)

    async def around(self, wanted: Wanted | None, sort: str, customer: Customer) -> Around:
        """Beside a customer in a search's result; None: in all customers."""
        async with self._store.reading() as conn:
            ids = await self._statement(wanted or Wanted()).ids(conn)
            return Around(*await queries.around(conn, ids, sort, customer))

    async def around_kept(self, user_id: str, customer: Customer) -> Around:
        """Beside a customer in what somebody keeps."""
        async with self._store.reading() as conn:
            return Around(*await queries.around(conn, queries.kept(user_id), "new", customer))

    async def saved(self, user_id: str) -> list[Saved]:
        """Searches under a name."""
        async with self._store.reading() as conn:
            return await queries.saved(conn, user_id)

    async def save(self, user_id: str, name: str, query: str, shared: bool) -> None:
        """Under a name; one's own of that name is replaced. Raises InvalidInput."""
        name = " ".join(name.split())
        if not name:
            raise InvalidInput("search-name", "Enter a name.", field="name")
        if len(name) > LONGEST_NAME:
            raise InvalidInput(
                "text-long", "At most {most} characters.", field="name", most=LONGEST_NAME
            )
        async with self._store.writing() as conn:
            one = Saved(new_id(), user_id, name, query, shared)
            await queries.save(conn, one, self._clock())

    async def forget(self, id: str, user_id: str) -> None:
        """Away with one's own."""
        async with self._store.writing() as conn:
            await queries.forget(conn, id, user_id)

    def _statement(self, wanted: Wanted) -> Statement:
        today = self._clock().astimezone(self._zone).date()
        return Statement(wanted, today, self._zone, self._country)

    async def _with_rows(self, found: Page[str]) -> Page[Customer]:
        known = await self._customers.several(found.rows)
        rows = tuple(known[id] for id in found.rows if id in known)
        return Page(rows, found.next, found.previous)
