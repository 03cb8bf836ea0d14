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
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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
WIDTHS = 22, 22, 16, 60, 12  # of the first sheet's columns
FIRST_YEAR = 1901  # of a spreadsheet's days, but for those that it counts wrongly
Say = Callable[[str, int, int], None]  # table, rows done, of how many
Put = Callable[[Worksheet, int, int, Any], None]  # row, column, value


def write(plan: Plan, say: Say) -> int:
    """Write `FILE` in the plan's folder; how many rows. Raises OSError, sqlite3.Error."""
    unfinished = plan.folder / f"{FILE}.part"
    # rows go to the disk as they come, sheet by sheet, until they are packed
    book = Workbook(unfinished, {"constant_memory": True, "tmpdir": str(plan.folder)})
    book.use_zip64()  # a sheet may have more than 4 GB
    forms = Forms(book)
    contents = book.add_worksheet(plan.title)
    written: dict[str, int] = {}
    with closing(rows.opened(plan.database)) as db:
        of = sum(rows.count(db, sheet.table) for sheet in plan.sheets)
        for sheet in plan.sheets:
            before = sum(written.values())
            written[sheet.table] = 0
            for done in _fill(book, forms, sheet, plan, db):
                written[sheet.table] = done
                _room(plan)
                say(sheet.table, before + done, max(of, before + done))
    total = sum(written.values())
    _contents(contents, forms, plan, written)
    say("", total, total)
    sizes = [file.stat().st_size for file in plan.folder.iterdir()]
    _room(plan, max(*sizes, sum(sizes) // PACKED))  # each sheet is put together once more
    try:
        book.close()
    except FileCreateError as problem:
        raise problem.args[0] from None
    unfinished.chmod(0o600)
    unfinished.replace(plan.folder / FILE)
    return total


class Forms:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        self.bold = book.add_format({"bold": True})
        self.time = book.add_format({"num_format": "yyyy-mm-dd h:mm:ss"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})


def _fill(
    book: Workbook, forms: Forms, sheet: Sheet, plan: Plan, db: sqlite3.Connection
) -> Iterator[int]:
    """The rows of one table; says after each page how many."""
    names = [field.column for field in sheet.fields]
    zone = ZoneInfo(plan.zone)
    puts = [*enumerate(_put(field.kind, zone, forms) for field in sheet.fields)]
    done, parts, on_this = 0, 1, 1
    page = _table(book, forms, sheet.table, names)
    for found in rows.pages(db, sheet.table, names):
        for row in found:
            if on_this == plan.most_rows:
                parts, on_this = parts + 1, 1
                page = _table(book, forms, f"{sheet.table[:25]} ({parts})", names)
            for place, put in puts:
                if (value := row[place]) is not None:
                    put(page, on_this, place, value)
            on_this += 1
        done += len(found)
        yield done


def _table(book: Workbook, forms: Forms, title: str, names: Sequence[str]) -> Worksheet:
    page = book.add_worksheet(title)
    page.freeze_panes(1, 0)
    for place, name in enumerate(names):
        page.write_string(0, place, name, forms.bold)
    return page


def _contents(page: Worksheet, forms: Forms, plan: Plan, written: dict[str, int]) -> None:
    """The first sheet: what there is, what it means, what is not there."""
    for place, width in enumerate(WIDTHS):
        page.set_column(place, place, width)
    line = count()

    def add(*cells: str | int, form: Format | None = None) -> None:
        at = next(line)
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                page.write_number(at, place, cell)
            elif cell:
                page.write_string(at, place, defused(cell), form)

    for words in plan.head:
        add(words)
    add(*plan.columns, form=forms.bold)
    for sheet in plan.sheets:
        add(sheet.table, "", "", sheet.about, written[sheet.table], form=forms.bold)
        for field in sheet.fields:
            add(sheet.table, field.column, field.type, field.about)
    add()
    add(plan.absent, form=forms.bold)
    for name, why in plan.left_out:
        table, _, column = name.partition(".")
        add(table, column, "", why)


def _put(kind: Kind, zone: ZoneInfo, forms: Forms) -> Put:
    """What writes a kept value into a cell."""

    def moment(page: Worksheet, row: int, place: int, value: Any) -> None:
        found = _moment(value, zone)
        if isinstance(found, datetime):
            page.write_datetime(row, place, found, forms.time)
        else:
            text(page, row, place, found)

    def day(page: Worksheet, row: int, place: int, value: Any) -> None:
        found = _day(value)
        if isinstance(found, date):
            page.write_datetime(row, place, found, forms.day)
        else:
            text(page, row, place, found)

    def number(page: Worksheet, row: int, place: int, value: Any) -> None:
        if isinstance(value, int | float) and math.isfinite(value) and abs(value) < EXACT:
            page.write_number(row, place, value)
        else:
            text(page, row, place, value)

    def flag(page: Worksheet, row: int, place: int, value: Any) -> None:
        page.write_boolean(row, place, bool(value))

    def text(page: Worksheet, row: int, place: int, value: Any) -> None:
        if clean := _clean(str(value)):
            page.write_string(row, place, clean)

    puts: dict[Kind, Put] = {
        "time": moment,
        "day": day,
        "number": number,
        "flag": flag,
        "text": text,
    }
    return puts[kind]


def _moment(value: Any, zone: ZoneInfo) -> datetime | str:
    """As text what is none, or none that a spreadsheet counts."""
    try:
        local = (_EPOCH + timedelta(milliseconds=int(value))).astimezone(zone)
    except (ValueError, OverflowError):
        return str(value)
    naive = local.replace(tzinfo=None, microsecond=0)
    return naive if naive.year >= FIRST_YEAR else naive.isoformat(" ")


def _day(value: Any) -> date | str:
    """The same of a day."""
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return found if found.year >= FIRST_YEAR else found.isoformat()


def _clean(text: str) -> str:
    """What a cell can hold; what it cannot is cut, and that is seen."""
    clean = defused(ILLEGAL.sub("", text))
    if len(clean) > MOST_UNITS // 2:  # it may be longer in what Excel counts
        units = clean.encode("utf-16-le")
        if len(units) > 2 * MOST_UNITS:
            kept = units[: 2 * MOST_UNITS - 2].decode("utf-16-le", "ignore")
            clean = f"{kept}…"
    return clean


def _room(plan: Plan, wanted: int = 0) -> None:
    """Calls are kept on the same disk: it is never filled. Raises OSError."""
    if shutil.disk_usage(plan.folder).free - wanted < plan.keep_free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def main() -> None:
    """Do what the first line says; end at once when the other end is closed."""
    os.nice(10)
    plan = Plan.model_validate_json(sys.stdin.readline())
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
