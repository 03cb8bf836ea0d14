"""An office at work around what is measured: people logged in, open pages, calls that pass."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from multiprocessing.connection import Connection

from aiohttp import ClientSession, CookieJar, TCPConnector

from benchmarks.played_calls import Played, PlayedLink
from tests.browser.desk_office import PASSWORD

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


async def log_in(address: str, extension: str) -> ClientSession:
    """A browser's session, its token in its headers."""
    http = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Origin": address})
    form = {"login": f"a{extension}", "password": PASSWORD}
    async with http.post(f"{address}/login", data=form) as answer:
        found = TOKEN.search(await answer.text())
    assert found is not None
    http.headers["X-CSRF-Token"] = found[1]
    return http


@contextmanager
def pages(address: str, people: list[ClientSession]) -> Iterator[None]:
    """A live stream of each of these people, read by another process, inside the block."""
    jars = [http.cookie_jar for http in people]
    cookies = ["; ".join(f"{one.key}={one.value}" for one in jar) for jar in jars]
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_read, args=(theirs, address, cookies))
    process.start()
    try:
        yield
    finally:
        ours.send("stop")
        process.join()


def _read(pipe: Connection, address: str, cookies: list[str]) -> None:
    asyncio.run(_streams(pipe, address, cookies))


async def _streams(pipe: Connection, address: str, cookies: list[str]) -> None:
    async with ClientSession(connector=TCPConnector(limit=0)) as session:

        async def stream(cookie: str) -> None:
            headers = {"Cookie": cookie, "Origin": address}
            async with session.ws_connect(f"{address}/live", headers=headers) as socket:
                await socket.send_json({"shows": ["live-calls", "colleagues"]})  # the home page
                async for _ in socket:
                    pass

        async with asyncio.TaskGroup() as group:
            reading = [group.create_task(stream(cookie)) for cookie in cookies]
            await asyncio.to_thread(pipe.recv)
            for one in reading:
                one.cancel()


@asynccontextmanager
async def passing_calls(
    link: PlayedLink, extensions: list[str], a_second: float
) -> AsyncIterator[None]:
    """Calls ring, are answered and end within three seconds, inside the block."""
    numbers = itertools.count(100_000)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer_and_end(call: Played) -> None:
        link.answer(call)
        loop.call_later(random.uniform(0.5, 1.5), link.end, call)

    async def ring() -> None:
        for extension in itertools.cycle(extensions):
            if stop.is_set():
                return
            number = next(numbers)
            call = link.ring(number, f"010{number:08}", extension)
            loop.call_later(random.uniform(0.5, 1.5), answer_and_end, call)
            await asyncio.sleep(1 / a_second)

    async with asyncio.TaskGroup() as group:
        group.create_task(ring())
        yield
        stop.set()
    await asyncio.sleep(3.5)  # the last ones end
