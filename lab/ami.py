"""A small AMI client for the lab itself, apart from the one under test."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Self

from lab.errors import LabError

REPLY_SECONDS = 15.0
Message = dict[str, str]
Listener = Callable[[Message], None]


class Ami(asyncio.Protocol):
    """One logged-in AMI link. Replies come back from `action`, events go to the listeners."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._listeners: list[Listener] = []
        self._numbers = itertools.count(1)
        self.fully_booted = asyncio.Event()

    @classmethod
    async def connect(cls, host: str, port: int, user: str, secret: str) -> Self:
        """Connect and log in; OSError when nobody listens, LabError when refused."""
        loop = asyncio.get_running_loop()
        _, link = await loop.create_connection(cls, host, port)
        try:
            await link.action("Login", Username=user, Secret=secret)
        except LabError:
            link.close()
            raise
        return link

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hand every event to `listener`, in order; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def action(
        self, name: str, /, variables: tuple[str, ...] = (), **fields: str | None
    ) -> Message:
        """Send one action and wait for its reply; LabError when it says Error or never comes.

        A field that is None is left out.
        """
        if self._transport is None or self._transport.is_closing():
            raise LabError(f"AMI {name}: the link is closed")
        number = f"lab-{next(self._numbers)}"
        lines = [f"Action: {name}", f"ActionID: {number}"]
        lines += [f"{key}: {value}" for key, value in fields.items() if value is not None]
        lines += [f"Variable: {variable}" for variable in variables]
        if any("\r" in line or "\n" in line for line in lines):
            raise LabError(f"AMI {name}: a value holds a line break")
        reply = asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        try:
            self._transport.write("\r\n".join([*lines, "", ""]).encode())
            async with asyncio.timeout(REPLY_SECONDS):
                message: Message = await reply
        except TimeoutError:
            raise LabError(f"AMI {name}: no reply within {REPLY_SECONDS} s") from None
        finally:
            del self._replies[number]
        if message["Response"] == "Error":
            raise LabError(f"AMI {name}: {message.get('Message', 'refused')}")
        return message

    def close(self) -> None:
        """Close the link at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(LabError("the AMI link was lost"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._buffer.startswith(b"Asterisk Call Manager"):
            _, newline, rest = self._buffer.partition(b"\r\n")
            if newline:
                self._buffer = rest
        while b"\r\n\r\n" in self._buffer:
            block, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._take(_parsed(block))

    def _take(self, message: Message) -> None:
        if "Response" in message:
            reply = self._replies.get(message.get("ActionID", ""))
            if reply is not None and not reply.done():
                reply.set_result(message)
            return
        if message.get("Event") == "FullyBooted":
            self.fully_booted.set()
        for listener in list(self._listeners):
            listener(message)


def _parsed(block: bytes) -> Message:
    """A block's fields; a field that comes several times keeps all lines, one below the other."""
    message: Message = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.strip()
        message[key] = f"{message[key]}\n{value}" if key in message else value
    return message
