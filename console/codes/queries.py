"""Statements about codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.codes.model import Code
from console.codes.tables import codes


async def every(conn: AsyncConnection) -> tuple[Code, ...]:
    """All, removed ones too, in their order."""
    rows = await conn.execute(select(codes).order_by(codes.c.list, codes.c.position, codes.c.id))
    return tuple(_code(row) for row in rows)


async def add(conn: AsyncConnection, code: Code) -> None:
    """A new one."""
    await conn.execute(
        insert(codes).values(
            id=code.id,
            list=code.list,
            name=code.name,
            colour=code.colour,
            position=code.position,
            removed_at=None,
        )
    )


async def change(conn: AsyncConnection, code: Code, removed_at: datetime | None) -> None:
    """Save over the one with this id."""
    await conn.execute(
        update(codes)
        .where(codes.c.id == code.id)
        .values(name=code.name, colour=code.colour, position=code.position, removed_at=removed_at)
    )


async def forget(conn: AsyncConnection, id: str) -> None:
    """One that was never used is gone."""
    await conn.execute(delete(codes).where(codes.c.id == id))


def _code(row: Row[Any]) -> Code:
    return Code(row.id, row.list, row.name, row.colour, row.position, row.removed_at is not None)
