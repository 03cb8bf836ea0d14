"""Who called in vain: statements about the call log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Subquery, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.calls.model import Direction, Outcome
from pbxd.calls.tables import calls
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who called in vain and was not talked with since."""

    number: str
    at: datetime  # the last time
    outcome: str
    count: int


def missed_rows(since: datetime, until: datetime | None) -> Subquery:
    """Each of them with the last time (`n` 1) and how often; refused callers are none."""
    in_vain = (Outcome.MISSED, Outcome.ABANDONED, Outcome.BUSY, Outcome.CLOSED)
    later = calls.alias()
    wanted = [
        calls.c.direction == Direction.IN.value,
        calls.c.outcome.in_([one.value for one in in_vain]),
        calls.c.number != "",
        calls.c.started_at >= since,
        ~(
            select(later.c.id)
            .where(
                later.c.number == calls.c.number,
                later.c.started_at > calls.c.started_at,
                later.c.outcome == Outcome.ANSWERED.value,
                later.c.direction != Direction.INTERNAL.value,
            )
            .exists()
        ),
    ]
    if until is not None:
        wanted.append(calls.c.started_at < until)
    newest = func.row_number().over(partition_by=calls.c.number, order_by=calls.c.started_at.desc())
    often = func.count().over(partition_by=calls.c.number)
    found = select(
        calls.c.number, calls.c.started_at, calls.c.outcome, newest.label("n"), often.label("often")
    )
    return found.where(*wanted).subquery()


def last_missed(rows: Subquery) -> By:
    """By the last time."""
    return By(type_coerce(rows.c.started_at, BigInteger), falls=True, indexed=True)


async def missed(
    conn: AsyncConnection, rows: Subquery, by: By, cursor: str = "", size: int = 200
) -> Page[Missed]:
    """One page of them in this order."""

    def made(row: Row[Any]) -> Missed:
        return Missed(row.number, row.started_at, row.outcome, row.often)

    last = select(rows).where(rows.c.n == 1)
    return await page_by(conn, last, rows.c.number, by, cursor, made, size)
