"""Who is it? Sessions in the store, so that they can be listed and ended at once.

A session ends 12 hours after its last use and 7 days after the log-in. The browser holds a random
token; the store holds only its hash.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from datetime import timedelta

from aiohttp import web

from console.web import queries
from console.web.queries import SessionRow
from pbxd.errors import Refused
from pbxd.ports import Clock
from pbxd.store.engine import Store

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)  # a write a minute, not one a click
COOKIE = "pbxd"

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 5, 30  # failed log-ins in the window before it closes
CACHED = 2000


class Sessions:
    """Makes, finds and ends sessions."""

    def __init__(self, store: Store, clock: Clock, *, secure: bool) -> None:
        self._store = store
        self._clock = clock
        self._secure = secure
        self._known: OrderedDict[str, SessionRow] = OrderedDict()

    async def begin(self, user_id: str, request: web.Request) -> tuple[str, SessionRow]:
        """A new session: (token, row). An earlier one of this browser ends."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        row = SessionRow(
            token_hash=_hash(token),
            user_id=user_id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
            address=(request.remote or "")[:64],
            browser=request.headers.get("User-Agent", "")[:200],
        )
        old = request.cookies.get(COOKIE, "")
        async with self._store.writing() as conn:
            if old:
                await queries.remove(conn, _hash(old))
            await queries.expire(conn, now - IDLE, now - ABSOLUTE)
            await queries.add(conn, row)
        self._known.pop(_hash(old), None)
        return token, row

    async def find(self, request: web.Request) -> SessionRow | None:
        """The session of a request, if it is still good."""
        token = request.cookies.get(COOKIE, "")
        return await self.by_hash(_hash(token)) if token else None

    async def by_hash(self, token_hash: str) -> SessionRow | None:
        """A session by the hash of its token, if it is still good."""
        row = self._known.get(token_hash)
        if row is None:
            async with self._store.reading() as conn:
                row = await queries.find(conn, token_hash)
            if row is None:
                return None
        now = self._clock()
        if now - row.seen_at > IDLE or now - row.created_at > ABSOLUTE:
            await self.end(token_hash)
            return None
        if now - row.seen_at > TOUCH_EVERY:
            async with self._store.writing() as conn:
                await queries.touch(conn, token_hash, now)
            row = SessionRow(
                row.token_hash, row.user_id, row.csrf, row.created_at, now, row.address, row.browser
            )
        self._keep(row)
        return row

    async def end(self, token_hash: str) -> None:
        """End one session."""
        self._known.pop(token_hash, None)
        async with self._store.writing() as conn:
            await queries.remove(conn, token_hash)

    async def end_all(self, user_id: str, but: str = "") -> None:
        """End all of a user's sessions `but` one (after a change of password)."""
        for token_hash, row in tuple(self._known.items()):
            if row.user_id == user_id and token_hash != but:
                del self._known[token_hash]
        async with self._store.writing() as conn:
            await queries.remove_of_user(conn, user_id, but)

    async def of_user(self, user_id: str) -> tuple[SessionRow, ...]:
        """A user's sessions."""
        async with self._store.reading() as conn:
            return await queries.of_user(conn, user_id)

    def put_cookie(self, response: web.StreamResponse, token: str) -> None:
        """Give the browser its token."""
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(ABSOLUTE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._secure,
            path="/",
        )

    async def check_throttle(self, login: str, address: str) -> None:
        """Raise Refused after too many failures of this account or from this address."""
        async with self._store.reading() as conn:
            account, source = await queries.failures(conn, login, address, self._clock() - WINDOW)
        if account >= PER_ACCOUNT or source >= PER_ADDRESS:
            raise Refused(
                "login-throttled",
                "Too many failed attempts. Wait {minutes} minutes and try again.",
                minutes=int(WINDOW.total_seconds() // 60),
            )

    async def failed(self, login: str, address: str) -> None:
        """Count a failed log-in."""
        async with self._store.writing() as conn:
            await queries.note_failure(conn, login[:80], address[:64], self._clock())

    async def succeeded(self, login: str) -> None:
        """Forget the account's failures."""
        async with self._store.writing() as conn:
            await queries.forgive(conn, login)

    def _keep(self, row: SessionRow) -> None:
        self._known[row.token_hash] = row
        while len(self._known) > CACHED:
            self._known.popitem(last=False)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
