"""A table as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence

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

    def add(self, cells: Sequence[str]) -> None:
        """One more row."""
        self._sheet.append([defused(cell) for cell in cells])

    def response(self) -> web.Response:
        """The file, named after the table, to be kept."""
        out = io.BytesIO()
        self._book.save(out)
        disposition = f'attachment; filename="{self._title}.xlsx"'
        headers = {"Content-Disposition": disposition}
        return web.Response(body=out.getvalue(), content_type=EXCEL, headers=headers)
