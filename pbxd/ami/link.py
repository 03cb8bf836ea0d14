"""The one long-lived link: connect, log in, resync, live, and say why when it is down."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from pbxd.ami import actions, reading
from pbxd.ami.events import AmiEvent, FullyBooted, Shutdown
from pbxd.ami.reasons import LinkDown, Reason
from pbxd.ami.reply import LINK_LOST, TIMED_OUT, Ending, Pending, Reply
from pbxd.ami.wire import Framer, Headers, ProtocolError, encode, parse
from pbxd.bus import Bus
from pbxd.config import PbxSettings
from pbxd.events import LinkState, PbxLinkChanged
from pbxd.ports import Clock

log = structlog.get_logger(__name__)

READ_BYTES = 65536
CONNECT_S = 5.0
BOOT_S = 10.0
HEARTBEAT_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
QUEUE_LIMIT = 50_000  # events waiting; beyond it a fresh snapshot is cheaper than the backlog
BATCH = 200


@dataclass(slots=True)
class _Connection:
    """What belongs to one connection and dies with it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pending: dict[str, tuple[Pending, asyncio.Future[Reply]]]
    events: deque[AmiEvent]
    arrived: asyncio.Event
    booted: asyncio.Event


class Link:
    """`run()` for ever; `send()` at any time; events go to `handle`, in order, one by one.

    After each log-in events are held back, `resync` is awaited (it reads the channel list through
    `send` and applies it), and the held-back events follow. A handler that raises loses nothing
    but its own event.
    """

    def __init__(
        self,
        settings: PbxSettings,
        bus: Bus,
        clock: Clock,
        handle: Callable[[AmiEvent], None],
        resync: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._handle = handle
        self._resync = resync
        self._connection: _Connection | None = None
        self._ids = itertools.count(1)
        self._prefix = f"pbxd-{secrets.token_hex(4)}"
        self.handled = 0
        self.failures = 0
        self.status = PbxLinkChanged(clock(), LinkState.CONNECTING)

    @property
    def up(self) -> bool:
        """Logged in and in step."""
        return self.status.state is LinkState.UP

    async def run(self) -> None:
        """Connect, and again after each loss, with a growing pause; never returns."""
        pause = FIRST_PAUSE_S
        while True:
            self._say(LinkState.CONNECTING)
            try:
                await self._live()
                down = LinkDown(Reason.CLOSED)
            except LinkDown as problem:
                down = problem
            if self.status.state is LinkState.UP:
                pause = FIRST_PAUSE_S
            wait = pause * (
                0.8 + secrets.randbelow(400) / 1000
            )  # many daemons must not knock at once
            pause = min(pause * 2, LONGEST_PAUSE_S)
            self._say(LinkState.DOWN, down, wait)
            await asyncio.sleep(wait)

    async def send(self, action: actions.Action, action_id: str = "") -> Reply:
        """Send `action` once and wait for its end; never sent again, whatever happens.

        Raises InvalidInput for a value that must not go out.
        """
        fields = action.fields()
        connection = self._connection
        if connection is None:
            return LINK_LOST
        key = action_id or f"{self._prefix}-{next(self._ids)}"
        data = encode({"Action": action.name, "ActionID": key, **fields})
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.pending[key] = (Pending(key, action.is_list), future)
        try:
            connection.writer.write(data)
            async with asyncio.timeout(action.deadline_s):
                return await future
        except TimeoutError:
            return TIMED_OUT
        finally:
            connection.pending.pop(key, None)

    async def _live(self) -> None:
        connection = await self._connect()
        self._connection = connection
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(connection), name="ami reader")
                await self._log_in(connection)
                await self._resync()
                self._say(LinkState.UP)
                group.create_task(self._consume(connection), name="ami consumer")
                group.create_task(self._beat(), name="ami heartbeat")
        except* (LinkDown, ProtocolError, OSError) as problems:
            raise _reason(problems) from None
        finally:
            self._connection = None
            for _, future in connection.pending.values():
                if not future.done():
                    future.set_result(LINK_LOST)
            connection.writer.close()
            with suppress(OSError):
                await connection.writer.wait_closed()

    async def _connect(self) -> _Connection:
        host, port = self._settings.host, self._settings.port
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(host, port)
        except TimeoutError:
            raise Reason.UNREACHABLE.at(host, port) from None
        except OSError:
            raise Reason.NOBODY_THERE.at(host, port) from None
        try:
            async with asyncio.timeout(CONNECT_S):
                banner = await reader.readline()
        except (TimeoutError, OSError, ValueError):
            banner = b""
        if not banner.startswith(b"Asterisk Call Manager"):
            writer.close()
            raise Reason.NOT_AMI.at(host, port)
        return _Connection(reader, writer, {}, deque(), asyncio.Event(), asyncio.Event())

    async def _log_in(self, connection: _Connection) -> None:
        secret = self._settings.secret.get_secret_value()
        reply = await self.send(actions.Login(self._settings.user, secret))
        if reply.ending is Ending.REFUSED:
            raise LinkDown(Reason.LOGIN_REFUSED, user=self._settings.user)
        if not reply.ok:
            raise LinkDown(Reason.NO_ANSWER)
        permitted = (await self.send(actions.ListCommands())).headers
        missing = sorted({one.needs for one in actions.NEEDED if one.name not in permitted})
        if missing:
            raise LinkDown(
                Reason.MISSING_PRIVILEGE,
                user=self._settings.user,
                privileges=", ".join(missing),
            )
        try:
            async with asyncio.timeout(BOOT_S):
                await connection.booted.wait()
        except TimeoutError:
            raise LinkDown(Reason.NOT_BOOTED, user=self._settings.user) from None

    async def _read(self, connection: _Connection) -> None:
        """Frame, drop, parse, enqueue; nothing else happens here."""
        framer = Framer(reading.WANTED)
        while data := await connection.reader.read(READ_BYTES):
            now = self._clock()
            for frame in framer.feed(data):
                headers = parse(frame)
                if self._is_answer(connection, headers):
                    continue
                event = reading.event(headers, now)
                if event is not None:
                    connection.events.append(event)
                    if isinstance(event, FullyBooted):
                        connection.booted.set()
                    elif isinstance(event, Shutdown):
                        raise LinkDown(Reason.RESTARTING if event.restart else Reason.STOPPING)
            if len(connection.events) > QUEUE_LIMIT:
                raise LinkDown(Reason.OVERRUN)
            if connection.events:
                connection.arrived.set()
        raise LinkDown(Reason.CLOSED)

    @staticmethod
    def _is_answer(connection: _Connection, headers: Headers) -> bool:
        found = connection.pending.get(headers.get("ActionID", ""))
        if found is None or headers.get("Event") == "OriginateResponse":
            return "Response" in headers and "Event" not in headers
        pending, future = found
        reply = pending.take(headers)
        if reply is not None and not future.done():
            future.set_result(reply)
        return True

    async def _consume(self, connection: _Connection) -> None:
        """Hand events on in order; let others run at least every `BATCH` events."""
        while True:
            await connection.arrived.wait()
            connection.arrived.clear()
            while connection.events:
                for _ in range(min(BATCH, len(connection.events))):
                    event = connection.events.popleft()
                    try:
                        self._handle(event)
                    except Exception:
                        self.failures += 1
                        log.exception("event handler failed", ami_event=type(event).__name__)
                    self.handled += 1
                await asyncio.sleep(0)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if not (await self.send(actions.Ping())).ok:
                raise LinkDown(Reason.NO_ANSWER)

    def _say(self, state: LinkState, down: LinkDown | None = None, wait_s: float = 0) -> None:
        now = self._clock()
        self.status = PbxLinkChanged(
            now,
            state,
            reason_id=down.reason.name.lower() if down else "",
            reason=down.reason.value if down else "",
            details=down.details if down else {},
            next_attempt_at=now + timedelta(seconds=wait_s) if down else None,
        )
        if down:
            log.warning("pbx link down", reason=self.status.reason_id, again_in_s=round(wait_s, 1))
        self._bus.publish(self.status)


def _reason(problems: BaseExceptionGroup[BaseException]) -> LinkDown:
    for problem in problems.exceptions:
        if isinstance(problem, BaseExceptionGroup):
            return _reason(problem)
        if isinstance(problem, LinkDown):
            return problem
        if isinstance(problem, ProtocolError):
            return LinkDown(Reason.GARBLED)
    return LinkDown(Reason.CLOSED)
