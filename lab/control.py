"""baresip's control socket."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from lab.errors import LabError
from lab.waiting import PATIENCE

Json = dict[str, Any]


class Control(asyncio.Protocol):
    """baresip's control socket: JSON in netstrings, replies told apart by a token."""

    def __init__(self, on_event: Callable[[Json], None]) -> None:
        self._on_event = on_event
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._replies: dict[str, asyncio.Future[Json]] = {}
        self._tokens = itertools.count(1)

    async def command(self, command: str, params: str) -> str:
        """Send one command; LabError when baresip says no or nothing."""
        assert self._transport is not None
        token = str(next(self._tokens))
        body = json.dumps({"command": command, "params": params, "token": token}).encode()
        reply = asyncio.get_running_loop().create_future()
        self._replies[token] = reply
        self._transport.write(b"%d:%s," % (len(body), body))
        try:
            async with asyncio.timeout(5 * PATIENCE):
                said: Json = await reply
        except TimeoutError:
            raise LabError(f"baresip did not answer to {command}") from None
        finally:
            del self._replies[token]
        if not said.get("ok"):
            raise LabError(f"baresip: {command} {params}: {said.get('data')}")
        return str(said.get("data", ""))

    def close(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(LabError("baresip is gone"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b":" in self._buffer:
            length, _, rest = self._buffer.partition(b":")
            if len(rest) <= int(length):
                return
            body, self._buffer = rest[: int(length)], rest[int(length) + 1 :]
            message: Json = json.loads(body.decode("utf-8", "replace"))
            if message.get("event"):
                self._on_event(message)
            elif message.get("token") in self._replies:
                self._replies[message["token"]].set_result(message)
