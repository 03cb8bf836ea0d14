"""Trades: what one would add is shown, added in one act, and taken back as long as it is unused."""

from __future__ import annotations

from collections.abc import Iterable

from console.audit import queries as audit
from console.codes.model import LISTS
from console.consultations import queries as consultations
from console.consultations.service import Consultations
from console.customers.service import Customers
from console.fields.service import MOST_OWN
from console.trades import presets, queries, rules
from console.trades.adding import Adding
from console.trades.model import Act, Part, Undone, What
from console.trades.removing import Removing
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id


class Trades:
    """`consultations`: whose types are read anew; None where no console runs."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        customers: Customers,
        consultations: Consultations | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._codes = customers.codes
        self._fields = customers.fields
        self._consultations = consultations

    def wanted(self) -> bool:
        """The office has no words of its own yet: a trade would give it some."""
        known = self._consultations.types() if self._consultations is not None else ()
        return not (known or self._fields.own() or any(self._codes.of(word) for word, _ in LISTS))

    async def plan(self, word: str, language: str) -> tuple[Part, ...]:
        """What a trade would add. Raises NotFound."""
        trade = presets.trade(word)
        async with self._store.reading() as conn:
            return rules.plan(trade, language, await queries.office(conn))

    async def apply(self, word: str, language: str, ticks: Iterable[str], user_id: str) -> Act:
        """Add what is ticked and new, all in one. Raises NotFound, InvalidInput."""
        trade = presets.trade(word)
        async with self._store.writing() as conn:
            office = await queries.office(conn)
            chosen = rules.ticked(rules.plan(trade, language, office), ticks)
            if not chosen:
                raise InvalidInput("trade-nothing", "Tick what is to be added.")
            new_fields = sum(part.what is What.FIELDS for part, _ in chosen)
            if rules.own_fields(office.choices.values()) + new_fields > MOST_OWN:
                raise InvalidInput("fields-many", "At most {most} own fields.", most=MOST_OWN)
            id, now = new_id(), self._clock()
            adding = Adding(conn, office, language)
            done = tuple([await adding.add(part, item) for part, item in chosen])
            act = Act(id, word, language, user_id, now, done)
            await queries.add(conn, act)
            texts = {"trade": word, "added": [one.text for one in done]}
            await audit.note(conn, now, user_id, "trade.apply", id, None, texts)
        await self._reload()
        return act

    async def acts(self) -> list[Act]:
        """What trades were chosen, the newest first."""
        async with self._store.reading() as conn:
            return await queries.acts(conn)

    def may_undo(self, act: Act) -> bool:
        """It was not taken back, and is not too old."""
        return act.undone_at is None and self._clock() - act.at < queries.KEPT

    async def undo(self, id: str, user_id: str) -> Undone:
        """Take back what an act added and nobody has used or changed since.

        Raises NotFound, Conflict: it was taken back already, or is too old.
        """
        async with self._store.reading() as conn:
            found = await queries.acts(conn, id)
            if not found:
                raise NotFound("no-trade-act", "This is not there any more.")
            (act,) = found
            if not self.may_undo(act):
                raise Conflict("batch-undone", "This was taken back already.")
            ids = [one.id for one in act.done if one.what in (What.CODES, What.FIELDS)]
            used = await queries.mentioned(conn, ids, act.id)
            used |= await consultations.used_types(conn)
        async with self._store.writing() as conn:
            now = self._clock()
            if not await queries.undone(conn, id, user_id, now):
                raise Conflict("batch-undone", "This was taken back already.")
            used |= await queries.in_use(conn, ids)
            removing = Removing(conn, await queries.office(conn))
            stayed = [one for one in act.done if one.id in used or not await removing.remove(one)]
            count = len(act.done) - len(stayed)
            texts = {"taken back": count, "stayed": [one.text for one in stayed]}
            await audit.note(conn, now, user_id, "trade.undo", id, None, texts)
        await self._reload()
        return Undone(count, tuple(stayed))

    async def _reload(self) -> None:
        await self._codes.load()
        await self._fields.load()
        if self._consultations is not None:
            await self._consultations.load()
