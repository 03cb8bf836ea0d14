"""Statements about forwardings."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.forwarding.model import Forward
from pbxd.forwarding.tables import forwardings


async def every(conn: AsyncConnection) -> dict[str, dict[Forward, str]]:
    """All forwardings, by agent."""
    found: dict[str, dict[Forward, str]] = {}
    for row in await conn.execute(select(forwardings)):
        found.setdefault(row.agent_id, {})[Forward(row.kind)] = row.target
    return found


async def keep(conn: AsyncConnection, agent_id: str, targets: Mapping[Forward, str]) -> None:
    """Replace one agent's forwardings."""
    await conn.execute(delete(forwardings).where(forwardings.c.agent_id == agent_id))
    for kind, target in targets.items():
        await conn.execute(
            insert(forwardings).values(agent_id=agent_id, kind=kind.value, target=target)
        )
