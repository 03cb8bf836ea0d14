"""Hundreds of rows in one statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

_Bound = Callable[[Any], Any] | None


async def insert_many(
    conn: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    updated: Sequence[str] = (),
) -> None:
    """Insert rows that all have the keys of the first one.

    As `execute(insert(table), rows)`, which looks at each column of each row: that takes longer
    than SQLite itself. `updated`: what a row whose primary key is there already changes in it.
    """
    if not rows:
        return
    statement, bounds = _insert(table, tuple(rows[0]), tuple(updated), conn.dialect)
    values = [
        tuple(row[name] if bound is None else bound(row[name]) for name, bound in bounds)
        for row in rows
    ]
    await conn.exec_driver_sql(statement, values)


@lru_cache(64)
def _insert(
    table: Table, names: tuple[str, ...], updated: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[tuple[str, _Bound], ...]]:
    """The statement, and its columns in their order with what makes a value the driver's."""
    statement = insert(table)
    if updated:
        keys = [column.name for column in table.primary_key]
        there = {name: statement.excluded[name] for name in updated}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=there)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    order = compiled.positiontup or ()
    return str(compiled), tuple((name, types[name].bind_processor(dialect)) for name in order)
