"""Daemons that must have seen a phone before a test goes on with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab.office import Office
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.ami.events import DeviceState
from pbxd.app import Daemon

NOT_THERE = (DeviceState.UNKNOWN, DeviceState.INVALID, DeviceState.UNAVAILABLE)


@contextmanager
def watching(office: Office, daemon: Daemon) -> Iterator[None]:
    """Phones that are switched on in the block are waited for until `daemon` knows of them too."""

    def sees(extension: str) -> bool:
        state = daemon.agents.device_state(extension, DeviceKind.DESK)
        return not daemon.link.up or state not in NOT_THERE

    office.watchers.append(sees)
    try:
        yield
    finally:
        office.watchers.remove(sees)


async def until_asked(office: Office, daemon: Daemon) -> None:
    """The dialplan asks nobody before it has heard that somebody is there."""
    link = await office.ami()

    async def fresh() -> bool:
        said = await link.action("Getvar", Variable="PBXD_ALIVE")
        return daemon.clock().timestamp() - float(said.get("Value") or 0) < 2

    await until(fresh, "the dialplan knows that pbxd lives")
    link.close()
