"""Has a sent picture made ours by another process; one at a time, for calls need the processor."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE

import structlog

from console.customer_images.picture import Picture, UnusableError

log = structlog.get_logger(__name__)

SECONDS = 40.0  # by the clock, on a busy machine


class Drawing:
    """The other process."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)
        self.command: tuple[str, ...] = (sys.executable, "-m", "console.customer_images.picture")
        self.seconds = SECONDS

    async def prepared(self, data: bytes) -> Picture:
        """What is kept of a sent file. Raises UnusableError."""
        async with self._one:
            out = await self._answer(data)
        head, _, rest = out.partition(b"\n")
        try:
            said = json.loads(head)
        except ValueError:
            log.warning("a picture ended the process that read it", size=len(data))
            raise UnusableError("damaged") from None
        if "error" in said:
            raise UnusableError(str(said["error"]))
        thumb = int(said["thumb"])
        return Picture(int(said["width"]), int(said["height"]), rest[thumb:], rest[:thumb])

    async def _answer(self, data: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *self.command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(self.seconds):
                out, _ = await process.communicate(data)
            return out
        except TimeoutError:
            raise UnusableError("slow") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
