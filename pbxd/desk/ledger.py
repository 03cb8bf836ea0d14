"""Each command once: the browser's command id is the key, so a double click is one call."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from pbxd.desk.result import CommandResult

KEPT = 2000  # finished commands remembered; a repeat comes within seconds


class Ledger:
    """Remembers what each command id led to."""

    def __init__(self) -> None:
        self._commands: OrderedDict[tuple[str, str], asyncio.Future[CommandResult]] = OrderedDict()

    async def once(
        self, agent_id: str, command_id: str, work: Callable[[], Awaitable[CommandResult]]
    ) -> CommandResult:
        """Run `work` the first time; a repeat waits for, or gets, the first one's result."""
        key = (agent_id, command_id)
        if (earlier := self._commands.get(key)) is not None:
            return await asyncio.shield(earlier)
        future: asyncio.Future[CommandResult] = asyncio.get_running_loop().create_future()
        self._commands[key] = future
        try:
            result = await work()
        except BaseException:
            self._commands.pop(key, None)
            future.cancel()
            raise
        future.set_result(result)
        while len(self._commands) > KEPT:
            self._commands.popitem(last=False)
        return result
