"""Any order, page by page: nothing twice, nothing left out, blanks at the end both ways."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Float, Integer, MetaData, Row, String, Table, delete, insert, select

from pbxd.store.engine import Store
from pbxd.store.sorting import By, few, page_by, ranked

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(9), nullable=True),
    Column("weight", Float, nullable=True),
)
C = things.c
ORDERS = {
    "name": By(C.name),
    "weight": By(C.weight, counts=True),
    "rank": ranked(C.name, ("b", "a")),
}
names = st.sampled_from(["", "a", "b", "가", None])
weights = st.sampled_from([None, 0.0, 0.1, -1.0, 1e9])


@pytest.fixture
async def shelf(tmp_path: Path) -> Any:
    store = await Store.open(tmp_path / "shelf.sqlite3")
    async with store.writing() as conn:
        await conn.run_sync(things.create)
    yield store
    await store.close()


def expected(rows: list[dict[str, Any]], word: str, falls: bool) -> list[int]:
    def key(row: dict[str, Any]) -> Any:
        if word == "rank":
            return {"b": 0, "a": 1}.get(row["name"])
        return row[word]

    filled = [row for row in rows if key(row) not in ("", None)]
    blank = [row for row in rows if key(row) in ("", None)]
    filled.sort(key=lambda row: (key(row), row["id"]), reverse=falls)
    blank.sort(key=lambda row: row["id"], reverse=falls)
    return [row["id"] for row in (*filled, *blank)]


@settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    values=st.lists(st.tuples(names, weights), max_size=20),
    word=st.sampled_from(sorted(ORDERS)),
    falls=st.booleans(),
    size=st.integers(1, 7),
)
async def test_there_and_back(
    shelf: Store,
    values: list[tuple[str | None, float | None]],
    word: str,
    falls: bool,
    size: int,
) -> None:
    rows = [{"id": place, "name": one, "weight": two} for place, (one, two) in enumerate(values)]
    by = By(ORDERS[word].key, falls, ORDERS[word].counts)

    def id(row: Row[Any]) -> int:
        return int(row.id)

    async with shelf.writing() as conn:
        await conn.execute(delete(things))
        if rows:
            await conn.execute(insert(things), rows)
    async with shelf.reading() as conn:
        pages = [await page_by(conn, select(things), C.id, by, "", id, size)]
        while pages[-1].next:
            pages.append(await page_by(conn, select(things), C.id, by, pages[-1].next, id, size))
        assert [one for page in pages for one in page.rows] == expected(rows, word, falls)
        for before, after in itertools.pairwise(pages):
            back = await page_by(conn, select(things), C.id, by, after.previous, id, size)
            assert back.rows == before.rows


async def test_too_many_are_not_sorted(shelf: Store) -> None:
    async with shelf.writing() as conn:
        await conn.execute(insert(things), [{"id": n, "name": "", "weight": 0} for n in range(4)])
    async with shelf.reading() as conn:
        assert await few(conn, select(C.id), 4)
        assert not await few(conn, select(C.id), 3)
        assert await few(conn, select(C.id).where(C.id > 1), 3)
