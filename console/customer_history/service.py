"""What was done with a customer, from the audit log; and that somebody looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from console.audit import queries as audit
from console.audit.queries import Note
from console.belongings.queries import parts_of
from console.customer_history.words import WORDS
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.paging import Page

AGAIN = timedelta(minutes=30)  # who looks once more within it is not written down anew
SEEN = "customer.view"
REMEMBERED = 20_000
_ENDS = ("customer.delete", "customer.merge", "customer.restore", "customer.undo")


class CustomerHistory:
    """The log of one customer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[tuple[str, str], datetime] = {}

    async def saw(self, user_id: str, customer_id: str) -> None:
        """Somebody looks at a customer's page."""
        now, key = self._clock(), (user_id, customer_id)
        last = self._seen.get(key)
        if last is not None and now - last < AGAIN:
            return
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        self._seen[key] = now
        async with self._store.writing() as conn:
            await audit.note(conn, now, user_id, SEEN, customer_id)

    async def merged(self, customer_id: str) -> bool:
        """Was it last made one with another? Then it comes back with all that went with it."""
        async with self._store.reading() as conn:
            return await audit.newest(conn, customer_id, _ENDS) == "customer.merge"

    async def page(self, customer_id: str, cursor: str, *, views: bool) -> Page[Note]:
        """Newest first, with what was done to all that belongs to it; `views`: with who looked."""
        what = WORDS.keys() if views else WORDS.keys() - {SEEN}
        async with self._store.reading() as conn:
            return await audit.of_thing(conn, customer_id, cursor, what, parts_of(customer_id))
