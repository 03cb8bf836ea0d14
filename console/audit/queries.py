"""Statements about the audit log."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Select, insert, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit.tables import audit
from pbxd.store import sorting
from pbxd.store.metadata import new_id
from pbxd.store.paging import PAGE, Page
from pbxd.store.sorting import By, page_by

NEWEST = By(type_coerce(audit.c.at, BigInteger), falls=True, indexed=True)


async def note(
    conn: AsyncConnection,
    at: datetime,
    user_id: str,
    what: str,
    thing_id: str,
    before: Any = None,
    after: Any = None,
) -> None:
    """Write down a change, in the transaction that makes it."""
    await conn.execute(
        insert(audit).values(
            id=new_id(),
            at=at,
            user_id=user_id,
            what=what,
            thing_id=thing_id,
            before=_json(before),
            after=_json(after),
        )
    )


async def nth_before(
    conn: AsyncConnection, thing_id: str, what: Collection[str], nth: int
) -> dict[str, Any] | None:
    """What `thing_id` was before the `nth` newest change, one of `what` (1: the last one)."""
    if nth < 1:
        return None
    found = await conn.execute(
        select(audit.c.before)
        .where(
            audit.c.thing_id == thing_id,
            audit.c.what.in_(what),
            audit.c.before != "",
        )
        .order_by(audit.c.at.desc(), audit.c.id.desc())
        .limit(1)
        .offset(nth - 1)
    )
    text = found.scalar_one_or_none()
    values: dict[str, Any] | None = json.loads(text) if text else None
    return values


async def newest(conn: AsyncConnection, thing_id: str, what: Collection[str]) -> str:
    """Which of `what` was done last with `thing_id`; "" none."""
    found = await conn.execute(
        select(audit.c.what)
        .where(audit.c.thing_id == thing_id, audit.c.what.in_(what))
        .order_by(audit.c.at.desc(), audit.c.id.desc())
        .limit(1)
    )
    return found.scalar_one_or_none() or ""


async def first_before(conn: AsyncConnection, thing_id: str) -> str:
    """What `thing_id` was before the first line that says so (JSON), "" none does."""
    found = await conn.execute(
        select(audit.c.before)
        .where(audit.c.thing_id == thing_id, audit.c.before != "")
        .order_by(audit.c.at, audit.c.id)
        .limit(1)
    )
    return found.scalar() or ""


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the log; `before` and `after` are JSON, "" none."""

    id: str
    at: datetime
    user_id: str
    what: str
    before: str
    after: str
    thing_id: str = ""


async def of_thing(
    conn: AsyncConnection,
    thing_id: str,
    cursor: str,
    what: Collection[str] = (),
    parts: Select[Any] | None = None,
) -> Page[Note]:
    """What was done with one thing and its `parts` (ids), newest first; () all that was done."""
    statement = select(audit).where(
        audit.c.thing_id == thing_id
        if parts is None
        else or_(audit.c.thing_id == thing_id, audit.c.thing_id.in_(parts))
    )
    if what:
        statement = statement.where(audit.c.what.in_(what))
    return await page_by(conn, statement, audit.c.id, NEWEST, cursor, _note, PAGE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the log."""

    what: Collection[str]
    by: str = ""  # user
    since: datetime | None = None
    until: datetime | None = None


async def listed(
    conn: AsyncConnection, wanted: Wanted, cursor: str = "", size: int = PAGE, by: By = NEWEST
) -> Page[Note]:
    """One page, as they were written, newest first, or in another order."""
    return await page_by(conn, fitting(wanted), audit.c.id, by, cursor, _note, size)


async def few(conn: AsyncConnection, wanted: Wanted) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, fitting(wanted).with_only_columns(audit.c.id))


def fitting(wanted: Wanted) -> Select[Any]:
    """All lines that are asked for."""
    statement = select(audit).where(audit.c.what.in_(wanted.what))
    if wanted.by:
        statement = statement.where(audit.c.user_id == wanted.by)
    if wanted.since is not None:
        statement = statement.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(audit.c.at < wanted.until)
    return statement


def _note(row: Row[Any]) -> Note:
    return Note(row.id, row.at, row.user_id, row.what, row.before, row.after, row.thing_id)


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
