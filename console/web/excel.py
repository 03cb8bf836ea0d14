"""A table as an Excel file."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from openpyxl import Workbook

from console.web.cells import defused

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
    """A table of any length: rows go to the disk as they come. Blocking, but for `sent`."""

    def __init__(self, title: str, heads: Sequence[str]) -> None:
        self._title = title
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(title)
        self._sheet.append([defused(head) for head in heads])
        self._folder = tempfile.TemporaryDirectory(prefix="pbxd-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def add_all(self, rows: Iterable[Sequence[str]]) -> None:
        """More rows; empty cells take no room."""
        for cells in rows:
            self._sheet.append([defused(cell) if cell else None for cell in cells])

    async def response(self) -> web.Response:
        """The file, named after the table; it is read from the disk as it is sent."""
        file = Path(self._folder.name) / "table.xlsx"
        await asyncio.to_thread(self._book.save, file)
        headers = {
            "Content-Disposition": f'attachment; filename="{self._title}.xlsx"',
            "Cache-Control": "no-store",
        }
        opened = file.open("rb")  # stays readable when the folder is gone
        return web.Response(body=opened, content_type=EXCEL, headers=headers)
