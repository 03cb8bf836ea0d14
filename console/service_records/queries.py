"""Statements about service records and their phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.service_records.model import Entry, Phrase, Record, Status, Total
from console.service_records.tables import service_phrases as phrases_table
from console.service_records.tables import service_records as table
from pbxd.store import sorting
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by

NEWEST = By(table.c.day, falls=True, indexed=True)
RECENT = 500  # records whose amounts are offered again


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records."""

    first: date | None = None
    last: date | None = None
    user_id: str = ""  # who served
    status: Status | None = None  # None: all (S3-37)
    text: str = ""
    customer_id: str = ""


async def listed(
    conn: AsyncConnection, wanted: Filter, cursor: str = "", size: int = 50, by: By = NEWEST
) -> Page[Record]:
    """One page, from new to old or in another order."""
    statement = select(table).where(*_conditions(wanted))
    return await page_by(conn, statement, table.c.id, by, cursor, _record, size)


async def few(conn: AsyncConnection, wanted: Filter) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, select(table.c.id).where(*_conditions(wanted)))


async def total(conn: AsyncConnection, wanted: Filter) -> Total:
    """Of all that fit, not only of a page."""
    columns = (
        func.count(),
        func.coalesce(func.sum(table.c.amount), 0),
        func.min(table.c.day),
        func.max(table.c.day),
    )
    count, amount, first, last = (
        await conn.execute(select(*columns).where(*_conditions(wanted)))
    ).one()
    if not count:
        return Total()
    return Total(count, amount, date.fromisoformat(first), date.fromisoformat(last))


async def one(conn: AsyncConnection, id: str) -> Record | None:
    """One, deleted or not."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else _record(row)


async def add(conn: AsyncConnection, records: Sequence[Record]) -> None:
    """New ones."""
    rows = [
        {
            "id": made.id,
            "customer_id": made.customer_id,
            "by": made.by,
            "at": made.at,
            "version": made.version,
            **_values(made.entry),
        }
        for made in records
    ]
    if rows:
        await conn.execute(insert(table), rows)


async def change(conn: AsyncConnection, id: str, version: int, entry: Entry) -> bool:
    """False: somebody else has changed or deleted it meanwhile."""
    done = await conn.execute(
        update(table)
        .where(table.c.id == id, table.c.version == version, table.c.deleted_at.is_(None))
        .values(version=version + 1, **_values(entry))
    )
    return done.rowcount == 1


async def set_deleted(conn: AsyncConnection, id: str, at: datetime | None) -> None:
    """Away with it, or (None) back."""
    await conn.execute(
        update(table).where(table.c.id == id).values(deleted_at=at, version=table.c.version + 1)
    )


async def usual_amounts(conn: AsyncConnection, most: int = 8) -> list[int]:
    """Amounts that were written most often lately."""
    lately = (
        select(table.c.amount)
        .where(table.c.deleted_at.is_(None))
        .order_by(table.c.day.desc(), table.c.id.desc())
        .limit(RECENT)
        .subquery()
    )
    rows = await conn.execute(
        select(lately.c.amount)
        .where(lately.c.amount > 0)
        .group_by(lately.c.amount)
        .order_by(func.count().desc(), lately.c.amount)
        .limit(most)
    )
    return list(rows.scalars())


def customers_served(
    first: date | None,
    last: date | None,
    summary: str,
    amount: tuple[int | None, int | None] = (None, None),
) -> Select[tuple[str]]:
    """Ids of customers with a record of that time whose summary has these words.

    `amount`: least and most of the sum of these records (S3-62).
    """
    found = select(table.c.customer_id).where(
        *_conditions(Filter(first, last)), *_words(table.c.summary, summary)
    )
    least, most = amount
    if least is None and most is None:
        return found.distinct()
    total = func.sum(table.c.amount)
    fits = [total >= least] if least is not None else []
    fits += [total <= most] if most is not None else []
    return found.group_by(table.c.customer_id).having(*fits)


async def phrases(conn: AsyncConnection, *, removed: bool = False) -> tuple[Phrase, ...]:
    """In the order of their numbers."""
    columns = phrases_table.c
    which = columns.removed_at.is_not(None) if removed else columns.removed_at.is_(None)
    rows = await conn.execute(select(phrases_table).where(which).order_by(columns.number))
    return tuple(_phrase(row) for row in rows)


async def phrase(conn: AsyncConnection, id: str) -> Phrase | None:
    """One, removed or not."""
    row = (await conn.execute(select(phrases_table).where(phrases_table.c.id == id))).first()
    return None if row is None else _phrase(row)


async def phrase_of(conn: AsyncConnection, text: str) -> Phrase | None:
    """The one that says this, removed or not."""
    row = (await conn.execute(select(phrases_table).where(phrases_table.c.text == text))).first()
    return None if row is None else _phrase(row)


async def next_number(conn: AsyncConnection) -> int:
    """After the last one; a removed one keeps its number, for it may come back."""
    last = (await conn.execute(select(func.max(phrases_table.c.number)))).scalar_one()
    return int(last or 0) + 1


async def add_phrase(conn: AsyncConnection, made: Phrase) -> None:
    """A new one."""
    await conn.execute(insert(phrases_table).values(id=made.id, number=made.number, text=made.text))


async def change_phrase(conn: AsyncConnection, id: str, before: str, text: str) -> bool:
    """False: it does not say `before` any more."""
    done = await conn.execute(
        update(phrases_table)
        .where(phrases_table.c.id == id, phrases_table.c.text == before)
        .values(text=text)
    )
    return done.rowcount == 1


async def set_removed(conn: AsyncConnection, id: str, at: datetime | None) -> None:
    """Out of the list, or (None) back into it."""
    await conn.execute(update(phrases_table).where(phrases_table.c.id == id).values(removed_at=at))


async def forget_phrase(conn: AsyncConnection, id: str) -> None:
    """It is gone, and its number is free; what was written with it stays."""
    await conn.execute(delete(phrases_table).where(phrases_table.c.id == id))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    if wanted.customer_id:
        conditions.append(table.c.customer_id == wanted.customer_id)
    if wanted.first is not None:
        conditions.append(table.c.day >= wanted.first.isoformat())
    if wanted.last is not None:
        conditions.append(table.c.day <= wanted.last.isoformat())
    if wanted.user_id:
        conditions.append(table.c.served_by == wanted.user_id)
    if wanted.status is not None:
        conditions.append(table.c.status == wanted.status.value)
    for word in wanted.text.split():
        columns = (table.c.summary, table.c.note, table.c.served_name)
        conditions.append(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    return conditions


def _words(column: ColumnElement[str], text: str) -> list[ColumnElement[bool]]:
    return [column.icontains(word, autoescape=True) for word in text.split()]


def _values(entry: Entry) -> dict[str, object]:
    return {
        "day": entry.day.isoformat(),
        "status": entry.status.value,
        "summary": entry.summary,
        "served_by": entry.user_id,
        "served_name": entry.name,
        "amount": entry.amount,
        "note": entry.note,
    }


def _record(row: Row[Any]) -> Record:
    entry = Entry(
        date.fromisoformat(row.day),
        Status(row.status),
        row.summary,
        row.served_by,
        row.served_name,
        row.amount,
        row.note,
    )
    return Record(row.id, row.customer_id, entry, row.by, row.at, row.version, row.deleted_at)


def _phrase(row: Row[Any]) -> Phrase:
    return Phrase(row.id, row.number, row.text, row.removed_at)
