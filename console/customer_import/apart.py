"""Rows are read in a process of their own: the costly half of an import, and calls go on here."""

from __future__ import annotations

import asyncio
import gc
import json
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from console.customer_import.model import Plan
from console.customer_import.rows import Reader, Row
from console.customers.checks import Checks
from console.customers.model import Details
from console.customers.records import Prepared
from pbxd.errors import InvalidInput
from pbxd.workers import worker

AHEAD = 2
FEW = 1000  # rows that are read sooner than a process starts (0.5 s)
BREATH = 10  # rows that are read here between calls, which get their turn
NICE = 5  # telephones first

Lines = Sequence[tuple[int, str]]  # number in the file, its cells as JSON


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be read in, and why: message and details of the refusal."""

    number: int
    cells: list[str]
    message: str
    details: Mapping[str, object]

    @classmethod
    def of(cls, number: int, cells: list[str], refusal: InvalidInput) -> Self:
        """Exceptions do not go from one process to another as they are."""
        return cls(number, cells, refusal.message, refusal.details)


@dataclass(slots=True)
class Read:
    """A row that can be read: its number in the file, its cells, what it says, whose it is."""

    number: int
    cells: list[str]
    row: Row
    prepared: Prepared | None = None  # of a new customer; a try-out writes nothing
    id: str = ""


@dataclass(slots=True)
class Chunk:
    """Some rows: those that could be read, and what becomes of them."""

    read: list[Read] = field(default_factory=list)
    zeros: int = 0
    new_codes: dict[str, None] = field(default_factory=dict)
    created: list[Read] = field(default_factory=list)
    changed: list[Read] = field(default_factory=list)
    skipped: int = 0
    wrong: list[Wrong] = field(default_factory=list)


class RowReader:
    """Reads rows with the office's rules and lists as they are when the import begins."""

    def __init__(self, plan: Plan, checks: Checks, *, writes: bool) -> None:
        self._checks = checks
        self._writes = writes
        self._codes: dict[tuple[str, str], str] = {}  # (list, name) → id; the first one offered
        for code in checks.codes.values():
            if not code.removed:
                self._codes.setdefault((code.list, code.name.casefold()), code.id)
        fields = {word: known for word in plan.columns if (known := checks.fields.get(word))}
        self._reader = Reader(plan.columns, fields, checks.plan, self._code, zero=plan.zero)

    def read(self, lines: Lines, into: Chunk) -> Chunk:
        """What they say, added to what is there."""
        for number, line in lines:
            self._one(number, json.loads(line), into)
        return into

    def _one(self, number: int, cells: list[str], done: Chunk) -> None:
        if not any(cells):
            done.skipped += 1
            return
        try:
            row = self._row(cells)
        except InvalidInput as refusal:
            done.wrong.append(Wrong.of(number, cells, refusal))
            return
        done.zeros += row.zeros
        done.new_codes |= dict.fromkeys(name for _, name in row.new_codes)
        prepared = self._checks.prepared(row.details) if self._writes else None
        done.read.append(Read(number, cells, row, prepared))

    def _row(self, cells: list[str]) -> Row:
        row = self._reader.read(cells)
        details = row.details
        if not details.name:
            first = details.phones[0].number if details.phones else ""
            details = replace(details, name=details.company or first)
        row.details = self._checks.checked(details, Details(""), frozenset())
        return row

    def _code(self, list: str, name: str) -> str:
        return self._codes.get((list, name.strip().casefold()), "")


async def read_ahead(
    reader: RowReader, rows: int, pieces: Iterator[Lines]
) -> AsyncGenerator[Chunk]:
    """Each piece, read; the next ones are being read meanwhile. `rows`: how many in all."""
    if rows <= FEW:
        for lines in pieces:
            chunk = Chunk()
            for place in range(0, len(lines), BREATH):
                await asyncio.sleep(0)
                reader.read(lines[place : place + BREATH], chunk)
            yield chunk
        return
    loop = asyncio.get_running_loop()
    pool = worker(NICE, _begin, reader)
    try:
        started = (loop.run_in_executor(pool, _read, lines) for lines in pieces)
        ahead = deque(islice(started, AHEAD))
        while ahead:
            chunk = await ahead.popleft()
            ahead.extend(islice(started, 1))
            yield chunk
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_mine: list[RowReader] = []  # of the process that reads


def _begin(reader: RowReader) -> None:
    gc.disable()  # nothing here goes in circles, and it would look at all modules again and again
    _mine.append(reader)


def _read(lines: Lines) -> Chunk:
    return _mine[0].read(lines, Chunk())
