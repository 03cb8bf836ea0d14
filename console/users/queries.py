"""Statements about accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.users.tables import user_grants, users
from console.web.permissions import Action, Grants, Role, Scope


@dataclass(frozen=True, slots=True)
class User:
    """An account; `agent_id` is the extension's person ("" none), `language` "" as asked."""

    id: str
    login: str
    name: str
    role: Role
    language: str = ""
    years: str = ""  # Chinese: western, roc or roc-four; "" as the office
    agent_id: str = ""
    closed: bool = False
    password_hash: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)
    department: str = ""
    title: str = ""
    rank: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    emergency: str = ""
    line: str = ""
    issued: bool = False  # somebody else gave the password; it must be changed first
    grants: Grants = field(default_factory=dict)


async def every(conn: AsyncConnection) -> tuple[User, ...]:
    """All accounts by login."""
    grants = await _grants(conn)
    rows = await conn.execute(select(users).order_by(users.c.login))
    return tuple(_user(row, grants.get(row.id, {})) for row in rows)


async def by_login(conn: AsyncConnection, login: str) -> User | None:
    """An account by its login name."""
    row = (await conn.execute(select(users).where(users.c.login == login))).one_or_none()
    return None if row is None else _user(row, (await _grants(conn, row.id)).get(row.id, {}))


async def by_id(conn: AsyncConnection, user_id: str) -> User | None:
    """An account."""
    row = (await conn.execute(select(users).where(users.c.id == user_id))).one_or_none()
    return None if row is None else _user(row, (await _grants(conn, row.id)).get(row.id, {}))


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
            years=user.years,
            agent_id=user.agent_id or None,
            totp_secret=user.totp_secret,
            created_at=at,
            line=user.line,
            issued=user.issued,
        )
    )


async def change(conn: AsyncConnection, user_id: str, **values: Any) -> None:
    """Set columns of an account."""
    await conn.execute(update(users).where(users.c.id == user_id).values(**values))


async def rename(conn: AsyncConnection, column: str, before: str, after: str) -> None:
    """Another name for a department, title or rank."""
    await conn.execute(
        update(users).where(users.c[column] == before).values({users.c[column]: after})
    )


async def keep_grants(conn: AsyncConnection, user_id: str, grants: Grants) -> None:
    """What this person may besides his role, instead of what he could until now."""
    await conn.execute(delete(user_grants).where(user_grants.c.user_id == user_id))
    for (menu, action), scope in grants.items():
        await conn.execute(
            insert(user_grants).values(
                user_id=user_id, menu=menu, action=action.value, scope=int(scope)
            )
        )


async def _grants(
    conn: AsyncConnection, user_id: str = ""
) -> dict[str, dict[tuple[str, Action], Scope]]:
    """By account; of one of them, or of all."""
    wanted = select(user_grants)
    if user_id:
        wanted = wanted.where(user_grants.c.user_id == user_id)
    found: dict[str, dict[tuple[str, Action], Scope]] = {}
    for row in await conn.execute(wanted):
        found.setdefault(row.user_id, {})[row.menu, Action(row.action)] = Scope(row.scope)
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _user(row: Any, grants: Grants) -> User:
    return User(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        years=row.years,
        agent_id=row.agent_id or "",
        closed=row.closed_at is not None,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        department=row.department,
        title=row.title,
        rank=row.rank,
        joined_on=_day(row.joined_on),
        left_on=_day(row.left_on),
        emergency=row.emergency,
        line=row.line,
        issued=row.issued,
        grants=grants,
    )
