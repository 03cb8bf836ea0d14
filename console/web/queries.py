"""Statements about sessions and failed log-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.web.tables import login_failures, sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session; `token_hash` names it."""

    token_hash: str
    user_id: str
    csrf: str
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str
    kept: bool = False  # "keep me logged in on this device"


async def add(conn: AsyncConnection, row: SessionRow) -> None:
    """A new session."""
    await conn.execute(
        insert(sessions).values(
            token_hash=row.token_hash,
            user_id=row.user_id,
            csrf=row.csrf,
            created_at=row.created_at,
            seen_at=row.seen_at,
            address=row.address,
            browser=row.browser,
            kept=row.kept,
        )
    )


async def find(conn: AsyncConnection, token_hash: str) -> SessionRow | None:
    """The session of a token."""
    found = await conn.execute(select(sessions).where(sessions.c.token_hash == token_hash))
    row = found.one_or_none()
    return None if row is None else SessionRow(*row)


async def of_user(conn: AsyncConnection, user_id: str) -> tuple[SessionRow, ...]:
    """A user's sessions, the one seen last first."""
    found = await conn.execute(
        select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.seen_at.desc())
    )
    return tuple(SessionRow(*row) for row in found)


async def touch(conn: AsyncConnection, token_hash: str, at: datetime) -> None:
    """It was used."""
    await conn.execute(
        update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at)
    )


async def remove(conn: AsyncConnection, token_hash: str) -> None:
    """End one session."""
    await conn.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


async def remove_of_user(conn: AsyncConnection, user_id: str, but: str = "") -> None:
    """End a user's sessions, all `but` one."""
    await conn.execute(
        delete(sessions).where(sessions.c.user_id == user_id, sessions.c.token_hash != but)
    )


async def expire(
    conn: AsyncConnection, idle_before: datetime, made_before: datetime, *, kept: bool
) -> None:
    """Remove what is too old, of the kept ones or of the others."""
    await conn.execute(
        delete(sessions).where(
            sessions.c.kept.is_(kept),
            or_(sessions.c.seen_at < idle_before, sessions.c.created_at < made_before),
        )
    )


async def note_failure(conn: AsyncConnection, login: str, address: str, at: datetime) -> None:
    """A log-in failed."""
    await conn.execute(insert(login_failures).values(login=login, address=address, at=at))


async def forget_failures(conn: AsyncConnection, before: datetime) -> None:
    """Remove what counts no longer."""
    await conn.execute(delete(login_failures).where(login_failures.c.at < before))


async def failures(conn: AsyncConnection, login: str, address: str) -> tuple[int, int]:
    """Failed log-ins that still count: of the account, and from the address."""
    counts = []
    for condition in (login_failures.c.login == login, login_failures.c.address == address):
        found = await conn.execute(select(func.count()).where(condition))
        counts.append(int(found.scalar_one()))
    return counts[0], counts[1]


async def forgive(conn: AsyncConnection, login: str) -> None:
    """The account logged in: its failures are forgotten."""
    await conn.execute(delete(login_failures).where(login_failures.c.login == login))
