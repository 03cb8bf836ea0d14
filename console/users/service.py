"""Accounts: made, closed, never deleted; passwords by Argon2id, a second factor by TOTP."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, tzinfo
from typing import TypeVar

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.ext.asyncio import AsyncConnection

from console.users import queries
from console.users.queries import User
from console.web.permissions import Grants, Role
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
SHORTEST_PASSWORD = 10
T = TypeVar("T")

CODE_S = 30  # an authenticator shows each code this long

_hasher = PasswordHasher()
# Argon2 takes 64 MB and a core each time: a storm of log-ins waits here and nowhere else
_threads = ThreadPoolExecutor(2, "argon2")
_NOBODY = _hasher.hash("nobody has this password")  # an unknown login costs the same time


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a person is to the office."""

    name: str
    department: str = ""
    title: str = ""
    rank: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    emergency: str = ""
    line: str = ""  # E.164


class Users:
    """The accounts; those of the running day are kept in memory."""

    def __init__(self, store: Store, clock: Clock, zone: tzinfo = UTC) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._users: dict[str, User] = {}
        self._listeners: list[Callable[[str], None]] = []
        self._codes: dict[str, int] = {}  # user → the newest code's period; each is good once

    async def load(self) -> None:
        """Read all accounts."""
        async with self._store.reading() as conn:
            self._users = {user.id: user for user in await queries.every(conn)}

    async def code_renamed(self, conn: AsyncConnection, list: str, before: str, after: str) -> None:
        """A department, title or rank has another name (`console.codes.service.Follower`)."""
        if list in ("department", "title", "rank"):
            await queries.rename(conn, list, before, after)

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Be told the id of each account whose rights or state change."""
        self._listeners.append(listener)

    def get(self, user_id: str) -> User | None:
        """An account that may be used."""
        user = self._users.get(user_id)
        return None if user is None or self.gone(user) else user

    def gone(self, user: User) -> bool:
        """Closed, or his last day is over (S1-78): he cannot log in."""
        today = self._clock().astimezone(self._zone).date()
        return user.closed or (user.left_on is not None and user.left_on < today)

    def all(self) -> tuple[User, ...]:
        """Every account by login."""
        return tuple(sorted(self._users.values(), key=lambda user: user.login))

    async def authenticate(self, login: str, password: str, code: str = "") -> User | None:
        """The account, when password and (where enrolled) the code are right."""
        user = await self._by_login(login.strip().lower())
        stored = user.password_hash if user is not None else _NOBODY
        good = await _in_thread(_verify, stored, password)
        if user is None or not good or self.gone(user):
            return None
        if user.totp_secret and not self._use_code(user, code.strip()):
            return None
        return user

    async def _by_login(self, login: str) -> User | None:
        """From memory, else from the store: `pbxd user add` may have made it meanwhile."""
        for user in self._users.values():
            if user.login == login:
                return user
        async with self._store.reading() as conn:
            found = await queries.by_login(conn, login)
        if found is not None:
            self._users[found.id] = found
        return found

    def _use_code(self, user: User, code: str) -> bool:
        """Is it a code of now (or the one before or after), and not used before?"""
        now = int(self._clock().timestamp()) // CODE_S
        for period in (now - 1, now, now + 1):
            right = pyotp.TOTP(user.totp_secret).at(period * CODE_S)
            if hmac.compare_digest(right.encode(), code.encode()):
                if period <= self._codes.get(user.id, 0):
                    return False
                self._codes[user.id] = period
                return True
        return False

    def check_new(self, login: str, name: str, password: str) -> tuple[str, str]:
        """Login and name as they would be kept. Raises InvalidInput, Conflict."""
        login, name = login.strip().lower(), name.strip()
        if not LOGIN.fullmatch(login):
            raise InvalidInput(
                "login-form",
                "A login name has 2 to 40 small letters, digits, dots or hyphens.",
                field="login",
            )
        if not 1 <= len(name) <= 80:
            raise InvalidInput("user-name", "Enter a name of 1 to 80 characters.", field="name")
        if any(user.login == login for user in self._users.values()):
            raise Conflict("login-taken", "The login name {login} is taken.", login=login)
        _check_password(password)
        return login, name

    async def create(
        self,
        login: str,
        name: str,
        password: str,
        role: Role,
        agent_id: str = "",
        *,
        line: str = "",
        issued: bool = False,
    ) -> User:
        """A new account; `issued`: the password is to be changed first (S4-08).

        Raises InvalidInput, Conflict.
        """
        login, name = self.check_new(login, name, password)
        user = User(
            id=new_id(),
            login=login,
            name=name,
            role=role,
            agent_id=agent_id,
            password_hash=await self._hash(password),
            line=line,
            issued=issued,
        )
        async with self._store.writing() as conn:
            await queries.add(conn, user, self._clock())
        self._users[user.id] = user
        self._tell(user.id)
        return user

    async def set_password(self, user_id: str, password: str, *, issued: bool = False) -> None:
        """A new password; `issued`: somebody else's choice. Raises InvalidInput."""
        await self._change(user_id, password_hash=await self._hash(password), issued=issued)

    async def check_password(self, user_id: str, password: str) -> bool:
        """Is it this account's password?"""
        user = self.get(user_id)
        return user is not None and await _in_thread(_verify, user.password_hash, password)

    async def set_language(self, user_id: str, language: str, years: str = "") -> None:
        """What this person reads, and how years are counted."""
        await self._change(user_id, language=language, years=years)

    async def set_totp(self, user_id: str, secret: str) -> None:
        """Enrol a second factor, or ("") remove it."""
        self._codes.pop(user_id, None)
        await self._change(user_id, totp_secret=secret)

    async def set_role(self, user_id: str, role: Role) -> None:
        """Other rights from now on. Raises Conflict for the last administrator."""
        self._check_not_last_admin(user_id, role)
        await self._change(user_id, role=role.value)

    def check_change(self, user_id: str, role: Role, password: str) -> None:
        """Might he have this role and this password ("" his)? Raises InvalidInput, Conflict."""
        self._check_not_last_admin(user_id, role)
        if password:
            _check_password(password)

    async def set_profile(self, user_id: str, profile: Profile) -> None:
        """Who this person is (S1-78). Raises InvalidInput."""
        name = profile.name.strip()
        if not 1 <= len(name) <= 80:
            raise InvalidInput("user-name", "Enter a name of 1 to 80 characters.", field="name")
        if profile.joined_on and profile.left_on and profile.left_on < profile.joined_on:
            raise InvalidInput("user-left", "This is before the day of joining.", field="left_on")
        if profile.left_on:
            self._check_not_last_admin(user_id, None)
        values = asdict(replace(profile, name=name))
        for day in ("joined_on", "left_on"):
            values[day] = values[day].isoformat() if values[day] else ""
        await self._change(user_id, **values)

    async def set_grants(self, user_id: str, grants: Grants) -> None:
        """What this person may besides his role, from now on (S0-55)."""
        async with self._store.writing() as conn:
            if await queries.by_id(conn, user_id) is None:
                raise NotFound("no-user", "There is no such account.")
            await queries.keep_grants(conn, user_id, grants)
        await self._change(user_id)

    async def set_agent(self, user_id: str, agent_id: str) -> None:
        """Another extension, or ("") none. Raises Conflict: it is somebody else's."""
        for other in self._users.values():
            if agent_id and other.agent_id == agent_id and other.id != user_id and not other.closed:
                raise Conflict("extension-taken", "This extension is {name}'s.", name=other.name)
        await self._change(user_id, agent_id=agent_id or None)

    async def reopen(self, user_id: str) -> None:
        """This person is back; a day of leaving holds no more."""
        await self._change(user_id, closed_at=None, left_on="")

    async def close(self, user_id: str) -> None:
        """This person has left. Raises Conflict for the last administrator."""
        self._check_not_last_admin(user_id, None)
        await self._change(user_id, closed_at=self._clock())

    def _check_not_last_admin(self, user_id: str, role: Role | None) -> None:
        admins = [
            one
            for one in self._users.values()
            if one.role is Role.ADMIN and not one.closed and one.left_on is None
        ]
        if role is not Role.ADMIN and [one.id for one in admins] == [user_id]:
            raise Conflict("last-admin", "This is the last administrator; name another one first.")

    async def _change(self, user_id: str, **values: object) -> None:
        async with self._store.writing() as conn:
            if await queries.by_id(conn, user_id) is None:
                raise NotFound("no-user", "There is no such account.")
            if values:
                await queries.change(conn, user_id, **values)
            changed = await queries.by_id(conn, user_id)
        assert changed is not None
        self._users[user_id] = changed
        self._tell(user_id)

    def _tell(self, user_id: str) -> None:
        for listener in self._listeners:
            listener(user_id)

    async def _hash(self, password: str) -> str:
        _check_password(password)
        return await _in_thread(_hasher.hash, password[:1000])


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            "password-short",
            "A password has at least {length} characters.",
            field="password",
            length=SHORTEST_PASSWORD,
        )


async def _in_thread(work: Callable[..., T], *values: str) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *values)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password[:1000])
    except (VerificationError, InvalidHashError):
        return False
