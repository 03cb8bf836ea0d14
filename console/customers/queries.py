"""Statements about customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from console.customers.model import Customer, Details, Phone, PhoneKind
from console.customers.records import (
    EMPTY,
    Derived,
    Prepared,
    columns_of,
    customer_of,
    group_rows,
    phone_rows,
    value_rows,
)
from console.customers.tables import (
    customer_groups,
    customer_phones,
    customer_values,
    customers,
    number_choices,
)
from pbxd.store.many import insert_many
from pbxd.store.paging import Keys, Page, page

DIGITS = 9  # of an automatic customer number (S3-07)


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


async def add(
    conn: AsyncConnection, id: str, details: Details, at: datetime, derived: Derived, by: str
) -> None:
    """A new customer."""
    values = columns_of(details, derived) | {"created_at": at, "updated_at": at, "created_by": by}
    await conn.execute(insert(customers).values(id=id, version=1, **values))
    await _put_parts(conn, id, details, derived)


async def add_many(
    conn: AsyncConnection, rows: Sequence[tuple[str, Details, Prepared]], at: datetime, by: str
) -> None:
    """New customers, in as few statements as there are tables."""
    common = {"version": 1, "created_at": at, "updated_at": at, "created_by": by}
    # what no row says is left to the table
    said = {name: EMPTY.get(name) for _, _, one in rows for name in one.columns}
    new = [{"id": id, **common, **said, **one.columns} for id, _, one in rows]
    phones = [one for id, details, _ in rows for one in phone_rows(id, details)]
    groups = [one for id, details, _ in rows for one in group_rows(id, details)]
    values = [{"customer_id": id, **one} for id, _, row in rows for one in row.values]
    await insert_many(conn, customers, new)
    await insert_many(conn, customer_phones, phones)
    await insert_many(conn, customer_groups, groups)
    await insert_many(conn, customer_values, values)


async def change(
    conn: AsyncConnection,
    id: str,
    details: Details,
    version: int,
    at: datetime,
    derived: Derived,
) -> bool:
    """Save over `version`; False when it is not the present one any more."""
    done = await conn.execute(
        update(customers)
        .where(customers.c.id == id, customers.c.version == version)
        .values(version=version + 1, updated_at=at, **columns_of(details, derived))
    )
    if done.rowcount == 0:
        return False
    for parts in (customer_phones, customer_groups, customer_values):
        await conn.execute(delete(parts).where(parts.c.customer_id == id))
    await _put_parts(conn, id, details, derived)
    return True


async def set_deleted(conn: AsyncConnection, id: str, at: datetime | None) -> None:
    """Delete (softly), or take back."""
    await conn.execute(update(customers).where(customers.c.id == id).values(deleted_at=at))


async def touch(conn: AsyncConnection, id: str, at: datetime) -> None:
    """There was a contact."""
    await conn.execute(update(customers).where(customers.c.id == id).values(last_contact_at=at))


async def touch_many(conn: AsyncConnection, last: Mapping[str, datetime]) -> None:
    """The same of many, by id."""
    statement = (
        update(customers)
        .where(customers.c.id == bindparam("customer"))
        .values(last_contact_at=bindparam("last"))
    )
    if last:
        rows = [{"customer": id, "last": at} for id, at in last.items()]
        await conn.execute(statement, rows)


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
    return [customer_of(by_id[id], phones.get(id, ())) for id in ids if id in by_id]


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
    return [(customer_of(row, ()), row.chosen == row.id) for row in rows]


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


async def next_number(conn: AsyncConnection, prefix: str) -> str:
    """The customer number after the highest, `A000000004` (S3-07); asked by the one writer."""
    low, high = f"{prefix}{0:0{DIGITS}}", f"{prefix}{'9' * DIGITS}"
    found = await conn.execute(
        select(func.max(customers.c.number)).where(
            customers.c.number.between(low, high),
            func.length(customers.c.number) == len(low),
        )
    )
    highest = found.scalar_one() or low
    return f"{prefix}{int(highest.removeprefix(prefix)) + 1:0{DIGITS}}"


async def with_customer_number(conn: AsyncConnection, number: str) -> tuple[str, str] | None:
    """(id, name) of the living customer who has it."""
    rows = await conn.execute(
        select(customers.c.id, customers.c.name).where(
            customers.c.number == number, customers.c.deleted_at.is_(None)
        )
    )
    row = rows.one_or_none()
    return (row.id, row.name) if row is not None else None


async def with_mark(conn: AsyncConnection, mark: str) -> str:
    """Who has the national or business number of this mark ("" nobody)."""
    rows = await conn.execute(
        select(customers.c.id)
        .where(
            or_(customers.c.national_mark == mark, customers.c.business_mark == mark),
            customers.c.deleted_at.is_(None),
        )
        .limit(1)
    )
    return rows.scalar_one_or_none() or ""


async def holders(
    conn: AsyncConnection, numbers: Sequence[str], customer_numbers: Sequence[str]
) -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
    """Living customers by telephone number, as (id, name), and by customer number, as id."""
    by_phone: dict[str, list[tuple[str, str]]] = {}
    if numbers:
        rows = await conn.execute(
            select(customer_phones.c.number, customers.c.id, customers.c.name)
            .join(customers, customers.c.id == customer_phones.c.customer_id)
            .where(customer_phones.c.number.in_(numbers), customers.c.deleted_at.is_(None))
        )
        for row in rows:
            by_phone.setdefault(row.number, []).append((row.id, row.name))
    by_number: dict[str, str] = {}
    if customer_numbers:
        rows = await conn.execute(
            select(customers.c.number, customers.c.id).where(
                customers.c.number.in_(customer_numbers), customers.c.deleted_at.is_(None)
            )
        )
        by_number = {row.number: row.id for row in rows}
    return by_phone, by_number


async def named_and_born(conn: AsyncConnection, name: str, day: str) -> list[str]:
    """Ids of those with this name and birthday (`1980-03-05`, in whichever calendar)."""
    rows = await conn.execute(
        select(customers.c.id)
        .where(
            customers.c.name == name,
            customers.c.birthday.startswith(day, autoescape=True),
            customers.c.deleted_at.is_(None),
        )
        .limit(20)
    )
    return [row.id for row in rows]


async def _put_parts(conn: AsyncConnection, id: str, details: Details, derived: Derived) -> None:
    """Numbers, groups and own fields: what customers are found by."""
    for table, rows in (
        (customer_phones, phone_rows(id, details)),
        (customer_groups, group_rows(id, details)),
        (customer_values, [{"customer_id": id, **one} for one in value_rows(details, derived)]),
    ):
        if rows:
            await conn.execute(insert(table), rows)
