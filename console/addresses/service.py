"""Finds addresses in the postcode table and among the customers; has the table made."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from console.addresses import queries
from console.addresses.build import FILE, Plan
from console.addresses.model import Asked, Found, Hit, Span, Street, Table
from console.addresses.rules import address_of, asked, chosen
from console.addresses.spans import spans_text
from console.audit import queries as audit
from console.customers.service import Customers
from console.web.i18n import Language, msgid
from pbxd.app import Daemon
from pbxd.errors import Conflict
from pbxd.store.metadata import new_id

log = structlog.get_logger(__name__)

SHOWN = 50
STREETS = 120  # roads whose numbers are looked at
OWN = 5

PROBLEMS = {
    "busy": msgid("A table is being made at this moment. Wait until it is ready."),
    "damaged": msgid("The file is damaged or was cut off. Get it again."),
    "kind": msgid(
        "This is no postcode file. Take Korea Post's “지역별 주소 DB” (text or zip) or Chunghwa"
        " Post's 3+3 postcodes (CSV)."
    ),
    "empty": msgid("There is no address in this file."),
    "fetch": msgid(
        "The package could not be downloaded: {details} Look whether this computer reaches the"
        " Internet, or send in a file of the post."
    ),
    "full": msgid("There is not enough room on the disk: 500 MB of it stay free for calls."),
    "failed": msgid("The table could not be made: {details}"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A table that is being made, or could not be; `problem` is one of PROBLEMS, "" none."""

    id: str
    by: str  # user
    begun_at: datetime
    what: str  # country, or the file's name
    step: str = ""
    done: int = 0
    of: int = 0
    problem: str = ""
    details: str = ""

    @property
    def runs(self) -> bool:
        """It is not over."""
        return not self.problem


class Addresses:
    """One table for the office, in a file beside the database."""

    def __init__(self, daemon: Daemon, customers: Customers) -> None:
        self._daemon = daemon
        self._customers = customers
        self._directory = daemon.settings.store.directory
        self._task: asyncio.Task[None] | None = None
        self.file = self._directory / FILE
        self.job: Job | None = None
        self.command: tuple[str, ...] = (sys.executable, "-m", "console.addresses.build")
        self.on_state = _nothing  # it began, is ready or failed
        self.on_progress = _nothing

    @property
    def running(self) -> Job | None:
        """The table that is being made."""
        return self.job if self.job is not None and self.job.runs else None

    def free(self) -> None:
        """Raises Conflict: one is being made."""
        if self.running is not None:
            raise Conflict("addresses-busy", PROBLEMS["busy"])

    async def table(self) -> Table | None:
        """What there is."""
        return await asyncio.to_thread(queries.about, self.file)

    async def find(self, text: str, language: Language) -> Found:
        """What fits; addresses of customers first, they work without a table too."""
        table = await self.table()
        country = table.country if table is not None else self._daemon.settings.office.country
        wanted = asked(text, country)
        if not wanted.words and not wanted.postcode:
            return Found()
        own = await self._own(wanted)
        if table is None:
            return Found(tuple(own), rest=wanted.rest)
        try:
            found, more = await asyncio.to_thread(queries.find, self.file, country, wanted, STREETS)
        except sqlite3.Error as problem:
            log.error("the postcode table cannot be read", why=str(problem))
            return Found(tuple(own), rest=wanted.rest)
        hits = [
            hit
            for street, spans in chosen(found, wanted)
            for hit in hits_of(street, spans, wanted, country, language)
        ]
        known = {_place(hit) for hit in hits}
        own = [hit for hit in own if _place(hit) not in known]
        more = more or len(hits) > SHOWN
        # a whole address may be one that is known; of a neighbourhood the roads are wanted
        hits = own + hits[:SHOWN] if wanted.number else hits[:SHOWN] + own
        return Found(tuple(hits), more, wanted.rest)

    async def _own(self, wanted: Asked) -> list[Hit]:
        """Addresses that customers have already, without saying whose."""
        words = [*wanted.words, *filter(None, (wanted.number, wanted.postcode))]
        hits: dict[tuple[str, str], Hit] = {}
        for one in await self._customers.quick(" ".join(words), 40):
            details = one.details
            places = [(details.postcode, details.address)]
            for row in details.of("addresses"):
                places.append((row.cells[1], row.cells[2]))
            for postcode, address in places:
                text = f"{postcode} {address}"
                fits = postcode.startswith(wanted.postcode) and all(one in text for one in words)
                if address and fits:
                    hits[postcode, address] = Hit(postcode, address, complete=True, own=True)
        return list(hits.values())[:OWN]

    def begin(self, by: str, file: Path | None = None, name: str = "", country: str = "") -> Job:
        """Have a table made of a file, which is deleted then, or of the package for `country`.

        Raises Conflict: one is being made.
        """
        self.free()
        country = country or self._daemon.settings.office.country
        plan = Plan(directory=self._directory, country=country, file=file, name=name)
        job = Job(new_id(), by, self._daemon.clock(), name or country)
        self._becomes(job)
        self._task = self._daemon.supervisor.once("postcodes", self._run(job, plan))
        return job

    def cancel(self) -> None:
        """Stop making it, or forget that it failed; the old table is as it was."""
        if self._task is not None:
            self._task.cancel()
        self._becomes(None)

    async def _run(self, job: Job, plan: Plan) -> None:
        try:
            problem, details = await self._made(job, plan)
        except OSError as error:
            problem, details = "failed", str(error)
        finally:
            if plan.file is not None:
                await asyncio.to_thread(plan.file.unlink, missing_ok=True)
        what = "postcodes.failed" if problem else "postcodes.ready"
        async with self._daemon.store.writing() as conn:
            await audit.note(conn, self._daemon.clock(), job.by, what, job.what, None, problem)
        if self.job is not None and self.job.id == job.id:
            self._becomes(replace(job, problem=problem, details=details) if problem else None)

    async def _made(self, job: Job, plan: Plan) -> tuple[str, str]:
        """Let the other process work; ("", "") when it is done."""
        process = await asyncio.create_subprocess_exec(*self.command, stdin=PIPE, stdout=PIPE)
        try:
            assert process.stdin is not None
            process.stdin.write(plan.model_dump_json().encode() + b"\n")
            return await self._heard(job, process)
        finally:
            if process.returncode is None:
                assert process.stdin is not None
                process.stdin.close()  # it clears up and ends
            await process.wait()

    async def _heard(self, job: Job, process: Process) -> tuple[str, str]:
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            if "failed" in said:
                return said["failed"], said["details"]
            if "ready" in said:
                return "", ""
            if self.job is not None and self.job.id == job.id:
                self.job = replace(self.job, **said)
                self.on_progress()
        return "failed", f"it ended with {await process.wait()}"

    def _becomes(self, job: Job | None) -> None:
        self.job = job
        self.on_state()


def hits_of(
    street: Street, spans: list[Span], wanted: Asked, country: str, language: Language
) -> list[Hit]:
    """One line a postcode of a road."""
    address = address_of(street, country, wanted.number)
    complete = bool(wanted.number or street.number)
    by_code: dict[str, list[Span]] = {}
    for span in spans:
        by_code.setdefault(span.postcode, []).append(span)
    return [
        Hit(code, address, "" if street.number else spans_text(some, street, language), complete)
        for code, some in by_code.items()
    ]


def _place(hit: Hit) -> tuple[str, str]:
    return hit.postcode, hit.address.partition(" (")[0]


def _nothing() -> None:
    """Nobody looks."""
