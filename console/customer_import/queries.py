"""Statements about files that are read in."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customer_import.model import Counts, Import, Plan, Policy, Same, State
from console.customer_import.tables import customer_imports


async def keep(conn: AsyncConnection, one: Import) -> None:
    """As it is now."""
    body = {
        "sheets": one.sheets,
        "plan": asdict(one.plan),
        "total": one.total,
        "counts": asdict(one.counts),
        "zeros": one.zeros,
        "new_codes": one.new_codes,
    }
    values = {
        "state": one.state.value,
        "batch_id": one.batch_id,
        "body": json.dumps(body, ensure_ascii=False),
    }
    statement = upsert(customer_imports).values(
        id=one.id, by=one.by, at=one.at, name=one.name[:200], **values
    )
    await conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def get(conn: AsyncConnection, id: str) -> Import | None:
    """One."""
    rows = await conn.execute(select(customer_imports).where(customer_imports.c.id == id))
    row = rows.one_or_none()
    return _import(row) if row is not None else None


async def unfinished(conn: AsyncConnection) -> list[Import]:
    """Those that were at work when pbxd stopped."""
    busy = [State.CHECKING.value, State.RUNNING.value]
    rows = await conn.execute(select(customer_imports).where(customer_imports.c.state.in_(busy)))
    return [_import(row) for row in rows]


def _import(row: Row[Any]) -> Import:
    body = json.loads(row.body)
    plan = body["plan"]
    return Import(
        row.id,
        row.by,
        row.at,
        row.name,
        tuple(tuple(one) for one in body["sheets"]),
        Plan(
            plan["sheet"],
            plan["header"],
            tuple(plan["columns"]),
            Policy(plan["policy"]),
            Same(plan["same"]),
            plan["zero"],
            plan["make_codes"],
            plan.get("coding", ""),
            plan.get("separator", ""),
        ),
        State(row.state),
        body["total"],
        Counts(**body["counts"]),
        row.batch_id,
        body["zeros"],
        tuple(body["new_codes"]),
    )
