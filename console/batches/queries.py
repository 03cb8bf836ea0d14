"""Statements about batches."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.batches.model import Batch, BatchKind, Item, What
from console.batches.tables import customer_batch_items, customer_batches
from pbxd.store.many import insert_many

SHOWN = 100
KEPT = timedelta(days=90)  # so long one can be taken back


async def begin(
    conn: AsyncConnection, id: str, kind: BatchKind, name: str, by: str, at: datetime
) -> None:
    """A new one."""
    await conn.execute(
        insert(customer_batches).values(
            id=id, kind=kind.value, name=name[:200], by=by, at=at, ended_at=None, undone_at=None,
            undone_by="",
        )
    )  # fmt: skip


async def add(conn: AsyncConnection, batch_id: str, items: Iterable[Item]) -> None:
    """More of its customers, in the transaction that changes them; what a customer was before the
    batch stays as it was said first."""
    rows = [
        {
            "batch_id": batch_id,
            "customer_id": item.customer_id,
            "what": item.what.value,
            "version": item.version,
            "before": item.before,
            "moved": json.dumps(item.moved) if item.moved else "",
        }
        for item in items
    ]
    await insert_many(conn, customer_batch_items, rows, updated=("version",))


async def end(conn: AsyncConnection, id: str, at: datetime) -> None:
    """All of it is done."""
    await conn.execute(
        update(customer_batches).where(customer_batches.c.id == id).values(ended_at=at)
    )


async def undone(conn: AsyncConnection, id: str, by: str, at: datetime) -> None:
    """It was taken back."""
    await conn.execute(
        update(customer_batches)
        .where(customer_batches.c.id == id)
        .values(undone_at=at, undone_by=by)
    )


async def that_made(conn: AsyncConnection, customer_id: str) -> str:
    """The batch by which a customer came, "" none."""
    found = await conn.execute(
        select(customer_batch_items.c.batch_id).where(
            customer_batch_items.c.customer_id == customer_id,
            customer_batch_items.c.what == What.CREATED.value,
        )
    )
    return found.scalar() or ""


async def some(conn: AsyncConnection, ids: Collection[str]) -> dict[str, Batch]:
    """By id, without their counts."""
    found = await conn.execute(select(customer_batches).where(customer_batches.c.id.in_(ids)))
    return {row.id: _batch(row, {}) for row in found}


async def listed(conn: AsyncConnection, since: datetime, id: str = "") -> list[Batch]:
    """The newest ones, or one."""
    statement = select(customer_batches).order_by(customer_batches.c.at.desc()).limit(SHOWN)
    if id:
        statement = statement.where(customer_batches.c.id == id)
    else:
        statement = statement.where(customer_batches.c.at >= since)
    rows = (await conn.execute(statement)).all()
    counted = await conn.execute(
        select(customer_batch_items.c.batch_id, customer_batch_items.c.what, func.count())
        .where(customer_batch_items.c.batch_id.in_([row.id for row in rows]))
        .group_by(customer_batch_items.c.batch_id, customer_batch_items.c.what)
    )
    counts: dict[str, dict[What, int]] = {}
    for batch_id, what, count in counted:
        counts.setdefault(batch_id, {})[What(what)] = count
    return [_batch(row, counts.get(row.id, {})) for row in rows]


def _batch(row: Row[Any], counts: Mapping[What, int]) -> Batch:
    return Batch(
        row.id, BatchKind(row.kind), row.name, row.by, row.at, row.ended_at, row.undone_at, counts
    )


async def items(conn: AsyncConnection, batch_id: str, after: str, size: int) -> list[Item]:
    """Some of its customers, by id."""
    rows = await conn.execute(
        select(customer_batch_items)
        .where(
            customer_batch_items.c.batch_id == batch_id,
            customer_batch_items.c.customer_id > after,
        )
        .order_by(customer_batch_items.c.customer_id)
        .limit(size)
    )
    return [
        Item(
            row.customer_id, What(row.what), row.version, row.before,
            json.loads(row.moved) if row.moved else {},
        )
        for row in rows
    ]  # fmt: skip
