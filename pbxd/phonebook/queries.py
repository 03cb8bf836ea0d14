"""Statements about the phonebook."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.phonebook.model import Device, Entry, Format
from pbxd.phonebook.tables import phonebook, phonebook_devices


async def every(conn: AsyncConnection) -> tuple[Entry, ...]:
    """All that were not removed."""
    rows = await conn.execute(select(phonebook).where(phonebook.c.removed_at.is_(None)))
    return tuple(_entry(row) for row in rows)


async def add(conn: AsyncConnection, entries: Sequence[Entry]) -> None:
    """New ones."""
    if entries:
        await conn.execute(insert(phonebook), [dataclasses.asdict(entry) for entry in entries])


async def change(conn: AsyncConnection, entry: Entry) -> bool:
    """Another content of the version that was seen; False: it is another one by now."""
    values = dataclasses.asdict(entry)
    id, seen = values.pop("id"), values.pop("version")
    done = await conn.execute(
        update(phonebook)
        .where(phonebook.c.id == id, phonebook.c.version == seen)
        .values(**values, version=seen + 1)
    )
    return done.rowcount == 1


async def set_removed(conn: AsyncConnection, ids: Collection[str], at: datetime | None) -> None:
    """Gone, or (None) back."""
    await conn.execute(update(phonebook).where(phonebook.c.id.in_(ids)).values(removed_at=at))


async def devices(conn: AsyncConnection) -> tuple[Device, ...]:
    """All phones that may read."""
    rows = await conn.execute(select(phonebook_devices).order_by(phonebook_devices.c.extension))
    return tuple(_device(row) for row in rows)


async def add_device(conn: AsyncConnection, device: Device, token_hash: str) -> None:
    """One more."""
    values = dataclasses.asdict(device) | {"format": device.format.value}
    await conn.execute(insert(phonebook_devices).values(token_hash=token_hash, **values))


async def remove_device(conn: AsyncConnection, id: str) -> None:
    """Its address leads nowhere from now on."""
    await conn.execute(delete(phonebook_devices).where(phonebook_devices.c.id == id))


async def reader(conn: AsyncConnection, token_hash: str, at: datetime) -> Device | None:
    """Whose token this is; that it read is noted."""
    columns = phonebook_devices.c
    row = (
        await conn.execute(select(phonebook_devices).where(columns.token_hash == token_hash))
    ).first()
    if row is None:
        return None
    await conn.execute(update(phonebook_devices).where(columns.id == row.id).values(last_at=at))
    return _device(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**{field.name: getattr(row, field.name) for field in dataclasses.fields(Entry)})


def _device(row: Row[Any]) -> Device:
    return Device(row.id, row.extension, Format(row.format), row.created_at, row.last_at)
