"""Reads a table (or vCards) in a process of its own: `python -m console.customer_import.reading`.

A file from outside may be huge, damaged or made to do harm; here it can neither stop the telephones
nor take their memory. The answer is one JSON object on the standard output:
{"sheets": [[name, rows, columns], …]} or {"error": id}; rows go to a file, one JSON list a line.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from console.customer_import.contacts import vcard_rows

MEMORY = 1_500 * 2**20  # bytes of address space
SECONDS = 120  # of computing
UNPACKED = 600 * 2**20  # bytes that a zipped workbook may be unpacked
MOST_COLUMNS = 200
CODINGS = ("utf-8-sig", "utf-16", "cp949", "big5")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class UnreadableError(Exception):
    """Its text is the id of the reason."""


def main() -> None:
    """`sheets FILE` or `rows FILE SHEET OUT`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        match sys.argv[1:]:
            case ["sheets", file]:
                answer: dict[str, Any] = {"sheets": sheets(Path(file))}
            case ["rows", file, sheet, out]:
                answer = {"rows": write(Path(file), int(sheet), Path(out))}
            case _:
                sys.exit(2)
    except UnreadableError as problem:
        answer = {"error": str(problem)}
    except MemoryError:
        answer = {"error": "big"}
    print(json.dumps(answer))


def sheets(file: Path) -> list[tuple[str, int, int]]:
    """Name, rows and columns of each sheet; a text file has one. Raises UnreadableError."""
    book = _book(file)
    if book is None:
        rows = list(_text_rows(file))
        return [("", len(rows), max((len(row) for row in rows), default=0))]
    found = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        found.append((name, sheet.height, sheet.width))
    return found


def write(file: Path, sheet: int, out: Path) -> int:
    """Rows of one sheet, as texts, to `out`; how many there are."""
    count = 0
    with out.open("w", encoding="utf-8") as target:
        for row in _rows(file, sheet):
            cells = [text(cell) for cell in row[:MOST_COLUMNS]]
            while cells and not cells[-1]:
                cells.pop()
            target.write(json.dumps(cells, ensure_ascii=False) + "\n")
            count += 1
    return count


def text(cell: object) -> str:
    """A cell as somebody would have typed it."""
    match cell:
        case None:
            said = ""
        case bool():
            said = "1" if cell else ""
        case float():
            said = str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            midnight = cell.time() == time.min
            said = cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case date():
            said = cell.isoformat()
        case _:
            said = str(cell)
    return said.replace("\x00", "").strip()[:10_000]


def _rows(file: Path, sheet: int) -> Iterable[list[Any]]:
    book = _book(file)
    if book is None:
        return _text_rows(file)
    try:
        # rows that are empty at the top count: the header's number is the file's
        return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise UnreadableError("damaged") from None


def _book(file: Path) -> CalamineWorkbook | None:
    """None: it is no workbook, perhaps a text."""
    with file.open("rb") as source:
        start = source.read(8)
    if start.startswith(_ZIP):
        _check_zip(file)
    elif not start.startswith(_OLE):
        return None
    try:
        return CalamineWorkbook.from_path(str(file))
    except PasswordError:
        raise UnreadableError("password") from None
    except CalamineError as problem:
        encrypted = start.startswith(_OLE) and _encrypted(file)
        raise UnreadableError("password" if encrypted else "damaged") from problem


def _encrypted(file: Path) -> bool:
    with file.open("rb") as source:
        return "EncryptedPackage".encode("utf-16-le") in source.read(2**20)


def _check_zip(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise UnreadableError("big")
    except zipfile.BadZipFile:
        raise UnreadableError("damaged") from None


def _text_rows(file: Path) -> Iterator[list[str]]:
    data = file.read_bytes()
    content = _decoded(data)
    if content.lstrip()[:11].upper() == "BEGIN:VCARD":
        yield from vcard_rows(content)
        return
    first = content[:20_000]
    separator = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(content), delimiter=separator)
    except csv.Error:
        raise UnreadableError("damaged") from None


def _decoded(data: bytes) -> str:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in data[:4096]:
        raise UnreadableError("kind")
    for coding in CODINGS:
        if coding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("coding")


if __name__ == "__main__":
    main()
