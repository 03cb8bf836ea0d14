"""The live stream over real sockets: in order, once a page, and nobody waits for a slow one."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from console.live.parts import Parts
from console.live.stream import LOGGED_OUT, QUEUE, RESYNC, LiveHub, agent, everyone, who_may
from console.running import Running, running
from console.users.queries import User
from console.web.permissions import Role
from lab.waiting import until
from pbxd.config import Settings

PASSWORD = "long enough for a test"
LANGUAGES = {"minah": "ko", "yiting": "zh_Hant", "guest": "en"}


class Pages:
    """Opens streams as pages do."""

    def __init__(self, now: Running, http: aiohttp.ClientSession) -> None:
        self.now = now
        self._http = http
        self._cookies: dict[str, str] = {}

    @property
    def hub(self) -> LiveHub:
        return self.now.console.services.hub

    @property
    def parts(self) -> Parts:
        return self.now.console.services.parts

    async def cookie(self, login: str) -> str:
        """A session of that account."""
        if login not in self._cookies:
            address = self.now.console.address
            form = {"login": login, "password": PASSWORD}
            async with self._http.post(
                f"{address}/login", data=form, headers={"Origin": address}, allow_redirects=False
            ) as answer:
                self._cookies[login] = answer.headers["Set-Cookie"].split(";")[0]
        return self._cookies[login]

    async def open(self, login: str = "") -> aiohttp.ClientWebSocketResponse:
        """A page's stream, its snapshot read."""
        headers = {"Cookie": await self.cookie(login)} if login else {}
        address = self.now.console.address
        stream = await self._http.ws_connect(f"{address}/live", origin=address, headers=headers)
        while login and (await stream.receive_json(timeout=5))["kind"] != "ready":
            pass
        return stream


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    settings = Settings(
        store={"directory": tmp_path},  # type: ignore[arg-type]
        console={"port": 0},  # type: ignore[arg-type]
        agi={"port": 0},  # type: ignore[arg-type]
    )
    async with running(settings) as now, aiohttp.ClientSession() as http:
        users = now.console.services.users
        for login, language in LANGUAGES.items():
            role = Role.GUEST if login == "guest" else Role.USER
            user = await users.create(login, login, PASSWORD, role)
            await users.set_language(user.id, language)
        yield Pages(now, http)


def user(pages: Pages, login: str) -> User:
    return next(one for one in pages.now.console.services.users.all() if one.login == login)


async def heard(stream: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next message of that kind."""
    while True:
        message: dict[str, Any] = await stream.receive_json(timeout=5)
        if message["kind"] == kind:
            return message


async def closed_with(stream: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code with which the server ends it."""
    async with asyncio.timeout(5):
        async for _ in stream:
            pass
    return stream.close_code


async def test_numbered_without_gaps(pages: Pages) -> None:
    stream = await pages.open("minah")
    for number in range(300):
        pages.hub.send(everyone, {"kind": "count", "number": number})
        if number % 50 == 0:
            await asyncio.sleep(0)
    got = [await heard(stream, "count") for _ in range(300)]
    assert [one["number"] for one in got] == list(range(300))
    assert [one["seq"] - got[0]["seq"] for one in got] == list(range(300))


async def test_only_who_it_is_for(pages: Pages) -> None:
    minah, guest = await pages.open("minah"), await pages.open("guest")
    pages.hub.send(agent("nobody's"), {"kind": "secret"})
    pages.hub.send(who_may("calls"), {"kind": "calls"})
    pages.hub.send(everyone, {"kind": "end"})
    assert (await minah.receive_json(timeout=5))["kind"] == "calls"
    assert (await guest.receive_json(timeout=5))["kind"] == "end"


async def test_made_once_a_language(pages: Pages) -> None:
    streams = [await pages.open(login) for login in (*LANGUAGES, "minah", "yiting")]
    made: list[str] = []

    def make(code: str) -> dict[str, Any]:
        made.append(code)
        return {"kind": "word", "code": code}

    pages.hub.send_each(everyone, make)
    got = [(await heard(stream, "word"))["code"] for stream in streams]
    assert got == ["ko", "zh_Hant", "en", "ko", "zh_Hant"]
    assert sorted(made) == ["en", "ko", "zh_Hant"]


async def test_who_does_not_read_is_cut_and_nobody_waits(pages: Pages) -> None:
    healthy = await pages.open("minah")
    cookie = await pages.cookie("yiting")
    address = pages.now.console.address
    _, writer = await asyncio.open_connection("127.0.0.1", pages.now.console.port, limit=1)
    key = base64.b64encode(b"sixteen bytes ok").decode()
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: {address.removeprefix('http://')}\r\nOrigin: {address}\r\n"
        f"Cookie: {cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    await until(lambda: pages.hub.clients == 2, "both look")
    before = pages.hub.resyncs
    for number in range(QUEUE * 3):
        pages.hub.send(everyone, {"kind": "count", "number": number, "pad": "x" * 60_000})
        assert (await heard(healthy, "count"))["number"] == number
    assert pages.hub.resyncs == before + 1
    assert pages.hub.clients == 1
    writer.close()


async def test_without_a_session_it_says_so(pages: Pages) -> None:
    """A refused handshake looks to a script like a dead server: it would try for ever."""
    assert await closed_with(await pages.open()) == LOGGED_OUT


async def test_a_session_that_ends_takes_its_pages_along(pages: Pages) -> None:
    mine, other = await pages.open("minah"), await pages.open("yiting")
    await pages.now.console.services.sessions.end_all(user(pages, "minah").id)
    assert await closed_with(mine) == LOGGED_OUT
    pages.hub.send(everyone, {"kind": "still here"})
    assert await heard(other, "still here")


async def test_other_rights_begin_at_once(pages: Pages) -> None:
    stream = await pages.open("guest")
    await pages.now.console.services.users.set_role(user(pages, "guest").id, Role.USER)
    assert await closed_with(stream) == RESYNC
    again = await pages.open("guest")
    pages.hub.send(who_may("calls"), {"kind": "calls"})
    assert await heard(again, "calls")
