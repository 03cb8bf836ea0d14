"""Statements about further numbers."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customers
from console.further_numbers.model import FurtherNumber
from console.further_numbers.tables import customer_further_numbers as table


async def add(conn: AsyncConnection, one: FurtherNumber, mark: str) -> None:
    """Keep it."""
    await conn.execute(
        insert(table).values(
            id=one.id,
            customer_id=one.customer_id,
            field=one.field,
            token=one.token,
            mark=mark,
            name=one.name,
            at=one.at,
        )
    )


async def of(conn: AsyncConnection, customer_id: str) -> list[FurtherNumber]:
    """A customer's, oldest first; not what is its own number by now."""
    rows = await conn.execute(
        select(table)
        .join(customers, customers.c.id == table.c.customer_id)
        .where(
            table.c.customer_id == customer_id,
            table.c.mark != customers.c.national_mark,
            table.c.mark != customers.c.business_mark,
        )
        .order_by(table.c.id)
    )
    return [
        FurtherNumber(row.id, row.customer_id, row.field, row.token, row.name, row.at)
        for row in rows
    ]


async def has(conn: AsyncConnection, customer_id: str, mark: str) -> bool:
    """Does the customer have this one already?"""
    wanted = table.c.customer_id == customer_id, table.c.mark == mark
    return (await conn.execute(select(table.c.id).where(*wanted))).first() is not None


async def remove(conn: AsyncConnection, id: str) -> None:
    """It is not kept any more."""
    await conn.execute(delete(table).where(table.c.id == id))


async def with_mark(conn: AsyncConnection, mark: str) -> str:
    """Who has the number of this mark beside its own ("" nobody)."""
    rows = await conn.execute(
        select(table.c.customer_id)
        .join(customers, customers.c.id == table.c.customer_id)
        .where(table.c.mark == mark, customers.c.deleted_at.is_(None))
        .limit(1)
    )
    return rows.scalar_one_or_none() or ""
