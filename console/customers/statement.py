"""Customers as conditions in the statements of others, and by how something of theirs begins."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customer_phones, customers
from pbxd.calls.statement import Match, fits


def named(id: ColumnElement[str], text: str, match: Match) -> ColumnElement[bool]:
    """Does the (living) customer of that id have a name that fits?"""
    return exists().where(
        customers.c.id == id,
        customers.c.deleted_at.is_(None),
        fits(customers.c.name, text, match),
    )


def among(id: ColumnElement[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Is it the id of one of these?"""
    return id.in_(ids)


async def beginning(conn: AsyncConnection, text: str, number: str) -> list[str]:
    """Some ids whose customer number, name, company or telephone number begins so."""
    end = text + "\U0010ffff"
    asked = [
        (customers.c.number >= text.upper()) & (customers.c.number < end.upper()),
        (customers.c.name >= text) & (customers.c.name < end),
        (customers.c.company >= text) & (customers.c.company < end),
    ]
    found: list[str] = []
    for condition in asked if text else ():
        rows = await conn.execute(
            select(customers.c.id).where(condition, customers.c.deleted_at.is_(None)).limit(20)
        )
        found += [row.id for row in rows]
    if len(number) > 3:
        rows = await conn.execute(
            select(customer_phones.c.customer_id)
            .where(
                customer_phones.c.number >= number, customer_phones.c.number < number + "\U0010ffff"
            )
            .limit(20)
        )
        found += [row.customer_id for row in rows]
    return found
