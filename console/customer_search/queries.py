"""Statements of the advanced search and of kept results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customer_search.statement import Found, Ids
from console.customer_search.tables import kept_customers
from console.customer_sorting.statement import NEWEST, Place, Sort
from console.customers.tables import customers
from pbxd.store.paging import Page, decode, encode

COUNTED = 10_000  # more hits than these are said to be "more than"
NUMBERED = 200  # so many of a list are numbered


async def found(
    conn: AsyncConnection, found: Found, sort: Sort, *, falls: bool, cursor: str, size: int
) -> Page[str]:
    """One page of ids."""
    place = decode(cursor, 3) if cursor else None
    backwards, after = (place[0], _place(place[1], sort, falls)) if place else (False, None)
    rows = await _rows(conn, found, sort, after, size + 1, falls=falls, backwards=backwards)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        tuple(id for _, _, id in rows),
        next=encode(rows[-1]) if rows and (backwards or more) else "",
        previous=encode(rows[0], backwards=True)
        if rows and (more if backwards else after is not None)
        else "",
    )


def _place(values: list[Any], sort: Sort, falls: bool) -> Place | None:
    """A cursor's place; None for one of another sort."""
    number, key, id = values
    if not isinstance(number, int) or not 0 <= number < len(sort.walk(falls=falls)):
        return None
    return number, key, str(id)


async def around(
    conn: AsyncConnection, found: Found, sort: Sort, id: str, *, falls: bool
) -> tuple[str, str, str, str, int, bool]:
    """First, previous, next and last id of a list, seen from a customer ("" it is at that end),
    which one he is (0: behind the first NUMBERED), and whether he is in it at all."""
    asked = select(sort.number(falls=falls), sort.key).where(customers.c.id == id)
    here = (await conn.execute(asked)).one()
    place = (here[0], here[1], id)

    async def one(after: Place | None, *, backwards: bool) -> str:
        rows = await _rows(conn, found, sort, after, 1, falls=falls, backwards=backwards)
        return rows[0][2] if rows else ""

    within = (await conn.execute(found.ids.where(customers.c.id == id))).first() is not None
    before = await _rows(conn, found, sort, place, NUMBERED, falls=falls, backwards=True)
    previous, following = before[0][2] if before else "", await one(place, backwards=False)
    last = await one(None, backwards=True) if following else ""
    if len(before) == NUMBERED:
        return await one(None, backwards=False), previous, following, last, 0, within
    which = len(before) + 1 if within else 0
    return before[-1][2] if before else "", previous, following, last, which, within


async def _rows(
    conn: AsyncConnection,
    found: Found,
    sort: Sort,
    after: Place | None,
    size: int,
    *,
    falls: bool,
    backwards: bool,
) -> list[Place]:
    """The next rows of the walk (or of the way back), nearest first; `after` None: from its end."""
    ids, few = found.ids, found.few
    if found.newest is not None and sort is NEWEST:
        ids, few = found.newest, False
    if few:
        return await _sorted(conn, ids, sort, after, size, falls=falls, backwards=backwards)
    walk = sort.walk(falls=falls)
    falling = sort.falling(falls) is not backwards
    start = after[0] if after is not None else len(walk) - 1 if backwards else 0
    rows: list[Place] = []
    for number in range(start, -1, -1) if backwards else range(start, len(walk)):
        segment = walk[number]
        keys = [segment.id] if segment.key is None else [segment.key, segment.id]
        asked = ids.add_columns(*keys)
        if segment.values is not None:
            asked = asked.select_from(customers, segment.values)
        if after is not None and number == start:
            values = after[-len(keys) :]
            # before the segment's own bound: of two, SQLite lets its index begin at the first
            asked = asked.where(_beyond(keys, values, falling=falling))
        asked = asked.where(segment.where)
        asked = _ordered(asked, keys, falling=falling).limit(size - len(rows))
        rows += [
            (number, "" if segment.key is None else row[1], row[0])
            for row in await conn.execute(asked)
        ]
        if len(rows) >= size:
            break
    return rows


async def _sorted(
    conn: AsyncConnection,
    ids: Ids,
    sort: Sort,
    after: Place | None,
    size: int,
    *,
    falls: bool,
    backwards: bool,
) -> list[Place]:
    """The same of a few, each put in its place: all segments in one statement."""
    falling = sort.falling(falls)
    number = sort.number(falls=falls)
    keys: list[ColumnElement[Any]] = [-number if falling else number, sort.key, customers.c.id]
    asked = ids.add_columns(number, sort.key)
    falling = falling is not backwards
    if after is not None:
        at, key, id = after
        turned = -at if sort.falling(falls) else at
        asked = asked.where(_beyond(keys, (turned, key, id), falling=falling))
    rows = await conn.execute(_ordered(asked, keys, falling=falling).limit(size))
    return [(row[1], row[2], row[0]) for row in rows]


def _beyond(
    keys: Sequence[ColumnElement[Any]], values: Sequence[Any], *, falling: bool
) -> ColumnElement[bool]:
    left, right = tuple_(*keys), tuple_(*values)
    return left < right if falling else left > right


def _ordered(
    asked: Select[Any], keys: Sequence[ColumnElement[Any]], *, falling: bool
) -> Select[Any]:
    return asked.order_by(*(key.desc() if falling else key.asc() for key in keys))


async def count(conn: AsyncConnection, ids: Ids) -> int:
    """How many; COUNTED + 1: more than COUNTED."""
    some = ids.limit(COUNTED + 1).subquery()
    return int((await conn.execute(select(func.count()).select_from(some))).scalar_one())


async def some_ids(conn: AsyncConnection, ids: Ids, most: int) -> list[str]:
    """At most so many ids."""
    rows = await conn.execute(ids.limit(most))
    return [str(row[0]) for row in rows]


async def keep(conn: AsyncConnection, user_id: str, ids: Sequence[str]) -> None:
    """Add to what somebody keeps."""
    rows = [{"user_id": user_id, "customer_id": id} for id in ids]
    if rows:
        await conn.execute(upsert(kept_customers).on_conflict_do_nothing(), rows)


async def let_go(conn: AsyncConnection, user_id: str, ids: Sequence[str] | None = None) -> None:
    """Keep these no more; without `ids` nothing."""
    statement = delete(kept_customers).where(kept_customers.c.user_id == user_id)
    if ids is not None:
        statement = statement.where(kept_customers.c.customer_id.in_(ids))
    await conn.execute(statement)


def kept(user_id: str) -> Found:
    """The living customers somebody keeps."""
    ids = (
        select(customers.c.id)
        .join(kept_customers, kept_customers.c.customer_id == customers.c.id)
        .where(kept_customers.c.user_id == user_id, customers.c.deleted_at.is_(None))
    )
    return Found(ids, few=True)


def these(ids: Sequence[str]) -> Found:
    """The living ones among some customers."""
    wanted = select(customers.c.id).where(customers.c.id.in_(ids), customers.c.deleted_at.is_(None))
    return Found(wanted, few=True)
