"""Statements about refused numbers, and about the calls that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.blacklist.model import BlockKind, Entry, How, Policy
from pbxd.blacklist.tables import block_policy, blocked_numbers
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.tables import calls

ONE = 1  # the only row of the policy
AT_ONCE = 500  # rows of one insert


@dataclass(frozen=True, slots=True)
class Hits:
    """How often calls were refused, and when the last time."""

    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call of the past from such a number."""

    number: str
    at: datetime
    outcome: Outcome
    customer_id: str


async def every(conn: AsyncConnection) -> list[Entry]:
    """All that were not removed, newest first."""
    table = blocked_numbers
    rows = await conn.execute(
        select(table)
        .where(table.c.removed_at.is_(None))
        .order_by(table.c.added_at.desc(), table.c.id.desc())
    )
    return [_entry(row) for row in rows]


async def by_ids(conn: AsyncConnection, ids: Sequence[str]) -> list[Entry]:
    """These, removed ones too."""
    rows = await conn.execute(select(blocked_numbers).where(blocked_numbers.c.id.in_(ids)))
    return [_entry(row) for row in rows]


async def add(conn: AsyncConnection, entries: Sequence[Entry]) -> None:
    """New ones."""
    for start in range(0, len(entries), AT_ONCE):
        rows = [_values(entry) for entry in entries[start : start + AT_ONCE]]
        await conn.execute(insert(blocked_numbers), rows)


async def change(conn: AsyncConnection, entry: Entry) -> None:
    """Everything but the id."""
    values = _values(entry)
    del values["id"]
    await conn.execute(
        update(blocked_numbers).where(blocked_numbers.c.id == entry.id).values(**values)
    )


async def set_removed(conn: AsyncConnection, ids: Iterable[str], at: datetime | None) -> None:
    """Removed at a time; None: taken back."""
    await conn.execute(
        update(blocked_numbers).where(blocked_numbers.c.id.in_(list(ids))).values(removed_at=at)
    )


async def policy(conn: AsyncConnection) -> Policy:
    """The office's."""
    row = (await conn.execute(select(block_policy))).first()
    return Policy() if row is None else Policy(How(row.how), row.anonymous)


async def keep_policy(conn: AsyncConnection, wanted: Policy) -> None:
    """Replace it."""
    await conn.execute(delete(block_policy))
    await conn.execute(
        insert(block_policy).values(id=ONE, how=wanted.how.value, anonymous=wanted.anonymous)
    )


async def hits(conn: AsyncConnection, number: str) -> Hits:
    """Of one number (E.164 or short)."""
    return await _hits(conn, calls.c.number == number)


async def hits_beginning(conn: AsyncConnection, beginnings: Sequence[str]) -> Hits:
    """Of all numbers that begin so."""
    return await _hits(conn, _begins(beginnings))


async def past(
    conn: AsyncConnection, number: str, beginnings: Sequence[str], since: datetime, most: int
) -> tuple[int, list[PastCall]]:
    """Calls that came in since then from that number (or beginning so): how many, the newest."""
    fits = _begins(beginnings) if beginnings else calls.c.number == number
    wanted = (fits, calls.c.direction == Direction.IN.value, calls.c.started_at >= since)
    count = (
        await conn.execute(select(func.count()).select_from(calls).where(*wanted))
    ).scalar_one()
    newest: Select[Any] = select(
        calls.c.number, calls.c.started_at, calls.c.outcome, calls.c.customer_id
    ).where(*wanted)
    rows = await conn.execute(newest.order_by(calls.c.started_at.desc()).limit(most))
    found = [PastCall(row[0], row[1], Outcome(row[2]), row[3]) for row in rows]
    return count, found


async def _hits(conn: AsyncConnection, fits: ColumnElement[bool]) -> Hits:
    row = (
        await conn.execute(
            select(func.count(), func.max(calls.c.started_at)).where(
                fits, calls.c.outcome == Outcome.BLOCKED.value
            )
        )
    ).one()
    return Hits(row[0], row[1])


def _begins(beginnings: Sequence[str]) -> ColumnElement[bool]:
    """By ranges of the index: what begins with 060 is not less than it and less than 060 + "~"."""
    column = calls.c.number
    return or_(*[(column >= one) & (column < f"{one}~") for one in beginnings])


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "number": entry.number,
        "is_prefix": entry.is_prefix,
        "kind": entry.kind.value,
        "name": entry.name,
        "reason": entry.reason,
        "added_at": entry.added_at,
        "added_by": entry.added_by,
        "expires_at": entry.expires_at,
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.number,
        row.is_prefix,
        BlockKind(row.kind),
        row.name,
        row.reason,
        row.added_at,
        row.added_by,
        row.expires_at,
    )
