"""Statements about calls that go out."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.callers.numbers import NumberKind
from pbxd.outgoing.model import Allowance
from pbxd.outgoing.tables import outgoing_numbers, outgoing_rules


async def rules(conn: AsyncConnection) -> dict[str, Allowance]:
    """By role."""
    return {
        row.role: Allowance(
            frozenset(NumberKind(word) for word in _words(row.kinds)),
            _words(row.also),
            _words(row.never),
        )
        for row in await conn.execute(select(outgoing_rules))
    }


async def keep_rule(conn: AsyncConnection, role: str, rule: Allowance | None) -> None:
    """What a role may call; None: the usual."""
    await conn.execute(delete(outgoing_rules).where(outgoing_rules.c.role == role))
    if rule is not None:
        await conn.execute(
            insert(outgoing_rules).values(
                role=role,
                kinds=",".join(sorted(kind.value for kind in rule.kinds)),
                also=",".join(rule.also),
                never=",".join(rule.never),
            )
        )


async def numbers(conn: AsyncConnection) -> dict[str, str]:
    """The number an agent shows, by agent."""
    rows = await conn.execute(select(outgoing_numbers))
    return {row.agent_id: row.number for row in rows}


async def keep_number(conn: AsyncConnection, agent_id: str, number: str) -> None:
    """Another one; "": the office's."""
    table = outgoing_numbers
    await conn.execute(delete(table).where(table.c.agent_id == agent_id))
    if number:
        await conn.execute(insert(table).values(agent_id=agent_id, number=number))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)
