"""100,000 customers out of an Excel file and into one, beside a plain openpyxl loop.

The peer reads the same file with openpyxl (read-only) and writes each row with one INSERT into a
bare table: no checks, no telephone numbers, no search index, nothing that can be taken back. While
pbxd reads in, a heartbeat on its event loop and small rows such as calls' records, written twenty
times a second, say how long calls had to wait. The file and the peer are made by a process of their
own: what memory they take is not pbxd's.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import multiprocessing
import random
import shutil
import sqlite3
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import aiohttp
import psutil
import structlog
from openpyxl import Workbook, load_workbook

from benchmarks import percentile, tell
from benchmarks.big_office import SEED
from console.audit import queries as audit
from console.customer_import.model import Policy, State
from console.running import Running, running
from console.sample import people
from console.web.permissions import Role
from pbxd.callers.numbers import NumberPlan
from pbxd.config import Settings

IMPORT_S, EXPORT_S, MEMORY_MB = 30.0, 20.0, 300.0
PLAN = NumberPlan("KR", "02")
HEADS = ("고객명", "휴대폰", "전화번호", "우편번호", "주소", "회사", "메모")
EXPORT = "/customers/search/export?kind=person&mode=prefix"
PASSWORD = "long enough for a bench"  # noqa: S105 - of a made-up office on loopback


def make_file(path: Path, count: int) -> None:
    """The shopping mall's columns and two more."""
    chance = random.Random(SEED)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("고객")
    sheet.append(HEADS)
    for place in range(count):
        one = people.customer(chance)
        numbers = [PLAN.display(phone.number) for phone in one.phones]
        mobile = f"010-{2000 + place // 10_000:04}-{place % 10_000:04}"
        other = numbers[1] if len(numbers) > 1 else ""
        sheet.append([one.name, mobile, other, one.postcode, one.address, one.company, one.memo])
    book.save(path)


def peer(path: Path, folder: Path) -> float:
    """Seconds of the plain loop."""
    started = time.perf_counter()
    with closing(sqlite3.connect(folder / "peer.sqlite3")) as db:
        db.execute("CREATE TABLE customers (a, b, c, d, e, f, g)")
        book = load_workbook(path, read_only=True)
        sheet = book.active
        assert sheet is not None
        with db:
            for row in sheet.iter_rows(min_row=2, values_only=True):
                db.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        book.close()
    return time.perf_counter() - started


async def measure(count: int) -> None:
    """Peer, import, export."""
    with tempfile.TemporaryDirectory(prefix="pbxd-bench-") as name:
        folder = Path(name)
        file = folder / "customers.xlsx"
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
            other.submit(make_file, file, count).result()
            peer_s = other.submit(peer, file, folder).result()
        settings = Settings(  # type: ignore[call-arg]
            store={"directory": folder / "data"}, console={"port": 0}, agi={"port": 0}
        )
        async with running(settings) as now:
            await now.console.services.users.create("admin", "관리자", PASSWORD, Role.ADMIN)
            gc.collect()
            before = _memory_mb()
            started = time.perf_counter()
            waits, records, memories = await _read_in(now, file)
            import_s = time.perf_counter() - started
            memory = max(memories) - before
            files = now.console.services.customers
            assert await files.count() == count, await files.count()
            started = time.perf_counter()
            await _write_out(now.console.address)
            export_s = time.perf_counter() - started
    print(f"plain openpyxl loop {peer_s:6.1f} s")
    print(f"read in             {import_s:6.1f} s, {memory:.0f} MB more")
    for name, waited in (("the loop waited ", waits), ("a record waited ", records)):
        print(f"  {name}  {percentile(waited, 0.99):6.1f} ms p99, {max(waited):.1f} at most")
    print(f"written out         {export_s:6.1f} s")
    share = count / 100_000
    passed = import_s < IMPORT_S * share and export_s < EXPORT_S * share and memory < MEMORY_MB
    tell(
        "excel_import",
        import_s,
        "s",
        ratio=import_s / peer_s,
        against="a plain openpyxl loop with one INSERT a row",
        target=IMPORT_S * share,
        passed=passed,
        export_s=export_s,
        memory_mb=memory,
        waited_p99_ms=percentile(waits, 0.99),
        records_p99_ms=percentile(records, 0.99),
    )


async def _read_in(now: Running, file: Path) -> tuple[list[float], list[float], list[float]]:
    """How long the event loop and the records of calls waited, in ms; how much memory, in MB."""
    imports = now.console.services.imports

    async def save(to: Path) -> str:
        await asyncio.to_thread(shutil.copyfile, file, to)
        return file.name

    one = await imports.add(save, "bench")
    # telephone numbers of made-up people may be the same
    await imports.plan(one.id, replace(one.plan, policy=Policy.NEW))
    await imports.start(one.id, dry=False)
    waits: list[float] = []
    records: list[float] = []
    memories = [_memory_mb()]

    async def beat() -> None:
        while (await imports.get(one.id)).busy:
            asked = time.perf_counter()
            await asyncio.sleep(0.005)
            waits.append(max(0.0, (time.perf_counter() - asked - 0.005) * 1000))

    async def write_records() -> None:
        store, clock = now.daemon.store, now.daemon.clock
        while (await imports.get(one.id)).busy:
            await asyncio.sleep(0.05)
            asked = time.perf_counter()
            async with store.writing() as conn:
                await audit.note(conn, clock(), "", "bench", one.id)
            records.append((time.perf_counter() - asked) * 1000)

    async def weigh() -> None:
        while (await imports.get(one.id)).busy:
            memories.append(await asyncio.to_thread(_memory_mb))
            await asyncio.sleep(0.5)

    async with asyncio.TaskGroup() as group:
        group.create_task(beat())
        group.create_task(write_records())
        group.create_task(weigh())
    done = await imports.get(one.id)
    assert done.state is State.DONE, done
    return waits, records, memories


async def _write_out(address: str) -> int:
    """Bytes of the export that a browser takes: all customers, all columns."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(address, cookie_jar=jar) as session:
        form = {"login": "admin", "password": PASSWORD}
        async with session.post("/login", data=form, headers={"Origin": address}) as answer:
            assert answer.status == 200
        timeout = aiohttp.ClientTimeout(total=600)
        async with session.get(EXPORT, timeout=timeout) as answer:
            assert answer.status == 200
            return len(await answer.read())


def _memory_mb() -> float:
    """What this process and those it has started have now."""
    me, taken = psutil.Process(), 0
    for one in (me, *me.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it has ended in this moment
            taken += one.memory_info().rss
    return taken / 2**20


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(measure(10_000 if quick else 100_000))


if __name__ == "__main__":
    main()
