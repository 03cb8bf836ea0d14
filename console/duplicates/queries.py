"""Statements that find customers who may be entered twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customer_phones, customers

_LIVING = customers.c.deleted_at.is_(None)
KEYS = ("phone", "born", "name_address")


def _groups(key: str) -> Select[Any]:
    """What several customers have in common: one column."""
    if key == "phone":
        column = customer_phones.c.number
        return (
            select(column)
            .join(customers, and_(customers.c.id == customer_phones.c.customer_id, _LIVING))
            .group_by(column)
            .having(func.count(func.distinct(customers.c.id)) > 1)
            .order_by(column)
        )
    other = func.substr(customers.c.birthday, 1, 10) if key == "born" else customers.c.address
    common = customers.c.name.concat("\n").concat(other)
    return (
        select(common)
        .where(_LIVING, other != "")
        .group_by(customers.c.name, other)
        .having(func.count() > 1)
        .order_by(customers.c.name, other)
    )


async def groups(conn: AsyncConnection, key: str, skip: int, size: int) -> list[str]:
    """Some of what several customers have in common."""
    rows = await conn.execute(_groups(key).offset(skip).limit(size))
    return [str(row[0]) for row in rows]


async def members(conn: AsyncConnection, key: str, common: str) -> list[str]:
    """The ids of those who have it, oldest first."""
    statement = select(customers.c.id).where(_LIVING).order_by(customers.c.id).limit(20)
    if key == "phone":
        statement = statement.join(
            customer_phones, customer_phones.c.customer_id == customers.c.id
        ).where(customer_phones.c.number == common)
    else:
        name, _, other = common.partition("\n")
        column = customers.c.birthday if key == "born" else customers.c.address
        fits = column.startswith(other, autoescape=True) if key == "born" else column == other
        statement = statement.where(customers.c.name == name, fits)
    return [str(row[0]) for row in await conn.execute(statement)]
