"""A table of any length as an Excel file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web
from openpyxl import Workbook, load_workbook

from console.lists.export import Values, cells_of
from console.lists.model import Column
from console.web.excel import EXCEL, BigTable


async def read(response: web.Response) -> Workbook:
    body = response.body
    assert body is not None
    assert not isinstance(body, bytes | bytearray | memoryview)
    return load_workbook(io.BytesIO(body._value.read()))


async def test_what_people_wrote_stays_what_it_is() -> None:
    with BigTable("통화 내역: [1/2]", ["번호", "말", "초"]) as table:
        table.add_all(
            [("+82 10", "=1+1", 7), ("010", "tab\x0bhere\x00", 0), ("", "긴" * 40_000, 1)]
        )
        response = await table.response("통화 내역 2026-11-28")
    assert response.content_type == EXCEL
    assert "통화 내역 2026-11-28.xlsx" in unquote(response.headers["Content-Disposition"])
    (sheet,) = (await read(response)).worksheets
    assert sheet.title == "통화 내역   1 2 "
    heads, first, second, third = sheet.values
    assert heads == ("번호", "말", "초")
    assert first == ("+82 10", "'=1+1", 7)
    assert second == ("010", "tabhere", 0)
    assert third[0] is None
    assert 0 < len(str(third[1])) < 32_767


async def test_more_rows_than_a_sheet_holds_go_on_in_the_next() -> None:
    with BigTable("calls", ["n"], most_rows=3) as table:
        for start in (0, 3):
            table.add_all([(n,) for n in range(start, start + 3)])
        response = await table.response()
    book = await read(response)
    assert [one.title for one in book] == ["calls", "calls 2", "calls 3"]
    assert [list(one.values) for one in book] == [
        [("n",), (0,), (1,)],
        [("n",), (2,), (3,)],
        [("n",), (4,), (5,)],
    ]


async def test_an_empty_list_has_its_headings() -> None:
    with BigTable("calls", ["Time", "Customer"]) as table:
        response = await table.response()
    (sheet,) = (await read(response)).worksheets
    assert list(sheet.values) == [("Time", "Customer")]


@dataclass(frozen=True)
class Row:
    name: str
    seconds: int


def test_a_column_may_be_several_cells() -> None:
    values: Values[Row] = {
        "name": lambda row: row.name,
        "length": {"Seconds": lambda row: row.seconds, "Minutes": lambda row: row.seconds // 60},
        "hidden": lambda _: "",
    }
    chosen = [Column("length", "Length"), Column("name", "Name")]
    cells = cells_of(chosen, values)
    assert [heading for heading, _ in cells] == ["Seconds", "Minutes", "Name"]
    assert [value(Row("a", 125)) for _, value in cells] == [125, 2, "a"]
