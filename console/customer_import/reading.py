"""Reads a table (or vCards) in a process of its own: `python -m console.customer_import.reading`.

A file from outside may be huge, damaged or made to do harm; here it can neither stop the telephones
nor take their memory. The answer is one JSON object on the standard output:
{"sheets": [[name, rows, columns], …]} or {"error": id}; rows go to a file, one JSON list a line.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from console.customer_import.contacts import vcard_rows
from console.web.cells import as_typed

MEMORY = 1_500 * 2**20  # bytes of address space
SECONDS = 120  # of computing
UNPACKED = 600 * 2**20  # bytes that a zipped workbook may be unpacked
MOST_PACKED = 1032  # bytes in one, at the very most (RFC 1951)
MOST_COLUMNS = 200
LONGEST = 32_767  # characters of a cell: Excel's own limit
WRONG = 0.01  # of the letters of a text that is read nevertheless
HANGUL = 0.8  # of the letters of a Korean text
CODINGS = ("utf-8-sig", "utf-16", "cp949", "big5")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# a workbook's beginning of 97 (or of 95), then FilePass ([MS-XLS] 2.4.117)
_LOCKED = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06.{14}|\x08\x00\x00\x05.{4})(?:\x86\x00\x00\x00)?\x2f\x00.\x00",
    re.S,
)


class UnreadableError(Exception):
    """Its text is the id of the reason."""


def main() -> None:
    """`sheets FILE` or `rows FILE SHEET OUT CODING SEPARATOR`; "" is guessed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (UNPACKED, UNPACKED))
    try:
        match sys.argv[1:]:
            case ["sheets", file]:
                answer: dict[str, Any] = {"sheets": sheets(Path(file))}
            case ["rows", file, sheet, out, coding, separator]:
                said = coding, separator
                answer = {"rows": write(Path(file), int(sheet), Path(out), said)}
            case _:
                sys.exit(2)
    except UnreadableError as problem:
        answer = {"error": str(problem)}
    except MemoryError:
        answer = {"error": "big"}
    except OSError as problem:
        match problem.errno:
            case errno.ENOSPC:
                answer = {"error": "room"}
            case errno.EFBIG:
                answer = {"error": "big"}
            case _:
                raise
    print(json.dumps(answer))


def sheets(file: Path) -> list[tuple[str, int, int]]:
    """Name, rows and columns of each sheet; a text file has one. Raises UnreadableError."""
    book = _book(file)
    if book is None:
        rows = list(_text_rows(file))
        return [("", len(rows), max((len(row) for row in rows), default=0))]
    found = []
    try:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            found.append((name, sheet.height, sheet.width))
    except CalamineError:
        raise UnreadableError("damaged") from None
    return found


def write(file: Path, sheet: int, out: Path, said: tuple[str, str] = ("", "")) -> int:
    """Rows of one sheet, as texts, to `out`; how many there are."""
    count = 0
    with out.open("w", encoding="utf-8") as target:
        for row in _rows(file, sheet, said):
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
            said = as_typed(str(cell))
    return said.replace("\x00", "").strip()[:LONGEST]


def _rows(file: Path, sheet: int, said: tuple[str, str]) -> Iterable[list[Any]]:
    book = _book(file)
    if book is None:
        return _text_rows(file, *said)
    try:
        found = book.get_sheet_by_index(sheet)
        # rows that are empty at the top count: the header's number is the file's
        return _spread(found.to_python(skip_empty_area=False), found.merged_cell_ranges or ())
    except CalamineError:
        raise UnreadableError("damaged") from None


def _spread(rows: list[list[Any]], merged: Iterable[Any]) -> list[list[Any]]:
    """What stands in cells merged over several rows holds for each that has something of its own:
    a company over its people, a heading over two rows."""
    empty = {place for place, row in enumerate(rows) if not any(cell != "" for cell in row)}
    width = len(rows[0]) if rows else 0
    for (top, left), (bottom, _) in merged:
        for place in range(top + 1, min(bottom + 1, len(rows))):
            if left < width and place not in empty and rows[place][left] == "":
                rows[place][left] = rows[top][left]
    return rows


def _book(file: Path) -> CalamineWorkbook | None:
    """None: it is no workbook, perhaps a text."""
    with file.open("rb") as source:
        start = source.read(8)
    if start.startswith(ZIP):
        _check_zip(file)
    elif not start.startswith(OLE):
        return None
    elif _encrypted(file):
        raise UnreadableError("password")
    try:
        return CalamineWorkbook.from_path(str(file))
    except PasswordError:
        raise UnreadableError("password") from None
    except CalamineError as problem:
        raise UnreadableError("damaged") from problem


def _encrypted(file: Path) -> bool:
    data = file.read_bytes()
    return "EncryptedPackage".encode("utf-16-le") in data[: 2**20] or bool(_LOCKED.search(data))


def _check_zip(file: Path) -> None:
    """Raises UnreadableError: what it says of itself cannot be, or is too much."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        raise UnreadableError("damaged") from None
    held = sum(one.compress_size for one in parts)
    if held > file.stat().st_size or any(
        one.file_size > MOST_PACKED * (one.compress_size + 1) for one in parts
    ):
        raise UnreadableError("damaged")
    if sum(one.file_size for one in parts) > UNPACKED:
        raise UnreadableError("big")


def _text_rows(file: Path, coding: str = "", separator: str = "") -> Iterator[list[str]]:
    data = file.read_bytes()
    content = _decoded(data, coding)
    if content.lstrip()[:11].upper() == "BEGIN:VCARD":
        yield from vcard_rows(content)
        return
    start = content[:20_000]
    heads = next((line for line in start.splitlines() if line.strip()), "")  # addresses have commas
    separator = separator or max(",\t;", key=lambda one: (heads.count(one), start.count(one)))
    try:
        yield from csv.reader(io.StringIO(content), delimiter=separator)
    except csv.Error:
        raise UnreadableError("damaged") from None


def _decoded(data: bytes, coding: str) -> str:
    if coding in CODINGS:  # somebody has looked: a wrong letter is better than none
        return data.decode(coding, errors="replace")
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and b"\x00" in data[:4096]:
        raise UnreadableError("kind")
    likely = [*(["utf-16"] if marked else []), "utf-8-sig", *_by_likelihood(data)]
    for name in likely:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    # cut in the middle of a letter, or with a few wrong ones: who looks at the columns sees it
    fairly = min((data.decode(name, "replace") for name in likely), key=_wrong)
    if _wrong(fairly) > WRONG:
        raise UnreadableError("coding")
    return fairly


def _wrong(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))


def _by_likelihood(data: bytes) -> list[str]:
    """Nearly every text is possible in both: Korean ones have hardly anything but everyday hangul,
    and Chinese ones, taken for Korean, rare syllables and hanja."""
    first = data[:20_000].decode("cp949", errors="ignore")
    letters = [char for char in first if not char.isascii()]
    hangul = sum("가" <= char <= "힣" and _everyday(char) for char in letters)
    return ["cp949", "big5"] if hangul >= HANGUL * len(letters) else ["big5", "cp949"]


def _everyday(char: str) -> bool:
    try:
        char.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    main()
