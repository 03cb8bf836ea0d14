"""Statements about customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.model import Customer, Details, Phone, PhoneKind
from console.customers.tables import customer_phones, customers, number_choices
from pbxd.store.paging import Keys, Page, page

_BY_NUMBER = (
    select(customers, number_choices.c.customer_id.label("chosen"))
    .join(customer_phones, customer_phones.c.customer_id == customers.c.id)
    .outerjoin(number_choices, number_choices.c.number == bindparam("number"))
    .where(customer_phones.c.number == bindparam("number"), customers.c.deleted_at.is_(None))
    .distinct()
    .order_by(
        (number_choices.c.customer_id == customers.c.id).desc(), customers.c.updated_at.desc()
    )
    .limit(20)
)


async def add(conn: AsyncConnection, id: str, details: Details, at: datetime) -> None:
    """A new customer."""
    await conn.execute(
        insert(customers).values(
            id=id, version=1, created_at=at, updated_at=at, **_columns(details)
        )
    )
    await _put_phones(conn, id, details.phones)


async def change(
    conn: AsyncConnection, id: str, details: Details, version: int, at: datetime
) -> bool:
    """Save over `version`; False when it is not the present one any more."""
    done = await conn.execute(
        update(customers)
        .where(customers.c.id == id, customers.c.version == version)
        .values(version=version + 1, updated_at=at, **_columns(details))
    )
    if done.rowcount == 0:
        return False
    await conn.execute(delete(customer_phones).where(customer_phones.c.customer_id == id))
    await _put_phones(conn, id, details.phones)
    return True


async def set_deleted(conn: AsyncConnection, id: str, at: datetime | None) -> None:
    """Delete (softly), or take back."""
    await conn.execute(update(customers).where(customers.c.id == id).values(deleted_at=at))


async def touch(conn: AsyncConnection, id: str, at: datetime) -> None:
    """There was a contact."""
    await conn.execute(update(customers).where(customers.c.id == id).values(last_contact_at=at))


async def get(conn: AsyncConnection, id: str) -> Customer | None:
    """One customer, deleted or not."""
    found = await many(conn, [id])
    return found[0] if found else None


async def many(conn: AsyncConnection, ids: Sequence[str]) -> list[Customer]:
    """Customers by id, in the order asked for."""
    if not ids:
        return []
    rows = await conn.execute(select(customers).where(customers.c.id.in_(ids)))
    by_id = {row.id: row for row in rows}
    phones = await _phones(conn, list(by_id))
    return [_customer(by_id[id], phones.get(id, ())) for id in ids if id in by_id]


async def names(conn: AsyncConnection, ids: Sequence[str]) -> dict[str, str]:
    """Names by id."""
    if not ids:
        return {}
    rows = await conn.execute(
        select(customers.c.id, customers.c.name).where(customers.c.id.in_(set(ids)))
    )
    return {row.id: row.name for row in rows}


def with_number(conn: Connection, number: str) -> list[tuple[Customer, bool]]:
    """Customers who have `number`, and whether it was taken for them last (for `Store.urgent`)."""
    rows = conn.execute(_BY_NUMBER, {"number": number})
    return [(_customer(row, ()), row.chosen == row.id) for row in rows]


async def choose(conn: AsyncConnection, number: str, customer_id: str, at: datetime) -> None:
    """Remember whom a number was taken for."""
    statement = upsert(number_choices).values(number=number, customer_id=customer_id, chosen_at=at)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["number"], set_={"customer_id": customer_id, "chosen_at": at}
        )
    )


async def listed(conn: AsyncConnection, cursor: str, size: int) -> Page[str]:
    """Ids of one page of all customers, by name."""
    keys = Keys((customers.c.name, customers.c.id), descending=False)
    statement = select(customers.c.id, customers.c.name).where(customers.c.deleted_at.is_(None))
    return await page(
        conn, statement, keys, cursor, lambda row: str(row.id), lambda row: (row.name, row.id), size
    )


async def count(conn: AsyncConnection) -> int:
    """How many customers there are."""
    found = await conn.execute(
        select(func.count()).select_from(customers).where(customers.c.deleted_at.is_(None))
    )
    return int(found.scalar_one())


async def others_with_numbers(
    conn: AsyncConnection, numbers: Sequence[str], but: str
) -> list[tuple[str, str, str]]:
    """(number, customer id, name) of others who have one of `numbers`."""
    if not numbers:
        return []
    rows = await conn.execute(
        select(customer_phones.c.number, customers.c.id, customers.c.name)
        .join(customers, customers.c.id == customer_phones.c.customer_id)
        .where(
            and_(
                customer_phones.c.number.in_(numbers),
                customers.c.deleted_at.is_(None),
                customers.c.id != but,
            )
        )
        .limit(20)
    )
    return [(row.number, row.id, row.name) for row in rows]


async def _phones(conn: AsyncConnection, ids: list[str]) -> dict[str, tuple[Phone, ...]]:
    rows = await conn.execute(
        select(customer_phones)
        .where(customer_phones.c.customer_id.in_(ids))
        .order_by(customer_phones.c.customer_id, customer_phones.c.position)
    )
    found: dict[str, list[Phone]] = {}
    for row in rows:
        phone = Phone(row.number, PhoneKind(row.kind), row.memo)
        found.setdefault(row.customer_id, []).append(phone)
    return {id: tuple(phones) for id, phones in found.items()}


async def _put_phones(conn: AsyncConnection, id: str, phones: tuple[Phone, ...]) -> None:
    rows = [
        {
            "customer_id": id,
            "position": place,
            "number": phone.number,
            "kind": phone.kind.value,
            "memo": phone.memo,
        }
        for place, phone in enumerate(phones)
    ]
    if rows:
        await conn.execute(insert(customer_phones), rows)


def _columns(details: Details) -> dict[str, Any]:
    return {
        "kind": details.kind,
        "name": details.name,
        "company": details.company,
        "postcode": details.postcode,
        "address": details.address,
        "vip": details.vip,
        "caution": details.caution,
        "memo": details.memo,
    }


def _customer(row: Row[Any], phones: tuple[Phone, ...]) -> Customer:
    return Customer(
        id=row.id,
        details=Details(
            name=row.name,
            kind=row.kind,
            company=row.company,
            postcode=row.postcode,
            address=row.address,
            vip=row.vip,
            caution=row.caution,
            memo=row.memo,
            phones=phones,
        ),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        last_contact_at=row.last_contact_at,
    )
