"""Statements about trades: what the office has, what was added, what is in use."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit.tables import audit
from console.codes import queries as codes
from console.consultations import queries as consultations
from console.customers.tables import customer_groups, customer_values, customers
from console.fields import queries as fields
from console.lists.tables import saved_searches
from console.service_records import queries as services
from console.trades.model import Act, Done, Office, What
from console.trades.tables import trade_acts as table

KEPT = timedelta(days=90)  # so long an act can be taken back


async def office(conn: AsyncConnection) -> Office:
    """As it is now."""
    rows = await conn.execute(select(table).where(table.c.undone_at.is_(None)))
    return Office(
        codes=await codes.every(conn),
        choices=await fields.choices(conn),
        types=await consultations.types(conn),
        phrases=(*await services.phrases(conn), *await services.phrases(conn, removed=True)),
        marks=frozenset(one.mark for row in rows for one in _act(row).done),
    )


async def add(conn: AsyncConnection, act: Act) -> None:
    """A trade was chosen."""
    await conn.execute(
        insert(table).values(
            id=act.id,
            trade=act.trade,
            language=act.language,
            by=act.by,
            at=act.at,
            done=json.dumps([asdict(one) for one in act.done], ensure_ascii=False),
            undone_at=None,
            undone_by="",
        )
    )


async def acts(conn: AsyncConnection, id: str = "") -> list[Act]:
    """All from new to old, or one."""
    statement = select(table).order_by(table.c.at.desc(), table.c.id.desc())
    if id:
        statement = statement.where(table.c.id == id)
    return [_act(row) for row in await conn.execute(statement)]


async def undone(conn: AsyncConnection, id: str, by: str, at: datetime) -> bool:
    """False: it was taken back before."""
    done = await conn.execute(
        update(table)
        .where(table.c.id == id, table.c.undone_at.is_(None))
        .values(undone_at=at, undone_by=by)
    )
    return done.rowcount == 1


async def in_use(conn: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Codes and own fields that customers have, deleted ones too."""
    found: set[str] = set()
    for column in (
        customers.c.grade,
        customers.c.category,
        customers.c.method,
        customer_groups.c.code_id,
        customer_values.c.field,
    ):
        rows = await conn.execute(select(column).where(column.in_(ids)).distinct())
        found |= set(rows.scalars())
    return found


async def mentioned(conn: AsyncConnection, ids: Collection[str], since_id: str) -> set[str]:
    """Those that searches are saved with, and that the history knows since an act."""
    found: set[str] = set()
    for id in ids:
        search = select(saved_searches.c.id).where(saved_searches.c.query.contains(id))
        noted = select(audit.c.id).where(
            audit.c.id > since_id, or_(audit.c.before.contains(id), audit.c.after.contains(id))
        )
        for statement in (search, noted):
            if (await conn.execute(statement.limit(1))).first() is not None:
                found.add(id)
    return found


def _act(row: Row[Any]) -> Act:
    done = tuple(Done(**one | {"what": What(one["what"])}) for one in json.loads(row.done))
    return Act(row.id, row.trade, row.language, row.by, row.at, done, row.undone_at)
