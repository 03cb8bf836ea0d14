"""A manager interface that misbehaves on purpose: what a real Asterisk does only on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Headers = dict[str, str]
Answer = Callable[["Peer", Headers, asyncio.StreamWriter], Awaitable[bool]]

PERMITTED = (
    "Originate Hangup Redirect PJSIPNotify DBPut DBGet CoreShowChannels DeviceStateList Setvar"
)


@dataclass
class Peer:
    """Says yes to everything that `answer` does not take over."""

    answer: Answer | None = None
    actions: list[Headers] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    port: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = [line.partition(": ") for line in block.strip().split("\r\n")]
                action = {key: value for key, _, value in lines}
                self.actions.append(action)
                self.came.set()
                if self.answer is None or not await self.answer(self, action, writer):
                    self.usual(action, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def usual(self, action: Headers, writer: asyncio.StreamWriter) -> None:
        extra: dict[str, str] = {}
        if action["Action"] == "ListCommands":
            extra = dict.fromkeys(PERMITTED.split(), "yes")
        say(writer, Response="Success", ActionID=action.get("ActionID", ""), **extra)
        if action["Action"] == "Login":
            say(writer, Event="FullyBooted", Uptime="1", LastReload="1")

    def sent(self, name: str) -> list[Headers]:
        return [action for action in self.actions if action["Action"] == name]

    async def until_sent(self, name: str, times: int = 1) -> None:
        async with asyncio.timeout(5):
            while len(self.sent(name)) < times:
                self.came.clear()
                await self.came.wait()


def say(writer: asyncio.StreamWriter, **headers: str) -> None:
    text = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    writer.write(f"{text}\r\n".encode())


@asynccontextmanager
async def peer(answer: Answer | None = None) -> AsyncIterator[Peer]:
    made = Peer(answer)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for writer in made.writers:
            writer.close()
