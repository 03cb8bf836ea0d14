"""What belongs to a customer in other capabilities' tables: given to another, and back.

Every table with a column `customer_id` and an `id` counts, so that a new capability's rows go along
by themselves; what is part of the customer's own record (its numbers, groups …) does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customers
from pbxd.store.metadata import metadata


def belongings() -> list[Table]:
    """Tables whose rows belong to one customer."""
    return [
        table
        for name, table in sorted(metadata.tables.items())
        if "customer_id" in table.c and "id" in table.c and table is not customers
    ]


async def take(conn: AsyncConnection, giver: str, taker: str) -> dict[str, list[str]]:
    """Give all of `giver`'s rows to `taker`; table → ids."""
    moved: dict[str, list[str]] = {}
    for table in belongings():
        mine = table.c.customer_id == giver
        ids = [row.id for row in await conn.execute(select(table.c.id).where(mine))]
        if ids:
            await conn.execute(update(table).where(mine).values(customer_id=taker))
            moved[table.name] = ids
    return moved


async def give_back(conn: AsyncConnection, owner: str, moved: Mapping[str, list[str]]) -> None:
    """These rows are `owner`'s again."""
    for name, ids in moved.items():
        table = metadata.tables[name]
        for start in range(0, len(ids), 500):
            some = table.c.id.in_(ids[start : start + 500])
            await conn.execute(update(table).where(some).values(customer_id=owner))
