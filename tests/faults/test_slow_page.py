"""A page that stops reading slows nobody else, and starts afresh when it is back."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from console.live.stream import QUEUE, everyone
from console.running import Running, running
from console.web.permissions import Role
from tests.loopback import on_loopback

PASSWORD = "long enough for a test"
BIG = "x" * 60_000


@pytest.fixture
async def now(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(on_loopback(tmp_path)) as made:
        await made.console.services.users.create("mina", "Mina", PASSWORD, Role.USER)
        yield made


async def logged_in(now: Running) -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    form = {"login": "mina", "password": PASSWORD}
    headers = {"Origin": now.console.address}
    async with session.post(f"{now.console.address}/login", data=form, headers=headers) as answer:
        assert answer.status == 200
    return session


def deaf_page(now: Running, session: aiohttp.ClientSession) -> socket.socket:
    """A browser that opens the stream and then never reads again."""
    cookie = "; ".join(f"{one.key}={one.value}" for one in session.cookie_jar)
    host, port = re.findall(r"//([\d.]+):(\d+)", now.console.address)[0]
    page = socket.create_connection((host, int(port)))
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page.sendall(
        f"GET /live HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {now.console.address}\r\n"
        f"Cookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    return page


async def test_nobody_else_notices(now: Running) -> None:
    hub = now.console.services.hub
    session = await logged_in(now)
    async with (
        session,
        session.ws_connect(f"{now.console.address}/live", origin=now.console.address) as good,
    ):
        deaf = await asyncio.to_thread(deaf_page, now, session)
        while hub.clients < 2:
            await good.receive(timeout=5)
            hub.send(everyone, {"kind": "wake"})
            await asyncio.sleep(0)
        for number in range(QUEUE * 4):
            hub.send(everyone, {"kind": "bulk", "number": number, "pad": BIG})
            while True:
                said = await good.receive_json(timeout=5)
                if said["kind"] == "bulk":
                    assert said["number"] == number
                    break
            if hub.resyncs:
                break
        assert hub.resyncs == 1
        assert hub.clients == 1
        deaf.close()
