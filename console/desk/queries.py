"""Statements about the desk's settings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.desk.pop import PopLine
from console.desk.tables import desk_pop_lines


async def pop_lines(conn: AsyncConnection) -> tuple[PopLine, ...]:
    """The chosen lines, in order; none when the office never chose."""
    rows = await conn.execute(select(desk_pop_lines.c.line).order_by(desk_pop_lines.c.position))
    known = set(PopLine)
    return tuple(PopLine(line) for line in rows.scalars() if line in known)


async def choose_pop_lines(conn: AsyncConnection, lines: Sequence[PopLine]) -> None:
    """Replace the choice."""
    await conn.execute(delete(desk_pop_lines))
    rows = [{"position": place, "line": line.value} for place, line in enumerate(lines)]
    if rows:
        await conn.execute(insert(desk_pop_lines), rows)
