"""Statements of columns and saved filters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.lists.model import Choice
from console.lists.tables import list_columns, saved_searches


@dataclass(frozen=True, slots=True)
class Saved:
    """A list's filter under a name."""

    id: str
    user_id: str
    list: str
    name: str
    query: str
    shared: bool


async def choice(conn: AsyncConnection, user_id: str, list: str) -> Choice:
    """What somebody chose; empty: nothing."""
    found = await conn.execute(
        select(list_columns.c.columns).where(
            list_columns.c.user_id == user_id, list_columns.c.list == list
        )
    )
    text = found.scalar_one_or_none()
    return tuple((word, wide, small) for word, wide, small in json.loads(text or "[]"))


async def choose(conn: AsyncConnection, user_id: str, list: str, wanted: Choice) -> None:
    """From now on; an empty choice: as the office has it."""
    if not wanted:
        await conn.execute(
            delete(list_columns).where(
                list_columns.c.user_id == user_id, list_columns.c.list == list
            )
        )
        return
    text = json.dumps(wanted)
    statement = upsert(list_columns).values(user_id=user_id, list=list, columns=text)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "list"], set_={"columns": text})
    )


async def saved(conn: AsyncConnection, user_id: str, list: str) -> tuple[Saved, ...]:
    """One's own and the shared ones."""
    rows = await conn.execute(
        select(saved_searches)
        .where(
            saved_searches.c.list == list,
            (saved_searches.c.user_id == user_id) | saved_searches.c.shared,
        )
        .order_by(saved_searches.c.name)
    )
    return tuple(
        Saved(row.id, row.user_id, row.list, row.name, row.query, row.shared) for row in rows
    )


async def save(conn: AsyncConnection, one: Saved, at: datetime) -> None:
    """A new one, or in place of one's own of that name."""
    done = await conn.execute(
        update(saved_searches)
        .where(
            saved_searches.c.user_id == one.user_id,
            saved_searches.c.list == one.list,
            saved_searches.c.name == one.name,
        )
        .values(query=one.query, shared=one.shared, at=at)
    )
    if done.rowcount == 0:
        await conn.execute(
            insert(saved_searches).values(
                id=one.id,
                user_id=one.user_id,
                list=one.list,
                name=one.name,
                query=one.query,
                shared=one.shared,
                at=at,
            )
        )


async def forget(conn: AsyncConnection, id: str, user_id: str) -> None:
    """Away with one's own."""
    await conn.execute(
        delete(saved_searches).where(saved_searches.c.id == id, saved_searches.c.user_id == user_id)
    )
