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
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

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
        self._out = io.BytesIO()
        self._book = Workbook(self._out, {"in_memory": True})
        self._sheet = self._book.add_worksheet(title)
        self._rows = 0
        self.add(heads)

    def add(self, cells: Sequence[str | int]) -> None:
        """One more row; numbers stay numbers, to be added up."""
        _write(self._sheet, self._rows, cells)
        self._rows += 1

    def response(self) -> web.Response:
        """The file, named after the table, to be kept."""
        self._book.close()
        disposition = f'attachment; filename="{self._title}.xlsx"'
        headers = {"Content-Disposition": disposition}
        return web.Response(body=self._out.getvalue(), content_type=EXCEL, headers=headers)


class BigTable:
    """A table of any length: rows go to the disk as they come. Blocking, but for `response`.

    What does not fit into one sheet goes on in the next.
    """

    def __init__(self, title: str, heads: Sequence[str], most_rows: int = MOST_ROWS) -> None:
        self._title = _NOT_IN_TITLES.sub(" ", title)[:MOST_TITLE]
        self._heads = heads
        self._most_rows = most_rows
        self._folder = tempfile.TemporaryDirectory(prefix="pbxd-")
        self._file = Path(self._folder.name) / "table.xlsx"
        # constant memory: a row is written when the next one comes
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = Workbook(self._file, options)
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
            _write(self._sheet, self._rows, cells)
            self._rows += 1

    async def response(self, name: str = "") -> web.Response:
        """The file under this name, else the table's; it is read from the disk as it is sent."""
        await asyncio.to_thread(self._book.close)
        headers = as_attachment(f"{name or self._title}.xlsx") | {"Content-Type": EXCEL}
        opened = self._file.open("rb")  # stays readable when the folder is gone
        return web.Response(body=opened, headers=headers)

    def _next_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        title = self._title if number == 1 else f"{self._title} {number}"
        self._sheet = self._book.add_worksheet(title)
        _write(self._sheet, 0, self._heads)
        self._rows = 1


def _write(sheet: Worksheet, row: int, cells: Sequence[str | int]) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, place, cell)
        elif cell:
            sheet.write_string(row, place, defused(ILLEGAL.sub("", cell)[:MOST_CHARACTERS]))
