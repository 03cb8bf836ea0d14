"""Statements about queues."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.queues.model import Queue, Strategy, Today
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
        )
    )


async def since(conn: AsyncConnection, begin: datetime) -> dict[str, Today]:
    """The figures of all queues from `begin` on."""
    table = queue_calls
    answered = case((table.c.answered_by != "", 1), else_=0)
    level = select(queues.c.service_level).where(queues.c.word == table.c.queue).scalar_subquery()
    in_time = case(((table.c.answered_by != "") & (table.c.waited <= level), 1), else_=0)
    rows = await conn.execute(
        select(
            table.c.queue,
            func.count().label("total"),
            func.sum(answered).label("answered"),
            func.sum(in_time).label("in_time"),
        )
        .where(table.c.at >= begin)
        .group_by(table.c.queue)
    )
    return {
        row.queue: Today(int(row.answered), row.total - int(row.answered), int(row.in_time))
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
