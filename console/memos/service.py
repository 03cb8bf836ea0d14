"""Who may write a memo, and two who write at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.customers.service import Customers
from console.memos import queries
from console.memos.queries import Memo
from pbxd.app import Daemon
from pbxd.calls import queries as call_queries
from pbxd.calls.record import CallRecord
from pbxd.errors import Conflict, InvalidInput, NotFound

LONGEST = 2000
Whose = tuple[str, ...] | None


class Memos:
    """`customer_of` says whom the CRM takes a live call for.

    `whose`: the agents whose calls are meant; None: everybody's.
    """

    def __init__(
        self, daemon: Daemon, customers: Customers, customer_of: Callable[[str], str]
    ) -> None:
        self._daemon = daemon
        self._customers = customers
        self._customer_of = customer_of

    async def get(self, whose: Whose, call_id: str) -> Memo | None:
        """A call's memo; None when nobody wrote one. Raises NotFound."""
        await self._customer(whose, call_id)
        async with self._daemon.store.reading() as conn:
            return (await queries.of(conn, [call_id])).get(call_id)

    async def write(self, whose: Whose, by: str, call_id: str, text: str, version: int) -> Memo:
        """Write or change it; `version` is what the writer has seen (0: none).

        Raises InvalidInput (too long), NotFound (no such call of theirs), Conflict (changed).
        """
        text = text.strip()
        if len(text) > LONGEST:
            raise InvalidInput("memo-long", "A memo has at most 2000 characters.", field="text")
        customer_id = await self._customer(whose, call_id)
        snapshot = await self._snapshot(customer_id)
        async with self._daemon.store.writing() as conn:
            before = (await queries.of(conn, [call_id])).get(call_id)
            if (before.version if before is not None else 0) != version:
                theirs = before.text if before is not None else ""
                raise Conflict(
                    "memo-stale",
                    "Somebody else wrote meanwhile: “{text}”. Save again to replace it.",
                    text=theirs,
                )
            now = self._daemon.clock()
            memo = Memo(call_id, text, by, now, version + 1, snapshot)
            await (queries.add if before is None else queries.change)(conn, memo)
        return memo

    async def _customer(self, whose: Whose, call_id: str) -> str:
        """The call's customer. Raises NotFound when it is none of their calls."""
        call = self._daemon.live.get(call_id)
        if call is not None:
            found = (self._daemon.agents.by_id(id) for id in whose or ())
            if whose is None or any(one and call.legs_of(one.extension) for one in found):
                return self._customer_of(call_id)
            raise _not_found()
        record = await self._record(call_id)
        if record is None:  # it has ended just now: its record is on its way to the disk
            await self._daemon.history.drain()
            record = await self._record(call_id)
        if record is None or not (whose is None or record.agent_id in whose):
            raise _not_found()
        return record.customer_id

    async def _record(self, call_id: str) -> CallRecord | None:
        async with self._daemon.store.reading() as conn:
            return await call_queries.by_id(conn, call_id)

    async def _snapshot(self, customer_id: str) -> dict[str, Any]:
        if not customer_id:
            return {}
        try:
            customer = await self._customers.get(customer_id)
        except NotFound:
            return {}
        details = customer.details
        found = {
            "name": details.name,
            "company": details.company,
            "address": details.address,
            "vip": details.vip,
            "caution": details.caution,
        }
        return {key: value for key, value in found.items() if value}


def _not_found() -> NotFound:
    return NotFound("no-call", "There is no such call.")
