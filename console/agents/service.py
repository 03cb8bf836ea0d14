"""The office's reasons and settings, changed by an administrator and written into the audit log."""

from __future__ import annotations

import dataclasses
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from pbxd.agents.presence import Options, Reason
from pbxd.bus import Bus
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import PresenceChoicesChanged
from pbxd.ports import Clock
from pbxd.presence import queries, rules
from pbxd.presence.service import Presences
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

BUILT_IN = frozenset({"break", "meal", "meeting", "training", "other"})  # have translated names


class PresenceSettings:
    """Every change takes effect at once and is told to all pages."""

    def __init__(self, store: Store, presences: Presences, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._presences = presences
        self._bus = bus
        self._clock = clock

    async def set_options(self, options: Options, user_id: str) -> None:
        """Wrap-up seconds and the limit of missed calls. Raises InvalidInput."""
        rules.check_options(options)
        before = self._presences.options
        async with self._store.writing() as conn:
            await queries.keep_options(conn, options)
            await audit.note(
                conn,
                self._clock(),
                user_id,
                "presence.options",
                "",
                asdict(before),
                asdict(options),
            )
        await self._changed()

    async def add(self, name: str, minutes: int | None, rest: bool, user_id: str) -> Reason:
        """A new reason, last in the list. Raises InvalidInput."""
        position = max((one.position for one in self._presences.reasons()), default=-1) + 1
        made = new_id()
        reason = Reason(made, f"r{made[-10:].lower()}", name, minutes, rest, position)
        return await self._keep(None, reason, user_id)

    async def change(
        self, reason_id: str, name: str, minutes: int | None, rest: bool, user_id: str
    ) -> Reason:
        """Another name, length or mark. Raises InvalidInput, NotFound."""
        before = self._known(reason_id)
        after = dataclasses.replace(before, name=name, minutes=minutes, rest=rest)
        return await self._keep(before, after, user_id)

    async def up(self, reason_id: str) -> None:
        """One place up in the menu. Raises NotFound."""
        order = [reason.id for reason in self._presences.reasons()]
        self._known(reason_id)
        place = order.index(reason_id)
        if place:
            order[place - 1 : place + 1] = [order[place], order[place - 1]]
        async with self._store.writing() as conn:
            for position, one in enumerate(order):
                await queries.keep_reason(
                    conn, dataclasses.replace(self._known(one), position=position), new=False
                )
        await self._changed()

    async def remove(self, reason_id: str, user_id: str) -> None:
        """Take it out of the menu; kept for statistics if it was ever used.

        Raises Conflict while somebody is away by it, NotFound.
        """
        reason = self._known(reason_id)
        if away := self._presences.away_by(reason_id):
            raise Conflict(
                "reason-in-use",
                "{name} is away by this reason now; wait until everybody is back.",
                name=", ".join(agent.name for agent in away),
            )
        async with self._store.writing() as conn:
            if await queries.was_used(conn, reason_id):
                retired = dataclasses.replace(reason, retired=True, rest=False)
                await queries.keep_reason(conn, retired, new=False)
            else:
                await queries.remove_reason(conn, reason_id)
            await self._note(conn, user_id, reason, None)
        await self._changed()

    async def _keep(self, before: Reason | None, after: Reason, user_id: str) -> Reason:
        after = rules.check_reason(after)
        if not after.name and after.word not in BUILT_IN:
            raise InvalidInput("field-missing", "Fill this field in.", field="name")
        for other in self._presences.reasons():
            if after.name and other.name == after.name and other.id != after.id:
                raise InvalidInput(
                    "reason-twice", "There is a reason of this name already.", field="name"
                )
        async with self._store.writing() as conn:
            await queries.keep_reason(conn, after, new=before is None)
            await self._note(conn, user_id, before, after)
        await self._changed()
        return after

    async def _note(
        self, conn: AsyncConnection, user_id: str, before: Reason | None, after: Reason | None
    ) -> None:
        known = before or after
        assert known is not None
        await audit.note(
            conn,
            self._clock(),
            user_id,
            "presence.reason",
            known.id,
            None if before is None else asdict(before),
            None if after is None else asdict(after),
        )

    def _known(self, reason_id: str) -> Reason:
        found = [reason for reason in self._presences.reasons() if reason.id == reason_id]
        if not found:
            raise NotFound("no-reason", "This reason is no longer there; choose another one.")
        return found[0]

    async def _changed(self) -> None:
        await self._presences.load_settings()
        self._bus.publish(PresenceChoicesChanged(self._clock()))
