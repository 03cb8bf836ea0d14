"""Statements about long-call protection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.talk_limit.model import AtEnd, Progress, Rule
from pbxd.talk_limit.tables import talk_limits, talk_rule

ONE = 1  # the only row of the rule


async def rule(conn: AsyncConnection) -> Rule:
    """The office's rule."""
    row = (await conn.execute(select(talk_rule))).first()
    if row is None:
        return Rule()
    values = {**row._mapping, "at_end": AtEnd(row.at_end)}
    values["exempt_queues"] = tuple(row.exempt_queues.split())
    del values["id"]
    return Rule(**values)


async def keep_rule(conn: AsyncConnection, wanted: Rule) -> None:
    """Replace the rule."""
    await conn.execute(delete(talk_rule))
    await conn.execute(
        insert(talk_rule).values(
            id=ONE,
            on=wanted.on,
            incoming=wanted.incoming,
            outgoing=wanted.outgoing,
            warn_seconds=wanted.warn_seconds,
            end_seconds=wanted.end_seconds,
            extend_seconds=wanted.extend_seconds,
            most_extensions=wanted.most_extensions,
            at_end=wanted.at_end.value,
            vip=wanted.vip,
            exempt_queues=" ".join(wanted.exempt_queues),
        )
    )


async def keep(conn: AsyncConnection, progress: Progress, at: datetime) -> None:
    """What has happened in a call."""
    values = {
        "warned_at": progress.warned_at,
        "extensions": progress.extensions,
        "over_at": progress.over_at,
        "ended": progress.ended,
    }
    statement = upsert(talk_limits).values(linkedid=progress.linkedid, at=at, **values)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[talk_limits.c.linkedid], set_=values)
    )


async def since(conn: AsyncConnection, at: datetime) -> dict[str, Progress]:
    """What has happened in calls since then, by linkedid: for a start in the middle of a call."""
    rows = await conn.execute(select(talk_limits).where(talk_limits.c.at >= at))
    return {
        row.linkedid: Progress(row.linkedid, row.warned_at, row.extensions, row.over_at, row.ended)
        for row in rows
    }


async def ended(conn: AsyncConnection, linkedids: Iterable[str]) -> frozenset[str]:
    """Which of these calls were ended by the announcement."""
    table = talk_limits
    rows = await conn.execute(
        select(table.c.linkedid).where(table.c.linkedid.in_(list(linkedids)), table.c.ended)
    )
    return frozenset(row.linkedid for row in rows)
