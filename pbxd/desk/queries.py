"""Statements about commands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.desk.result import CommandResult
from pbxd.desk.tables import desk_commands
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
