"""Statements about drafts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.drafts.tables import drafts

Fields = list[tuple[str, str]]


async def of(conn: AsyncConnection, user_id: str, forms: Sequence[str]) -> dict[str, Fields]:
    """What somebody typed, by form."""
    rows = await conn.execute(
        select(drafts.c.form, drafts.c.fields).where(
            drafts.c.user_id == user_id, drafts.c.form.in_(forms)
        )
    )
    return {row.form: json.loads(row.fields) for row in rows}


async def keep(
    conn: AsyncConnection, user_id: str, form: str, fields: Fields, at: datetime
) -> None:
    """Instead of what was typed there before."""
    text = json.dumps(fields, ensure_ascii=False)
    statement = upsert(drafts).values(user_id=user_id, form=form, fields=text, at=at)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "form"], set_={"fields": text, "at": at}
        )
    )


async def forget(conn: AsyncConnection, user_id: str, form: str) -> None:
    """It is saved, or not wanted."""
    await conn.execute(delete(drafts).where(drafts.c.user_id == user_id, drafts.c.form == form))


async def expire(conn: AsyncConnection, before: datetime) -> None:
    """Throw away what nobody came back to."""
    await conn.execute(delete(drafts).where(drafts.c.at < before))
