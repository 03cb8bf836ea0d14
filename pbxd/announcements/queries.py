"""Statements about announcements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.announcements.model import Announcement, Sound, Source
from pbxd.announcements.tables import announcements

_ABOUT = [
    column for column in announcements.c if column.name not in ("narrow", "wide")
]  # without the sounds


async def own(conn: AsyncConnection) -> tuple[Announcement, ...]:
    """All that the office made itself."""
    return tuple(_announcement(row) for row in await conn.execute(select(*_ABOUT)))


async def sound(conn: AsyncConnection, name: str, language: str) -> Sound | None:
    """The office's own sound; None where there is none."""
    table = announcements
    row = (
        await conn.execute(
            select(table.c.narrow, table.c.wide, table.c.seconds).where(
                table.c.name == name, table.c.language == language
            )
        )
    ).first()
    return None if row is None else Sound(row.narrow, row.wide, row.seconds)


async def keep(conn: AsyncConnection, wanted: Announcement, sound: Sound) -> None:
    """Put it in the place of what was there."""
    await remove(conn, wanted.name, wanted.language)
    await conn.execute(
        insert(announcements).values(
            name=wanted.name,
            language=wanted.language,
            source=wanted.source.value,
            text=wanted.text,
            seconds=sound.seconds,
            sha256=wanted.sha256,
            narrow=sound.narrow,
            wide=sound.wide,
            changed_at=wanted.changed_at,
            changed_by=wanted.changed_by,
        )
    )


async def remove(conn: AsyncConnection, name: str, language: str) -> None:
    """Back to what pbxd brings."""
    table = announcements
    await conn.execute(delete(table).where(table.c.name == name, table.c.language == language))


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(
        row.name,
        row.language,
        Source(row.source),
        row.text,
        row.seconds,
        row.sha256,
        row.changed_at,
        row.changed_by,
    )
