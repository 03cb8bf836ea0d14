"""Keeps what is typed, for its writer only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from console.drafts import queries
from console.drafts.queries import Fields
from pbxd.ports import Clock
from pbxd.store.engine import Store

KEPT = timedelta(days=14)


class Drafts:
    """Asks the store; keeps nothing itself."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, user_id: str, forms: Sequence[str]) -> dict[str, Fields]:
        """What somebody typed into these forms and did not save."""
        async with self._store.reading() as conn:
            return await queries.of(conn, user_id, forms)

    async def keep(self, user_id: str, form: str, fields: Fields) -> None:
        """The form as it stands now; no fields: it is saved, or not wanted."""
        now = self._clock()
        async with self._store.writing() as conn:
            if fields:
                await queries.keep(conn, user_id, form, fields, now)
            else:
                await queries.forget(conn, user_id, form)
            await queries.expire(conn, now - KEPT)
