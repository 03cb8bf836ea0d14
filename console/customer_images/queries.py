"""Statements about customers' pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customer_images.model import Image, Kind
from console.customer_images.picture import Picture
from console.customer_images.tables import customer_images as table

_COLUMNS = [column for column in table.c if column.name not in ("thumb", "picture")]


async def album(conn: AsyncConnection, customer_id: str) -> tuple[Image, ...]:
    """What is there: the main one first."""
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(table.c.customer_id == customer_id, table.c.deleted_at.is_(None))
        .order_by(case((table.c.kind == Kind.MAIN, 0), else_=1), table.c.position, table.c.id)
    )
    return tuple(_image(row) for row in rows)


async def one(conn: AsyncConnection, customer_id: str, id: str) -> Image | None:
    """One of this customer, deleted or not."""
    rows = await conn.execute(select(*_COLUMNS).where(*_this(customer_id, id)))
    row = rows.first()
    return None if row is None else _image(row)


async def data(
    conn: AsyncConnection, customer_id: str, id: str, *, small: bool = False
) -> bytes | None:
    """The JPEG file of one that is not deleted."""
    column = table.c.thumb if small else table.c.picture
    rows = await conn.execute(
        select(column).where(*_this(customer_id, id), table.c.deleted_at.is_(None))
    )
    found = rows.scalar_one_or_none()
    return None if found is None else bytes(found)


async def last_position(conn: AsyncConnection, customer_id: str) -> int:
    """Of those that are there or were; 0 for none."""
    rows = await conn.execute(
        select(func.max(table.c.position)).where(table.c.customer_id == customer_id)
    )
    return int(rows.scalar_one() or 0)


async def add(conn: AsyncConnection, image: Image, picture: Picture) -> None:
    """A new one."""
    await conn.execute(
        insert(table).values(
            id=image.id,
            customer_id=image.customer_id,
            kind=image.kind.value,
            position=image.position,
            caption=image.caption,
            width=image.width,
            height=image.height,
            size=image.size,
            by=image.by,
            at=image.at,
            thumb=picture.thumb,
            picture=picture.picture,
        )
    )


async def set_main(conn: AsyncConnection, customer_id: str, id: str) -> bool:
    """This one is the main one, or ("") none is; False: there is no such picture."""
    await conn.execute(
        update(table)
        .where(table.c.customer_id == customer_id, table.c.kind == Kind.MAIN)
        .values(kind=Kind.RELATED.value)
    )
    living = *_this(customer_id, id), table.c.deleted_at.is_(None)
    done = await conn.execute(update(table).where(*living).values(kind=Kind.MAIN.value))
    return done.rowcount == 1


async def set_caption(
    conn: AsyncConnection, customer_id: str, id: str, was: str, caption: str
) -> bool:
    """False: by now something else than `was` stands under it."""
    done = await conn.execute(
        update(table)
        .where(*_this(customer_id, id), table.c.deleted_at.is_(None), table.c.caption == was)
        .values(caption=caption)
    )
    return done.rowcount == 1


async def set_order(conn: AsyncConnection, ids: Sequence[str]) -> None:
    """From the first place on."""
    for place, id in enumerate(ids, 1):
        await conn.execute(update(table).where(table.c.id == id).values(position=place))


async def set_deleted(
    conn: AsyncConnection, customer_id: str, id: str, at: datetime | None, kind: Kind
) -> None:
    """Away with it, or (None) back, as this kind."""
    await conn.execute(
        update(table).where(*_this(customer_id, id)).values(deleted_at=at, kind=kind.value)
    )


async def deleted_before(conn: AsyncConnection, at: datetime) -> list[str]:
    """Pictures that were deleted before, of all customers."""
    return list((await conn.execute(select(table.c.id).where(table.c.deleted_at < at))).scalars())


async def remove(conn: AsyncConnection, ids: Sequence[str]) -> None:
    """For ever; one that was taken back meanwhile stays."""
    await conn.execute(delete(table).where(table.c.id.in_(ids), table.c.deleted_at.is_not(None)))


def _this(customer_id: str, id: str) -> tuple[Any, Any]:
    return table.c.customer_id == customer_id, table.c.id == id


def _image(row: Row[Any]) -> Image:
    return Image(
        row.id,
        row.customer_id,
        Kind(row.kind),
        row.position,
        row.caption,
        row.width,
        row.height,
        row.size,
        row.by,
        row.at,
        row.deleted_at,
    )
