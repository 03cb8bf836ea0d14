"""Statements about labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.tables import customers
from console.labels.model import Recipient, Sender, Sheet
from console.labels.rules import FIELDS
from console.labels.tables import label_choices, label_sender, label_sheets

CHUNK = 500
_COLUMNS = ("id", "name", "number", "postcode", "address", "no_label", "entries")
_SENDER = ("name", "postcode", "address", "phone")


async def recipients(conn: AsyncConnection, ids: Sequence[str]) -> list[Recipient]:
    """Those who are (still) customers."""
    columns = [customers.c[name] for name in _COLUMNS]
    found: list[Recipient] = []
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        statement = select(*columns).where(
            customers.c.id.in_(some), customers.c.deleted_at.is_(None)
        )
        found += [_recipient(row) for row in await conn.execute(statement)]
    return found


def _recipient(row: Row[Any]) -> Recipient:
    further = tuple(
        tuple([*cells, "", "", "", ""][:4])
        for section, cells in orjson.loads(row.entries)
        if section == "addresses"
    )
    return Recipient(row.id, row.name, row.number, row.postcode, row.address, row.no_label, further)


async def sheets(conn: AsyncConnection) -> list[Sheet]:
    """The office's own, removed ones too."""
    rows = await conn.execute(select(label_sheets).order_by(label_sheets.c.name))
    return [_sheet(row) for row in rows]


async def sheet(conn: AsyncConnection, id: str) -> Sheet | None:
    """One of them."""
    row = (await conn.execute(select(label_sheets).where(label_sheets.c.id == id))).first()
    return _sheet(row) if row is not None else None


def _sheet(row: Row[Any]) -> Sheet:
    measures: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    kept = {"version": row.version, "removed_at": row.removed_at}
    return Sheet(id=row.id, name=row.name, **measures, **kept)


async def add_sheet(conn: AsyncConnection, made: Sheet) -> None:
    """A new one."""
    values = {name: getattr(made, name) for name in ("id", "name", *FIELDS)}
    await conn.execute(insert(label_sheets).values(**values, version=1))


async def change_sheet(conn: AsyncConnection, wanted: Sheet) -> bool:
    """False: somebody else has changed it meanwhile."""
    values = {name: getattr(wanted, name) for name in ("name", *FIELDS)}
    done = await conn.execute(
        update(label_sheets)
        .where(label_sheets.c.id == wanted.id, label_sheets.c.version == wanted.version)
        .values(**values, version=wanted.version + 1)
    )
    return done.rowcount == 1


async def set_removed(conn: AsyncConnection, id: str, at: datetime | None) -> None:
    """Offered no more, or again."""
    await conn.execute(update(label_sheets).where(label_sheets.c.id == id).values(removed_at=at))


async def choice(conn: AsyncConnection, user_id: str) -> str:
    """With what somebody printed last; "" never."""
    statement = select(label_choices.c.query).where(label_choices.c.user_id == user_id)
    return (await conn.execute(statement)).scalar_one_or_none() or ""


async def choose(conn: AsyncConnection, user_id: str, query: str, at: datetime) -> None:
    """Remember it."""
    values = {"query": query, "at": at}
    await conn.execute(
        upsert(label_choices)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )


async def sender(conn: AsyncConnection) -> Sender:
    """The office as it was written down."""
    rows = await conn.execute(select(label_sender))
    return Sender(**{row.word: row.value for row in rows})


async def set_sender(conn: AsyncConnection, wanted: Sender) -> None:
    """In place of what was."""
    for word in _SENDER:
        values = {"value": getattr(wanted, word)}
        await conn.execute(
            upsert(label_sender)
            .values(word=word, **values)
            .on_conflict_do_update(index_elements=["word"], set_=values)
        )
