"""A thousand live streams: one message to all, and what the daemon weighs.

    python -m benchmarks.live [--quick]

The console runs in this process, the thousand browsers' streams in another. The limit beside it is
a bare aiohttp server that sends a prebuilt text to the same number of streams.
Targets: p99 under 50 ms from the send to the last byte read; resident memory under 300 MB then and
under 120 MB idle.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import psutil
from aiohttp import web

from benchmarks import percentile, tell
from console.live.stream import everyone
from console.running import running, settle
from console.web.permissions import Role
from pbxd.config import Settings

ROUNDS = 30
TARGET_MS, TARGET_MB, TARGET_IDLE_MB = 50.0, 300.0, 120.0
PASSWORD = "long enough for a benchmark"  # noqa: S105


def browsers(pipe: Connection, address: str, cookie: str, streams: int, rounds: int) -> None:
    """The other process: opens the streams, and tells how late each message came."""
    asyncio.run(_browsers(pipe, address, cookie, streams, rounds))


async def _browsers(pipe: Connection, address: str, cookie: str, streams: int, rounds: int) -> None:
    late: list[float] = []
    ready = asyncio.Semaphore(0)
    done = asyncio.Semaphore(0)

    async def stream(session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{address}/live", origin=address) as socket:
            ready.release()
            heard = 0
            async for message in socket:
                place = message.data.find('"at":')  # reading JSON would measure the reader
                if place > 0:
                    sent = float(message.data[place + 5 : message.data.index(",", place)])
                    late.append((time.perf_counter() - sent) * 1000)
                    heard += 1
                    if heard == rounds:
                        break
        done.release()

    connector = aiohttp.TCPConnector(limit=0)
    headers = {"Cookie": cookie}
    async with (
        aiohttp.ClientSession(connector=connector, headers=headers) as session,
        asyncio.TaskGroup() as group,
    ):
        for number in range(streams):
            group.create_task(stream(session))
            if number % 50 == 49:
                await asyncio.sleep(0.05)
        for _ in range(streams):
            await ready.acquire()
        pipe.send("ready")
        for _ in range(streams):
            await done.acquire()
    pipe.send(late)


async def measured(address: str, cookie: str, streams: int, send: object) -> list[float]:
    """Start the browsers, send the rounds, collect how late they were (ms)."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=browsers, args=(theirs, address, cookie, streams, ROUNDS))
    process.start()
    await asyncio.to_thread(ours.recv)
    await asyncio.sleep(0.5)
    for _ in range(ROUNDS):
        send()  # type: ignore[operator]
        await asyncio.sleep(0.1)
    late: list[float] = await asyncio.to_thread(ours.recv)
    process.join()
    return late


async def pbxd(streams: int) -> tuple[list[float], float, float]:
    """(ms late, MB with all streams, MB idle) of the console."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            store={"directory": Path(folder)},  # type: ignore[arg-type]
            console={"port": 0},  # type: ignore[arg-type]
        )
        async with running(settings) as now:
            services = now.console.services
            await services.users.create("bench", "Bench", PASSWORD, Role.USER)
            settle()
            idle = _resident()
            async with aiohttp.ClientSession() as session:
                form = {"login": "bench", "password": PASSWORD}
                origin = {"Origin": now.console.address}
                async with session.post(
                    f"{now.console.address}/login",
                    data=form,
                    headers=origin,
                    allow_redirects=False,
                ) as answer:
                    cookie = answer.headers["Set-Cookie"].split(";")[0]
            heaviest = 0.0

            def send() -> None:
                nonlocal heaviest
                heaviest = max(heaviest, _resident())
                services.hub.send(
                    everyone, {"kind": "bench", "at": time.perf_counter(), "pad": "x" * 500}
                )

            late = await measured(now.console.address, cookie, streams, send)
            return late, heaviest, idle


async def bare(streams: int) -> list[float]:
    """The limit: a text to each socket, nothing else."""
    sockets: list[web.WebSocketResponse] = []

    async def live(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sockets.append(socket)
        async for _ in socket:
            pass
        return socket

    app = web.Application()
    app.router.add_get("/live", live)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    tasks = asyncio.TaskGroup()
    async with tasks:

        async def to_all(text: str) -> None:
            for socket in sockets:
                await socket.send_str(text)

        def send() -> None:
            text = json.dumps({"kind": "bench", "at": time.perf_counter(), "pad": "x" * 500})
            tasks.create_task(to_all(text))

        late = await measured(f"http://127.0.0.1:{port}", "", streams, send)
    await runner.cleanup()
    return late


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


async def main() -> None:
    """Both, one after the other."""
    streams = 300 if "--quick" in sys.argv else 1000
    late, heaviest, idle = await pbxd(streams)
    limit = await bare(streams)
    mine, theirs = percentile(late, 0.99), percentile(limit, 0.99)
    print(f"{streams} streams: pbxd p99 {mine:.1f} ms, a bare server {theirs:.1f} ms")
    print(f"resident {heaviest:.0f} MB with all streams, {idle:.0f} MB idle")
    passed = mine < TARGET_MS and heaviest < TARGET_MB and idle < TARGET_IDLE_MB
    tell(
        "live", mine, "ms", ratio=mine / theirs, against="bare aiohttp server",
        target=TARGET_MS, passed=passed, resident_mb=heaviest, idle_mb=idle,
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
