"""A daemon on the real PBX whose agents press buttons, and what everybody hears."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from lab.errors import LabError
from lab.hearing import PURITY, hears
from lab.office import TRUNK, Office
from lab.pytest_plugin import ASK_SECONDS
from lab.waiting import until
from pbxd.agents.model import Agent, DeviceKind
from pbxd.app import Daemon, build
from pbxd.calls.model import Call
from pbxd.config import Settings
from pbxd.desk.result import CommandResult
from pbxd.desk.situation import Situation, situation
from pbxd.ports import CallerDirectory, KnownCaller
from pbxd.presence.mirror import Mirror
from tests.watching import until_asked, watching

_ids = itertools.count(1)


class Nobody:
    """A CRM that knows no caller."""

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        return ()


class Listener(Protocol):
    """Whoever records what he hears."""

    @property
    def heard(self) -> Path: ...


class Pressing:
    """Buttons of the desk, and the one call that goes on."""

    def __init__(self, daemon: Daemon, agents: dict[str, Agent]) -> None:
        self.daemon = daemon
        self.agents = agents

    async def call(self) -> Call:
        """The only call, once it is there."""
        await until(lambda: len(self.daemon.live.calls()) == 1, "one call goes on")
        return self.daemon.live.calls()[0]

    async def press(
        self,
        what: Callable[..., Awaitable[CommandResult]],
        extension: str,
        *args: object,
        key: str = "",
        **more: object,
    ) -> CommandResult:
        """One press of a button, for the call `key` or the only one."""
        command = f"command-{next(_ids)}"
        key = key or (await self.call()).key
        return await what(self.agents[extension].id, key, command, *args, **more)

    def sees(self, extension: str) -> Situation | None:
        """The situation as that extension sees it."""
        for call in self.daemon.live.calls():
            if (now := situation(call, self.agents[extension])) is not None:
                return now
        return None

    async def until_talks(self, extension: str, with_whom: str) -> None:
        """Until `extension` is joined with exactly that party (a number or extension)."""

        def talks() -> bool:
            now = self.sees(extension)
            return now is not None and [
                one.party.extension or one.party.number for one in now.beside
            ] == [with_whom]

        try:
            await until(talks, f"{extension} talks with {with_whom}", 15)
        except LabError as late:
            calls = [[str(leg) for leg in call.legs] for call in self.daemon.live.calls()]
            raise LabError(f"{late}; live: {calls}") from None


async def hears_more(
    who: Listener | Path, hz: float, seconds: float = 0.6, share: float = PURITY
) -> None:
    """Until `who` has heard the tone for that much longer than until now."""

    def heard() -> float:  # asked each time: a phone writes down what it heard when it is asked
        return hears(who if isinstance(who, Path) else who.heard, hz, share)

    before = heard()

    def more() -> bool:
        return heard() >= before + seconds

    await until(more, f"a tone of {hz} Hz is heard", 15)


async def forget(office: Office, *families: str) -> None:
    """Take whole families out of Asterisk's database."""
    link = await office.ami()
    for family in families:
        await link.action("DBPut", Family=family, Key="x", Val="x")  # else it says "not found"
        await link.action("DBDelTree", Family=family)
    link.close()


async def in_step(*mirrors: Mirror) -> None:
    """Until Asterisk's database says what pbxd says."""

    async def same() -> bool:
        return all([(await one._read() or {}) == dict(one.wanted()) for one in mirrors])

    await until(same, "Asterisk's database is in step")


@asynccontextmanager
async def pressing(
    office: Office,
    folder: Path,
    *extensions: str,
    directory: CallerDirectory | None = None,
    catches_up: bool = False,
    records: bool = False,
    desk: dict[str, object] | None = None,
) -> AsyncIterator[Pressing]:
    """A daemon with agents at desk phones; `catches_up`: reads what happened without it.

    `records`: calls are recorded; `desk`: that section's settings.
    """
    settings = Settings.model_validate(
        {
            "pbx": {
                "host": "127.0.0.1",
                "port": office.ports.ami,
                "user": office.account.user,
                "secret": office.account.secret,
                "trunks": (TRUNK,),
                "media_address": "127.0.0.1",
                "sounds": office.sounds,
                "spool": office.spool if records else None,
                "cel_file": office.cel_file if catches_up else None,
            },
            "agi": {"port": office.ports.agi, "deadline_ms": int(ASK_SECONDS * 1000)},
            "store": {"directory": folder},
            "desk": desk or {},
        }
    )
    daemon = await build(settings)
    await daemon.start(directory or Nobody())
    try:
        await until(lambda: daemon.link.up, "the link is up", 15)
        agents = {
            extension: await daemon.agents.add(f"상담원{extension}", extension, DeviceKind.DESK)
            for extension in extensions
        }
        await until_asked(office, daemon)
        with watching(office, daemon):
            yield Pressing(daemon, agents)
    finally:
        await daemon.stop()
