"""A network cable between browser and console that can be pulled out and put back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self
from urllib.parse import urlsplit


class Cable:
    """Passes everything on while it is in."""

    def __init__(self, address: str) -> None:
        self._to = urlsplit(address)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def address(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{self.port}"

    async def put_in(self) -> None:
        """From now on it works."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull_out(self) -> None:
        """What was connected breaks off; nothing can be connected."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._to.hostname is not None
        far_reader, far = await asyncio.open_connection(self._to.hostname, self._to.port)
        ends = {writer, far}
        self._open |= ends
        with suppress(ConnectionError):
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass(reader, far))
                group.create_task(_pass(far_reader, writer))
        self._open -= ends

    @classmethod
    @asynccontextmanager
    async def to(cls, address: str) -> AsyncIterator[Self]:
        """In, for as long as the block lasts."""
        cable = cls(address)
        await cable.put_in()
        yield cable
        await cable.pull_out()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
