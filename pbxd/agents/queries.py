"""Statements about agents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.tables import agents


async def every(conn: AsyncConnection) -> tuple[Agent, ...]:
    """All agents, those who left too, by extension."""
    rows = await conn.execute(select(agents).order_by(agents.c.extension, agents.c.id))
    return tuple(
        Agent(
            id=row.id,
            name=row.name,
            extension=row.extension,
            device=DeviceKind(row.device),
            linked=row.linked,
            closed=row.closed_at is not None,
        )
        for row in rows
    )


async def add(conn: AsyncConnection, agent: Agent, at: datetime) -> None:
    """A new agent."""
    await conn.execute(
        insert(agents).values(
            id=agent.id,
            name=agent.name,
            extension=agent.extension,
            device=agent.device,
            linked=agent.linked,
            created_at=at,
        )
    )


async def set_identity(conn: AsyncConnection, agent_id: str, name: str, extension: str) -> None:
    """Another name or extension."""
    await conn.execute(
        update(agents).where(agents.c.id == agent_id).values(name=name, extension=extension)
    )


async def set_closed(conn: AsyncConnection, agent_id: str, at: datetime | None) -> None:
    """The agent left; None: is back."""
    await conn.execute(update(agents).where(agents.c.id == agent_id).values(closed_at=at))


async def set_device(conn: AsyncConnection, agent_id: str, device: DeviceKind) -> None:
    """Choose the phone that the console drives."""
    await conn.execute(update(agents).where(agents.c.id == agent_id).values(device=device))


async def set_linked(conn: AsyncConnection, agent_id: str, linked: bool) -> None:
    """Switch the CTI link."""
    await conn.execute(update(agents).where(agents.c.id == agent_id).values(linked=linked))
