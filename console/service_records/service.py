"""Service records: written, changed, deleted; their phrases. One function is one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.customers.service import Customers
from console.service_records import queries, rules
from console.service_records.model import Entry, Phrase, Record
from console.users.service import Users
from console.web.context import Viewer
from console.web.permissions import Action
from pbxd.app import Daemon
from pbxd.errors import Conflict, InvalidInput, NotAllowed, NotFound
from pbxd.store.metadata import new_id

MENU = "service-records"


class Stale(Conflict):
    """Somebody else has saved meanwhile; carries what stands there now."""

    def __init__(self, theirs: Record) -> None:
        super().__init__("service-stale", "Somebody else has changed this meanwhile.")
        self.theirs = theirs


class StalePhrase(Conflict):
    """The same of a phrase."""

    def __init__(self, theirs: Phrase) -> None:
        super().__init__(
            "phrase-stale",
            "Somebody else wrote meanwhile: “{text}”. Save again to replace it.",
            text=theirs.text,
        )
        self.theirs = theirs


class ServiceRecords:
    """Of all customers."""

    def __init__(self, daemon: Daemon, customers: Customers, users: Users) -> None:
        self._store = daemon.store
        self._clock = daemon.clock
        self._customers = customers
        self._users = users

    async def add(self, viewer: Viewer, customer_id: str, entry: Entry) -> Record:
        """A new one. Raises InvalidInput, NotFound (the customer)."""
        await self._customers.get(customer_id)
        self._check_user(entry)
        made = Record(new_id(), customer_id, entry, viewer.user.id, self._clock())
        async with self._store.writing() as conn:
            await queries.add(conn, [made])
            await self._note(conn, viewer, "service.create", made.id, None, _said(entry))
        return made

    async def change(self, viewer: Viewer, id: str, version: int, entry: Entry) -> Record:
        """Raises InvalidInput, NotFound, NotAllowed (somebody else's), Stale."""
        before = await self.get(id)
        if not self.may(viewer, Action.EDIT, before):
            raise _not_yours()
        self._check_user(entry)
        async with self._store.writing() as conn:
            if not await queries.change(conn, id, version, entry):
                theirs = await queries.one(conn, id)
                if theirs is None or theirs.deleted_at is not None:
                    raise _gone()
                raise Stale(theirs)
            said = _said(before.entry), _said(entry)
            await self._note(conn, viewer, "service.edit", id, *said)
        return before

    async def delete(self, viewer: Viewer, id: str, *, gone: bool) -> Record:
        """Away with it, or back. Raises NotFound, NotAllowed."""
        record = await self.get(id, deleted=not gone)
        if not self.may(viewer, Action.DELETE, record):
            raise _not_yours()
        async with self._store.writing() as conn:
            await queries.set_deleted(conn, id, self._clock() if gone else None)
            what = "service.delete" if gone else "service.restore"
            await self._note(conn, viewer, what, id, _said(record.entry))
        return record

    async def get(self, id: str, *, deleted: bool = False) -> Record:
        """One. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None or (found.deleted_at is not None and not deleted):
            raise _gone()
        return found

    def may(self, viewer: Viewer, action: Action, record: Record) -> bool:
        """May this person change or delete it?"""
        scope = viewer.scope(MENU, action)
        return rules.may_change(record.by, record.entry.user_id, viewer.user.id, scope)

    def name(self, entry: Entry) -> str:
        """Who served, by name."""
        user = self._users.get(entry.user_id)
        return user.name if user is not None else entry.name

    async def phrases(self, *, removed: bool = False) -> tuple[Phrase, ...]:
        """To choose from, or those that were taken out."""
        async with self._store.reading() as conn:
            return await queries.phrases(conn, removed=removed)

    async def add_phrase(self, viewer: Viewer, typed: str) -> Phrase:
        """At the end; one that was removed comes back. Raises InvalidInput."""
        text = rules.phrase(typed)
        async with self._store.writing() as conn:
            known = await queries.phrase_of(conn, text)
            if known is not None and known.removed_at is None:
                raise _twice(known)
            if known is not None:
                await queries.set_removed(conn, known.id, None)
                await self._note(conn, viewer, "service.phrase", known.id, None, text)
                return known
            made = Phrase(new_id(), await queries.next_number(conn), text)
            if made.number > rules.MOST_PHRASES:
                raise InvalidInput("phrases-full", "There are no more numbers.", field="text")
            await queries.add_phrase(conn, made)
            await self._note(conn, viewer, "service.phrase", made.id, None, text)
        return made

    async def change_phrase(self, viewer: Viewer, id: str, before: str, typed: str) -> None:
        """Raises InvalidInput, NotFound, StalePhrase."""
        text = rules.phrase(typed)
        async with self._store.writing() as conn:
            phrase = await self._phrase(conn, id)
            known = await queries.phrase_of(conn, text)
            if known is not None and known.id != id:
                raise _twice(known)
            if not await queries.change_phrase(conn, id, before, text):
                raise StalePhrase(phrase)
            await self._note(conn, viewer, "service.phrase", id, phrase.text, text)

    async def remove_phrase(self, viewer: Viewer, id: str, *, gone: bool) -> Phrase:
        """Out of the list, or back into it; what was written with it stays. Raises NotFound."""
        async with self._store.writing() as conn:
            phrase = await self._phrase(conn, id)
            await queries.set_removed(conn, id, self._clock() if gone else None)
            said = (phrase.text, None) if gone else (None, phrase.text)
            await self._note(conn, viewer, "service.phrase", id, *said)
        return phrase

    async def _phrase(self, conn: AsyncConnection, id: str) -> Phrase:
        found = await queries.phrase(conn, id)
        if found is None:
            raise NotFound("no-phrase", "This phrase is not there any more.")
        return found

    def _check_user(self, entry: Entry) -> None:
        if entry.user_id and self._users.get(entry.user_id) is None:
            raise InvalidInput("field-choice", "Choose one of the list.", field="user")

    async def _note(
        self,
        conn: AsyncConnection,
        viewer: Viewer,
        what: str,
        id: str,
        before: object,
        after: object = None,
    ) -> None:
        await audit.note(conn, self._clock(), viewer.user.id, what, id, before, after)


def _said(entry: Entry) -> dict[str, Any]:
    return {
        "day": entry.day.isoformat(),
        "status": entry.status.value,
        "summary": entry.summary,
        "served_by": entry.user_id or entry.name,
        "amount": entry.amount,
        "note": entry.note,
    }


def _twice(phrase: Phrase) -> InvalidInput:
    return InvalidInput(
        "phrase-twice",
        "“{text}” has the number {number} already.",
        field="text",
        text=phrase.text,
        number=phrase.digits,
    )


def _gone() -> NotFound:
    return NotFound("no-service", "This service record is not there any more.")


def _not_yours() -> NotAllowed:
    return NotAllowed("not-your-service", "Only one's own service records can be changed.")
