"""Statements about accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.users.tables import users
from console.web.permissions import Role


@dataclass(frozen=True, slots=True)
class User:
    """An account; `agent_id` is the extension's person ("" none), `language` "" as asked."""

    id: str
    login: str
    name: str
    role: Role
    language: str = ""
    agent_id: str = ""
    closed: bool = False
    password_hash: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)


async def every(conn: AsyncConnection) -> tuple[User, ...]:
    """All accounts by login."""
    return tuple(_user(row) for row in await conn.execute(select(users).order_by(users.c.login)))


async def by_login(conn: AsyncConnection, login: str) -> User | None:
    """An account by its login name."""
    row = (await conn.execute(select(users).where(users.c.login == login))).one_or_none()
    return None if row is None else _user(row)


async def by_id(conn: AsyncConnection, user_id: str) -> User | None:
    """An account."""
    row = (await conn.execute(select(users).where(users.c.id == user_id))).one_or_none()
    return None if row is None else _user(row)


async def count(conn: AsyncConnection) -> int:
    """How many accounts there are."""
    return int((await conn.execute(select(func.count()).select_from(users))).scalar_one())


async def add(conn: AsyncConnection, user: User, at: datetime) -> None:
    """A new account."""
    await conn.execute(
        insert(users).values(
            id=user.id,
            login=user.login,
            name=user.name,
            password_hash=user.password_hash,
            role=user.role.value,
            language=user.language,
            agent_id=user.agent_id or None,
            totp_secret=user.totp_secret,
            created_at=at,
        )
    )


async def change(conn: AsyncConnection, user_id: str, **values: Any) -> None:
    """Set columns of an account."""
    await conn.execute(update(users).where(users.c.id == user_id).values(**values))


def _user(row: Any) -> User:
    return User(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        agent_id=row.agent_id or "",
        closed=row.closed_at is not None,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
    )
