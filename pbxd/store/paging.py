"""Keyset paging: any page costs the same, and rows that arrive meanwhile shift nothing.

The cursor names the last (or first) row shown by its sort key; it is opaque to the browser, and one
that cannot be read means the first page.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursors that lead on ("" none)."""

    rows: tuple[T, ...]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """The sort: columns from the most significant; the last one must be unique."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = True


def encode(values: Sequence[Any], backwards: bool = False) -> str:
    """A cursor after (or, backwards, before) the row with these key values."""
    text = json.dumps([backwards, *values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> tuple[bool, list[Any]] | None:
    """Direction and key values; None for what is no cursor of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != length + 1 or not isinstance(values[0], bool):
        return None
    if not all(_storable(value) for value in values[1:]):
        return None
    return values[0], values[1:]


def _storable(value: object) -> bool:
    """What a column can be compared with: a cursor comes from outside."""
    match value:
        case bool():
            return False
        case int():
            return -(2**63) <= value < 2**63
        case float():
            return math.isfinite(value)
        case str():
            return not any("\ud800" <= char <= "\udfff" for char in value)
    return False


async def page(
    conn: AsyncConnection,
    select: Select[Any],
    keys: Keys,
    cursor: str,
    make: Callable[[Row[Any]], T],
    key_of: Callable[[Row[Any]], Sequence[Any]],
    size: int = PAGE,
) -> Page[T]:
    """One page of `select`; `key_of` gives a row's key values as JSON values."""
    place = decode(cursor, len(keys.columns)) if cursor else None
    backwards, values = place if place is not None else (False, [])
    falling = keys.descending is not backwards
    if values:
        left = tuple_(*keys.columns)
        right = tuple_(*values)
        select = select.where(left < right if falling else left > right)
    order = [column.desc() if falling else column.asc() for column in keys.columns]
    rows = list((await conn.execute(select.order_by(*order).limit(size + 1))).all())
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (more or backwards) if not backwards else bool(rows)
    has_previous = bool(rows) and (more if backwards else place is not None)
    return Page(
        tuple(make(row) for row in rows),
        next=encode(key_of(rows[-1])) if has_next and (backwards or more) else "",
        previous=encode(key_of(rows[0]), backwards=True) if has_previous else "",
    )
