"""Who is it? Sessions in the store, so that they can be listed and ended at once.

A session ends 12 hours after its last use and 7 days after the log-in; one that somebody chose
to keep on his device (S1-38) after a week without use and after `keep_days`. The browser holds a
random token; the store holds only its hash.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from console.web import queries
from console.web.queries import SessionRow
from pbxd.errors import Refused
from pbxd.ports import Clock
from pbxd.store.engine import Store

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
KEPT_IDLE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)  # a write a minute, not one a click
COOKIE = "pbxd"

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 5, 30  # failed log-ins in the window before it closes
CACHED = 2000


class Sessions:
    """Makes, finds and ends sessions."""

    def __init__(self, store: Store, clock: Clock, *, secure: bool, keep_days: int = 0) -> None:
        self.keep_days = keep_days  # 0: nobody may keep himself logged in
        self._store = store
        self._clock = clock
        self._secure = secure
        self._known: OrderedDict[str, SessionRow] = OrderedDict()
        self._listeners: list[Callable[[str], None]] = []
        self._endings = 0

    def on_end(self, listener: Callable[[str], None]) -> None:
        """Be told the token's hash of each session that ends before its time."""
        self._listeners.append(listener)

    async def begin(
        self, user_id: str, request: web.Request, *, kept: bool = False
    ) -> tuple[str, SessionRow]:
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
            kept=kept and self.keep_days > 0,
        )
        old = request.cookies.get(COOKIE, "")
        async with self._store.writing() as conn:
            if old:
                await queries.remove(conn, _hash(old))
            for kind in (False, True):
                idle, absolute = self._limits(kept=kind)
                await queries.expire(conn, now - idle, now - absolute, kept=kind)
            await queries.add(conn, row)
        if old:
            self._ended(_hash(old))
        return token, row

    async def find(self, request: web.Request) -> SessionRow | None:
        """The session of a request, if it is still good; it is used by that."""
        token = request.cookies.get(COOKIE, "")
        row = await self.by_hash(_hash(token)) if token else None
        now = self._clock()
        if row is not None and now - row.seen_at > TOUCH_EVERY:
            async with self._store.writing() as conn:
                await queries.touch(conn, row.token_hash, now)
            row = dataclasses.replace(row, seen_at=now)
            if row.token_hash in self._known:  # it may have ended while we wrote
                self._keep(row)
        return row

    async def by_hash(self, token_hash: str) -> SessionRow | None:
        """A session by the hash of its token, if it is still good. To look is not to use:
        a page that is only open lets the idle time run."""
        row, endings = self._known.get(token_hash), self._endings
        if row is None:
            async with self._store.reading() as conn:
                row = await queries.find(conn, token_hash)
            if row is None or endings != self._endings:  # perhaps this one, while we read
                return None if row is None else await self.by_hash(token_hash)
        now = self._clock()
        idle, absolute = self._limits(kept=row.kept)
        if now - row.seen_at > idle or now - row.created_at > absolute:
            await self.end(token_hash)
            return None
        self._keep(row)
        return row

    async def end(self, token_hash: str) -> None:
        """End one session."""
        async with self._store.writing() as conn:
            await queries.remove(conn, token_hash)
        self._ended(token_hash)

    async def end_all(self, user_id: str, but: str = "") -> None:
        """End all of a user's sessions `but` one (after a change of password)."""
        async with self._store.writing() as conn:
            rows = await queries.of_user(conn, user_id)
            await queries.remove_of_user(conn, user_id, but)
        for row in rows:
            if row.token_hash != but:
                self._ended(row.token_hash)

    async def of_user(self, user_id: str) -> tuple[SessionRow, ...]:
        """A user's sessions."""
        async with self._store.reading() as conn:
            return await queries.of_user(conn, user_id)

    def put_cookie(self, response: web.StreamResponse, token: str, *, kept: bool = False) -> None:
        """Give the browser its token."""
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(self._limits(kept=kept)[1].total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._secure,
            path="/",
        )

    async def attempt(self, login: str, address: str) -> None:
        """Count an attempt as failed until `succeeded` takes it back: a thousand at once
        are a thousand. Raises Refused after too many of this account or from this address."""
        now = self._clock()
        async with self._store.writing() as conn:
            await queries.forget_failures(conn, now - WINDOW)
            account, source = await queries.failures(conn, login[:80], address[:64])
            closed = account >= PER_ACCOUNT or source >= PER_ADDRESS
            if not closed:
                await queries.note_failure(conn, login[:80], address[:64], now)
        if closed:
            raise Refused(
                "login-throttled",
                "Too many failed attempts. Wait {minutes} minutes and try again.",
                minutes=int(WINDOW.total_seconds() // 60),
            )

    async def succeeded(self, login: str) -> None:
        """Forget the account's failures."""
        async with self._store.writing() as conn:
            await queries.forgive(conn, login)

    def _limits(self, *, kept: bool) -> tuple[timedelta, timedelta]:
        """How long it may be unused, and how long it lasts at most."""
        longest = timedelta(days=self.keep_days)
        return (min(KEPT_IDLE, longest), longest) if kept else (IDLE, ABSOLUTE)

    def _keep(self, row: SessionRow) -> None:
        self._known[row.token_hash] = row
        while len(self._known) > CACHED:
            self._known.popitem(last=False)

    def _ended(self, token_hash: str) -> None:
        self._known.pop(token_hash, None)
        self._endings += 1
        for listener in self._listeners:
            listener(token_hash)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
