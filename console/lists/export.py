"""Any list as an Excel file: the columns that somebody chose, in his filter and order, any length.

A capability says what each of its columns says of a row, and hands over the rows page by page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from aiohttp import web

from console.audit.notes import noted
from console.lists.model import Column
from console.lists.sorting import STEP
from console.web.excel import BigTable
from pbxd.store.paging import Page

if TYPE_CHECKING:
    from console.web.context import Context

T = TypeVar("T")

Value = Callable[[T], str | int]
# By the word of a column: what it says, or several cells, each with a heading of its own.
Values = Mapping[str, Value[T] | Mapping[str, Value[T]]]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """A list as a file. `title` and the columns' labels are msgids; `what`: its audit's word."""

    list: str
    title: str
    columns: Sequence[Column]
    values: Values[T]
    what: str = ""


async def exported(
    context: Context, sheet: Sheet[T], rows: AsyncIterator[Sequence[T]], asked: str = ""
) -> web.StreamResponse:
    """The file; who took how many, of what, which columns, is written down before it is sent."""
    arranged = await context.services.lists.columns(context, sheet.list, sheet.columns)
    # who chose nothing gets all, as what a page tells by the way has a column of its own there
    columns = arranged.shown if arranged.chosen else arranged.every
    cells, count = cells_of(columns, sheet.values), 0
    title = context.language.text(sheet.title)
    with BigTable(title, [heading for heading, _ in cells]) as table:
        async for some in rows:
            # said as it is written: not on the event loop, where calls wait
            said = ([value(row) for _, value in cells] for row in some)
            await asyncio.to_thread(table.add_all, said)
            count += len(some)
        taken = {"asked": asked, "columns": [one.word for one in columns], "count": count}
        await noted(context, f"{sheet.what or sheet.list}.export", "", None, taken)
        return await table.response(dated(context, title))


def cells_of(columns: Sequence[Column], values: Values[T]) -> list[tuple[str, Value[T]]]:
    """(heading, what it says) of each cell of a row."""
    found: list[tuple[str, Value[T]]] = []
    for column in columns:
        value = values[column.word]
        found += value.items() if isinstance(value, Mapping) else [(column.label, value)]
    return found


async def paged(fetch: Callable[[str], Awaitable[Page[T]]]) -> AsyncIterator[Sequence[T]]:
    """All rows; `fetch` gets a page after a cursor."""
    cursor = ""
    while True:
        page = await fetch(cursor)
        yield page.rows
        cursor = page.next
        if not cursor:
            return


async def at_once(rows: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    """Of a list that is in memory."""
    for start in range(0, len(rows), STEP):
        yield rows[start : start + STEP]


def dated(context: Context, title: str) -> str:
    """A file's name: what it is, and of which day."""
    daemon = context.services.daemon
    return f"{title} {daemon.clock().astimezone(daemon.settings.office.zone):%Y-%m-%d}"


def stamp(context: Context, at: datetime | None) -> str:
    """A moment of the office's clock, as spreadsheets sort it; "" none."""
    if at is None:
        return ""
    local = at.astimezone(context.services.daemon.settings.office.zone)
    return local.replace(tzinfo=None).isoformat(" ", "seconds")
