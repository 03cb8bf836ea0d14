"""Customers as conditions in the statements of others, and by how something of theirs begins."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customer_phones, customers
from pbxd.calls.statement import Match, fits

SOME = 20
ENDING = 4  # digits by which telephone numbers are found from behind
_phones = customer_phones.c
_last: ColumnElement[str] = func.substr(
    _phones.number, literal_column(f"-{ENDING}")
)  # as its index has it


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
    asked: list[Select[tuple[str]]] = []
    if text:
        asked += [
            select(customers.c.id).where(_begins(column, start), customers.c.deleted_at.is_(None))
            for column, start in (
                (customers.c.number, text.upper()),
                (customers.c.name, text),
                (customers.c.company, text),
            )
        ]
    if len(number) >= ENDING:
        asked.append(select(_phones.customer_id).where(_begins(_phones.number, number)))
    if not asked:
        return []
    some = (select(one.limit(SOME).subquery().c[0].label("id")) for one in asked)
    return [row.id for row in await conn.execute(union_all(*some))]


async def ending(conn: AsyncConnection, digits: str, most: int) -> list[str]:
    """Ids of those, the newest first, one of whose telephone numbers ends so (S3-20)."""
    if len(digits) < ENDING:
        return []
    rows = await conn.execute(
        select(_phones.customer_id)
        .where(_last == digits[-ENDING:], _phones.number.endswith(digits, autoescape=True))
        .order_by(_phones.customer_id.desc())
        .limit(most)
    )
    return [row.customer_id for row in rows]


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return column.between(start, start + "\U0010ffff")
