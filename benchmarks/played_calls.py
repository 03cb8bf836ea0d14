"""A link to a real Asterisk into which captured calls are played, as if it had sent them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

CORPUS = Path(__file__).parent.parent / "tests/unit/calls/corpus/inbound_answered.ami"


@dataclass(slots=True)
class Played:
    """One played call: when it was written to the link, and its card, and the name, to a page."""

    position: int
    number: str
    extension: str
    written_at: float
    rang_at: float = 0.0
    shown_at: float = 0.0


class PlayedLink:
    """A proxy in front of an AMI port; the daemon connects to `port`."""

    def __init__(self, ami_port: int) -> None:
        self._ami_port = ami_port
        self._server: asyncio.Server | None = None
        self._daemon: asyncio.StreamWriter | None = None
        self.port = 0
        blocks = CORPUS.read_text("utf-8").strip().split("\n\n")
        first = next(i for i, block in enumerate(blocks) if block.startswith("Event: Newchannel"))
        up = next(i for i, block in enumerate(blocks) if "ChannelStateDesc: Up" in block)
        over = next(i for i, block in enumerate(blocks) if block.startswith("Event: BridgeLeave"))
        self._ringing, self._rest = blocks[first:up], blocks[up:]
        self._answered, self._over = blocks[up:over], blocks[over:]
        # what the daemon sends: (perf_counter, bytes), when it is on the wire
        self.sent: Callable[[float, bytes], None] = lambda at, data: None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()

    def ring(self, position: int, number: str, extension: str) -> Played:
        """A call from `number` rings at `extension` from now on."""
        call = Played(position, number, extension, 0.0)
        data = self._bytes(call, self._ringing)
        call.written_at = time.perf_counter()
        self._write(data)
        return call

    def answer_and_end(self, call: Played) -> None:
        """It is answered, talked and hung up."""
        self._write(self._bytes(call, self._rest))

    def answer(self, call: Played) -> None:
        """It is answered; they talk until `end`."""
        self._write(self._bytes(call, self._answered))

    def end(self, call: Played) -> None:
        """Both hang up."""
        self._write(self._bytes(call, self._over))

    def channel(self, call: Played) -> str:
        """The name of the agent's channel."""
        return f"PJSIP/{call.extension}-{2 * call.position + 1:08x}"

    def caller_channel(self, call: Played) -> str:
        """The name of the caller's channel."""
        return f"PJSIP/city-{2 * call.position:08x}"

    def play(self, text: str) -> float:
        """One event, as Asterisk would write it; when it was on the link."""
        self._write(text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        return time.perf_counter()

    def _bytes(self, call: Played, blocks: list[str]) -> bytes:
        text = "\n\n".join(blocks) + "\n\n"
        text = self._renamed(text, 2 * call.position)
        text = text.replace("01012345678", call.number)
        text = text.replace("PJSIP/101-", f"PJSIP/{call.extension}-")
        return text.replace("\n", "\r\n").encode()

    def _renamed(self, text: str, base: int) -> str:
        for old, new in (("0", base), ("1", base + 1)):
            text = re.sub(rf"(id: )\d+\.{old}$", rf"\g<1>1999999999.{new}", text, flags=re.M)
            text = re.sub(rf"-0000000{old}$", f"-{new:08x}", text, flags=re.M)
        return re.sub(r"(BridgeUniqueid: ).+", rf"\g<1>bridge-{base}", text)

    def _write(self, data: bytes) -> None:
        assert self._daemon is not None
        self._daemon.write(data)

    async def _connected(
        self, daemon_reader: asyncio.StreamReader, daemon: asyncio.StreamWriter
    ) -> None:
        self._daemon = daemon
        reader, writer = await asyncio.open_connection("127.0.0.1", self._ami_port)
        async with asyncio.TaskGroup() as group:
            group.create_task(_messages(reader, daemon))
            group.create_task(_pump(daemon_reader, writer, self._saw))

    def _saw(self, data: bytes) -> None:
        self.sent(time.perf_counter(), data)


async def _messages(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Whole messages only: a played one is written between two, never into one."""
    writer.write(await reader.readline())  # the banner
    rest = b""
    while data := await reader.read(65536):
        whole, end, rest = (rest + data).rpartition(b"\r\n\r\n")
        writer.write(whole + end)
        await writer.drain()
    writer.close()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    saw: Callable[[bytes], None] = lambda data: None,
) -> None:
    while data := await reader.read(65536):
        saw(data)
        writer.write(data)
        await writer.drain()
    writer.close()
