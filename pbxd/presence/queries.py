"""Statements about presence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.agents.presence import By, Options, Presence, Reason
from pbxd.events import PresenceKind
from pbxd.presence.tables import presence_periods, presence_reasons, presence_settings
from pbxd.store.types import UtcMs

_OPEN = presence_periods.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Total:
    """How long an agent was how; `reason_id` "" none."""

    agent_id: str
    kind: PresenceKind
    reason_id: str
    times: int
    seconds: float


async def reasons(conn: AsyncConnection) -> tuple[Reason, ...]:
    """All reasons, retired ones too, in the office's order."""
    table = presence_reasons
    rows = await conn.execute(select(table).order_by(table.c.position, table.c.id))
    return tuple(
        Reason(row.id, row.word, row.name, row.minutes, row.rest, row.position, row.retired)
        for row in rows
    )


async def keep_reason(conn: AsyncConnection, reason: Reason, *, new: bool) -> None:
    """A new or a changed reason; only one is the rest after an abusive call."""
    table = presence_reasons
    if reason.rest:
        await conn.execute(update(table).values(rest=False))
    values = {
        "name": reason.name,
        "minutes": reason.minutes,
        "rest": reason.rest,
        "position": reason.position,
        "retired": reason.retired,
    }
    if new:
        await conn.execute(insert(table).values(id=reason.id, word=reason.word, **values))
    else:
        await conn.execute(update(table).where(table.c.id == reason.id).values(**values))


async def was_used(conn: AsyncConnection, reason_id: str) -> bool:
    """Somebody was away by this reason once, or is now."""
    query = select(presence_periods.c.id).where(presence_periods.c.reason_id == reason_id).limit(1)
    return (await conn.execute(query)).first() is not None


async def remove_reason(conn: AsyncConnection, reason_id: str) -> None:
    """Delete a reason that nobody ever used."""
    await conn.execute(delete(presence_reasons).where(presence_reasons.c.id == reason_id))


async def options(conn: AsyncConnection) -> Options:
    """The office's settings."""
    rows = await conn.execute(select(presence_settings))
    values: dict[str, int] = {row.name: row.value for row in rows}
    return Options(values.get("wrap_up_seconds", 0), values.get("missed_limit", 0))


async def keep_options(conn: AsyncConnection, options: Options) -> None:
    """Replace the settings."""
    await conn.execute(delete(presence_settings))
    values = {
        "wrap_up_seconds": options.wrap_up_seconds,
        "missed_limit": options.missed_limit,
    }
    rows = [{"name": name, "value": value} for name, value in values.items()]
    await conn.execute(insert(presence_settings), rows)


async def now(conn: AsyncConnection, reasons: Sequence[Reason]) -> tuple[Presence, ...]:
    """How each agent is: the open periods."""
    known = {reason.id: reason for reason in reasons}
    rows = await conn.execute(select(presence_periods).where(_OPEN))
    return tuple(
        Presence(
            agent_id=row.agent_id,
            kind=PresenceKind(row.kind),
            since=row.began_at,
            reason=known.get(row.reason_id or ""),
            until=row.until_at,
            by=By(row.by),
            period=row.id,
        )
        for row in rows
    )


async def change(conn: AsyncConnection, presence: Presence, by_user_id: str) -> None:
    """End the agent's open period and begin the next one at the same moment."""
    table = presence_periods
    mine = _OPEN & (table.c.agent_id == presence.agent_id)
    await conn.execute(update(table).where(mine).values(ended_at=presence.since))
    await conn.execute(
        insert(table).values(
            id=presence.period,
            agent_id=presence.agent_id,
            kind=presence.kind.value,
            reason_id=None if presence.reason is None else presence.reason.id,
            began_at=presence.since,
            until_at=presence.until,
            by=presence.by.value,
            by_user_id=by_user_id,
        )
    )


async def extend(conn: AsyncConnection, presence: Presence) -> None:
    """The same period ends later than it should have."""
    table = presence_periods
    await conn.execute(
        update(table).where(table.c.id == presence.period).values(until_at=presence.until)
    )


async def totals(
    conn: AsyncConnection, begin: datetime, end: datetime, now: datetime
) -> tuple[Total, ...]:
    """Per agent, kind and reason: how often and how long between two moments (UTC)."""
    table = presence_periods
    last = func.coalesce(table.c.ended_at, literal(now, UtcMs))
    began = case((table.c.began_at < begin, literal(begin, UtcMs)), else_=table.c.began_at)
    ended = case((last > literal(end, UtcMs), literal(end, UtcMs)), else_=last)
    lasted = type_coerce(ended, BigInteger) - type_coerce(began, BigInteger)
    rows = await conn.execute(
        select(
            table.c.agent_id,
            table.c.kind,
            func.coalesce(table.c.reason_id, "").label("reason_id"),
            func.count().label("times"),
            func.sum(lasted).label("lasted"),
        )
        .where(table.c.began_at < end, last > literal(begin, UtcMs))
        .group_by(table.c.agent_id, table.c.kind, table.c.reason_id)
        .order_by(table.c.agent_id, table.c.kind, table.c.reason_id)
    )
    return tuple(
        Total(
            row.agent_id, PresenceKind(row.kind), row.reason_id, row.times, int(row.lasted) / 1000
        )
        for row in rows
    )
