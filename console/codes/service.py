"""Codes: kept in memory, because every form and every customer is drawn with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.codes import queries
from console.codes.model import LISTS, Code
from pbxd.errors import InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

LONGEST = 40
STEP = 10


class Follower(Protocol):
    """Keeps a code's name in a place of its own, as accounts do their departments."""

    async def code_renamed(
        self, conn: AsyncConnection, list: str, before: str, after: str
    ) -> None: ...

    async def load(self) -> None: ...


class Codes:
    """The office's lists; a removed code is not offered but stays where it is used."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._all: dict[str, Code] = {}
        self._followers: list[Follower] = []

    def follow(self, follower: Follower) -> None:
        """`follower` renames in the same transaction, and reads again behind it."""
        self._followers.append(follower)

    async def load(self) -> None:
        """Read them."""
        async with self._store.reading() as conn:
            self._all = {code.id: code for code in await queries.every(conn)}

    def of(self, list: str) -> tuple[Code, ...]:
        """What one list offers, in its order."""
        return tuple(one for one in self._all.values() if one.list == list and not one.removed)

    def removed(self, list: str) -> tuple[Code, ...]:
        """What one list does not offer any more."""
        return tuple(one for one in self._all.values() if one.list == list and one.removed)

    def all_of(self, list: str) -> tuple[Code, ...]:
        """What one list offers and then what it does not any more: customers may still have it."""
        return (*self.of(list), *self.removed(list))

    def get(self, id: str) -> Code | None:
        """One, removed or not; None for "" and for what is unknown."""
        return self._all.get(id)

    def named(self, list: str, name: str) -> Code | None:
        """By its name, as files of other programs have it."""
        wanted = name.strip().casefold()
        return next((one for one in self.of(list) if one.name.casefold() == wanted), None)

    def by_id(self) -> Mapping[str, Code]:
        """All by their ids; a change makes another mapping."""
        return self._all

    async def add(self, list: str, name: str, colour: str, user_id: str) -> Code:
        """At the end of a list; what was removed before comes back. Raises InvalidInput."""
        if list not in dict(LISTS):
            raise NotFound("no-code-list", "There is no such list.")
        name = _name(name)
        self._check_single(list, name, "")
        known = [one for one in self._all.values() if one.list == list]
        before = next((one for one in known if one.name.casefold() == name.casefold()), None)
        if before is not None:
            return await self._keep(replace(before, colour=colour, removed=False), user_id)
        position = max((one.position for one in known), default=0) + STEP
        code = Code(new_id(), list, name, colour, position)
        async with self._store.writing() as conn:
            await queries.add(conn, code)
            await audit.note(conn, self._clock(), user_id, "code.add", code.id, None, code.name)
        await self.load()
        return code

    async def change(self, id: str, name: str, colour: str, position: int, user_id: str) -> Code:
        """Other name, colour, place; every customer has it at once. Raises InvalidInput."""
        code = self._known(id)
        name = _name(name)
        self._check_single(code.list, name, id)
        return await self._keep(replace(code, name=name, colour=colour, position=position), user_id)

    async def remove(self, id: str, user_id: str, *, gone: bool = True) -> Code:
        """Offer it no more, or again."""
        code = self._known(id)
        if not gone:
            self._check_single(code.list, code.name, id)
        return await self._keep(replace(code, removed=gone), user_id)

    async def _keep(self, code: Code, user_id: str) -> Code:
        before, now = self._all[code.id], self._clock()
        async with self._store.writing() as conn:
            await queries.change(conn, code, now if code.removed else None)
            for follower in self._followers if code.name != before.name else ():
                await follower.code_renamed(conn, code.list, before.name, code.name)
            await audit.note(conn, now, user_id, "code.change", code.id, _said(before), _said(code))
        await self.load()
        for follower in self._followers if code.name != before.name else ():
            await follower.load()
        return code

    def _known(self, id: str) -> Code:
        found = self._all.get(id)
        if found is None:
            raise NotFound("no-code", "This entry is not there any more.")
        return found

    def _check_single(self, list: str, name: str, but: str) -> None:
        found = self.named(list, name)
        if found is not None and found.id != but:
            raise InvalidInput(
                "code-twice", "“{name}” is in this list already.", field="name", name=name
            )


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("code-name", "Enter a name.", field="name")
    if len(name) > LONGEST:
        raise InvalidInput("text-long", "At most {most} characters.", field="name", most=LONGEST)
    return name


def _said(code: Code) -> list[object]:
    return [code.name, code.colour, code.position, code.removed]
