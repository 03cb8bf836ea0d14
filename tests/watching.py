"""Daemons that must have seen a phone before a test goes on with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab.office import Office
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
