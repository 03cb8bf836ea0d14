"""The program that writes all data into one Excel file: a process of its own, no call waits for it.

What to write comes as one line of JSON; how far it is goes out in lines of JSON. It ends, and
leaves nothing behind, as soon as nobody holds the other end.
"""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from pydantic import BaseModel

from console.web.cells import ILLEGAL, defused
from pbxd.store import rows

MOST_ROWS = 1_048_576  # of a sheet
MOST_UNITS = 32_767  # of a cell, in UTF-16
EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
SAY_EVERY_S = 0.25
PACKED = 4  # what is packed takes at most one part of so many

Kind = Literal["text", "number", "flag", "time", "day"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Field(BaseModel):
    """A column: its name in the store, how it is written, and in words."""

    column: str
    kind: Kind
    type: str
    about: str


class Sheet(BaseModel):
    """A table."""

    table: str
    about: str
    fields: list[Field]


class Plan(BaseModel):
    """All that is to be written, in the words of who asked for it."""

    database: Path
    folder: Path  # of its own: it goes with everything in it when this does not end well
    zone: str
    title: str  # of the first sheet
    head: list[str]  # lines above it
    columns: list[str]  # its heads: table, column, type, meaning, rows
    absent: str  # the words over what is not in the file
    sheets: list[Sheet]
    left_out: list[tuple[str, str]]
    keep_free: int  # bytes of the disk that stay free
    most_rows: int = MOST_ROWS


FILE = "all.xlsx"
Say = Callable[[str, int, int], None]  # table, rows done, of how many


def write(plan: Plan, say: Say) -> int:
    """Write `FILE` in the plan's folder; how many rows. Raises OSError, sqlite3.Error."""
    book = Workbook(write_only=True)
    contents = _sheet(book, plan.title, (22, 22, 16, 60, 12))
    written: dict[str, int] = {}
    with closing(rows.opened(plan.database)) as db:
        of = sum(rows.count(db, sheet.table) for sheet in plan.sheets)
        for sheet in plan.sheets:
            before = sum(written.values())
            written[sheet.table] = 0
            for done in _fill(book, sheet, plan, db):
                written[sheet.table] = done
                _room(plan)
                say(sheet.table, before + done, max(of, before + done))
    total = sum(written.values())
    _contents(contents, plan, written)
    say("", total, total)
    unpacked = sum(file.stat().st_size for file in plan.folder.iterdir())
    _room(plan, unpacked // PACKED)
    unfinished = plan.folder / f"{FILE}.part"
    book.save(unfinished)
    unfinished.chmod(0o600)
    unfinished.replace(plan.folder / FILE)
    return total


def _fill(book: Workbook, sheet: Sheet, plan: Plan, db: sqlite3.Connection) -> Iterator[int]:
    """The rows of one table; says after each page how many."""
    names = [field.column for field in sheet.fields]
    zone = ZoneInfo(plan.zone)
    makers = [_maker(field.kind, zone) for field in sheet.fields]
    done, parts, on_this = 0, 1, 1
    page = _table(book, sheet.table, names)
    for found in rows.pages(db, sheet.table, names):
        for row in found:
            if on_this == plan.most_rows:
                page.close()
                parts, on_this = parts + 1, 1
                page = _table(book, f"{sheet.table[:25]} ({parts})", names)
            page.append([make(value) for make, value in zip(makers, row, strict=True)])
            on_this += 1
        done += len(found)
        yield done
    page.close()


def _table(book: Workbook, title: str, names: Sequence[str]) -> WriteOnlyWorksheet:
    page = _sheet(book, title, (), freeze="A2")
    page.append([_bold(page, name) for name in names])
    return page


def _contents(page: WriteOnlyWorksheet, plan: Plan, written: dict[str, int]) -> None:
    """The first sheet: what there is, what it means, what is not there."""
    for line in plan.head:
        page.append([defused(line)])
    page.append([_bold(page, head) for head in plan.columns])
    for sheet in plan.sheets:
        bold = _bold(page, sheet.table), _bold(page, sheet.about)
        page.append([bold[0], None, None, bold[1], written[sheet.table]])
        for field in sheet.fields:
            page.append([sheet.table, field.column, field.type, defused(field.about)])
    page.append([])
    page.append([_bold(page, plan.absent)])
    for name, why in plan.left_out:
        table, _, column = name.partition(".")
        page.append([table, column, None, why])
    page.close()


def _sheet(
    book: Workbook, title: str, widths: Sequence[int], freeze: str | None = None
) -> WriteOnlyWorksheet:
    page = book.create_sheet(title)
    assert isinstance(page, WriteOnlyWorksheet)
    columns: Any = page
    for letter, width in zip("ABCDE", widths, strict=False):
        columns.column_dimensions[letter].width = width
    page.freeze_panes = freeze
    return page


def _bold(page: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(page, defused(text))
    cell.font = Font(bold=True)
    return cell


def _maker(kind: Kind, zone: ZoneInfo) -> Callable[[Any], Any]:
    """How a kept value stands in a cell; nothing stays nothing."""

    def moment(value: Any) -> Any:
        try:
            local = (_EPOCH + timedelta(milliseconds=int(value))).astimezone(zone)
        except (ValueError, OverflowError):
            return text(value)
        naive = local.replace(tzinfo=None, microsecond=0)
        return naive if naive.year > 1900 else naive.isoformat(" ")

    def day(value: Any) -> Any:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return text(value)

    def number(value: Any) -> Any:
        good = isinstance(value, int | float) and math.isfinite(value) and abs(value) < EXACT
        return value if good else text(value)

    def text(value: Any) -> Any:
        clean = defused(ILLEGAL.sub("", str(value)))
        if len(clean) > MOST_UNITS // 2:  # it may be longer in what Excel counts
            units = clean.encode("utf-16-le")
            if len(units) > 2 * MOST_UNITS:
                kept = units[: 2 * MOST_UNITS - 2].decode("utf-16-le", "ignore")
                clean = f"{kept}…"
        return clean or None

    makers: dict[Kind, Callable[[Any], Any]] = {
        "time": moment,
        "day": day,
        "number": number,
        "flag": bool,
        "text": text,
    }
    make = makers[kind]
    return lambda value: None if value is None else make(value)


def _room(plan: Plan, wanted: int = 0) -> None:
    """Calls are kept on the same disk: it is never filled. Raises OSError."""
    if shutil.disk_usage(plan.folder).free - wanted < plan.keep_free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def main() -> None:
    """Do what the first line says; end at once when the other end is closed."""
    os.nice(10)
    plan = Plan.model_validate_json(sys.stdin.readline())
    tempfile.tempdir = str(plan.folder)  # where openpyxl keeps the sheets until they are packed
    threading.Thread(target=_gone, args=(plan.folder,), daemon=True).start()
    said = 0.0

    def say(table: str, done: int, of: int) -> None:
        nonlocal said
        if not table or time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            _out({"table": table, "rows": done, "of": of})

    try:
        _out({"ready": write(plan, say)})
    except Exception as problem:
        shutil.rmtree(plan.folder, ignore_errors=True)
        _out({"failed": _why(problem)})
        os._exit(1)  # half written sheets would write on


def _why(problem: Exception) -> str:
    """For people: never a value."""
    if isinstance(problem, OSError):
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return "full" if full else problem.strerror or type(problem).__name__
    return str(problem) if isinstance(problem, sqlite3.Error) else type(problem).__name__


def _out(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _gone(folder: Path) -> None:
    """pbxd itself has ended, however it did."""
    while os.read(0, 64):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
