"""Statements about commands and handovers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.desk.result import CommandResult
from pbxd.desk.tables import call_handovers, desk_commands
from pbxd.events import CallHandedOver, Handing
from pbxd.store.metadata import new_id


async def note(
    conn: AsyncConnection,
    at: datetime,
    agent_id: str,
    verb: str,
    target: str,
    result: CommandResult,
) -> None:
    """Write down one command and its end."""
    await conn.execute(
        insert(desk_commands).values(
            id=new_id(),
            at=at,
            agent_id=agent_id,
            verb=verb,
            target=target[:64],
            result=result.result.value,
            reason_id=result.reason_id,
        )
    )


@dataclass(frozen=True, slots=True)
class Handover:
    """One change of hands in a call's history. UTC."""

    linkedid: str
    at: datetime
    how: Handing
    by: str
    to: str
    note: str


async def hand_over(conn: AsyncConnection, linkedid: str, event: CallHandedOver) -> None:
    """Write down that a call changed hands."""
    await conn.execute(
        insert(call_handovers).values(
            id=new_id(),
            linkedid=linkedid,
            at=event.at,
            how=event.how.value,
            by=event.by[:8],
            to=event.to[:64],
            note=event.note,
        )
    )


async def handovers(
    conn: AsyncConnection, linkedids: Sequence[str]
) -> dict[str, tuple[Handover, ...]]:
    """How these calls changed hands, oldest first."""
    if not linkedids:
        return {}
    rows = await conn.execute(
        select(call_handovers)
        .where(call_handovers.c.linkedid.in_(linkedids))
        .order_by(call_handovers.c.id)
    )
    found: dict[str, list[Handover]] = {}
    for row in rows:
        one = Handover(row.linkedid, row.at, Handing(row.how), row.by, row.to, row.note)
        found.setdefault(row.linkedid, []).append(one)
    return {linkedid: tuple(chain) for linkedid, chain in found.items()}
