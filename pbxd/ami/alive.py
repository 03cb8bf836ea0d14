"""Tells the dialplan each second that pbxd lives: it asks nobody who is dead or hung."""

from __future__ import annotations

import asyncio

from pbxd.ami import actions
from pbxd.ami.link import Link
from pbxd.ports import Clock

EVERY_S = 1.0
LOOK_S = 0.1  # is the link up again?
VARIABLE = "PBXD_ALIVE"  # epoch seconds; dialplan/pbxd.conf asks only when it is fresh


class Alive:
    """A service: while it runs and the loop moves, the dialplan's questions are answered."""

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock

    async def run(self) -> None:
        """Each second, for ever; soon after a log-in, so that the next caller is asked about."""
        while True:
            if self._link.up:
                now = str(int(self._clock().timestamp()))
                await self._link.send(actions.SetGlobal(VARIABLE, now))
            await asyncio.sleep(EVERY_S if self._link.up else LOOK_S)
