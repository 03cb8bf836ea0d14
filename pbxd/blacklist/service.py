"""Refused numbers: the store is the truth, AstDB makes it hold without pbxd."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from pbxd.blacklist import queries, rules
from pbxd.blacklist.model import BlockKind, Entry, Policy
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import BlacklistChanged, LinkState, PbxLinkChanged
from pbxd.ports import Clock
from pbxd.presence.mirror import Aligned, Mirror, Sender
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

EXACT, PREFIXES, SETTINGS = "pbxd/block", "pbxd/block-prefix", "pbxd/block-rule"
LONGEST_NAME, LONGEST_REASON = 80, 500
FEW = 20  # entries; above that, one comparison is less work than telling each


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants refused, as typed."""

    number: str
    is_prefix: bool = False
    kind: BlockKind = BlockKind.OTHER
    name: str = ""
    reason: str = ""
    expires_at: datetime | None = None


class Blacklist:
    """Reads are from memory; changes go to the store first, then to Asterisk."""

    def __init__(
        self,
        link: Sender,
        store: Store,
        bus: Bus,
        plan: NumberPlan,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._bus = bus
        self._plan = plan
        self._supervisor = supervisor
        self._clock = clock
        self._entries: dict[str, Entry] = {}  # newest first
        self._by_number: dict[tuple[str, bool], Entry] = {}
        self._policy = Policy()
        self._mirrored: tuple[dict[str, str], dict[str, str]] = ({}, {})  # exact, prefixes
        self._mirrors = {family: Mirror(link, family) for family in (EXACT, PREFIXES, SETTINGS)}
        wanted: dict[str, Callable[[], dict[str, str]]] = {
            EXACT: lambda: self._mirrored[0],
            PREFIXES: lambda: self._mirrored[1],
            SETTINGS: lambda: rules.settings(self._policy, self._mirrored[1]),
        }
        for family, mirror in self._mirrors.items():
            mirror.wanted = wanted[family]
        bus.subscribe(PbxLinkChanged, self._linked)

    async def load(self) -> None:
        """Read everything."""
        async with self._store.reading() as conn:
            found = await queries.every(conn)
            self._policy = await queries.policy(conn)
        self._keep(found)

    @property
    def policy(self) -> Policy:
        """How refused callers are treated."""
        return self._policy

    def all(self) -> tuple[Entry, ...]:
        """All entries, expired ones too, newest first."""
        return tuple(self._entries.values())

    def get(self, entry_id: str) -> Entry | None:
        """One entry."""
        return self._entries.get(entry_id)

    def of(self, number: str) -> Entry | None:
        """The entry by which a number (E.164 or short) is refused now; the exact one first."""
        now = self._clock()
        exact = self._by_number.get((number, False))
        if exact is not None and exact.holds(now):
            return exact
        key = rules.key(number, self._plan.prefix)
        for length in range(len(key), 0, -1):
            entry = self._by_number.get((key[:length], True))
            if entry is not None and entry.holds(now):
                return entry
        return None

    def number(self, text: str, is_prefix: bool) -> str:
        """What was typed, as it is kept. Raises InvalidInput."""
        if is_prefix:
            return rules.prefix(text, self._plan.prefix)
        number = self._plan.parse(text)
        if number.kind in (NumberKind.EXTENSION, NumberKind.EMERGENCY):
            raise InvalidInput(
                "block-own",
                "An extension or an emergency number cannot be refused.",
                field="number",
            )
        return number.e164

    async def add(self, wanted: Wanted, by: str) -> Entry:
        """A new one. Raises InvalidInput, Conflict (it is there)."""
        entry = self._entry(wanted, by)
        if self._holds(entry):
            raise Conflict("blocked-already", "This number is refused already.")
        await self._write([entry])
        return entry

    async def add_many(self, rows: Sequence[Wanted], by: str) -> tuple[int, list[InvalidInput]]:
        """Those that are not there yet, in one transaction; what is wrong adds nothing at all.

        Returns how many were added, and the refusals (details: `row`, from 1).
        """
        entries: dict[tuple[str, bool], Entry] = {}
        wrong = []
        for place, wanted in enumerate(rows, 1):
            try:
                entry = self._entry(wanted, by)
            except InvalidInput as refusal:
                more = {**refusal.details, "row": place}
                wrong.append(InvalidInput(refusal.id, refusal.message, field=refusal.field, **more))
                continue
            if not self._holds(entry):
                entries.setdefault((entry.number, entry.is_prefix), entry)
        if wrong:
            return 0, wrong
        await self._write(list(entries.values()))
        return len(entries), []

    async def change(self, entry_id: str, wanted: Wanted) -> None:
        """All but the number. Raises NotFound, InvalidInput."""
        old = self._entries.get(entry_id)
        if old is None:
            raise NotFound("no-entry", "This entry is not there any more.")
        self._check(wanted)
        new = dataclasses.replace(
            old,
            kind=wanted.kind,
            name=wanted.name.strip(),
            reason=wanted.reason.strip(),
            expires_at=wanted.expires_at,
        )
        async with self._store.writing() as conn:
            await queries.change(conn, new)
        self._keep([new if entry.id == entry_id else entry for entry in self._entries.values()])
        self._changed(new)

    async def remove(self, ids: Sequence[str]) -> list[Entry]:
        """They may call again; those that were there."""
        found = [self._entries[id] for id in ids if id in self._entries]
        async with self._store.writing() as conn:
            await queries.set_removed(conn, [entry.id for entry in found], self._clock())
        gone = {entry.id for entry in found}
        self._keep([entry for entry in self._entries.values() if entry.id not in gone])
        self._changed(*found)
        return found

    async def restore(self, ids: Sequence[str]) -> None:
        """Undo a removal; what has been added again meanwhile stays as it is."""
        async with self._store.writing() as conn:
            back = [
                entry
                for entry in await queries.by_ids(conn, ids)
                if (entry.number, entry.is_prefix) not in self._by_number
            ]
            await queries.set_removed(conn, [entry.id for entry in back], None)
        self._keep(
            sorted(
                (*self._entries.values(), *back),
                key=lambda entry: (entry.added_at, entry.id),
                reverse=True,
            )
        )
        self._changed(*back)

    async def set_policy(self, policy: Policy) -> None:
        """For all entries, from now on."""
        async with self._store.writing() as conn:
            await queries.keep_policy(conn, policy)
        self._policy = policy
        self._changed()

    async def refuse(self, number: str, kind: str) -> None:
        """From now on, by pbxd itself (too many incidents); quietly when it is refused already."""
        if number and self.of(number) is None:
            log.warning("number refused from now on", kind=kind)
            entry = self._entry(Wanted(number, kind=BlockKind.read(kind)), "")
            await self._write([entry])
            await self._mirrors[EXACT].tell(rules.key(entry.number, self._plan.prefix))

    async def update_phones(self) -> Aligned | None:
        """Make Asterisk's database equal (S4-103); None: it cannot be reached."""
        total = Aligned()
        for mirror in self._mirrors.values():
            done = await mirror.put_in_step()
            if done is None:
                return None
            total += done
        return total

    def _entry(self, wanted: Wanted, by: str) -> Entry:
        self._check(wanted)
        return Entry(
            new_id(),
            self.number(wanted.number, wanted.is_prefix),
            wanted.is_prefix,
            wanted.kind,
            wanted.name.strip(),
            wanted.reason.strip(),
            self._clock(),
            by,
            wanted.expires_at,
        )

    def _check(self, wanted: Wanted) -> None:
        if len(wanted.name.strip()) > LONGEST_NAME:
            raise InvalidInput("block-name", "At most 80 characters.", field="name")
        if len(wanted.reason.strip()) > LONGEST_REASON:
            raise InvalidInput("block-reason", "At most 500 characters.", field="reason")
        if wanted.expires_at is not None and wanted.expires_at <= self._clock():
            raise InvalidInput(
                "block-expired", "Enter a day that is still to come.", field="expires"
            )

    async def _write(self, entries: list[Entry]) -> None:
        if not entries:
            return
        numbers = {(entry.number, entry.is_prefix) for entry in entries}
        over = {old.id for number in numbers if (old := self._by_number.get(number)) is not None}
        async with self._store.writing() as conn:
            await queries.set_removed(conn, over, self._clock())
            await queries.add(conn, entries)
        left = (entry for entry in self._entries.values() if entry.id not in over)
        self._keep([*reversed(entries), *left])
        self._changed(*entries)

    def _holds(self, entry: Entry) -> bool:
        """Is that number on the list, and not over?"""
        there = self._by_number.get((entry.number, entry.is_prefix))
        return there is not None and there.holds(self._clock())

    def _keep(self, entries: Sequence[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._by_number = {(entry.number, entry.is_prefix): entry for entry in entries}
        # what has expired too: the dialplan compares the seconds itself
        self._mirrored = rules.mirror(entries, self._plan.prefix)

    def _changed(self, *entries: Entry) -> None:
        self._bus.publish(BlacklistChanged(self._clock()))
        if self._mirrors[EXACT].up:
            self._supervisor.once("refused numbers", self._told(entries))

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self._supervisor.once("refused numbers in step", self._told(None))

    async def _told(self, entries: Sequence[Entry] | None) -> None:
        """Some by themselves, many (None: all) by a comparison of everything."""
        if entries is None or len(entries) > FEW:
            await self.update_phones()
            return
        for entry in entries:
            if entry.is_prefix:
                await self._mirrors[PREFIXES].tell(entry.number)
            else:
                await self._mirrors[EXACT].tell(rules.key(entry.number, self._plan.prefix))
        await self._mirrors[SETTINGS].put_in_step()
