"""Statements about the desk's settings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.desk.pop import PopLine
from console.desk.tables import desk_pop_lines, desk_pop_options


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


async def pop_options(conn: AsyncConnection) -> list[tuple[str, str, str, bool]]:
    """Who chose what: user's id, corner, what opens, notices."""
    rows = await conn.execute(select(desk_pop_options))
    return [(row.user_id, row.corner, row.opens, row.notify) for row in rows]


async def choose_pop_options(
    conn: AsyncConnection, user_id: str, corner: str, opens: str, notify: bool
) -> None:
    """One user's choice."""
    values = {"corner": corner, "opens": opens, "notify": notify}
    statement = upsert(desk_pop_options).values(user_id=user_id, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
