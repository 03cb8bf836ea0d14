"""A big office's database, made once under .bench/: customers with their search index, and calls.

Written with sqlite3 itself, the calls' indexes last: what is measured is the reading. The tables,
the texts and the index's words are the product's own.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import sqlite
from ulid import ULID

from console.customers.model import Details
from console.customers.records import Derived, columns_of
from console.customers.service import KIND
from console.customers.tables import customer_phones, customers
from console.sample import people
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.tables import calls
from pbxd.store import search
from pbxd.store.migrate import head, migrate

PLAN = NumberPlan("KR", "02")
SEED = 20261120
NOW_MS = int(datetime(2026, 11, 20, 9, 0, tzinfo=UTC).timestamp() * 1000)
THREE_YEARS_MS = 3 * 365 * 86_400_000
AGENTS = tuple(f"AGENT{place:021}" for place in range(200))
BATCH = 20_000
KNOWN = 200_000  # customers who call
TRADE = (
    *(("in", "answered"),) * 12,
    *(("out", "answered"),) * 5,
    ("in", "missed"),
    ("in", "abandoned"),
    ("out", "no_answer"),
    ("internal", "answered"),
)

Row = dict[str, Any]


def big_office(folder: Path, customer_count: int, call_count: int) -> Path:
    """The database file, made when it is not there yet."""
    folder.mkdir(exist_ok=True)
    file = folder / f"search-{customer_count}-{call_count}-{head()}.sqlite3"
    if file.exists():
        return file
    started = time.monotonic()
    partial = file.with_suffix(".partial")
    for old in folder.glob(f"{file.stem}.partial*"):
        old.unlink()
    asyncio.run(migrate(partial))
    with closing(sqlite3.connect(partial, isolation_level=None)) as db:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            db.execute(f"PRAGMA {pragma}")
        chance = random.Random(SEED)
        known = _customers(db, chance, customer_count)
        _calls(db, chance, call_count, known)
    partial.rename(file)
    print(f"prepared {file.name} in {time.monotonic() - started:.0f} s")
    return file


def _customers(db: sqlite3.Connection, chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Write customers; (id, number) of some of them, for the calls."""
    known: list[tuple[str, str]] = []
    put = "INSERT INTO search_text (rowid, tokens) VALUES (:rowid, :tokens)"
    for places in batches(range(count)):
        rows, phones, docs = [], [], []
        for place in places:
            details = people.customer(chance)
            id = str(ULID())
            rows.append(_customer(id, details, NOW_MS - count + place))
            numbers = [phone.number for phone in details.phones]
            phones += [
                {
                    "customer_id": id,
                    "position": position,
                    "number": phone.number,
                    "kind": phone.kind.value,
                    "memo": phone.memo,
                }
                for position, phone in enumerate(details.phones)
            ]
            values = (details.name, details.company, details.address, details.memo)
            text = search.document(values, [PLAN.display(number) for number in numbers])
            held = search.tokens(text)
            docs.append({"rowid": place + 1, "kind": KIND, "id": id, "plain": text, "tokens": held})
            if len(known) < KNOWN:
                known.append((id, numbers[0]))
        with transaction(db):
            insert_rows(db, customers, rows)
            insert_rows(db, customer_phones, phones)
            insert_rows(db, search.search_docs, docs)
            db.executemany(put, docs)
    return known


def _customer(id: str, details: Details, at: int) -> Row:
    return {
        **columns_of(details, Derived()),
        "id": id,
        "version": 1,
        "created_at": at,
        "created_by": "",
        "updated_at": at,
        "last_contact_at": None,
        "deleted_at": None,
    }


def _calls(
    db: sqlite3.Connection, chance: random.Random, count: int, known: list[tuple[str, str]]
) -> None:
    """Write calls evenly over three years, then make their indexes."""
    named = db.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE tbl_name = 'calls' AND type = 'index' AND sql > ''"
    ).fetchall()
    for name, _ in named:
        db.execute(f"DROP INDEX {name}")
    step = THREE_YEARS_MS / count
    for places in batches(range(count)):
        rows = [
            _call(chance, place, NOW_MS - int((count - place) * step), known) for place in places
        ]
        with transaction(db):
            insert_rows(db, calls, rows)
    for _, sql in named:
        db.execute(sql)


def _call(chance: random.Random, place: int, at: int, known: list[tuple[str, str]]) -> Row:
    direction, outcome = chance.choice(TRADE)
    customer_id, number = "", ""
    if direction != "internal":
        if chance.random() < 0.15:
            number = people.mobile(chance)
        else:
            customer_id, number = chance.choice(known)
    answered = outcome == "answered"
    ring, talk = chance.uniform(2, 20), chance.uniform(5, 400) if answered else 0.0
    ended = at + int((ring + talk) * 1000)
    return {
        "id": str(ULID.from_timestamp(at / 1000)),
        "node": "",
        "linkedid": f"{at // 1000}.{place}",
        "direction": direction,
        "outcome": outcome,
        "number": number,
        "number_reversed": number[::-1],
        "number_raw": number,
        "name": "",
        "withheld": False,
        "customer_id": customer_id,
        "dialled": "+8225550100",
        "trunk": "city",
        "agent_id": chance.choice(AGENTS),
        "extension": "101",
        "other_extension": "",
        "clicked": False,
        "started_at": at,
        "rang_at": at + 300,
        "answered_at": at + int(ring * 1000) if answered else None,
        "ended_at": ended,
        "end_known": True,
        "ring_seconds": round(ring, 3),
        "talk_seconds": round(talk, 3),
        "hold_seconds": 0.0,
        "cause": 16,
        "reason": "",
        "note": "",
    }


def insert_rows(db: sqlite3.Connection, table: Table, rows: list[Row]) -> None:
    """Many rows, all with the same columns."""
    statement = str(insert(table).compile(dialect=sqlite.dialect(paramstyle="named")))
    db.executemany(statement, rows)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One."""
    db.execute("BEGIN")
    yield
    db.execute("COMMIT")


def batches(places: Iterable[int]) -> Iterator[list[int]]:
    """In lists of BATCH."""
    left = iter(places)
    while batch := list(islice(left, BATCH)):
        yield batch
