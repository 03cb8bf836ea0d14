"""Statements of the advanced search, of saved searches and kept results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, delete, func, insert, select, type_coerce, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customer_search.statement import Ids
from console.customer_search.tables import kept_customers, saved_searches
from console.customers.model import Customer
from console.customers.tables import customers
from pbxd.store.paging import Keys, Page, encode, page

COUNTED = 10_000  # more hits than these are said to be "more than"
_SORTS: dict[str, Keys] = {
    "new": Keys((customers.c.id,)),
    "name": Keys((customers.c.name, customers.c.id), descending=False),
    "number": Keys((customers.c.number, customers.c.id), descending=False),
    "company": Keys((customers.c.company, customers.c.id), descending=False),
    "contact": Keys(
        (type_coerce(func.coalesce(customers.c.last_contact_at, 0), BigInteger), customers.c.id)
    ),
}


@dataclass(frozen=True, slots=True)
class Saved:
    """A search under a name."""

    id: str
    user_id: str
    name: str
    query: str
    shared: bool


async def found(conn: AsyncConnection, ids: Ids, sort: str, cursor: str, size: int) -> Page[str]:
    """One page of ids."""
    keys = _SORTS[sort]
    statement = ids.add_columns(*(column.label(f"k{n}") for n, column in enumerate(keys.columns)))

    def key_of(row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row[place] for place in range(1, len(keys.columns) + 1))

    return await page(conn, statement, keys, cursor, lambda row: str(row[0]), key_of, size)


async def around(
    conn: AsyncConnection, ids: Ids, sort: str, customer: Customer
) -> tuple[str, str, str, str]:
    """First, previous, next and last id of a list, seen from a customer ("" it is at that end)."""
    key = _key(sort, customer)
    end = ["\U0010ffff"] if sort != "new" else [""]
    lengths = len(_SORTS[sort].columns)
    asked = (
        "",
        encode(key, backwards=True),
        encode(key),
        encode((end * lengths)[:lengths] if sort != "contact" else [-1, ""], backwards=True),
    )
    rows = [(await found(conn, ids, sort, cursor, 1)).rows for cursor in asked]
    first, previous, following, last = (one[0] if one else "" for one in rows)
    return (first if previous else "", previous, following, last if following else "")


def _key(sort: str, customer: Customer) -> list[str | int]:
    match sort:
        case "new":
            return [customer.id]
        case "contact":
            at = customer.last_contact_at
            return [int(at.timestamp() * 1000) if at else 0, customer.id]
    return [getattr(customer.details, sort), customer.id]


async def count(conn: AsyncConnection, ids: Ids) -> int:
    """How many; COUNTED + 1: more than COUNTED."""
    some = ids.limit(COUNTED + 1).subquery()
    return int((await conn.execute(select(func.count()).select_from(some))).scalar_one())


async def some_ids(conn: AsyncConnection, ids: Ids, most: int) -> list[str]:
    """At most so many ids."""
    rows = await conn.execute(ids.limit(most))
    return [str(row[0]) for row in rows]


async def keep(conn: AsyncConnection, user_id: str, ids: Sequence[str]) -> None:
    """Add to what somebody keeps."""
    rows = [{"user_id": user_id, "customer_id": id} for id in ids]
    if rows:
        await conn.execute(upsert(kept_customers).on_conflict_do_nothing(), rows)


async def let_go(conn: AsyncConnection, user_id: str, ids: Sequence[str] | None = None) -> None:
    """Keep these no more; without `ids` nothing."""
    statement = delete(kept_customers).where(kept_customers.c.user_id == user_id)
    if ids is not None:
        statement = statement.where(kept_customers.c.customer_id.in_(ids))
    await conn.execute(statement)


def kept(user_id: str) -> Ids:
    """Ids of the living customers somebody keeps."""
    return (
        select(customers.c.id)
        .join(kept_customers, kept_customers.c.customer_id == customers.c.id)
        .where(kept_customers.c.user_id == user_id, customers.c.deleted_at.is_(None))
    )


async def saved(conn: AsyncConnection, user_id: str) -> list[Saved]:
    """One's own and the shared ones."""
    rows = await conn.execute(
        select(saved_searches)
        .where((saved_searches.c.user_id == user_id) | saved_searches.c.shared)
        .order_by(saved_searches.c.name)
    )
    return [Saved(row.id, row.user_id, row.name, row.query, row.shared) for row in rows]


async def save(conn: AsyncConnection, search: Saved, at: datetime) -> None:
    """A new one, or in place of one's own of that name."""
    done = await conn.execute(
        update(saved_searches)
        .where(saved_searches.c.user_id == search.user_id, saved_searches.c.name == search.name)
        .values(query=search.query, shared=search.shared, at=at)
    )
    if done.rowcount == 0:
        await conn.execute(
            insert(saved_searches).values(
                id=search.id,
                user_id=search.user_id,
                name=search.name,
                query=search.query,
                shared=search.shared,
                at=at,
            )
        )


async def forget(conn: AsyncConnection, id: str, user_id: str) -> None:
    """Away with one's own."""
    await conn.execute(
        delete(saved_searches).where(saved_searches.c.id == id, saved_searches.c.user_id == user_id)
    )
