"""Statements about the customers' fields."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.fields.model import WORDS, Choice, Kind
from console.fields.tables import customer_fields, customer_options


async def choices(conn: AsyncConnection) -> dict[str, Choice]:
    """By word, in their order."""
    rows = await conn.execute(
        select(customer_fields).order_by(customer_fields.c.position, customer_fields.c.word)
    )
    return {row.word: _choice(row) for row in rows}


async def keep(conn: AsyncConnection, choice: Choice) -> None:
    """Save one, in place of what was there."""
    await conn.execute(delete(customer_fields).where(customer_fields.c.word == choice.word))
    await conn.execute(
        insert(customer_fields).values(
            word=choice.word,
            own=choice.word not in WORDS,
            kind=choice.kind.value,
            labels=json.dumps(dict(choice.labels), ensure_ascii=False),
            choices=json.dumps(choice.choices, ensure_ascii=False),
            used=choice.used,
            required=choice.required,
            in_pop=choice.in_pop,
            searchable=choice.searchable,
            position=choice.position,
            removed=choice.removed,
            version=choice.version,
        )
    )


async def forget(conn: AsyncConnection, word: str) -> None:
    """An own field that was never used is gone."""
    await conn.execute(delete(customer_fields).where(customer_fields.c.word == word))


async def options(conn: AsyncConnection) -> dict[str, str]:
    """The office's options about customers."""
    rows = await conn.execute(select(customer_options))
    return {row.word: row.value for row in rows}


async def keep_options(conn: AsyncConnection, values: dict[str, str]) -> None:
    """All of them."""
    await conn.execute(delete(customer_options))
    await conn.execute(
        insert(customer_options), [{"word": word, "value": value} for word, value in values.items()]
    )


def _choice(row: Row[Any]) -> Choice:
    return Choice(
        word=row.word,
        labels=json.loads(row.labels),
        used=row.used,
        required=row.required,
        in_pop=row.in_pop,
        searchable=row.searchable,
        position=row.position,
        kind=Kind(row.kind),
        choices=tuple(json.loads(row.choices)),
        removed=row.removed,
        version=row.version,
    )
