"""Statements about memos."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.memos.tables import call_memos


@dataclass(frozen=True, slots=True)
class Memo:
    """What somebody wrote about a call; `snapshot` is the customer's fields as they were then."""

    call_id: str
    text: str
    by: str
    at: datetime
    version: int
    snapshot: dict[str, Any] = field(default_factory=dict)


async def of(conn: AsyncConnection, call_ids: Iterable[str]) -> dict[str, Memo]:
    """The memos of these calls, by call."""
    rows = await conn.execute(select(call_memos).where(call_memos.c.call_id.in_(list(call_ids))))
    return {
        row.call_id: Memo(
            row.call_id, row.text, row.by, row.at, row.version, json.loads(row.snapshot)
        )
        for row in rows
    }


async def add(conn: AsyncConnection, memo: Memo) -> None:
    """The first one of a call."""
    await conn.execute(
        insert(call_memos).values(
            call_id=memo.call_id,
            text=memo.text,
            snapshot=json.dumps(memo.snapshot, ensure_ascii=False),
            by=memo.by,
            at=memo.at,
            version=memo.version,
        )
    )


async def change(conn: AsyncConnection, memo: Memo) -> None:
    """Another text; the snapshot stays that of the call's time."""
    await conn.execute(
        update(call_memos)
        .where(call_memos.c.call_id == memo.call_id)
        .values(text=memo.text, by=memo.by, at=memo.at, version=memo.version)
    )
