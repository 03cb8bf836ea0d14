"""One writer, readers that never wait, whole transactions."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import OperationalError
from ulid import ULID

from pbxd.store.engine import READERS, Store
from pbxd.store.metadata import new_id

things = Table("things", MetaData(), Column("id", Integer, primary_key=True))


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "shelf.sqlite3")
    async with store.writing() as conn:
        await conn.run_sync(things.create)
    yield store
    await store.close()


async def count(store: Store) -> int:
    async with store.reading() as conn:
        return int((await conn.execute(select(func.count()).select_from(things))).scalar_one())


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
    assert {len(id) for id in made} == {26}
    assert abs(ULID.from_str(made[0]).timestamp - time.time()) < 60


async def test_what_fails_leaves_nothing_behind(shelf: Store) -> None:
    async def fail() -> None:
        async with shelf.writing() as conn:
            await conn.execute(insert(things).values(id=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(shelf) == 0
    async with shelf.writing() as conn:
        await conn.execute(insert(things).values(id=1))
    assert await count(shelf) == 1


async def test_writers_come_one_after_another(shelf: Store) -> None:
    async def add() -> None:
        async with shelf.writing() as conn:
            found = await conn.execute(select(func.count()).select_from(things))
            await asyncio.sleep(0)
            await conn.execute(insert(things).values(id=int(found.scalar_one()) + 1))

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for _ in range(30):
            group.create_task(add())
    assert await count(shelf) == 30


async def test_who_goes_away_in_the_middle_leaves_all_or_nothing(shelf: Store) -> None:
    """Cancelled at every point on the way: the writer goes on, and nothing is half written."""

    async def pair(place: int) -> None:
        async with shelf.writing() as conn:
            await conn.execute(insert(things).values(id=2 * place))
            await conn.execute(insert(things).values(id=2 * place + 1))

    for steps in range(40):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(pair(steps))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
    async with asyncio.timeout(10):
        await pair(99)
        found = await shelf.urgent(_ids)
    assert {198, 199} <= set(found)
    assert all((id ^ 1) in found for id in found)


async def test_readers_do_not_wait_for_the_writer_and_see_only_what_is_committed(
    shelf: Store,
) -> None:
    async with asyncio.timeout(5), shelf.writing() as conn:
        await conn.execute(insert(things).values(id=1))
        assert await count(shelf) == 0
        assert await shelf.urgent(_ids) == []
    assert await shelf.urgent(_ids) == [1]


async def test_a_ringing_caller_does_not_wait_for_searches(shelf: Store) -> None:
    """All readers are busy; the urgent one answers all the same."""
    busy, done = asyncio.Semaphore(0), asyncio.Event()

    async def hold() -> None:
        async with shelf.reading() as conn:
            await conn.execute(select(things))
            busy.release()
            await done.wait()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(READERS):
            group.create_task(hold())
        for _ in range(READERS):
            await busy.acquire()
        assert await shelf.urgent(_ids) == []
        done.set()


async def test_readers_cannot_write(shelf: Store) -> None:
    async with shelf.reading() as conn:
        with pytest.raises(OperationalError, match="readonly"):
            await conn.execute(insert(things).values(id=1))
    with pytest.raises(OperationalError, match="readonly"):
        await shelf.urgent(lambda conn: conn.execute(insert(things).values(id=1)))


async def test_a_commit_survives_a_power_cut_and_the_file_is_whole_when_closed(
    tmp_path: Path,
) -> None:
    store = await Store.open(tmp_path / "one.sqlite3")
    async with store.writing() as conn:
        await conn.run_sync(things.create)
        pragmas = {
            name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await store.close()
    assert not (tmp_path / "one.sqlite3-wal").exists()
    with sqlite3.connect(tmp_path / "one.sqlite3") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _ids(conn: Connection) -> list[int]:
    return list(conn.execute(select(things.c.id)).scalars())
