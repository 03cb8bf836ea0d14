"""Statements about callbacks."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.callbacks.model import Callback, Ending, Policy, Request, Source
from pbxd.callbacks.tables import callback_policy, callback_requests
from pbxd.callbacks.tables import callbacks as table
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.tables import calls
from pbxd.store import sorting
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by

ONE = 1  # the only row of the policy


async def known(conn: AsyncConnection, key: str) -> bool:
    """Was this wish taken before?"""
    found = await conn.execute(
        select(callback_requests.c.key).where(callback_requests.c.key == key)
    )
    return found.first() is not None


async def add(conn: AsyncConnection, id: str, request: Request) -> None:
    """A new item."""
    await conn.execute(
        insert(table).values(
            id=id,
            number=request.number,
            source=request.source.value,
            asked_at=request.at,
            last_at=request.at,
            count=1,
            line=request.line,
            queue=request.queue,
            language=request.language,
            message=request.message,
            note=request.note,
            agent_id=request.agent_id,
            due_at=request.due_at,
            tries=0,
            last_result="",
            dialling_by="",
            closed_by="",
            version=1,
        )
    )


async def join(conn: AsyncConnection, old: Callback, request: Request) -> None:
    """A further wish of the same caller: what it says in addition is added, nothing is lost."""
    notes = [note for note in (old.note, request.note) if note]
    await conn.execute(
        update(table)
        .where(table.c.id == old.id)
        .values(
            count=old.count + 1,
            asked_at=min(old.asked_at, request.at),
            last_at=max(old.last_at, request.at),
            line=old.line or request.line,
            queue=old.queue or request.queue,
            language=old.language or request.language,
            message=request.message or old.message,
            note="\n".join(dict.fromkeys(notes)),
            agent_id=request.agent_id or old.agent_id,
            due_at=request.due_at or old.due_at,
            version=old.version + 1,
        )
    )


async def taken(conn: AsyncConnection, id: str, request: Request) -> None:
    """This wish is in that item."""
    await conn.execute(
        insert(callback_requests).values(
            key=request.key,
            callback_id=id,
            source=request.source.value,
            at=request.at,
            message=request.message,
        )
    )


async def open_of(conn: AsyncConnection, number: str) -> Callback | None:
    """The open item of a number."""
    row = await conn.execute(
        select(table).where(table.c.number == number, table.c.closed_at.is_(None))
    )
    found = row.first()
    return None if found is None else _callback(found)


async def one(conn: AsyncConnection, id: str) -> Callback | None:
    """One of them."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else _callback(row)


Messages = tuple[tuple[datetime, str], ...]  # when, and the file; oldest first


async def messages(conn: AsyncConnection, ids: Collection[str]) -> dict[str, Messages]:
    """The spoken messages of some items; who left none is not in it."""
    columns = callback_requests.c
    rows = await conn.execute(
        select(columns.callback_id, columns.at, columns.message)
        .where(columns.callback_id.in_(ids), columns.message != "")
        .order_by(columns.at)
    )
    found: dict[str, Messages] = {}
    for row in rows:
        found[row.callback_id] = (*found.get(row.callback_id, ()), (row.at, row.message))
    return found


async def listed(
    conn: AsyncConnection,
    *,
    done: bool = False,
    numbers: Collection[str] | None = None,
    size: int = 200,
) -> tuple[Callback, ...]:
    """Open ones, oldest wish first; or closed ones, newest first."""
    wanted = select(table).where(*_conditions(Filter(done)))
    if numbers is not None:
        wanted = wanted.where(table.c.number.in_(numbers))
    order = table.c.closed_at.desc() if done else table.c.asked_at
    rows = await conn.execute(wanted.order_by(order, table.c.id).limit(size))
    return tuple(_callback(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which ones of the page of things to do."""

    done: bool = False
    promised: bool | None = None  # by an agent; None: all
    since: datetime | None = None
    until: datetime | None = None
    agent_id: str | None = None


async def page_of(
    conn: AsyncConnection, wanted: Filter, by: By, cursor: str = "", size: int = 50
) -> Page[Callback]:
    """One page in this order."""
    statement = select(table).where(*_conditions(wanted))
    return await page_by(conn, statement, table.c.id, by, cursor, _callback, size)


async def few(conn: AsyncConnection, wanted: Filter) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, select(table.c.id).where(*_conditions(wanted)))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    closed = table.c.closed_at
    found: list[ColumnElement[bool]] = [closed.is_not(None) if wanted.done else closed.is_(None)]
    if wanted.promised is not None:
        promise = table.c.source == Source.PROMISE.value
        found.append(promise if wanted.promised else ~promise)
    if wanted.since is not None:
        found.append(table.c.last_at >= wanted.since)
    if wanted.until is not None:
        found.append(table.c.asked_at < wanted.until)
    if wanted.agent_id is not None:
        found.append(table.c.agent_id == wanted.agent_id)
    return found


async def asked_by(
    conn: AsyncConnection, numbers: Collection[str], before: datetime | None, size: int
) -> tuple[Callback, ...]:
    """Open and closed ones of these callers, the newest wish first."""
    wanted = select(table).where(table.c.number.in_(numbers))
    if before is not None:
        wanted = wanted.where(table.c.asked_at < before)
    rows = await conn.execute(wanted.order_by(table.c.asked_at.desc(), table.c.id).limit(size))
    return tuple(_callback(row) for row in rows)


async def close(
    conn: AsyncConnection, ids: Sequence[str], at: datetime, by: str, ending: Ending
) -> None:
    """Done."""
    await conn.execute(
        update(table)
        .where(table.c.id.in_(ids), table.c.closed_at.is_(None))
        .values(
            closed_at=at,
            closed_by=by,
            ending=ending.value,
            dialling_by="",
            dialling_until=None,
            version=table.c.version + 1,
        )
    )


async def reopen(conn: AsyncConnection, id: str) -> None:
    """Not done after all."""
    await conn.execute(
        update(table)
        .where(table.c.id == id)
        .values(closed_at=None, closed_by="", ending=None, version=table.c.version + 1)
    )


async def lock(conn: AsyncConnection, id: str, by: str, now: datetime, until: datetime) -> bool:
    """Take it for one dial; False: it is closed, or somebody else dials at this moment."""
    done = await conn.execute(
        update(table)
        .where(
            table.c.id == id,
            table.c.closed_at.is_(None),
            or_(table.c.dialling_until.is_(None), table.c.dialling_until <= now),
        )
        .values(dialling_by=by, dialling_until=until, version=table.c.version + 1)
    )
    return bool(done.rowcount)


async def unlock(conn: AsyncConnection, id: str | None = None) -> None:
    """Nobody dials it; None: nobody dials any (pbxd starts)."""
    statement = update(table).where(table.c.dialling_until.is_not(None))
    if id is not None:
        statement = statement.where(table.c.id == id)
    await conn.execute(statement.values(dialling_by="", dialling_until=None))


async def tried(conn: AsyncConnection, id: str, at: datetime, result: Outcome) -> None:
    """A call to him has ended."""
    await conn.execute(
        update(table)
        .where(table.c.id == id)
        .values(
            tries=table.c.tries + 1,
            last_try_at=at,
            last_result=result.value,
            dialling_by="",
            dialling_until=None,
            version=table.c.version + 1,
        )
    )


async def assign(
    conn: AsyncConnection, old: Callback, agent_id: str, due_at: datetime | None, note: str
) -> bool:
    """Whose it is, until when; False: somebody else was quicker."""
    done = await conn.execute(
        update(table)
        .where(table.c.id == old.id, table.c.version == old.version)
        .values(agent_id=agent_id, due_at=due_at, note=note, version=old.version + 1)
    )
    return bool(done.rowcount)


async def to_the_team(conn: AsyncConnection, due_before: datetime) -> int:
    """What its owner has not done in time is everybody's; how many."""
    done = await conn.execute(
        update(table)
        .where(table.c.closed_at.is_(None), table.c.agent_id != "", table.c.due_at < due_before)
        .values(agent_id="", version=table.c.version + 1)
    )
    return done.rowcount


async def due(conn: AsyncConnection, now: datetime) -> tuple[Callback, ...]:
    """Those whose owner is to call at about this time."""
    rows = await conn.execute(
        select(table).where(
            table.c.closed_at.is_(None), table.c.agent_id != "", table.c.due_at <= now
        )
    )
    return tuple(_callback(row) for row in rows)


async def counts(conn: AsyncConnection) -> tuple[int, datetime | None]:
    """How many are open, and since when the oldest waits."""
    row = (
        await conn.execute(
            select(func.count(), func.min(table.c.asked_at)).where(table.c.closed_at.is_(None))
        )
    ).one()
    return int(row[0]), row[1]


async def reached_since(conn: AsyncConnection, number: str, at: datetime) -> bool:
    """Has anybody talked with this number in a call that began after `at`?"""
    found = await conn.execute(
        select(calls.c.id)
        .where(
            calls.c.number == number,
            calls.c.started_at > at,
            calls.c.outcome == Outcome.ANSWERED.value,
            calls.c.direction != Direction.INTERNAL.value,
        )
        .limit(1)
    )
    return found.first() is not None


async def policy(conn: AsyncConnection) -> Policy:
    """What becomes a callback."""
    row = (await conn.execute(select(callback_policy))).first()
    if row is None:
        return Policy()
    return Policy(*(getattr(row, field.name) for field in dataclasses.fields(Policy)))


async def keep_policy(conn: AsyncConnection, new: Policy) -> None:
    """Another one."""
    await conn.execute(delete(callback_policy))
    await conn.execute(insert(callback_policy).values(id=ONE, **dataclasses.asdict(new)))


def _callback(row: Row[Any]) -> Callback:
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(Callback)}
    values["source"] = Source(row.source)
    values["ending"] = Ending(row.ending) if row.ending else None
    return Callback(**values)
