"""The FastAGI door: bounded in connections, lines and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from pbxd.agi.session import LONGEST_LINE, BadQuestion, HungUp, Question, Session, read_question

log = structlog.get_logger(__name__)

DEADLINE_S = 0.4  # the dialplan waits no longer
MOST_CONNECTIONS = 1000  # each is over after DEADLINE_S, whatever the other side does

Answer = Mapping[str, str]
Hook = Callable[[Question], Awaitable[Answer]]


class AgiServer:
    """Answers each question by its hook; late, unknown or failed means the empty answer.

    An answer is variables to set on the channel that asks.
    """

    def __init__(self, host: str, port: int, hooks: Mapping[str, Hook]) -> None:
        self._host = host
        self._port = port
        self._hooks = hooks
        self._server: asyncio.Server | None = None
        self._open = 0
        self.answered = 0
        self.late = 0

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._server = await asyncio.start_server(
            self._serve, self._host, self._port, limit=LONGEST_LINE
        )

    async def run(self) -> None:
        """Serve for ever."""
        assert self._server is not None
        await self._server.serve_forever()

    async def close(self) -> None:
        """Accept no more questions."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._open >= MOST_CONNECTIONS:
            writer.close()
            return
        self._open += 1
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._answer(reader, writer)
        except TimeoutError:
            self.late += 1
        except (HungUp, BadQuestion, ConnectionError):
            pass
        except Exception:
            log.exception("question failed")
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        question = await read_question(reader)
        hook = self._hooks.get(question.path)
        if hook is None:
            log.warning("unknown question", path=question.path)
            return
        session = Session(reader, writer)
        for name, value in (await hook(question)).items():
            await session.set_variable(name, value)
        self.answered += 1
