"""The FastAGI door: bounded in connections, bytes and time.

A protocol and not a pair of streams: a connection that asks nothing (silent, slow, garbage, closed
again) costs no task, so that many of those are not felt by who asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import structlog

from pbxd.agi.session import (
    FIRST,
    LONGEST,
    BadQuestion,
    HungUp,
    Question,
    Reply,
    question_of,
    set_variable,
)

log = structlog.get_logger(__name__)

DEADLINE_S = 0.4  # the dialplan of an office that says nothing else waits no longer
MOST_CONNECTIONS = 1000  # each is over after its deadline, whatever the other side does
WAITING = 128  # connections that the kernel holds for us

Answer = Mapping[str, str]
Hook = Callable[[Question], Awaitable[Answer]]


class AgiServer:
    """Answers each question by its hook; late, unknown or failed means the empty answer.

    An answer is variables to set on the channel that asks.
    """

    def __init__(
        self, host: str, port: int, hooks: Mapping[str, Hook], deadline_s: float = DEADLINE_S
    ) -> None:
        self._host = host
        self._port = port
        self.hooks = hooks
        self.deadline_s = deadline_s
        self._server: asyncio.Server | None = None
        self.open: set[Connection] = set()
        self.answered = 0
        self.late = 0

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self, loop), self._host, self._port, backlog=WAITING
        )

    async def run(self) -> None:
        """Serve for ever."""
        assert self._server is not None
        await self._server.serve_forever()

    async def close(self) -> None:
        """Accept no more questions."""
        if self._server is not None:
            self._server.close()


class Connection(asyncio.Protocol):
    """One question."""

    def __init__(self, server: AgiServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._line: asyncio.Future[bytes] | None = None  # somebody waits for one

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if len(self._server.open) >= MOST_CONNECTIONS:
            self._transport.abort()
            return
        self._server.open.add(self)
        self._timer = self._loop.call_later(self._server.deadline_s, self._too_late)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._task is None:
            self._ask()
        elif self._line is not None:
            self._hand_on()
        if len(self._received) > LONGEST:
            self._end()

    def eof_received(self) -> bool:
        return False  # who has closed his side hears no answer

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.open.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        if self._line is not None and not self._line.done():
            self._line.set_exception(HungUp())

    def _ask(self) -> None:
        if not self._received.startswith(FIRST[: len(self._received)]):
            self._end()
            return
        block, end, rest = self._received.partition(b"\n\n")
        if end and self._transport is not None and not self._transport.is_closing():
            self._received = rest
            self._task = self._loop.create_task(self._answer(block))

    async def _answer(self, block: bytes) -> None:
        server = self._server
        try:
            question = question_of(block)
            hook = server.hooks.get(question.path)
            if hook is None:
                log.warning("unknown question", path=question.path)
                return
            for name, value in (await hook(question)).items():
                self._write(set_variable(name, value))
                reply = Reply()
                while not reply.take(await self._next_line()):
                    pass
            server.answered += 1
        except (HungUp, BadQuestion):
            pass
        except Exception:
            log.exception("question failed")
        finally:
            self._end()

    def _write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise HungUp
        self._transport.write(data)

    async def _next_line(self) -> bytes:
        if self._transport is None or self._transport.is_closing():
            raise HungUp
        self._line = self._loop.create_future()
        self._hand_on()
        try:
            return await self._line
        finally:
            self._line = None

    def _hand_on(self) -> None:
        line, end, rest = self._received.partition(b"\n")
        if end and self._line is not None and not self._line.done():
            self._received = rest
            self._line.set_result(line.rstrip(b"\r"))

    def _too_late(self) -> None:
        self._server.late += 1
        if self._task is not None:
            self._task.cancel()
        self._end()

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()
