"""A big office's customers and consultations, made once under .bench/ for `customer_page`."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ulid import ULID

from benchmarks.big_office import NOW_MS, PLAN, SEED, THREE_YEARS_MS, batches, transaction
from benchmarks.big_office import insert_rows as put
from console.consultations.tables import consultation_parts, consultations
from console.customers.files import customer_files
from console.customers.records import columns_of
from console.customers.service import KIND
from console.customers.tables import customer_groups, customer_phones, customer_values, customers
from console.sample import people
from console.sample.details import Knowing, codes_and_fields
from console.trades.service import Trades
from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.migrate import head, migrate

NAME = "pbxd.sqlite3"
SINCE = date(2024, 1, 1)
SAID = ("필터 교체 문의", "배송일 확인", "세금계산서 요청", "고장 접수", "재구매 상담", "주소 변경")


def crm_office(folder: Path, customer_count: int, consultation_count: int) -> Path:
    """The data directory, made when it is not there yet."""
    made = folder / f"crm-{customer_count}-{consultation_count}-{head()}"
    if (made / NAME).exists():
        return made
    started = time.monotonic()
    made.mkdir(parents=True, exist_ok=True)
    partial = made / "partial.sqlite3"
    for old in made.glob("partial*"):
        old.unlink()
    asyncio.run(_fill(partial, customer_count, consultation_count))
    partial.rename(made / NAME)
    print(f"prepared {made.name} in {time.monotonic() - started:.0f} s")
    return made


async def _fill(file: Path, customer_count: int, consultation_count: int) -> None:
    await migrate(file)
    store = await Store.open(file)
    files = customer_files(store, PLAN, lambda: datetime.now(UTC))
    await files.codes.load()
    await files.fields.load()
    lists = await codes_and_fields(Trades(store, lambda: datetime.now(UTC), files), files, "")
    await store.close()
    chance = random.Random(SEED)
    knowing = Knowing(lists, datetime.now(UTC).date(), random.Random(SEED + 1))
    ids: list[str] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            db.execute(f"PRAGMA {pragma}")
        for places in batches(range(customer_count)):
            rows: dict[str, list[dict[str, Any]]] = {}
            for place in places:
                details = knowing.more(people.customer(chance), place + 1, SINCE, ())
                id = str(ULID())
                ids.append(id)
                derived = files.derived(details)
                at = NOW_MS - customer_count + place
                _add(rows, "customers", columns_of(details, derived) | {
                    "id": id, "version": 1, "created_at": at, "updated_at": at,
                    "last_contact_at": None, "deleted_at": None, "created_by": "",
                })  # fmt: skip
                for position, phone in enumerate(details.phones):
                    _add(rows, "phones", {
                        "customer_id": id, "position": position, "number": phone.number,
                        "kind": phone.kind.value, "memo": phone.memo,
                    })  # fmt: skip
                for code_id in details.groups:
                    _add(rows, "groups", {"code_id": code_id, "customer_id": id})
                for word, text in details.custom:
                    number = derived.numbers.get(word)
                    value = {"field": word, "customer_id": id, "text": text, "number": number}
                    _add(rows, "values", value)
                body = search.document(*files.document(details))
                doc = {"kind": KIND, "id": id, "plain": body, "tokens": search.tokens(body)}
                _add(rows, "docs", doc | {"rowid": place + 1})
            with transaction(db):
                put(db, customers, rows["customers"])
                put(db, customer_phones, rows["phones"])
                put(db, customer_groups, rows["groups"])
                put(db, customer_values, rows["values"])
                put(db, search.search_docs, rows["docs"])
                words = "INSERT INTO search_text (rowid, tokens) VALUES (:rowid, :tokens)"
                db.executemany(words, rows["docs"])
        _consultations(db, chance, consultation_count, ids)


def _add(rows: dict[str, list[dict[str, Any]]], name: str, row: dict[str, Any]) -> None:
    rows.setdefault(name, []).append(row)


def _consultations(
    db: sqlite3.Connection, chance: random.Random, count: int, customer_ids: list[str]
) -> None:
    step = THREE_YEARS_MS / max(count, 1)
    for places in batches(range(count)):
        cases, parts = [], []
        for place in places:
            at = NOW_MS - int((count - place) * step)
            id = str(ULID.from_timestamp(at / 1000))
            done = chance.random() < 0.95
            cases.append({
                "id": id, "customer_id": chance.choice(customer_ids), "call_id": "", "type1": "",
                "type2": "", "type3": "", "remarks": "", "by": "u", "at": at,
                "completed_at": at if done else None, "completed_by": "", "recall_at": None,
                "recall_reminded_at": None, "recall_done_at": None, "recall_done_by": "",
                "deleted_at": None, "version": 1,
            })  # fmt: skip
            parts.append({
                "id": id, "consultation_id": id, "text": chance.choice(SAID), "by": "u", "at": at,
                "edited_at": None, "version": 1,
            })  # fmt: skip
        with transaction(db):
            put(db, consultations, cases)
            put(db, consultation_parts, parts)
