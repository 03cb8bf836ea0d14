"""Queues on disk."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from pbxd.queues import queries
from pbxd.queues.model import Left, Queue, Strategy, Today
from pbxd.store.engine import Store

MIDNIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # in Seoul
QUEUE = Queue(
    "consult",
    "상담",
    strategy=Strategy.FEWESTCALLS,
    slot=3,
    number="0212345678",
    max_wait=120,
    overflow="102",
    service_level=20,
    members=("a", "b"),
    here=frozenset({"b"}),
)


async def test_a_queue_is_read_as_it_was_written(store: Store) -> None:
    async with store.writing() as conn:
        await queries.keep(conn, QUEUE)
    async with store.writing() as conn:
        assert await queries.every(conn) == (QUEUE,)
        await queries.set_here(conn, "consult", "a", True)
        await queries.set_here(conn, "consult", "stranger", True)
        (changed,) = await queries.every(conn)
        assert changed == dataclasses.replace(QUEUE, here=frozenset({"a", "b"}))
        await queries.remove(conn, "consult")
        assert await queries.every(conn) == ()


async def test_the_figures_are_those_since_midnight(store: Store) -> None:
    late = MIDNIGHT + timedelta(hours=1)
    async with store.writing() as conn:
        await queries.keep(conn, QUEUE)
        await queries.note(
            conn, "consult", MIDNIGHT - timedelta(seconds=1), "0", 5, "101", Left.ANSWERED
        )
        await queries.note(conn, "consult", MIDNIGHT, "1", 20, "101", Left.ANSWERED)
        await queries.note(conn, "consult", late, "2", 20.5, "102", Left.ANSWERED)
        await queries.note(conn, "consult", late, "3", 3, "", Left.ABANDONED)
        await queries.note(conn, "consult", late, "4", 60, "", Left.OVERFLOW)
    async with store.reading() as conn:
        found = await queries.since(conn, MIDNIGHT)
    assert found == {"consult": Today(answered=2, abandoned=1, in_time=1, overflow=1)}
    assert found["consult"].service_level == 25
