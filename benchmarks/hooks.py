"""The FastAGI door: who is calling, asked of a database of customers.

Beside pbxd's server, in one run and with the same handler: bare asyncio streams and panoramisk's
FastAGI. Then pbxd again while 200 hostile connections are open: silent, slow, garbage, and
connect-and-close (panoramisk's server does not live through the last one).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import multiprocessing
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from panoramisk import fast_agi

from benchmarks import percentile, tell
from benchmarks.big_office import PLAN, big_office
from console.customers.files import customer_files
from console.customers.tables import customer_phones
from pbxd.agi.server import AgiServer
from pbxd.agi.session import Question, Reply, question_of, set_variable
from pbxd.app import utc_now
from pbxd.callers.hook import CallerName
from pbxd.store.engine import Store

FOLDER = Path(__file__).parent.parent / ".bench"
RATE = 100  # calls/s
LIMIT_MS = 10.0  # p99
SHARE = 0.95  # of bare streams' throughput
HOSTILE = 200
AT_ONCE = 16

Hook = Callable[[Question], Awaitable[Any]]


async def ask(port: int, number: str) -> float:
    """One question as Asterisk asks it; how long it took (seconds)."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    headers = (
        f"agi_network: yes\nagi_network_script: caller-name\n"
        f"agi_request: agi://127.0.0.1:{port}/caller-name\nagi_channel: PJSIP/trunk-00000001\n"
        f"agi_language: ko\nagi_type: PJSIP\nagi_uniqueid: 1.1\nagi_callerid: {number}\n"
        "agi_calleridname: unknown\nagi_dnid: 0255500100\nagi_context: pbxd-caller\n\n"
    )
    writer.write(headers.encode())
    while await reader.readline():
        writer.write(b"200 result=1\n")
    writer.close()
    return time.perf_counter() - started


@asynccontextmanager
async def ours(hook: Hook) -> AsyncIterator[int]:
    server = AgiServer("127.0.0.1", 0, {"/caller-name": hook})
    await server.start()
    serving = asyncio.get_running_loop().create_task(server.run())
    yield server.port
    await server.close()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def bare(hook: Hook) -> AsyncIterator[int]:
    """Nothing but streams and the same handler: no limits, no deadline."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        question = question_of(await reader.readuntil(b"\n\n"))
        for name, value in (await hook(question)).items():
            writer.write(set_variable(name, value))
            reply = Reply()
            while not reply.take((await reader.readline()).rstrip()):
                pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@asynccontextmanager
async def panoramisk(hook: Hook) -> AsyncIterator[int]:
    app = fast_agi.Application(loop=asyncio.get_running_loop())

    async def serve(request: Any) -> None:
        question = Question("/caller-name", {}, caller=request.headers["agi_callerid"])
        for name, value in (await hook(question)).items():
            await request.send_command(f'SET VARIABLE {name} "{value}"')

    app.add_route("caller-name", serve)
    server = await asyncio.start_server(app.handler, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def steady(port: int, numbers: Sequence[str], seconds: float) -> list[float]:
    """RATE questions a second, whatever the answers do; ms."""
    chance = random.Random(3)
    tasks = []
    begun = time.perf_counter()
    for place in range(round(RATE * seconds)):
        wait = begun + place / RATE - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.get_running_loop().create_task(ask(port, chance.choice(numbers))))
    return [took * 1000 for took in await asyncio.gather(*tasks)]


async def as_many(port: int, numbers: Sequence[str], count: int) -> float:
    """Questions a second, AT_ONCE at a time."""
    chance = random.Random(4)
    left = iter(range(count))

    async def asker() -> None:
        for _ in left:
            await ask(port, chance.choice(numbers))

    begun = time.perf_counter()
    await asyncio.gather(*(asker() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - begun)


def attack(port: int) -> None:
    """HOSTILE connections that are opened again as soon as they are closed; runs as a process."""

    async def one(kind: int) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                if kind == 0:  # silent
                    await reader.read()
                elif kind == 1:  # a letter at a time
                    for letter in b"agi_network: yes":
                        writer.write(bytes([letter]))
                        await asyncio.sleep(0.05)
                elif kind == 2:
                    writer.write(random.Random(5).randbytes(4000))
                    await reader.read()
                writer.close()
            await asyncio.sleep(0.1)

    async def all_of_them() -> None:
        await asyncio.gather(*(one(place % 4) for place in range(HOSTILE)))

    asyncio.run(all_of_them())


@contextlib.contextmanager
def hostile(port: int) -> Iterator[None]:
    """Somebody else's process, so that his work is not counted as ours."""
    attacker = multiprocessing.get_context("spawn").Process(target=attack, args=(port,))
    attacker.start()
    try:
        yield
    finally:
        attacker.kill()
        attacker.join()


async def measure(customers: int, seconds: float, count: int, rounds: int) -> None:
    """Everything on one store, then the result."""
    store = await Store.open(await asyncio.to_thread(big_office, FOLDER, customers, 1000))
    hook = CallerName(customer_files(store, PLAN, utc_now), PLAN)
    async with store.reading() as conn:
        rows = await conn.execute(customer_phones.select().limit(20_000))
        numbers = [PLAN.display(row.number).replace("-", "") for row in rows]
    async with ours(hook) as port, bare(hook) as plain, panoramisk(hook) as peer:
        await as_many(port, numbers, 200)
        calm = await steady(port, numbers, seconds)
        speeds: dict[str, list[float]] = {"pbxd": [], "streams": [], "panoramisk": []}
        turns = [("pbxd", port), ("streams", plain), ("panoramisk", peer)]
        for _ in range(rounds):  # in turns, and not always the same one first
            turns.append(turns.pop(0))
            for name, where in turns:
                speeds[name].append(await as_many(where, numbers, count))
        with hostile(port):
            await asyncio.sleep(2)
            attacked = await steady(port, numbers, seconds)
    await store.close()
    best = {name: statistics.median(found) for name, found in speeds.items()}
    for name, found in (("calm", calm), ("under attack", attacked)):
        shares = [percentile(found, share) for share in (0.5, 0.95, 0.99)]
        print(f"{name:>14}: p50 {shares[0]:.1f}, p95 {shares[1]:.1f}, p99 {shares[2]:.1f} ms")
    for name, speed in best.items():
        print(f"{name:>14}: {speed:,.0f} questions/s")
    p99, under = percentile(calm, 0.99), percentile(attacked, 0.99)
    passed = (
        p99 < LIMIT_MS
        and under < LIMIT_MS
        and best["pbxd"] >= SHARE * best["streams"]
        and best["pbxd"] >= best["panoramisk"]
    )
    tell(
        "hooks",
        p99,
        "ms p99",
        ratio=best["pbxd"] / best["streams"],
        against="bare asyncio streams, questions/s",
        target=LIMIT_MS,
        passed=passed,
        attacked_ms=under,
        panoramisk_ratio=best["pbxd"] / best["panoramisk"],
    )


def main() -> None:
    """Run by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sizes = (20_000, 5.0, 1000, 3) if quick else (100_000, 20.0, 2000, 9)
    asyncio.run(measure(*sizes))


if __name__ == "__main__":
    main()
