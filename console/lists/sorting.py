"""By which heading a list is sorted: what the address asks for, as far as that is possible."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from pbxd.store.sorting import By

STEP = 200  # rows that are read in one go: so long nobody else is served


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a list by their columns' words; `own`: what it has unless asked."""

    by: Mapping[str, By]
    own: str

    def of(self, sort: str) -> By | None:
        """`name`, `-name` (falling); None: there is no such order."""
        found = self.by.get(sort.removeprefix("-"))
        return replace(found, falls=sort.startswith("-")) if found is not None else None

    async def asked(self, sort: str, few: Callable[[], Awaitable[bool]]) -> Sorted:
        """What is asked for; `few`: it can be sorted without an index."""
        by = self.of(sort)
        if by is not None and (by.indexed or await few()):
            return Sorted(sort, by)
        return replace(self.plain(), refused=by is not None)

    def plain(self) -> Sorted:
        """The list's own order."""
        own = self.of(self.own)
        assert own is not None
        return Sorted(self.own, own)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The order a list has now; `refused`: so many fit that it could not have the one asked for."""

    sort: str
    by: By
    refused: bool = False

    @property
    def step(self) -> int:
        """So many rows at once, of all: without an index all are looked through each time."""
        return STEP if self.by.indexed else 5 * STEP
