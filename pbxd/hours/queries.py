"""Statements about opening hours."""

from __future__ import annotations

import json
from typing import Any, cast

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.hours.model import DayPlan, Mode, Schedule, SpecialDay, Week
from pbxd.hours.tables import opening_days, opening_hours


async def schedules(conn: AsyncConnection) -> tuple[Schedule, ...]:
    """All; the default one first."""
    rows = await conn.execute(select(opening_hours).order_by(opening_hours.c.id))
    return tuple(_schedule(row) for row in rows)


async def add(conn: AsyncConnection, schedule: Schedule) -> None:
    """A new one."""
    await conn.execute(insert(opening_hours).values(id=schedule.id, **_values(schedule)))


async def keep(conn: AsyncConnection, schedule: Schedule, version: int) -> bool:
    """Save a change of `version`; False: somebody else was quicker."""
    table = opening_hours
    done = await conn.execute(
        update(table)
        .where(table.c.id == schedule.id, table.c.version == version)
        .values(**_values(schedule) | {"version": version + 1})
    )
    return bool(done.rowcount)


async def remove(conn: AsyncConnection, schedule_id: str) -> None:
    """A schedule with its own special days."""
    await conn.execute(delete(opening_days).where(opening_days.c.schedule_id == schedule_id))
    await conn.execute(delete(opening_hours).where(opening_hours.c.id == schedule_id))


async def days(conn: AsyncConnection) -> tuple[SpecialDay, ...]:
    """All special days, the next first."""
    rows = await conn.execute(select(opening_days).order_by(opening_days.c.day, opening_days.c.id))
    return tuple(
        SpecialDay(
            row.id, row.schedule_id, row.day, row.name, Mode(row.mode), _plan(json.loads(row.plan))
        )
        for row in rows
    )


async def add_day(conn: AsyncConnection, day: SpecialDay) -> None:
    """Instead of what was there for the same day and schedule."""
    table = opening_days
    await conn.execute(
        delete(table).where(table.c.day == day.day, table.c.schedule_id == day.schedule_id)
    )
    await conn.execute(
        insert(table).values(
            id=day.id,
            schedule_id=day.schedule_id,
            day=day.day,
            name=day.name,
            mode=day.mode.value,
            plan=json.dumps(_list(day.plan)),
        )
    )


async def remove_day(conn: AsyncConnection, day_id: str) -> None:
    """As every week again."""
    await conn.execute(delete(opening_days).where(opening_days.c.id == day_id))


def _values(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "lines": json.dumps(schedule.lines),
        "week": json.dumps([_list(day) for day in schedule.week]),
        "holidays": schedule.holidays,
        "closed_now": schedule.closed_now,
        "closed_until": schedule.closed_until,
        "closed_by": schedule.closed_by,
        "version": schedule.version,
    }


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        row.id,
        row.name,
        tuple(json.loads(row.lines)),
        cast(Week, tuple(_plan(day) for day in json.loads(row.week))),
        row.holidays,
        row.closed_now,
        row.closed_until,
        row.closed_by,
        row.version,
    )


def _list(plan: DayPlan | None) -> list[int | None] | None:
    return None if plan is None else [plan.opens, plan.closes, plan.lunch_from, plan.lunch_to]


def _plan(kept: list[Any] | None) -> DayPlan | None:
    return None if kept is None else DayPlan(*kept)
