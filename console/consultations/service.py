"""Consultations: written, added to, completed, recalled. One function is one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.consultations import queries, rules
from console.consultations.model import LEVELS, Consultation, Part, Type
from console.customers.service import Customers
from console.users.service import Users
from console.web.context import Viewer
from console.web.permissions import Action
from pbxd.app import Daemon
from pbxd.calls import queries as calls
from pbxd.calls.queries import CallFilter
from pbxd.errors import Conflict, InvalidInput, NotAllowed, NotFound
from pbxd.events import CallbackDue, CallbacksChanged
from pbxd.store.metadata import new_id

MENU = "consultations"
REMIND_EVERY_S = 10.0
AFTER_CALL = timedelta(minutes=30)  # so long a consultation belongs to the call that has ended


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote about a customer."""

    text: str
    types: tuple[str, str, str] = ("", "", "")
    remarks: str = ""
    recall_at: datetime | None = None
    done: bool = False  # completed at once
    id: str = ""  # the form's own


class Consultations:
    """`call_of` says in which live call an agent talks with a customer ("" none)."""

    def __init__(
        self,
        daemon: Daemon,
        customers: Customers,
        users: Users,
        call_of: Callable[[str, str], str],
    ) -> None:
        self._daemon = daemon
        self._store = daemon.store
        self._clock = daemon.clock
        self._customers = customers
        self._users = users
        self._call_of = call_of
        self._types: tuple[Type, ...] = ()

    async def load(self) -> None:
        """Read the types."""
        async with self._store.reading() as conn:
            self._types = await queries.types(conn)

    async def run(self) -> None:
        """Remind agents of recalls."""
        while True:
            await self.remind()
            await asyncio.sleep(REMIND_EVERY_S)

    async def remind(self) -> None:
        """Whose time has come; each once."""
        now = self._clock()
        async with self._store.reading() as conn:
            due = await queries.due_recalls(conn, now)
        for one in due:
            agent_id, number = await self._reminder(one)
            async with self._store.writing() as conn:
                await queries.reminded(conn, one.id, now)
            if agent_id:
                note = one.parts[-1].text[:80] if one.parts else ""
                self._daemon.bus.publish(CallbackDue(now, agent_id, number, note))

    def types(self, level: int = 0) -> tuple[Type, ...]:
        """The three lists, or one of them."""
        return tuple(one for one in self._types if level in (0, one.level))

    async def add_type(self, level: int, name: str, colour: str, user_id: str) -> Type:
        """At the end of its list. Raises InvalidInput (name; it is there already, S4-10)."""
        if level not in LEVELS:
            raise InvalidInput("consultation-level", "There are three lists.", field="level")
        last = max((one.position for one in self.types(level)), default=0)
        made = Type(new_id(), level, rules.type_name(name), last + 1, colour)
        self._check_single(made)
        await self._keep_type(made, None, user_id)
        return made

    async def change_type(
        self, id: str, name: str, colour: str, position: int, user_id: str
    ) -> None:
        """Order and colour always; another name only while nothing is of that type (S4-12)."""
        before = self._type(id)
        after = replace(before, name=rules.type_name(name), colour=colour, position=position)
        self._check_single(after)
        if after.name != before.name:
            async with self._store.reading() as conn:
                await self._check_unused(conn, before)
        await self._keep_type(after, before, user_id)

    async def remove_type(self, id: str, user_id: str) -> None:
        """Raises Conflict: some consultation is of that type (S4-11)."""
        before = self._type(id)
        async with self._store.writing() as conn:
            await self._check_unused(conn, before)
            await queries.remove_type(conn, id)
            await self._note(conn, user_id, "consultation.type", id, before.name, None)
        await self.load()

    async def used_types(self) -> frozenset[str]:
        """Those that cannot be deleted."""
        async with self._store.reading() as conn:
            return await queries.used_types(conn)

    async def write(self, viewer: Viewer, customer_id: str, written: Written) -> Consultation:
        """A new case; the call in which it was said is found. Raises InvalidInput, NotFound.

        A form sent again, because its answer was lost, makes no second one. Raises Conflict: it
        was saved before with other words.
        """
        await self._customers.get(customer_id)
        now, by, id = self._clock(), viewer.user.id, written.id or new_id()
        known = {one.id: one.level for one in self._types}
        for level, type_id in enumerate(written.types, 1):
            if type_id and known.get(type_id) != level:
                raise InvalidInput(
                    "consultation-type", "This type is not there any more.", field=f"type{level}"
                )
        made = Consultation(
            id=id,
            customer_id=customer_id,
            call_id=await self._call(viewer, customer_id, now),
            types=written.types,
            remarks=rules.remarks(written.remarks),
            by=by,
            at=now,
            completed_at=now if written.done else None,
            completed_by=by if written.done else "",
            recall_at=rules.recall_at(written.recall_at, now),
            recall_done_at=None,
            deleted_at=None,
            version=1,
            parts=(Part(new_id(), id, rules.text(written.text), by, now, None, 1),),
        )
        async with self._store.writing() as conn:
            if (there := await queries.one(conn, id)) is not None:
                return _sent_again(made, there)
            await queries.add(conn, made)
            await self._note(conn, by, "consultation.create", id, None, made.parts[0].text)
        self._changed()
        return made

    async def add(self, viewer: Viewer, id: str, text: str) -> Consultation:
        """Something more in the same case (상담추가). Raises InvalidInput, NotFound."""
        case, now = await self.get(id), self._clock()
        part = Part(new_id(), id, rules.text(text), viewer.user.id, now, None, 1)
        async with self._store.writing() as conn:
            await queries.add_part(conn, part)
            await self._note(conn, part.by, "consultation.add", id, None, part.text)
        self._changed()
        return case

    async def edit(self, viewer: Viewer, part_id: str, text: str, version: int) -> Consultation:
        """Other words; one's own for a day (S4-42). Raises Conflict: changed meanwhile."""
        async with self._store.reading() as conn:
            part = await queries.part(conn, part_id)
        if part is None:
            raise _gone()
        case = await self.get(part.consultation_id)
        if not self.may(viewer, Action.EDIT, part):
            raise _not_yours()
        plain, now = rules.text(text), self._clock()
        async with self._store.writing() as conn:
            if not await queries.change_part(conn, part_id, version, plain, now):
                part = await queries.part(conn, part_id) or part  # as it stands now
                raise Conflict(
                    "consultation-stale",
                    "Somebody else wrote meanwhile: “{text}”. Save again to replace it.",
                    text=part.text[:200],
                )
            by = viewer.user.id
            await self._note(conn, by, "consultation.edit", case.id, part.text, plain)
        self._changed()
        return case

    async def customer_of_part(self, part_id: str) -> str:
        """Whose page it stands on. Raises NotFound."""
        async with self._store.reading() as conn:
            part = await queries.part(conn, part_id)
        if part is None:
            raise _gone()
        return (await self.get(part.consultation_id, deleted=True)).customer_id

    async def complete(self, viewer: Viewer, id: str, done: bool) -> Consultation:
        """It is finished and leaves the unfinished list (S4-92), or is not after all."""
        case = await self.get(id)
        values = (self._clock(), viewer.user.id) if done else (None, "")
        async with self._store.writing() as conn:
            await queries.change(conn, id, completed_at=values[0], completed_by=values[1])
            await self._note(conn, viewer.user.id, "consultation.complete", id, case.open, not done)
        self._changed()
        return case

    async def recalled(self, viewer: Viewer, ids: Sequence[str], done: bool) -> None:
        """These recalls are done (S4-75), or are not after all."""
        values = (self._clock(), viewer.user.id) if done else (None, "")
        async with self._store.writing() as conn:
            for id in ids:
                await queries.change(conn, id, recall_done_at=values[0], recall_done_by=values[1])
                await self._note(conn, viewer.user.id, "consultation.recall", id, None, done)
        self._changed()

    async def delete(self, viewer: Viewer, id: str, gone: bool) -> Consultation:
        """One's own for a day (S4-93); it can be taken back. Raises NotAllowed."""
        case = await self.get(id, deleted=not gone)
        if not self.may(viewer, Action.DELETE, case):
            raise _not_yours()
        by, now = viewer.user.id, self._clock()
        async with self._store.writing() as conn:
            await queries.change(conn, id, deleted_at=now if gone else None)
            what = "consultation.delete" if gone else "consultation.restore"
            await self._note(conn, by, what, id, [part.text for part in case.parts], None)
        self._changed()
        return case

    async def get(self, id: str, *, deleted: bool = False) -> Consultation:
        """One. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None or (found.deleted_at is not None and not deleted):
            raise _gone()
        return found

    def may(self, viewer: Viewer, action: Action, written: Part | Consultation) -> bool:
        """May this person change or delete what was written?"""
        scope = viewer.scope(MENU, action)
        return rules.may_change(written.by, written.at, viewer.user.id, scope, self._clock())

    async def _call(self, viewer: Viewer, customer_id: str, now: datetime) -> str:
        """The call that goes on with this customer, or has just ended without a consultation."""
        agent_id = viewer.user.agent_id
        if not agent_id:
            return ""
        if live := self._call_of(agent_id, customer_id):
            return live
        async with self._store.reading() as conn:
            wanted = CallFilter(customer_id=customer_id, agent_id=agent_id, since=now - AFTER_CALL)
            rows = (await calls.log(conn, wanted, size=1)).rows
            if rows and not await queries.of_call(conn, rows[0].id):
                return rows[0].id
        return ""

    async def _reminder(self, case: Consultation) -> tuple[str, str]:
        """Whom to remind, and the customer's first number."""
        try:
            phones = (await self._customers.get(case.customer_id)).details.phones
        except NotFound:
            return "", ""
        user = self._users.get(case.by)
        return user.agent_id if user else "", phones[0].number if phones else ""

    def _type(self, id: str) -> Type:
        found = next((one for one in self._types if one.id == id), None)
        if found is None:
            raise NotFound("no-consultation-type", "This type is not there any more.")
        return found

    def _check_single(self, type: Type) -> None:
        for one in self.types(type.level):
            if one.id != type.id and one.name.casefold() == type.name.casefold():
                raise InvalidInput(
                    "consultation-type-twice",
                    "“{name}” is in this list already.",
                    field="name",
                    name=type.name,
                )

    async def _check_unused(self, conn: AsyncConnection, type: Type) -> None:
        if await queries.type_used(conn, type.id):
            raise Conflict(
                "consultation-type-used",
                "There are consultations of the type “{name}”: it can be neither renamed nor"
                " deleted.",
                name=type.name,
            )

    async def _keep_type(self, after: Type, before: Type | None, user_id: str) -> None:
        async with self._store.writing() as conn:
            await queries.keep_type(conn, after)
            name = before.name if before is not None else None
            await self._note(conn, user_id, "consultation.type", after.id, name, after.name)
        await self.load()

    async def _note(
        self,
        conn: AsyncConnection,
        by: str,
        what: str,
        id: str,
        before: object,
        after: object,
    ) -> None:
        await audit.note(conn, self._clock(), by, what, id, before, after)

    def _changed(self) -> None:
        self._daemon.bus.publish(CallbacksChanged(self._clock()))


def _gone() -> NotFound:
    return NotFound("no-consultation", "This consultation is not there any more.")


def _not_yours() -> NotAllowed:
    return NotAllowed(
        "not-your-consultation",
        "Only one's own entries can be changed, and only for 24 hours.",
    )


def _sent_again(made: Consultation, there: Consultation) -> Consultation:
    """What is there, when it is the same."""
    before, now = ((one.customer_id, one.types, one.parts[0].text) for one in (there, made))
    if before != now:
        raise Conflict(
            "consultation-made",
            "This was saved before, with other words. Saving again makes one more consultation.",
        )
    return there
