"""What belongs to a customer in other capabilities' tables: given to another, and back.

Every table with a column `customer_id` and an `id` counts, so that a new capability's rows go along
by themselves; what is part of the customer's own record (its numbers, groups …) does not. A table
of which one row a customer stands out names it in its `info`: {"yields": (column, value, plain)}.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, Table, delete, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customers
from pbxd.store.metadata import metadata

_YIELDED = "yielded"  # "table.yielded" → ids, beside "table" → ids
_OF_CALLS = {"calls", "recordings", "abuse_incidents"}
MADE = "made"  # "table.made" → ids of rows that were not there before: they go again


def belongings() -> list[Table]:
    """Tables whose rows belong to one customer."""
    return [
        table
        for name, table in sorted(metadata.tables.items())
        if "customer_id" in table.c and "id" in table.c and table is not customers
    ]


def parts_of(customer_id: str) -> Select[Any]:
    """The ids of all that belongs to one customer."""
    parts = (select(t.c.id).where(t.c.customer_id == customer_id) for t in belongings())
    return select(union_all(*parts).subquery().c.id)


async def worked_with(conn: AsyncConnection, customer_id: str) -> bool:
    """Has somebody written or kept anything of this customer's? Calls come by themselves."""
    tables = [table for table in belongings() if table.name not in _OF_CALLS]
    parts = []
    for table in tables:
        mine = [table.c.customer_id == customer_id]
        if "deleted_at" in table.c:
            mine.append(table.c.deleted_at.is_(None))
        parts.append(select(table.c.id).where(*mine))
    return (await conn.execute(union_all(*parts).limit(1))).first() is not None


async def owners(conn: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """Whose these are: id → customer's id, of those that belong to a customer."""
    parts = (select(t.c.id, t.c.customer_id).where(t.c.id.in_(ids)) for t in belongings())
    return {row.id: row.customer_id for row in await conn.execute(union_all(*parts))}


async def take(conn: AsyncConnection, giver: str, taker: str) -> dict[str, list[str]]:
    """Give all of `giver`'s rows to `taker`; table → ids."""
    moved: dict[str, list[str]] = {}
    for table in belongings():
        mine = table.c.customer_id == giver
        ids = [row.id for row in await conn.execute(select(table.c.id).where(mine))]
        if ids:
            yielding = await _yield(conn, table, giver, taker)
            if yielding:
                moved[f"{table.name}.{_YIELDED}"] = yielding
            await conn.execute(update(table).where(mine).values(customer_id=taker))
            moved[table.name] = ids
    return moved


async def give_back(conn: AsyncConnection, owner: str, moved: Mapping[str, list[str]]) -> None:
    """These rows are `owner`'s again."""
    for word, ids in moved.items():
        name, _, how = word.partition(".")
        if how == MADE:
            made = metadata.tables[name]
            await conn.execute(delete(made).where(made.c.id.in_(ids)))
        if how:
            continue
        table = metadata.tables[name]
        for start in range(0, len(ids), 500):
            some = table.c.id.in_(ids[start : start + 500])
            await conn.execute(update(table).where(some).values(customer_id=owner))
        await _stand_out(conn, table, owner, moved.get(f"{name}.{_YIELDED}", ()))


async def _yield(conn: AsyncConnection, table: Table, giver: str, taker: str) -> list[str]:
    """Of what one customer has only once the taker's own stays: the giver's becomes plain."""
    if "yields" not in table.info or not await _single(conn, table, taker):
        return []
    column, _, plain = table.info["yields"]
    ids = await _single(conn, table, giver)
    await conn.execute(update(table).where(table.c.id.in_(ids)).values({column: plain}))
    return ids


async def _stand_out(conn: AsyncConnection, table: Table, owner: str, ids: Iterable[str]) -> None:
    """What has yielded is what it was, unless something else stands out by now."""
    for id in ids:
        if not await _single(conn, table, owner):
            column, single, _ = table.info["yields"]
            there = table.c.id == id, table.c.deleted_at.is_(None)
            await conn.execute(update(table).where(*there).values({column: single}))


async def _single(conn: AsyncConnection, table: Table, customer_id: str) -> list[str]:
    column, single, _ = table.info["yields"]
    rows = await conn.execute(
        select(table.c.id).where(
            table.c.customer_id == customer_id,
            table.c[column] == single,
            table.c.deleted_at.is_(None),
        )
    )
    return list(rows.scalars())
