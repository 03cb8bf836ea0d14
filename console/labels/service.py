"""Labels: who gets one, the office's own sheets, what was printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from console.audit import queries as audit
from console.labels import queries, rules
from console.labels.model import Chosen, Options, Sender, Sheet
from console.labels.sheets import STANDARD
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

NAMED = 100  # customers whose ids the audit log has; of more only how many
_STANDARD = {one.id: one for one in STANDARD}


class Labels:
    """Asks the store; keeps nothing itself."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def chosen(self, ids: Sequence[str], options: Options) -> tuple[Chosen, tuple[str, ...]]:
        """Who gets one, in order, and which kinds of further addresses there are.

        Raises InvalidInput: too many.
        """
        if len(ids) > rules.MOST_LABELS:
            raise InvalidInput(
                "labels-many",
                "At most {most} labels can be printed at once: ask more narrowly.",
                most=rules.MOST_LABELS,
            )
        async with self._store.reading() as conn:
            found = await queries.recipients(conn, ids)
        kinds = {kind for one in found for kind, _, address, _ in one.further if kind and address}
        return rules.chosen(found, options), tuple(sorted(kinds))

    async def sheets(self, *, removed: bool = False) -> tuple[Sheet, ...]:
        """The office's own."""
        async with self._store.reading() as conn:
            found = await queries.sheets(conn)
        return tuple(one for one in found if (one.removed_at is not None) is removed)

    async def sheet(self, id: str) -> Sheet:
        """A standard or an own one; what is not there (any more): the first standard one."""
        if id in _STANDARD:
            return _STANDARD[id]
        async with self._store.reading() as conn:
            found = await queries.sheet(conn, id)
        return found or STANDARD[0]

    async def save_sheet(self, wanted: Sheet, user_id: str) -> Sheet:
        """A new one (without an id) or a changed one. Raises InvalidInput, NotFound, Conflict."""
        wanted = rules.checked(replace(wanted, name=" ".join(wanted.name.split())))
        async with self._store.writing() as conn:
            known = await queries.sheets(conn)
            before = next((one for one in known if one.id == wanted.id), None)
            if wanted.id and before is None:
                raise _gone()
            if any(one.name == wanted.name and one.id != wanted.id for one in known):
                raise InvalidInput("sheet-twice", "There is a sheet of this name.", field="name")
            if before is None:
                wanted = replace(wanted, id=new_id(), version=1)
                await queries.add_sheet(conn, wanted)
            elif not await queries.change_sheet(conn, wanted):
                raise Conflict("sheet-stale", "Somebody else has changed this sheet meanwhile.")
            said = (_said(before) if before else None), _said(wanted)
            await audit.note(conn, self._clock(), user_id, "labels.sheet", wanted.id, *said)
        return wanted

    async def remove_sheet(self, id: str, user_id: str, *, gone: bool) -> Sheet:
        """Offered no more, or again. Raises NotFound."""
        async with self._store.writing() as conn:
            found = await queries.sheet(conn, id)
            if found is None:
                raise _gone()
            at = self._clock()
            await queries.set_removed(conn, id, at if gone else None)
            said = (_said(found), None) if gone else (None, _said(found))
            await audit.note(conn, at, user_id, "labels.sheet", id, *said)
        return found

    async def sender(self) -> Sender:
        """The office as a sender; nothing is empty until it was written down."""
        async with self._store.reading() as conn:
            return await queries.sender(conn)

    async def set_sender(self, wanted: Sender, user_id: str) -> None:
        """In place of what was."""
        async with self._store.writing() as conn:
            before = await queries.sender(conn)
            await queries.set_sender(conn, wanted)
            said = _words(before), _words(wanted)
            await audit.note(conn, self._clock(), user_id, "labels.sender", "", *said)

    async def last_choice(self, user_id: str) -> str:
        """With which options somebody printed last, as the address has them."""
        async with self._store.reading() as conn:
            return await queries.choice(conn, user_id)

    async def printed(
        self,
        user_id: str,
        whom: str,
        customers: Iterable[str],
        count: int,
        sheet: Sheet,
        choice: str,
    ) -> None:
        """Written down: from here on they are on paper or can be at once."""
        ids = list(customers)
        said: dict[str, object] = {
            "what": whom,
            "count": count,
            "customers": ids if len(ids) <= NAMED else len(ids),
            "sheet": sheet.name,
            "options": choice,
        }
        async with self._store.writing() as conn:
            at = self._clock()
            await queries.choose(conn, user_id, choice, at)
            whose = ids[0] if len(ids) == 1 else ""
            await audit.note(conn, at, user_id, "labels.print", whose, None, said)


def _said(sheet: Sheet) -> list[object]:
    return [sheet.name, *(getattr(sheet, name) for name in rules.FIELDS)]


def _words(sender: Sender) -> list[str]:
    return [sender.name, sender.postcode, sender.address, sender.phone]


def _gone() -> NotFound:
    return NotFound("no-sheet", "This sheet is not there any more.")
