"""Statements about queues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.calls.model import Outcome
from pbxd.calls.tables import calls
from pbxd.queues.model import Left, Queue, Strategy, Today
from pbxd.queues.tables import queue_calls, queue_members, queues
from pbxd.store.metadata import new_id


async def every(conn: AsyncConnection) -> tuple[Queue, ...]:
    """All queues by name, with their members."""
    members: dict[str, list[tuple[str, bool]]] = {}
    for row in await conn.execute(select(queue_members).order_by(queue_members.c.agent_id)):
        members.setdefault(row.queue, []).append((row.agent_id, row.here))
    rows = await conn.execute(select(queues).order_by(queues.c.name, queues.c.word))
    return tuple(
        Queue(
            word=row.word,
            name=row.name,
            strategy=Strategy(row.strategy),
            slot=row.slot,
            number=row.number,
            max_wait=row.max_wait,
            overflow=row.overflow,
            service_level=row.service_level,
            ring_seconds=row.ring_seconds,
            most_waiting=row.most_waiting,
            tells_place=row.tells_place,
            music=row.music,
            last_agent_days=row.last_agent_days,
            warn_wait=row.warn_wait,
            alarm_wait=row.alarm_wait,
            members=tuple(agent for agent, _ in members.get(row.word, [])),
            here=frozenset(agent for agent, here in members.get(row.word, []) if here),
        )
        for row in rows
    )


async def keep(conn: AsyncConnection, queue: Queue) -> None:
    """A new queue, or all of a changed one."""
    await remove(conn, queue.word)
    await conn.execute(
        insert(queues).values(
            word=queue.word,
            name=queue.name,
            strategy=queue.strategy.value,
            slot=queue.slot,
            number=queue.number,
            max_wait=queue.max_wait,
            overflow=queue.overflow,
            service_level=queue.service_level,
            ring_seconds=queue.ring_seconds,
            most_waiting=queue.most_waiting,
            warn_wait=queue.warn_wait,
            alarm_wait=queue.alarm_wait,
            last_agent_days=queue.last_agent_days,
            tells_place=queue.tells_place,
            music=queue.music,
        )
    )
    for agent_id in queue.members:
        await conn.execute(
            insert(queue_members).values(
                queue=queue.word, agent_id=agent_id, here=agent_id in queue.here
            )
        )


async def remove(conn: AsyncConnection, word: str) -> None:
    """Take a queue away; what became of its callers stays."""
    await conn.execute(delete(queues).where(queues.c.word == word))
    await conn.execute(delete(queue_members).where(queue_members.c.queue == word))


async def set_here(conn: AsyncConnection, word: str, agent_id: str, here: bool) -> None:
    """Log a member in or out."""
    table = queue_members
    await conn.execute(
        update(table).where(table.c.queue == word, table.c.agent_id == agent_id).values(here=here)
    )


async def note(
    conn: AsyncConnection,
    word: str,
    at: datetime,
    linkedid: str,
    waited: float,
    answered_by: str,
    left: Left,
) -> None:
    """What became of a caller."""
    await conn.execute(
        insert(queue_calls).values(
            id=new_id(),
            queue=word,
            at=at,
            linkedid=linkedid,
            waited=waited,
            answered_by=answered_by,
            left=left.value,
        )
    )


async def since(conn: AsyncConnection, begin: datetime) -> dict[str, Today]:
    """The figures of all queues from `begin` on."""
    table = queue_calls
    level = select(queues.c.service_level).where(queues.c.word == table.c.queue).scalar_subquery()

    def count(how: Left) -> ColumnElement[int]:
        return func.sum(case((table.c.left == how.value, 1), else_=0)).label(how.value)

    answered_in_time = (table.c.left == Left.ANSWERED.value) & (table.c.waited <= level)
    rows = await conn.execute(
        select(
            table.c.queue,
            *(count(how) for how in Left),
            func.sum(case((answered_in_time, 1), else_=0)).label("in_time"),
        )
        .where(table.c.at >= begin)
        .group_by(table.c.queue)
    )
    return {
        row.queue: Today(int(row.answered), int(row.abandoned), int(row.in_time), int(row.overflow))
        for row in rows
    }


async def came_by(conn: AsyncConnection, begin: datetime) -> dict[str, str]:
    """Through which queue the calls came that were taken from `begin` on, by linkedid."""
    table = queue_calls
    rows = await conn.execute(
        select(table.c.linkedid, table.c.queue).where(
            table.c.at >= begin, table.c.answered_by != ""
        )
    )
    return {row.linkedid: row.queue for row in rows}


async def last_agent(conn: AsyncConnection, number: str, since: datetime) -> str:
    """Who talked last with this number (E.164 or short), "" nobody."""
    row = (
        await conn.execute(
            select(calls.c.agent_id)
            .where(
                calls.c.number == number,
                calls.c.started_at >= since,
                calls.c.outcome == Outcome.ANSWERED.value,
                calls.c.agent_id != "",
            )
            .order_by(calls.c.started_at.desc())
            .limit(1)
        )
    ).first()
    return "" if row is None else str(row.agent_id)


async def waits(conn: AsyncConnection, linkedids: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Through which queue these calls came and how long they waited (seconds), by linkedid."""
    table = queue_calls
    rows = await conn.execute(
        select(table.c.linkedid, queues.c.name, table.c.queue, table.c.waited)
        .outerjoin(queues, queues.c.word == table.c.queue)
        .where(table.c.linkedid.in_(list(linkedids)))
        .order_by(table.c.at)
    )
    return {row.linkedid: (row.name or row.queue, row.waited) for row in rows}
