"""The live stream over real sockets: in order, once a page, and nobody waits for a slow one."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aiohttp

from console.live.stream import LOGGED_OUT, QUEUE, RESYNC, agent, everyone, who_may
from console.users.queries import User
from console.web.permissions import Role
from lab.waiting import until
from tests.unit.web.conftest import LANGUAGES, Pages, heard


def user(pages: Pages, login: str) -> User:
    return next(one for one in pages.now.console.services.users.all() if one.login == login)


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
    for stream, wanted in ((minah, {"calls"}), (guest, set())):
        kinds: list[str] = []
        while "end" not in kinds:
            kinds.append((await stream.receive_json(timeout=20))["kind"])
        assert {"secret", "calls"} & set(kinds) == wanted


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
