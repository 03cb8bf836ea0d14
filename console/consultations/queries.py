"""Statements about consultations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.consultations.model import Consultation, Part, Type
from console.consultations.tables import consultation_parts as parts_table
from console.consultations.tables import consultation_types as types_table
from console.consultations.tables import consultations as table
from console.customers.tables import customers
from pbxd.store import sorting
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by
from pbxd.store.types import UtcMs

NEWEST = By(type_coerce(table.c.at, UtcMs().impl), falls=True, indexed=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which consultations."""

    since: datetime | None = None
    until: datetime | None = None
    types: tuple[str, ...] = ()  # all of these
    by: str = ""  # user
    text: str = ""
    address: str = ""  # apartment name (S4-39): a part of the customer's address
    customer_id: str = ""
    open: bool = False
    recall: bool = False  # with a recall that is not done
    promised: bool = False  # with a recall, done or not
    people: tuple[str, ...] | None = None  # of these users; None: of everybody


async def types(conn: AsyncConnection) -> tuple[Type, ...]:
    """All, by list and order."""
    columns = types_table.c
    rows = await conn.execute(
        select(types_table).order_by(columns.level, columns.position, columns.name)
    )
    return tuple(Type(row.id, row.level, row.name, row.position, row.colour) for row in rows)


async def used_types(conn: AsyncConnection) -> frozenset[str]:
    """Those that stand in some consultation, deleted ones too."""
    found: set[str] = set()
    for column in (table.c.type1, table.c.type2, table.c.type3):
        found |= set((await conn.execute(select(column).distinct())).scalars())
    return frozenset(found - {""})


async def type_used(conn: AsyncConnection, id: str) -> bool:
    """Does it stand in some consultation?"""
    either = or_(table.c.type1 == id, table.c.type2 == id, table.c.type3 == id)
    return (await conn.execute(select(table.c.id).where(either).limit(1))).first() is not None


async def keep_type(conn: AsyncConnection, type: Type) -> None:
    """A new one, or what it is now."""
    await conn.execute(delete(types_table).where(types_table.c.id == type.id))
    await conn.execute(
        insert(types_table).values(
            id=type.id, level=type.level, name=type.name, position=type.position, colour=type.colour
        )
    )


async def remove_type(conn: AsyncConnection, id: str) -> None:
    """It is gone."""
    await conn.execute(delete(types_table).where(types_table.c.id == id))


async def add(conn: AsyncConnection, made: Consultation) -> None:
    """A new case with its first part."""
    await add_many(conn, [made])


async def add_many(conn: AsyncConnection, made: Sequence[Consultation]) -> None:
    """New cases with their parts."""
    if made:
        await conn.execute(insert(table), [_case_values(one) for one in made])
    if parts := [_part_values(part) for one in made for part in one.parts]:
        await conn.execute(insert(parts_table), parts)


async def add_part(conn: AsyncConnection, part: Part) -> None:
    """Written in a case."""
    await conn.execute(insert(parts_table).values(_part_values(part)))


def _case_values(made: Consultation) -> dict[str, object]:
    first, second, third = made.types
    return {
        "id": made.id,
        "customer_id": made.customer_id,
        "call_id": made.call_id,
        "type1": first,
        "type2": second,
        "type3": third,
        "remarks": made.remarks,
        "by": made.by,
        "at": made.at,
        "completed_at": made.completed_at,
        "completed_by": made.completed_by,
        "recall_at": made.recall_at,
        "recall_done_by": "",
        "version": made.version,
    }


def _part_values(part: Part) -> dict[str, object]:
    return {
        "id": part.id,
        "consultation_id": part.consultation_id,
        "text": part.text,
        "by": part.by,
        "at": part.at,
        "version": part.version,
    }


async def part(conn: AsyncConnection, id: str) -> Part | None:
    """One."""
    row = (await conn.execute(select(parts_table).where(parts_table.c.id == id))).first()
    return None if row is None else _part(row)


async def change_part(
    conn: AsyncConnection, id: str, version: int, text: str, at: datetime
) -> bool:
    """False: somebody else has changed it meanwhile."""
    columns = parts_table.c
    done = await conn.execute(
        update(parts_table)
        .where(columns.id == id, columns.version == version)
        .values(text=text, edited_at=at, version=version + 1)
    )
    return done.rowcount == 1


async def one(conn: AsyncConnection, id: str) -> Consultation | None:
    """One with its parts."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else (await _with_parts(conn, [_consultation(row)]))[0]


async def change(conn: AsyncConnection, id: str, **values: object) -> None:
    """Some columns."""
    await conn.execute(
        update(table).where(table.c.id == id).values(**values, version=table.c.version + 1)
    )


async def listed(
    conn: AsyncConnection, wanted: Filter, cursor: str = "", size: int = 50, by: By = NEWEST
) -> Page[Consultation]:
    """One page, newest first or in another order."""
    statement = select(table).where(*_conditions(wanted))
    found: Page[Consultation] = await page_by(
        conn, statement, table.c.id, by, cursor, _consultation, size
    )
    return replace(found, rows=await _with_parts(conn, found.rows))


async def few(conn: AsyncConnection, wanted: Filter) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, select(table.c.id).where(*_conditions(wanted)))


async def count(conn: AsyncConnection, wanted: Filter) -> int:
    """How many."""
    found = await conn.execute(select(func.count()).where(*_conditions(wanted)))
    return int(found.scalar_one())


async def by_type(conn: AsyncConnection, wanted: Filter) -> list[tuple[str, int, int]]:
    """(first type's id or "", how many, how many of them unfinished), the most first."""
    many, left = func.count(), func.count().filter(table.c.completed_at.is_(None))
    rows = await conn.execute(
        select(table.c.type1, many, left)
        .where(*_conditions(wanted))
        .group_by(table.c.type1)
        .order_by(many.desc(), table.c.type1)
    )
    return [(id, count, unfinished) for id, count, unfinished in rows]


async def due_recalls(conn: AsyncConnection, now: datetime) -> tuple[Consultation, ...]:
    """Their time has come and nobody was reminded yet."""
    rows = await conn.execute(
        select(table).where(
            table.c.recall_done_at.is_(None),
            table.c.recall_at <= now,
            table.c.recall_reminded_at.is_(None),
            table.c.deleted_at.is_(None),
        )
    )
    return tuple(await _with_parts(conn, [_consultation(row) for row in rows]))


async def reminded(conn: AsyncConnection, id: str, at: datetime) -> None:
    """Its agent was told."""
    await conn.execute(update(table).where(table.c.id == id).values(recall_reminded_at=at))


async def of_call(conn: AsyncConnection, call_id: str) -> bool:
    """Is there a consultation of this call?"""
    found = await conn.execute(
        select(table.c.id).where(table.c.call_id == call_id, table.c.deleted_at.is_(None)).limit(1)
    )
    return found.first() is not None


async def unfinished(conn: AsyncConnection) -> int:
    """How many."""
    found = await conn.execute(
        select(func.count()).where(table.c.completed_at.is_(None), table.c.deleted_at.is_(None))
    )
    return int(found.scalar_one())


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    if wanted.since is not None:
        conditions.append(table.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(table.c.at < wanted.until)
    for id in wanted.types:
        conditions.append(or_(table.c.type1 == id, table.c.type2 == id, table.c.type3 == id))
    if wanted.people is not None:
        conditions.append(table.c.by.in_(wanted.people))
    if wanted.by:
        conditions.append(table.c.by == wanted.by)
    if wanted.customer_id:
        conditions.append(table.c.customer_id == wanted.customer_id)
    if wanted.open:
        conditions.append(table.c.completed_at.is_(None))
    if wanted.recall:
        conditions += [table.c.recall_at.is_not(None), table.c.recall_done_at.is_(None)]
    if wanted.promised:
        conditions.append(table.c.recall_at.is_not(None))
    if wanted.text:
        with_text = select(parts_table.c.consultation_id).where(
            parts_table.c.text.icontains(wanted.text, autoescape=True)
        )
        conditions.append(
            or_(table.c.id.in_(with_text), table.c.remarks.icontains(wanted.text, autoescape=True))
        )
    if wanted.address:
        parts = (customers.c.address, customers.c.address2)
        there = select(customers.c.id).where(
            or_(*(one.icontains(wanted.address, autoescape=True) for one in parts))
        )
        conditions.append(table.c.customer_id.in_(there))
    return conditions


async def _with_parts(
    conn: AsyncConnection, found: Sequence[Consultation]
) -> tuple[Consultation, ...]:
    parts = await _parts(conn, [one.id for one in found])
    return tuple(replace(one, parts=tuple(parts.get(one.id, ()))) for one in found)


async def _parts(conn: AsyncConnection, ids: Iterable[str]) -> dict[str, list[Part]]:
    columns = parts_table.c
    rows = await conn.execute(
        select(parts_table)
        .where(columns.consultation_id.in_(list(ids)))
        .order_by(columns.at, columns.id)
    )
    found: dict[str, list[Part]] = {}
    for row in rows:
        found.setdefault(row.consultation_id, []).append(_part(row))
    return found


def _part(row: Row[Any]) -> Part:
    return Part(row.id, row.consultation_id, row.text, row.by, row.at, row.edited_at, row.version)


def _consultation(row: Row[Any]) -> Consultation:
    return Consultation(
        row.id,
        row.customer_id,
        row.call_id,
        (row.type1, row.type2, row.type3),
        row.remarks,
        row.by,
        row.at,
        row.completed_at,
        row.completed_by,
        row.recall_at,
        row.recall_done_at,
        row.deleted_at,
        row.version,
    )
