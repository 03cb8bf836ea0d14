"""Pages meet without a gap or an overlap, whatever arrives meanwhile or stands in the cursor."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Row, Table, delete, insert, select

from pbxd.store.engine import Store
from pbxd.store.paging import Keys, Page, decode, encode, page

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("weight", Integer, nullable=False),
)
Pair = tuple[int, int]
weights = st.lists(st.integers(0, 4), max_size=24)  # few values: many are equal


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "shelf.sqlite3")
    async with store.writing() as conn:
        await conn.run_sync(things.create)
    yield store
    await store.close()


async def put(store: Store, values: list[int]) -> None:
    async with store.writing() as conn:
        await conn.execute(delete(things))
        rows = [{"id": place, "weight": value} for place, value in enumerate(values)]
        if rows:
            await conn.execute(insert(things), rows)


async def one(store: Store, cursor: str, size: int, descending: bool = True) -> Page[Pair]:
    def pair(row: Row[Any]) -> Pair:
        return row.weight, row.id

    keys = Keys((things.c.weight, things.c.id), descending)
    async with store.reading() as conn:
        return await page(conn, select(things), keys, cursor, pair, pair, size)


@settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(values=weights, size=st.integers(1, 7), descending=st.booleans())
async def test_there_and_back_shows_each_row_once(
    shelf: Store, values: list[int], size: int, descending: bool
) -> None:
    await put(shelf, values)
    expected = sorted(((value, place) for place, value in enumerate(values)), reverse=descending)
    shown: list[Page[Pair]] = [await one(shelf, "", size, descending)]
    while shown[-1].next:
        shown.append(await one(shelf, shown[-1].next, size, descending))
        assert shown[-1].rows, "a link to a page without rows"
    assert [row for one_page in shown for row in one_page.rows] == expected
    assert shown[0].previous == ""
    back = shown[-1]
    for before in reversed(shown[:-1]):
        back = await one(shelf, back.previous, size, descending)
        assert back.rows == before.rows
        assert back.next
    assert back.previous == ""


async def test_rows_that_arrive_meanwhile_shift_nothing(shelf: Store) -> None:
    await put(shelf, [1, 1, 1, 1])
    first = await one(shelf, "", 2)
    async with shelf.writing() as conn:
        await conn.execute(insert(things).values(id=9, weight=9))
        await conn.execute(delete(things).where(things.c.id == 2))  # the last one shown
    assert (await one(shelf, first.next, 2)).rows == ((1, 1), (1, 0))


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!",
        "AAAA",
        "é",
        "e30",
        encode(()),
        encode((1,)),
        encode((1, [2])),
        encode((None, 1)),
        encode((1e999, 1)),
        encode((2**63, 1)),  # more than a column holds
        encode((True, 1)),
        base64.urlsafe_b64encode(b'[false,"\\ud800",1]').decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
async def test_what_is_no_cursor_is_the_first_page(shelf: Store, cursor: str) -> None:
    await put(shelf, [3, 2, 1])
    assert (await one(shelf, cursor, 2)).rows == ((3, 0), (2, 1))


@given(st.text(max_size=60))
def test_any_text_is_read_as_a_cursor_or_refused(text: str) -> None:
    found = decode(text, 2)
    assert found is None or len(found[1]) == 2


@given(
    st.lists(
        st.one_of(
            st.integers(-(2**63), 2**63 - 1),
            st.text(st.characters(codec="utf-8"), max_size=20),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_a_cursor_says_what_was_put_in(values: list[Any], backwards: bool) -> None:
    assert decode(encode(values, backwards), len(values)) == (backwards, values)
