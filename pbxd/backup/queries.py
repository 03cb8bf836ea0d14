"""Statements about the rule of backups."""

from __future__ import annotations

from dataclasses import asdict
from datetime import time

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.backup.rules import Policy
from pbxd.backup.tables import backup_policy


async def policy(conn: AsyncConnection) -> Policy:
    """The rule."""
    row = (await conn.execute(select(backup_policy))).first()
    if row is None:
        return Policy()
    at = time.fromisoformat(row.at)
    kept = row.last, row.daily, row.weekly, row.monthly
    return Policy(row.automatic, at, row.folder, *kept, row.recordings)


async def keep_policy(conn: AsyncConnection, new: Policy) -> None:
    """Another one."""
    values = asdict(new) | {"at": f"{new.at:%H:%M}"}
    await conn.execute(delete(backup_policy))
    await conn.execute(insert(backup_policy).values(id=1, **values))
