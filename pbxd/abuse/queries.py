"""Statements about abuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.abuse.model import DEFAULT_KINDS, Incident, Kind, Policy, Step
from pbxd.abuse.tables import abuse_incidents, abuse_kinds, abuse_policy

ONE = 1  # the only row of the policy


@dataclass(frozen=True, slots=True)
class Count:
    """How often an agent (or a number) had to do with one kind."""

    who: str
    kind: str
    warned: int
    blocked: int


async def kinds(conn: AsyncConnection) -> tuple[Kind, ...]:
    """All kinds, retired ones too, in the office's order; the two predefined where none is set."""
    table = abuse_kinds
    rows = await conn.execute(select(table).order_by(table.c.position, table.c.word))
    found = tuple(Kind(row.word, row.name, row.warnings, row.position, row.retired) for row in rows)
    return found or DEFAULT_KINDS


async def keep_kinds(conn: AsyncConnection, wanted: Sequence[Kind]) -> None:
    """Replace all kinds."""
    await conn.execute(delete(abuse_kinds))
    for kind in wanted:
        await conn.execute(
            insert(abuse_kinds).values(
                word=kind.word,
                name=kind.name,
                warnings=kind.warnings,
                position=kind.position,
                retired=kind.retired,
            )
        )


async def policy(conn: AsyncConnection) -> Policy:
    """The office's policy."""
    row = (await conn.execute(select(abuse_policy))).first()
    return Policy() if row is None else Policy(row.agent_waits, row.block_after)


async def keep_policy(conn: AsyncConnection, wanted: Policy) -> None:
    """Replace the policy."""
    await conn.execute(delete(abuse_policy))
    await conn.execute(
        insert(abuse_policy).values(
            id=ONE, agent_waits=wanted.agent_waits, block_after=wanted.block_after
        )
    )


async def add(conn: AsyncConnection, incident: Incident) -> None:
    """Write an incident down."""
    await conn.execute(
        insert(abuse_incidents).values(
            id=incident.id,
            at=incident.at,
            call_id=incident.call_id,
            linkedid=incident.linkedid,
            kind=incident.kind,
            step=incident.step.value,
            agent_id=incident.agent_id,
            extension=incident.extension,
            number=incident.number,
            customer_id=incident.customer_id,
            announcement=incident.announcement,
            recording=incident.recording,
            sha256=incident.sha256,
            note=incident.note,
        )
    )


async def ended(conn: AsyncConnection, incident_id: str, at: datetime, whole: bool) -> None:
    """How its announcement ended."""
    table = abuse_incidents
    await conn.execute(
        update(table).where(table.c.id == incident_id).values(ended_at=at, heard_whole=whole)
    )


async def one(conn: AsyncConnection, incident_id: str) -> Incident | None:
    """One incident."""
    table = abuse_incidents
    row = (await conn.execute(select(table).where(table.c.id == incident_id))).first()
    return None if row is None else _incident(row)


async def between(
    conn: AsyncConnection, since: datetime, until: datetime, size: int = 500
) -> tuple[Incident, ...]:
    """Incidents of a time, newest first."""
    table = abuse_incidents
    rows = await conn.execute(
        select(table)
        .where(table.c.at >= since, table.c.at < until)
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(size)
    )
    return tuple(_incident(row) for row in rows)


async def blocked_of(conn: AsyncConnection, number: str) -> int:
    """How often this number was blocked."""
    table = abuse_incidents
    counted = await conn.execute(
        select(func.count())
        .select_from(table)
        .where(table.c.number == number, table.c.step == Step.BLOCKED.value)
    )
    return int(counted.scalar_one())


async def of_calls(conn: AsyncConnection, linkedids: Sequence[str]) -> dict[str, str]:
    """The kind of abuse of each of these calls that had any, by linkedid; the last one."""
    table = abuse_incidents
    rows = await conn.execute(
        select(table.c.linkedid, table.c.kind)
        .where(table.c.linkedid.in_(linkedids))
        .order_by(table.c.at)
    )
    return {row.linkedid: row.kind for row in rows}


async def counts(
    conn: AsyncConnection, since: datetime, until: datetime, *, by_agent: bool
) -> tuple[Count, ...]:
    """Counts of a time, by agent or by number, most first."""
    table = abuse_incidents
    who = table.c.agent_id if by_agent else table.c.number
    blocked = func.sum(table.c.step == Step.BLOCKED.value)
    total = func.count()
    rows = await conn.execute(
        select(who.label("who"), table.c.kind, total.label("total"), blocked.label("blocked"))
        .where(table.c.at >= since, table.c.at < until)
        .group_by(who, table.c.kind)
        .order_by(total.desc(), who)
    )
    return tuple(
        Count(row.who, row.kind, row.total - int(row.blocked), int(row.blocked)) for row in rows
    )


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        at=row.at,
        call_id=row.call_id,
        linkedid=row.linkedid,
        kind=row.kind,
        step=Step(row.step),
        agent_id=row.agent_id,
        extension=row.extension,
        number=row.number,
        customer_id=row.customer_id,
        announcement=row.announcement,
        ended_at=row.ended_at,
        heard_whole=row.heard_whole,
        recording=row.recording,
        sha256=row.sha256,
        note=row.note,
    )
