"""The mirror in Asterisk's database of what holds by extension: `pbxd/away/101` and the like.

It holds while pbxd is dead. After each log-in it is made equal to the store, which wins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from pbxd.ami import actions
from pbxd.ami.reply import Ending, Reply
from pbxd.bus import Bus
from pbxd.events import LinkState, PbxLinkChanged
from pbxd.presence.rules import differences
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

FAMILY = "pbxd/away"


@dataclass(frozen=True, slots=True)
class Aligned:
    """What had to be done so that Asterisk's database says the same."""

    added: int = 0  # or changed
    removed: int = 0
    same: int = 0
    failed: int = 0  # of those above: Asterisk did not take it

    def __add__(self, other: Aligned) -> Aligned:
        return Aligned(
            self.added + other.added,
            self.removed + other.removed,
            self.same + other.same,
            self.failed + other.failed,
        )


class Sender(Protocol):
    """The link to Asterisk."""

    @property
    def up(self) -> bool: ...

    async def send(self, action: actions.Action) -> Reply: ...


class Mirror:
    """Writes what `wanted` says at the moment of writing, one after the other."""

    def __init__(self, link: Sender, family: str = FAMILY) -> None:
        self._link = link
        self._family = family
        self._one_at_a_time = asyncio.Lock()
        self.wanted: Callable[[], Mapping[str, str]] = dict  # set by who knows
        self._supervisor: Supervisor | None = None

    def follow(
        self, wanted: Callable[[], Mapping[str, str]], bus: Bus, supervisor: Supervisor
    ) -> None:
        """Make Asterisk's database say `wanted` after each log-in, and when asked to (`soon`)."""
        self.wanted, self._supervisor = wanted, supervisor
        bus.subscribe(PbxLinkChanged, self._linked)

    def soon(self) -> None:
        """In the background; while Asterisk cannot be told, the next log-in does it."""
        if self.up and self._supervisor is not None:
            self._supervisor.once(f"{self._family} in step", self._aligned())

    @property
    def up(self) -> bool:
        """Asterisk can be told."""
        return self._link.up

    async def tell(self, extension: str) -> bool:
        """Bring one extension up to date; False: Asterisk could not be told now."""
        async with self._one_at_a_time:
            value = self.wanted().get(extension, "")
            return await (self._put(extension, value) if value else self._remove(extension))

    async def align(self) -> bool:
        """Make the whole family equal; False: Asterisk could not be asked, or refused some."""
        done = await self.put_in_step()
        return done is not None and done.failed == 0

    async def put_in_step(self) -> Aligned | None:
        """Make the whole family equal, and say what that took; None: it could not be asked."""
        async with self._one_at_a_time:
            found = await self._read()
            if found is None:
                return None
            wanted = self.wanted()
            write, remove = differences(wanted, found)
            done = [await self._put(key, value) for key, value in write.items()]
            done += [await self._remove(key) for key in remove]
        tell = log.info if done else log.debug
        tell(
            "the same in Asterisk",
            family=self._family,
            entries=len(wanted),
            written=len(write),
            removed=len(remove),
            failed=done.count(False),
        )
        return Aligned(len(write), len(remove), len(wanted) - len(write), done.count(False))

    async def _read(self) -> dict[str, str] | None:
        """The family as it is there; Asterisk refuses when it is empty."""
        reply = await self._link.send(actions.DBGetTree(self._family))
        if reply.ending is Ending.REFUSED:
            return {}
        if not reply.ok:
            return None
        return {
            item["Key"].rpartition("/")[2]: item.get("Val", "")
            for item in reply.items
            if "Key" in item
        }

    async def _put(self, extension: str, value: str) -> bool:
        return (await self._link.send(actions.DBPut(self._family, extension, value))).ok

    async def _remove(self, extension: str) -> bool:
        reply = await self._link.send(actions.DBDel(self._family, extension))
        return reply.ok or reply.ending is Ending.REFUSED  # it was not there

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self.soon()

    async def _aligned(self) -> None:
        await self.align()
