"""A table as an Excel file."""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from openpyxl import Workbook

from console.web.cells import ILLEGAL, defused
from console.web.uploads import as_attachment

MOST_ROWS = 1_048_576  # of a sheet
MOST_TITLE = 28  # of a sheet's title, before its number
MOST_CHARACTERS = 16_000  # of a cell: it holds 32,767 units of UTF-16
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Table:
    """Rows are written as they come; what a spreadsheet would take for a formula is text."""

    def __init__(self, title: str, heads: Sequence[str]) -> None:
        self._title = title
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(title)
        self._sheet.append(list(heads))

    def add(self, cells: Sequence[str | int]) -> None:
        """One more row; numbers stay numbers, to be added up."""
        self._sheet.append([defused(one) if isinstance(one, str) else one for one in cells])

    def response(self) -> web.Response:
        """The file, named after the table, to be kept."""
        out = io.BytesIO()
        self._book.save(out)
        disposition = f'attachment; filename="{self._title}.xlsx"'
        headers = {"Content-Disposition": disposition}
        return web.Response(body=out.getvalue(), content_type=EXCEL, headers=headers)


class BigTable:
    """A table of any length: rows go to the disk as they come. Blocking, but for `response`.

    What does not fit into one sheet goes on in the next.
    """

    def __init__(self, title: str, heads: Sequence[str], most_rows: int = MOST_ROWS) -> None:
        self._title = _NOT_IN_TITLES.sub(" ", title)[:MOST_TITLE]
        self._heads = [_cell(head) for head in heads]
        self._most_rows = most_rows
        self._book = Workbook(write_only=True)
        self._folder = tempfile.TemporaryDirectory(prefix="pbxd-")
        self._next_sheet()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def add_all(self, rows: Iterable[Sequence[str | int]]) -> None:
        """More rows; empty cells take no room, numbers stay numbers."""
        for cells in rows:
            if self._rows == self._most_rows:
                self._next_sheet()
            self._sheet.append([_cell(cell) for cell in cells])
            self._rows += 1

    async def response(self, name: str = "") -> web.Response:
        """The file under this name, else the table's; it is read from the disk as it is sent."""
        file = Path(self._folder.name) / "table.xlsx"
        await asyncio.to_thread(self._book.save, file)
        headers = as_attachment(f"{name or self._title}.xlsx") | {"Content-Type": EXCEL}
        opened = file.open("rb")  # stays readable when the folder is gone
        return web.Response(body=opened, headers=headers)

    def _next_sheet(self) -> None:
        number = len(self._book.worksheets) + 1
        title = self._title if number == 1 else f"{self._title} {number}"
        self._sheet = self._book.create_sheet(title)
        self._sheet.append(self._heads)
        self._rows = 1


def _cell(cell: str | int) -> str | int | None:
    if isinstance(cell, int):
        return cell
    return defused(ILLEGAL.sub("", cell)[:MOST_CHARACTERS]) or None
