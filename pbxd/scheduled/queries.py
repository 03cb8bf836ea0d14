"""Statements about scheduled calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, insert, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.scheduled.model import ScheduledCall, State
from pbxd.scheduled.tables import scheduled_calls as table
from pbxd.store import sorting
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by

_OPEN = (State.PENDING.value, State.RINGING.value)
DUE = By(type_coerce(table.c.due_at, BigInteger), indexed=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """Those of the past, or those to come; `agent_id` None: everybody's."""

    done: bool
    agent_id: str | None = None


async def add(conn: AsyncConnection, call: ScheduledCall, at: datetime) -> None:
    """A new one."""
    await conn.execute(insert(table).values(id=call.id, created_at=at, **_values(call)))


async def keep(conn: AsyncConnection, call: ScheduledCall, version: int) -> bool:
    """Save a change of `version`; False: somebody else was quicker."""
    done = await conn.execute(
        update(table)
        .where(table.c.id == call.id, table.c.version == version)
        .values(**_values(call) | {"version": version + 1})
    )
    return bool(done.rowcount)


async def one(conn: AsyncConnection, id: str) -> ScheduledCall | None:
    """One of them."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else _call(row)


async def waiting(conn: AsyncConnection) -> tuple[ScheduledCall, ...]:
    """All that are still to be done, the next first."""
    rows = await conn.execute(
        select(table).where(table.c.state.in_(_OPEN)).order_by(table.c.next_at, table.c.id)
    )
    return tuple(_call(row) for row in rows)


async def page_of(
    conn: AsyncConnection, wanted: Filter, by: By, cursor: str = "", size: int = 50
) -> Page[ScheduledCall]:
    """One page in this order."""
    statement = select(table).where(*_conditions(wanted))
    return await page_by(conn, statement, table.c.id, by, cursor, _call, size)


async def few(conn: AsyncConnection, wanted: Filter) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, select(table.c.id).where(*_conditions(wanted)))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    states = table.c.state.in_(_OPEN)
    conditions: list[ColumnElement[bool]] = [~states if wanted.done else states]
    if wanted.agent_id is not None:
        conditions.append(table.c.agent_id == wanted.agent_id)
    return conditions


def _values(call: ScheduledCall) -> dict[str, Any]:
    return {
        "agent_id": call.agent_id,
        "number": call.number,
        "due_at": call.due_at,
        "next_at": call.next_at,
        "state": call.state.value,
        "attempts": call.attempts,
        "note": call.note,
        "customer_id": call.customer_id,
        "call_id": call.call_id,
        "reason": call.reason,
        "version": call.version,
        "reminded": call.reminded,
    }


def _call(row: Row[Any]) -> ScheduledCall:
    return ScheduledCall(
        id=row.id,
        agent_id=row.agent_id,
        number=row.number,
        due_at=row.due_at,
        next_at=row.next_at,
        state=State(row.state),
        attempts=row.attempts,
        note=row.note,
        customer_id=row.customer_id,
        call_id=row.call_id,
        reason=row.reason,
        version=row.version,
        reminded=row.reminded,
    )
