"""What was done with a customer, from the audit log; and that somebody looked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.audit.queries import Note
from console.batches import queries as batch_queries
from console.batches.model import BATCH, Batch
from console.belongings.queries import parts_of
from console.customer_history.words import WORDS
from console.customers import queries as customer_queries
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.paging import Page

AGAIN = timedelta(minutes=30)  # who looks once more within it is not written down anew
SEEN = "customer.view"
REMEMBERED = 20_000
_ENDS = ("customer.delete", "customer.merge", "customer.restore", "customer.undo")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history, and the change to many of which it was a part."""

    note: Note
    batch: Batch | None = None


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

    async def page(self, customer_id: str, cursor: str, *, views: bool) -> Page[Line]:
        """Newest first, with what was done to all that belongs to it; `views`: with who looked.

        That a file brought a customer is not in the log (100,000 lines more for each): its batch
        knows it, and the oldest line is made of that.
        """
        what = WORDS.keys() if views else WORDS.keys() - {SEEN}
        async with self._store.reading() as conn:
            parts = parts_of(customer_id)
            found = await audit.of_thing(conn, customer_id, cursor, what, parts)
            notes = [(note, _batch_of(note)) for note in found.rows]
            made_by = "" if found.next else await batch_queries.that_made(conn, customer_id)
            batches = await batch_queries.some(conn, {id for _, id in notes if id} | {made_by})
            if (batch := batches.get(made_by)) is not None:
                notes.append((await _made(conn, customer_id, batch), made_by))
        lines = tuple(Line(note, batches.get(id)) for note, id in notes)
        return Page(lines, found.next, found.previous)


def _batch_of(note: Note) -> str:
    after = json.loads(note.after) if note.after else None
    if isinstance(after, dict):
        return str(after.get(BATCH, ""))
    said = note.what in ("customer.delete", "customer.undo") and isinstance(after, str)
    return str(after) if said else ""


async def _made(conn: AsyncConnection, customer_id: str, batch: Batch) -> Note:
    """What it was then: what it was before its first change, or what it is."""
    after, at = await audit.first_before(conn, customer_id), batch.at
    customer = await customer_queries.get(conn, customer_id)
    if customer is not None:
        at = customer.created_at
        after = after or json.dumps(customer.details.as_dict(), ensure_ascii=False)
    return Note(batch.id, at, batch.by, "customer.create", "", after)
