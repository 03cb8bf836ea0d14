"""Files read in: converted in a process of their own, tried out, read in short transactions.

Each chunk of rows is one transaction together with the count of the rows done, so that one that was
cut short (pbxd stopped, power cut) goes on exactly where it was.
"""

from __future__ import annotations

import asyncio
import errno
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from ulid import ULID

from console.batches import queries as batch_queries
from console.batches.model import BatchKind
from console.batches.service import Batches
from console.customer_import import guess, queries
from console.customer_import.apart import RowReader, read_ahead
from console.customer_import.model import Counts, Import, Plan, State
from console.customer_import.opening import UNREADABLE, opened
from console.customer_import.rows import code_names
from console.customer_import.work import Work
from console.customers.service import Customers
from console.fields.model import Field, Kind
from console.web.i18n import Language, Languages
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

CHUNK = 200
MOST_CODES = 500
KEPT = timedelta(days=30)
SOURCE, ROWS, WRONG = "source", "rows.jsonl", "wrong.jsonl"


class Imports:
    """Files under `folder`, one at work at a time."""

    def __init__(
        self,
        store: Store,
        customers: Customers,
        batches: Batches,
        languages: Languages,
        supervisor: Supervisor,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._store = store
        self._customers = customers
        self._batches = batches
        self._languages = languages
        self._supervisor = supervisor
        self._clock = clock
        self._folder = folder
        self._live: dict[str, Import] = {}
        self._stop: set[str] = set()

    async def resume(self) -> None:
        """Go on with what was cut short; files of a month ago are deleted (customers' data)."""
        before = self._clock() - KEPT
        await asyncio.to_thread(purge, self._folder, before)
        async with self._store.reading() as conn:
            for one in await queries.unfinished(conn):
                self._begin(one)

    async def add(self, save: Callable[[Path], Awaitable[str]], user_id: str) -> Import:
        """A file that is sent: `save` writes it there as it comes and gives its name.

        Raises what `save` does, InvalidInput: it cannot be read, and why.
        """
        id = new_id()
        folder = self._folder / id
        try:
            await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True)
            name = await save(folder / SOURCE)
            answer = await opened("sheets", folder / SOURCE)
            sheets = tuple((one[0], one[1], one[2]) for one in answer["sheets"])
            if not any(rows and width for _, rows, width in sheets):
                raise InvalidInput("file-empty", "There is nothing in this file.", field="file")
            first = next(place for place, one in enumerate(sheets) if one[1] and one[2])
            one = Import(id, user_id, self._clock(), name, sheets, Plan(sheet=first))
            one = await self._with_sheet(one, 0, None)
            await self._keep(one)
        except BaseException as problem:
            await asyncio.to_thread(shutil.rmtree, folder, True)
            if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
                raise UNREADABLE["room"] from None
            raise
        return one

    async def get(self, id: str) -> Import:
        """One, as it is now. Raises NotFound."""
        if id in self._live:
            return self._live[id]
        async with self._store.reading() as conn:
            found = await queries.get(conn, id)
        if found is None or not (self._folder / id / ROWS).exists():
            raise NotFound("no-import", "This file is not there any more: send it again.")
        # a full disk has no room to say that it failed either
        return replace(found, state=State.FAILED) if found.busy else found

    async def plan(self, id: str, plan: Plan) -> Import:
        """Read it so. Raises InvalidInput, Conflict."""
        one = await self.get(id)
        if one.busy or one.cut_short or one.state is State.DONE:
            raise Conflict("import-busy", "It is being read in already.")
        was = one.plan
        converts = (was.sheet, was.coding, was.separator) != (
            plan.sheet, plan.coding, plan.separator,
        )  # fmt: skip
        if converts or plan.header != was.header:
            one = replace(one, plan=replace(plan, columns=was.columns))
            one = await self._with_sheet(one, was.header, None if converts else plan.header)
            one = replace(one, plan=replace(plan, header=one.plan.header, columns=one.plan.columns))
        else:
            _check(plan)
            one = replace(one, plan=plan)
        one = replace(one, state=State.NEW, counts=Counts())
        await self._keep(one)
        return one

    async def start(self, id: str, *, dry: bool) -> None:
        """Try it out, or read it in. Raises Conflict: another one is at work."""
        one = await self.get(id)
        if self._live or one.cut_short or one.state is State.DONE:
            raise Conflict("import-busy", "It is being read in already.")
        _check(one.plan)
        one = replace(one, counts=Counts(), zeros=0, new_codes=())
        if dry:
            one = replace(one, state=State.CHECKING)
        else:
            batch_id = await self._batches.begin(BatchKind.IMPORT, one.name, one.by)
            one = replace(one, state=State.RUNNING, batch_id=batch_id)
        (self._folder / id / WRONG).unlink(missing_ok=True)
        await self._keep(one)
        self._begin(one)

    async def go_on(self, id: str) -> None:
        """Read in the rest of one that was cut short. Raises Conflict."""
        one = await self.get(id)
        if self._live or not one.cut_short:
            raise Conflict("import-busy", "It is being read in already.")
        await self._batches.check_open(one.batch_id)
        one = replace(one, state=State.RUNNING)
        await self._keep(one)
        self._begin(one)

    async def cancel(self, id: str) -> None:
        """Stop it; what was read in stays and can be taken back as a whole."""
        if id in self._live:
            self._stop.add(id)

    def sample(self, id: str, size: int = 8) -> list[list[str]]:
        """The first rows."""
        return list(islice(_lines(self._folder / id / ROWS), size))

    def wrong(self, id: str, language: Language) -> Iterator[tuple[int, str, list[str]]]:
        """(row's number, why in the reader's language, its cells) of what could not be read in."""
        file = self._folder / id / WRONG
        if file.exists():
            for line in _lines(file):
                number, message, cells, details = line
                yield number, language.text(message, **details), cells

    def words(self) -> dict[str, str]:
        """Renamed and own fields' labels in every language → word: headings are guessed by them."""
        fields = self._customers.fields
        found: dict[str, str] = {}
        for language in self._languages.all():
            for one in fields.used():
                found[fields.label(one.word, language)] = one.word
        return found

    def _begin(self, one: Import) -> None:
        self._live[one.id] = one
        self._batches.at_work.add(one.batch_id)
        self._supervisor.once("customer import", self._run(one.id))

    async def _run(self, id: str) -> None:
        one = self._live[id]
        work = Work(one, self._customers)
        try:
            if one.plan.make_codes and one.state is State.RUNNING:
                await self._make_codes(id)
            writes = one.state is State.RUNNING
            reader = RowReader(one.plan, self._customers.checks, writes=writes)
            folder, begun = self._folder / id, one.plan.header + one.counts.done
            with (
                (folder / ROWS).open(encoding="utf-8") as rows,
                (folder / WRONG).open("a", encoding="utf-8") as wrong,
            ):
                numbered = islice(enumerate(rows, start=1), begun, None)
                pieces = iter(lambda: list(islice(numbered, CHUNK)), [])
                left = one.total - one.counts.done
                async with aclosing(read_ahead(reader, left, pieces)) as chunks:
                    while id not in self._stop and (chunk := await anext(chunks, None)):
                        await work.take(chunk, wrong, self._store, self._clock)
                        self._live[id] = work.one
            await self._ended(work.one)
        except Exception:
            log.exception("import failed", id=id)
            await self._keep(replace(work.one, state=State.FAILED))
        finally:
            self._live.pop(id, None)
            self._batches.at_work.discard(one.batch_id)
            self._stop.discard(id)

    async def _ended(self, one: Import) -> None:
        cancelled = one.id in self._stop and one.counts.done < one.total
        state = State.CANCELLED if cancelled else State.DONE
        if one.state is State.CHECKING:
            state = State.NEW if cancelled else State.CHECKED
        if one.batch_id and one.state is State.RUNNING:
            async with self._store.writing() as conn:
                await batch_queries.end(conn, one.batch_id, self._clock())
        await self._keep(replace(one, state=state))

    async def _make_codes(self, id: str) -> None:
        """Words that no list has, added to it before their rows are read."""
        one = self._live[id]
        codes, fields = self._customers.codes, self._customers.fields
        wanted = {
            place: field
            for place, word in enumerate(one.plan.columns)
            if (field := fields.get(word)) is not None and field.kind in (Kind.CODE, Kind.CODES)
        }
        if not wanted:
            return
        file, header = self._folder / id / ROWS, one.plan.header
        names = await asyncio.to_thread(_code_names, file, header, wanted)  # calls go on meanwhile
        for list_word, name in sorted(names):
            if codes.named(list_word, name) is None:
                await codes.add(list_word, name, "", one.by)

    async def _with_sheet(self, one: Import, was: int, header: int | None) -> Import:
        """Another header row (`was` the one before), or (None) another sheet as well: its rows are
        converted. The columns are guessed anew."""
        folder = self._folder / one.id
        if not 0 <= one.plan.sheet < len(one.sheets):
            raise NotFound("no-sheet", "There is no such sheet.")
        total = one.total + was
        if header is None or not (folder / ROWS).exists():
            rows, plan = str(folder / ROWS), one.plan
            said = plan.coding, plan.separator
            answer = await opened("rows", folder / SOURCE, str(plan.sheet), rows, *said)
            total = answer["rows"]
        first = list(islice(_lines(folder / ROWS), guess.MOST_HEADER))
        words = self.words()
        row = guess.header_row(first, words) if header is None else header
        heads = first[row - 1] if 0 < row <= len(first) else []
        width = max((len(cells) for cells in islice(_lines(folder / ROWS), 200)), default=0)
        heads = [*heads, *[""] * (width - len(heads))]
        plan = replace(one.plan, header=row, columns=guess.columns(heads, words))
        return replace(one, plan=plan, total=max(0, total - row))

    async def _keep(self, one: Import) -> None:
        async with self._store.writing() as conn:
            await queries.keep(conn, one)
        if one.id in self._live:
            self._live[one.id] = one


def _check(plan: Plan) -> None:
    """Raises InvalidInput: a field for two columns, or nothing that names a customer."""
    words = [word for word in plan.columns if word and word not in (*guess.PHONES, "memo")]
    twice = next((word for word in words if words.count(word) > 1), "")
    if twice:
        raise InvalidInput(
            "column-twice", "Two columns go into one field: choose one.", field=twice
        )
    if not {"name", "company", *guess.PHONES} & set(plan.columns):
        raise InvalidInput(
            "column-name", "Say which column holds the name or a telephone number.", field="name"
        )


def _code_names(file: Path, header: int, wanted: Mapping[int, Field]) -> set[tuple[str, str]]:
    """(list, name) of all codes in the rows. Raises InvalidInput: these are no codes."""
    names: set[tuple[str, str]] = set()
    for cells in islice(_lines(file), header, None):
        for place, field in wanted.items():
            if place < len(cells):
                names |= {(field.codes, name) for name in code_names(cells[place], field)}
        if len(names) > MOST_CODES:
            raise InvalidInput("codes-many", "Too many different words for one list.")
    return names


def purge(folder: Path, before: datetime) -> None:
    """Delete files that were sent before that time; what is no import's folder stays."""
    for one in folder.iterdir() if folder.exists() else ():
        try:
            sent = ULID.from_str(one.name).datetime
        except ValueError:
            continue
        if sent < before:
            shutil.rmtree(one, ignore_errors=True)


def _lines(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8") as source:
        for line in source:
            yield json.loads(line)
