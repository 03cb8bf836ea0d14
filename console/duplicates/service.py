"""Duplicates found and merged; a merge can be taken back (console/batches)."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from console.audit import queries as audit
from console.batches import queries as batches
from console.batches.model import BATCH, BatchKind, Item, What
from console.belongings.queries import MADE, take
from console.customers import queries as customer_queries
from console.customers.model import Customer, Details
from console.customers.rules import LONGEST
from console.customers.service import KIND, Customers
from console.duplicates import queries
from console.duplicates.rules import lost_custom, merged
from console.further_numbers.rules import alike
from console.further_numbers.service import keep_losing
from console.further_numbers.tables import customer_further_numbers
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Customers with something in common."""

    common: str
    customers: tuple[Customer, ...]


class Duplicates:
    """Finds and merges."""

    def __init__(self, store: Store, customers: Customers, clock: Clock) -> None:
        self._store = store
        self._customers = customers
        self._clock = clock

    async def groups(self, key: str, page: int) -> tuple[list[Group], bool]:
        """One page of groups, and whether there are more."""
        async with self._store.reading() as conn:
            commons = await queries.groups(conn, key, page * SHOWN, SHOWN + 1)
            found = []
            for common in commons[:SHOWN]:
                ids = await queries.members(conn, key, common)
                rows = await customer_queries.many(conn, ids)
                found.append(Group(common, tuple(rows)))
        return found, len(commons) > SHOWN

    async def merge(
        self,
        kept_id: str,
        other_id: str,
        versions: tuple[int, int],
        chosen: Collection[str],
        lost_said: dict[str, str],
        user_id: str,
    ) -> Customer:
        """Two are one: all of `other`'s calls, consultations … are the kept one's.

        `chosen`: fields whose value is the other's; `lost_said`: field → words of the value that
        gives way (they go to the memo: nothing is lost). Of two sealed numbers the one that gives
        way stays as a further one. Raises NotFound, Conflict, InvalidInput.
        """
        if kept_id == other_id:
            raise InvalidInput("merge-same", "Choose two different customers.")
        batch_id = new_id()
        async with self._store.writing() as conn:
            found = {one.id: one for one in await customer_queries.many(conn, [kept_id, other_id])}
            if len(found) < 2 or any(one.deleted_at for one in found.values()):
                raise NotFound("no-customer", "There is no such customer any more.")
            kept = found[kept_id]
            other = self.alike(kept, found[other_id])
            if (kept.version, other.version) != versions:
                raise Conflict(
                    "merge-stale", "Somebody has changed one of them meanwhile: look again."
                )
            details, lost = merged(kept.details, other.details, chosen)
            gave_way = [*lost, *lost_custom(kept.details, other.details)]
            lines = [said for word in gave_way if (said := lost_said.get(word))]
            memo = "\n".join([details.memo, *lines]).strip()
            details = replace(details, memo=memo)
            _check_short(details)
            now = self._clock()
            await customer_queries.set_deleted(conn, other_id, now)
            await search.remove(conn, KIND, other_id)
            derived = self._customers.derived(details)
            await customer_queries.change(conn, kept_id, details, kept.version, now, derived)
            await self._customers.index(conn, kept_id, details)
            moved = await take(conn, other_id, kept_id)
            personal = self._customers.personal
            numbers = await keep_losing(conn, kept, other, chosen, personal, now)
            made = {f"{customer_further_numbers.name}.{MADE}": numbers}
            before = kept.details.as_dict()
            await batches.begin(conn, batch_id, BatchKind.MERGE, kept.name, user_id, now)
            await batches.end(conn, batch_id, now)
            items = [
                Item(kept_id, What.CHANGED, kept.version + 1, json.dumps(before), made),
                Item(other_id, What.DELETED, other.version, "", moved),
            ]
            await batches.add(conn, batch_id, items)
            after = details.as_dict() | {BATCH: batch_id}
            await audit.note(conn, now, user_id, "customer.change", kept_id, before, after)
            await audit.note(conn, now, user_id, "customer.merge", other_id, None, kept_id)
        self._customers.counted(-1)
        self._customers.tell(replace(other, deleted_at=now))
        one = await self._customers.get(kept_id)
        self._customers.tell(one)
        return one

    def alike(self, kept: Customer, other: Customer) -> Customer:
        """`other`, with `kept`'s sealed number where they are the same. Raises InvalidInput."""
        opened = self._customers.personal.open
        return replace(other, details=alike(kept.details, other.details, opened))


def _check_short(details: Details) -> None:
    """What is cut short would be lost. Raises InvalidInput."""
    if len(details.memo) > LONGEST["memo"]:
        raise InvalidInput(
            "merge-long", "Both memos together are too long: shorten one of them first."
        )
    if len(details.remarks) > LONGEST["remarks"]:
        raise InvalidInput(
            "merge-remarks",
            "The background remarks of both together are too long: shorten one of them first.",
        )
