"""Lists in whichever order, page by page.

What an index has costs the same for any number of rows. Other orders have to read all that fit
before the first is known: they are for `MOST` rows, such as those of a chosen period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Label, Row, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.store.paging import Keys, Page, page

T = TypeVar("T")
MOST = 50_000


@dataclass(frozen=True, slots=True)
class By:
    """An order: by `key`, then by id. Without an index, who has nothing there stands at the end.

    `counts`: the key is a number, and NULL where there is nothing; else a text.
    """

    key: ColumnElement[Any]
    falls: bool = False
    counts: bool = False
    indexed: bool = False

    def keys(self, id: ColumnElement[Any]) -> tuple[Label[Any], ...]:
        """By what rows are compared, each way up or down as a whole."""
        zero = 0 if self.counts else ""
        key = self.key if self.indexed else func.coalesce(self.key, zero)
        row = (key.label("sort_key"), id.label("sort_id"))
        if self.indexed:
            return row
        blank = self.key.is_(None) if self.counts else key == zero
        last = case((blank, 0), else_=1) if self.falls else case((blank, 1), else_=0)
        return (last.label("sort_blank"), *row)


def ranked(column: ColumnElement[str], words: Iterable[str]) -> By:
    """By the place of a word in the office's order."""
    places = [(column == word, place) for place, word in enumerate(words)]
    return By(case(*places, else_=None), counts=True)


async def few(conn: AsyncConnection, fitting: Select[Any], most: int = MOST) -> bool:
    """Are so few in it that they can be sorted in any way?"""
    some = fitting.limit(most + 1).subquery()
    counted = await conn.execute(select(func.count()).select_from(some))
    return counted.scalar_one() <= most


async def page_by(
    conn: AsyncConnection,
    fitting: Select[Any],
    id: ColumnElement[Any],
    by: By,
    cursor: str,
    make: Callable[[Row[Any]], T],
    size: int,
) -> Page[T]:
    """One page in this order."""
    keys = by.keys(id)
    names = [one.name for one in keys]

    def key_of(row: Row[Any]) -> list[Any]:
        return [getattr(row, name) for name in names]

    asked = fitting.add_columns(*keys)
    return await page(conn, asked, Keys(keys, by.falls), cursor, make, key_of, size)
