"""Rows written at once are as if each had been written by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from console.customers.model import Details
from console.customers.records import Derived, columns_of
from console.customers.tables import customers
from pbxd.store.engine import Store
from pbxd.store.many import insert_many

NOW = datetime(2026, 11, 28, 3, 4, 5, 678_000, UTC)


def row(id: str, **more: Any) -> dict[str, Any]:
    common = {"id": id, "version": 1, "created_at": NOW, "updated_at": NOW, "created_by": ""}
    details = columns_of(Details("가나다", vip=True), Derived())
    return common | details | {"last_contact_at": None} | more


async def test_it_is_what_the_library_writes(store: Store) -> None:
    rows = [row("a"), row("b", name="'; -- 😀", vip=False, last_contact_at=NOW)]
    async with store.writing() as conn:
        await conn.execute(insert(customers), rows)
        expected = (await conn.execute(select(customers).order_by(customers.c.id))).all()
        await conn.execute(delete(customers))
        await insert_many(conn, customers, rows)
        await insert_many(conn, customers, [])
        assert (await conn.execute(select(customers).order_by(customers.c.id))).all() == expected


async def test_one_wrong_row_is_none_at_all(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.writing() as conn:
            await insert_many(conn, customers, [row("a"), row("b"), row("a")])
    async with store.reading() as conn:
        assert (await conn.execute(select(customers))).all() == []


async def test_a_time_without_its_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="zone"):
        async with store.writing() as conn:
            await insert_many(conn, customers, [row("a", updated_at=NOW.replace(tzinfo=None))])
