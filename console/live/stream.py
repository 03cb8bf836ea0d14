"""One WebSocket a page: a snapshot, then numbered messages; who is too slow starts afresh.

Each client has a bounded queue and a writer of its own, so one browser that stops reading slows
nobody else. A message to many is encoded once. A stream loses nothing that a reload cannot show.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from aiohttp import WSMsgType, web

from console.web.context import Context, Viewer
from console.web.sessions import Sessions

log = structlog.get_logger(__name__)

QUEUE = 128  # messages; more than a screen can use
RECHECK_S = 60.0  # is the session still good?
HEARTBEAT_S = 6.0  # a closed laptop is noticed within nine seconds, also in a call
AT_ONCE = 10  # pages written to before others (a button, the PBX) have their turn
MOST_LISTS = 20  # on one page
RESYNC, LOGGED_OUT = 4001, 4003  # close codes that the page knows

Message = dict[str, Any]
Audience = Callable[[Viewer], bool]
Snapshot = Callable[[Viewer], Iterable[Message]]


@dataclass(slots=True, eq=False)
class Client:
    """One page."""

    viewer: Viewer
    socket: web.WebSocketResponse
    messages: deque[bytes] = field(default_factory=deque)  # to be written, at most QUEUE
    its_turn: asyncio.Event = field(default_factory=asyncio.Event)
    sequence: int = 0
    dropped: int = 0  # the close code, once it is
    page: str = ""  # what the page calls itself
    shows: dict[str, Mapping[str, str]] = field(default_factory=dict)  # list → rows told last


class LiveHub:
    """All open pages. `send` never waits."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._clients: set[Client] = set()
        self._snapshots: list[Snapshot] = []
        self._page_watchers: list[Callable[[str, bool], None]] = []
        self._shows_watchers: list[Callable[[Client, list[str]], None]] = []
        self._in_line: deque[Client] = deque()  # they have messages and wait for their turn
        self.resyncs = 0

    @property
    def clients(self) -> int:
        """How many pages are open."""
        return len(self._clients)

    def snapshot(self, provider: Snapshot) -> None:
        """`provider` gives the first messages of each new stream."""
        self._snapshots.append(provider)

    def on_page(self, watcher: Callable[[str, bool], None]) -> None:
        """`watcher(page, here)` hears that a page's stream stands, or that its last is gone."""
        self._page_watchers.append(watcher)

    def on_shows(self, watcher: Callable[[Client, list[str]], None]) -> None:
        """`watcher(client, names)` hears which live lists a page has drawn."""
        self._shows_watchers.append(watcher)

    def open_clients(self) -> tuple[Client, ...]:
        """All pages."""
        return tuple(self._clients)

    def send(self, audience: Audience, message: Message) -> None:
        """One message to all pages of `audience`."""
        data: bytes | None = None
        for client in tuple(self._clients):
            if audience(client.viewer):
                if data is None:
                    data = orjson.dumps(message)
                self.put(client, data)

    def send_each(self, audience: Audience, make: Callable[[str], Message]) -> None:
        """A message that is made (and encoded) once for each language among the audience."""
        made: dict[str, bytes] = {}
        for client in tuple(self._clients):
            if audience(client.viewer):
                code = client.viewer.language.key
                if code not in made:
                    made[code] = orjson.dumps(make(code))
                self.put(client, made[code])

    def session_ended(self, token_hash: str) -> None:
        """Logged out, here or from elsewhere: its pages go to the log-in."""
        for client in tuple(self._clients):
            if client.viewer.session.token_hash == token_hash:
                self._drop(client, LOGGED_OUT)

    def recheck(self, user_id: str) -> None:
        """Rights or account changed: that person's pages start afresh."""
        for client in tuple(self._clients):
            if client.viewer.user.id == user_id:
                self._drop(client)

    async def serve(self, context: Context) -> web.StreamResponse:
        """The stream of one page, until it goes."""
        # small messages on an office network: compressing them would cost more than sending
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=4096, compress=False)
        await socket.prepare(context.request)
        if context.viewer_or_none is None or context.viewer.user.issued:
            # scripts cannot see why a handshake failed, so it succeeds and says it
            await socket.close(code=LOGGED_OUT)
            return socket
        page = context.request.query.get("page", "")[:64]
        client = Client(context.viewer, socket, page=page)
        self._clients.add(client)
        self._tell_page(page, True)
        try:
            for provider in self._snapshots:
                for message in provider(client.viewer):
                    self.put(client, orjson.dumps(message))
            self.put(client, b'{"kind":"ready"}')
            async with asyncio.TaskGroup() as group:
                writer = group.create_task(self._write(client))
                checker = group.create_task(self._check(client))
                await self._until_closed(client)
                writer.cancel()
                checker.cancel()
        except* ConnectionError:
            pass
        finally:
            self._clients.discard(client)
            if all(other.page != page for other in self._clients):
                self._tell_page(page, False)
        return socket

    async def close(self) -> None:
        """End all streams (shutdown)."""
        for client in tuple(self._clients):
            self._drop(client)

    def _tell_page(self, page: str, here: bool) -> None:
        if page:
            for watcher in self._page_watchers:
                watcher(page, here)

    def put(self, client: Client, data: bytes) -> None:
        """One message, encoded, to one page."""
        if client.dropped:
            return
        if len(client.messages) >= QUEUE:
            self._drop(client)
        else:
            self._append(client, data)

    def _append(self, client: Client, data: bytes) -> None:
        client.messages.append(data)
        if len(client.messages) > 1:
            return  # it is in line, or writes just now
        if not self._in_line:
            asyncio.get_running_loop().call_soon(self._next_turn)
        self._in_line.append(client)

    def _next_turn(self) -> None:
        """Told to 200 pages at once, a change must not hold up who presses a button meanwhile."""
        for _ in range(min(AT_ONCE, len(self._in_line))):
            self._in_line.popleft().its_turn.set()
        if self._in_line:
            asyncio.get_running_loop().call_soon(self._next_turn)

    def _drop(self, client: Client, code: int = RESYNC) -> None:
        """Too slow, or out of date: the page connects again and gets a snapshot."""
        client.dropped = code
        self._clients.discard(client)
        self.resyncs += 1
        client.messages.clear()
        self._append(client, b"")

    async def _until_closed(self, client: Client) -> None:
        """Pages say only which live lists they show; whatever else comes is ignored."""
        async for message in client.socket:
            if message.type is WSMsgType.ERROR:
                return
            if message.type is WSMsgType.TEXT:
                names = _shown(message.data)
                for watcher in self._shows_watchers if names is not None else ():
                    watcher(client, names or [])

    async def _write(self, client: Client) -> None:
        while True:
            await client.its_turn.wait()
            client.its_turn.clear()
            while client.messages:
                data = client.messages[0]
                if not data:
                    await self._close(client, client.dropped)
                    return
                client.sequence += 1
                head = b'{"seq":%d,' % client.sequence
                await client.socket.send_frame(head + data[1:], WSMsgType.TEXT)
                if client.messages and client.messages[0] is data:  # else it was dropped meanwhile
                    client.messages.popleft()

    async def _check(self, client: Client) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            if await self._sessions.by_hash(client.viewer.session.token_hash) is None:
                await self._close(client, LOGGED_OUT)
                return

    @staticmethod
    async def _close(client: Client, code: int) -> None:
        """Without waiting for a browser that does not read."""
        try:
            async with asyncio.timeout(1.0):
                await client.socket.close(code=code)
        except TimeoutError:
            transport = client.socket.get_extra_info("transport")
            log.info("slow page cut", had_transport=transport is not None)
            if transport is not None:
                transport.abort()


def _shown(text: str) -> list[str] | None:
    """`{"shows": [names]}` → the names; None for anything else."""
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    names = said.get("shows") if isinstance(said, dict) else None
    if not isinstance(names, list) or len(names) > MOST_LISTS:
        return None
    return [name for name in names if isinstance(name, str)]


def everyone(viewer: Viewer) -> bool:
    """Audience: all."""
    del viewer
    return True


def agent(agent_id: str) -> Audience:
    """Audience: the pages of one agent."""
    return lambda viewer: viewer.user.agent_id == agent_id


def who_may(menu: str) -> Audience:
    """Audience: who may look at `menu`."""
    return lambda viewer: viewer.may(menu)
