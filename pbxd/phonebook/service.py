"""The phonebook: the store is the truth; speed dial is in AstDB, so that it works without pbxd."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence

from pbxd.agents.service import Agents
from pbxd.ami.more_actions import CheckSync
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound, Refused
from pbxd.events import PhonebookChanged
from pbxd.phonebook import queries
from pbxd.phonebook.books import book
from pbxd.phonebook.model import Device, Entry, Format
from pbxd.ports import Clock
from pbxd.presence.mirror import Aligned, Mirror, Sender
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

FAMILY = "pbxd/speed"
LONGEST_NAME, LONGEST_GROUP, LONGEST_MEMO = 40, 20, 500
BREATH = 20  # rows that are read in between calls, which get their turn


class Phonebook:
    """Reads are from memory."""

    def __init__(
        self,
        link: Sender,
        store: Store,
        bus: Bus,
        plan: NumberPlan,
        agents: Agents,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._link = link
        self._store = store
        self._bus = bus
        self._plan = plan
        self._agents = agents
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        # user → his extension: whose private speed dials are dialled from where; the CRM knows
        self.extension_of: Callable[[str], str] = lambda user_id: ""
        self._mirror = Mirror(link, FAMILY)
        self._mirror.follow(self._wanted, bus, supervisor)

    async def load(self) -> None:
        """Read everything."""
        async with self._store.reading() as conn:
            self._entries = {entry.id: entry for entry in await queries.every(conn)}

    def seen_by(self, user_id: str) -> tuple[Entry, ...]:
        """Everybody's and his own, by group and name."""
        found = (e for e in self._entries.values() if e.owner_id in ("", user_id))
        return tuple(sorted(found, key=lambda e: (e.group, e.name, e.id)))

    def shared(self) -> tuple[Entry, ...]:
        """Everybody's."""
        return self.seen_by("")

    def get(self, id: str) -> Entry:
        """One of them. Raises NotFound."""
        if (found := self._entries.get(id)) is None:
            raise NotFound("no-entry", "This entry is not there any more.")
        return found

    async def save(self, wanted: Entry) -> Entry:
        """A new one (`id` ""), or another content. Raises InvalidInput, Conflict, NotFound."""
        entry = self._checked(wanted)
        if entry.id:
            self.get(entry.id)
        self._speed_free(entry, self._entries.values())
        new = dataclasses.replace(entry, id=entry.id or new_id())
        async with self._store.writing() as conn:
            if entry.id:
                if not await queries.change(conn, new):
                    now = self.get(entry.id)
                    raise Conflict(
                        "entry-stale",
                        "Somebody else has changed this entry meanwhile: {name}, {number}. Save"
                        " again to replace it.",
                        name=now.name,
                        number=self._plan.display(now.number),
                    )
            else:
                await queries.add(conn, [new])
        await self._reload()
        return new

    async def add_many(self, wanted: Sequence[Entry]) -> tuple[int, list[InvalidInput]]:
        """Those that are not there yet (same owner, name, number), all or, if any is wrong, none.

        Returns how many were added, and the refusals (details: `row`, from 1).
        """
        checked: list[tuple[int, Entry]] = []
        wrong: dict[int, InvalidInput] = {}
        for place, one in enumerate(wanted, 1):
            if place % BREATH == 0:  # calls go on meanwhile
                await asyncio.sleep(0)
            try:
                checked.append((place, self._checked(one)))
            except InvalidInput as refusal:
                wrong[place] = _of_row(place, refusal, refusal.field)
        there = {(e.owner_id, e.name, e.number) for e in self._entries.values()}
        fast = [e for e in self._entries.values() if e.speed]
        made: list[Entry] = []
        for place, entry in checked:
            if (entry.owner_id, entry.name, entry.number) in there:
                continue
            new = dataclasses.replace(entry, id=new_id())
            if entry.speed:
                try:
                    self._speed_free(entry, fast)
                except Conflict as refusal:
                    wrong[place] = _of_row(place, refusal, "speed")
                    continue
                fast.append(new)
            there.add((entry.owner_id, entry.name, entry.number))
            made.append(new)
        if wrong:
            return 0, [wrong[place] for place in sorted(wrong)]
        async with self._store.writing() as conn:
            await queries.add(conn, made)
        await self._reload()
        return len(made), []

    async def remove(self, ids: Iterable[str]) -> list[Entry]:
        """Those that were there."""
        gone = [self._entries[id] for id in ids if id in self._entries]
        async with self._store.writing() as conn:
            await queries.set_removed(conn, [entry.id for entry in gone], self._clock())
        await self._reload()
        return gone

    async def restore(self, ids: Sequence[str]) -> None:
        """Undo a removal."""
        async with self._store.writing() as conn:
            await queries.set_removed(conn, ids, None)
        await self._reload()

    async def update_phones(self) -> tuple[Aligned | None, int]:
        """Speed dials equal in Asterisk; how many desk phones were told to read anew (S4-105)."""
        done = await self._mirror.put_in_step()
        told = 0
        for agent in self._agents.all():
            reply = await self._link.send(CheckSync(agent.extension)) if self._link.up else None
            told += reply is not None and reply.ok
        return done, told

    async def devices(self) -> tuple[Device, ...]:
        """The desk phones that read the book."""
        async with self._store.reading() as conn:
            return await queries.devices(conn)

    async def add_device(self, extension: str, form: Format) -> str:
        """One more; its token, which is said only now. Raises InvalidInput."""
        if self._agents.by_extension(extension) is None:
            raise InvalidInput("no-such-extension", "Nobody has this extension.", field="extension")
        token = secrets.token_urlsafe(24)
        device = Device(new_id(), extension, form, self._clock(), None)
        async with self._store.writing() as conn:
            await queries.add_device(conn, device, _hash(token))
        return token

    async def remove_device(self, id: str) -> None:
        """Its address leads nowhere from now on."""
        async with self._store.writing() as conn:
            await queries.remove_device(conn, id)

    async def read_by(self, token: str, title: str) -> bytes:
        """The book for the desk phone with this token. Raises NotFound."""
        async with self._store.writing() as conn:
            device = await queries.reader(conn, _hash(token), self._clock())
        if device is None:
            raise NotFound("no-book", "There is no phonebook here.")
        mine = (
            entry
            for entry in self._entries.values()
            if not entry.owner_id or self.extension_of(entry.owner_id) == device.extension
        )
        return book(mine, device.format, self.dialled, title)

    def dialled(self, number: str) -> str:
        """The digits that a phone dials."""
        return "".join(char for char in self._plan.display(number) if char in "+0123456789*#")

    def _checked(self, entry: Entry) -> Entry:
        name, group, memo = entry.name.strip(), entry.group.strip(), entry.memo.strip()
        speed = entry.speed.strip().lstrip("*")
        if not name:
            raise InvalidInput("book-no-name", "Give it a name.", field="name")
        if len(name) > LONGEST_NAME:
            raise InvalidInput("book-name", "At most 40 characters.", field="name")
        if len(group) > LONGEST_GROUP:
            raise InvalidInput("book-group", "At most 20 characters.", field="group")
        if len(memo) > LONGEST_MEMO:
            raise InvalidInput("book-memo", "At most 500 characters.", field="memo")
        if speed and not (speed.isascii() and speed.isdecimal() and len(speed) <= 3):
            raise InvalidInput("book-speed", "One to three digits.", field="speed")
        number = self._plan.parse(entry.number).e164
        return dataclasses.replace(
            entry, name=name, group=group, memo=memo, speed=speed, number=number
        )

    def _speed_free(self, entry: Entry, others: Iterable[Entry]) -> None:
        for other in others:
            same = other.speed == entry.speed and other.owner_id == entry.owner_id
            if entry.speed and same and other.id != entry.id:
                raise Conflict("speed-taken", "{name} has this speed dial.", name=other.name)

    def _wanted(self) -> dict[str, str]:
        """`12` everybody's, `101-12` of one extension."""
        wanted = {}
        for entry in self._entries.values():
            if not entry.speed:
                continue
            if not entry.owner_id:
                wanted[entry.speed] = self.dialled(entry.number)
            elif extension := self.extension_of(entry.owner_id):
                wanted[f"{extension}-{entry.speed}"] = self.dialled(entry.number)
        return wanted

    async def _reload(self) -> None:
        await self.load()
        self._bus.publish(PhonebookChanged(self._clock()))
        self._mirror.soon()


def _of_row(place: int, refusal: Refused, field: str) -> InvalidInput:
    said = {**refusal.details, "row": place}
    return InvalidInput(refusal.id, refusal.message, field=field, **said)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
