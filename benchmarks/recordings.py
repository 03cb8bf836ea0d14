"""The list of 1,000,000 recordings, and the first sound of a one-hour one in a real browser.

Beside keyset paging its peer on the same file: LIMIT … OFFSET, at the same depths.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from playwright.async_api import async_playwright
from sqlalchemy import insert, select, type_coerce
from sqlalchemy.dialects import sqlite

from benchmarks import percentile, tell
from benchmarks.ingest import speech
from console.running import running
from console.sample.load import load
from pbxd.app import Daemon
from pbxd.config import Settings
from pbxd.recordings import queries, sound
from pbxd.recordings.queries import Filter
from pbxd.recordings.tables import recordings
from pbxd.store.engine import Store
from pbxd.store.migrate import migrate
from pbxd.store.paging import encode
from pbxd.store.types import UtcMs

FOLDER = Path(__file__).parent.parent / ".bench"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
YEAR_MS = 365 * 86_400_000
PAGE_LIMIT_MS = 50.0  # p95
SOUND_LIMIT_MS = 300.0
AGENTS = [f"AGENT{place:021}" for place in range(50)]
PASSWORD = "benchmark-only"  # noqa: S105 - of a database made for this run
HOUR = 3600


def rows(count: int) -> Iterator[dict[str, object]]:
    """A year of them, oldest first."""
    chance = random.Random(11)
    for place in range(count):
        number = f"+8210{chance.randrange(10**8):08}"
        yield {
            "id": hashlib.sha256(str(place).encode()).hexdigest()[:26],
            "raw": f"rec-{place}_1.raw",
            "call_id": f"{place:026}",
            "channel": str(place),
            "started_at": NOW_MS - YEAR_MS + place * (YEAR_MS // count),
            "seconds": chance.uniform(5, 900),
            "file": f"2026/01/01/{place}.opus",
            "size": 100_000,
            "sha256": "0" * 64,
            "direction": chance.choice(("in", "in", "out")),
            "number": number,
            "customer_id": "",
            "agent_id": chance.choice(AGENTS),
            "extension": "101",
            "left_db": -20.0,
            "right_db": -20.0,
            "faults": "length" if chance.random() < 0.001 else "",
            "pauses": "[]",
            "on_hold": 0,
            "deleted_at": None,
        }


def archive(count: int) -> Path:
    """The database, made when it is not there yet."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"recordings-{count}.sqlite3"
    if file.exists():
        return file
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    asyncio.run(migrate(partial))
    names = [column.name for column in recordings.columns]
    compiled = str(insert(recordings).compile(dialect=sqlite.dialect(paramstyle="named")))
    with closing(sqlite3.connect(partial)) as conn:
        conn.executemany(compiled, ({name: row[name] for name in names} for row in rows(count)))
        conn.execute("ANALYZE")
        conn.commit()
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    partial.rename(file)
    return file


async def pages(file: Path, count: int, rounds: int) -> tuple[list[float], list[float]]:
    """Pages anywhere, with and without filters; then the same by OFFSET (ms)."""
    store = await Store.open(file)
    chance = random.Random(5)
    ours, theirs = [], []
    since = NOW - timedelta(days=365)
    kinds = (
        lambda: Filter(since=since),
        lambda: Filter(since=since, agent_id=chance.choice(AGENTS)),
        lambda: Filter(since=since, agent_ids=(chance.choice(AGENTS),), external_only=True),
        lambda: Filter(since=since, suspicious=True),
    )
    try:
        for place in range(rounds):
            depth = chance.random()
            at = NOW_MS - round(depth * YEAR_MS)
            cursor = encode((at, "z"))
            async with store.reading() as conn:
                begun = time.perf_counter()
                await queries.listed(conn, kinds[place % len(kinds)](), cursor)
                ours.append((time.perf_counter() - begun) * 1000)
            if place % 10:
                continue
            wanted = (
                select(recordings)
                .order_by(type_coerce(recordings.c.started_at, UtcMs().impl).desc())
                .limit(50)
                .offset(round(depth * count))
            )
            async with store.reading() as conn:
                begun = time.perf_counter()
                (await conn.execute(wanted)).all()
                theirs.append((time.perf_counter() - begun) * 1000)
    finally:
        await store.close()
    return ours, theirs


async def first_sound(seconds: int, rounds: int) -> list[float]:
    """From the click on "play" to the first sound, each time in a new page (ms)."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate(
            {"store": {"directory": folder}, "console": {"port": 0}, "agi": {"port": 0}}
        )
        async with running(settings) as now, async_playwright() as playwright:
            users = now.console.services.users
            await load(now.daemon, users, "0255500100", PASSWORD)
            id = await _keep(now.daemon, Path(folder), seconds)
            browser = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=["--autoplay-policy=no-user-gesture-required"],
            )
            page = await browser.new_page()
            await page.goto(f"{now.console.address}/login")
            await page.fill("#f-login", "admin")
            await page.fill("#f-password", PASSWORD)
            await page.click('button[type="submit"]')
            await page.wait_for_selector('body[data-live="up"]')
            for _ in range(rounds):
                await page.goto(f"{now.console.address}/recordings")
                took.append(
                    await page.evaluate(
                        """(id) => new Promise((done) => {
                            const begun = performance.now();
                            const sound = new Audio(`/recordings/${id}/audio`);
                            const look = () => {  // "timeupdate" comes four times a second only
                                if (sound.currentTime > 0) done(performance.now() - begun);
                                else requestAnimationFrame(look);
                            };
                            void sound.play();
                            look();
                        })""",
                        id,
                    )
                )
            await browser.close()
    return took


async def _keep(daemon: Daemon, folder: Path, seconds: int) -> str:
    raw = folder / "rec-1.1_1.raw"
    speech(raw, seconds)
    id, file = "h" * 26, "2026/11/20/hour.opus"
    made = await asyncio.to_thread(sound.convert, raw, folder / "recordings" / file, 0.0)
    row = next(rows(1)) | {
        "id": id,
        "file": file,
        "started_at": daemon.clock(),
        "seconds": made.seconds,
        "size": made.size,
    }
    async with daemon.store.writing() as conn:
        await conn.execute(insert(recordings).values(**row))
    return id


def main() -> None:
    """Run by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    count, rounds, seconds, plays = (50_000, 80, 300, 5) if quick else (1_000_000, 400, HOUR, 10)
    ours, theirs = asyncio.run(pages(archive(count), count, rounds))
    played = asyncio.run(first_sound(seconds, plays))
    p95, peer, heard = percentile(ours, 0.95), percentile(theirs, 0.95), percentile(played, 0.95)
    print(f"{count:,} recordings: a page p95 {p95:.1f} ms; by OFFSET {peer:.1f} ms")
    print(f"first sound of {seconds} s: p95 {heard:.0f} ms")
    tell(
        "recordings",
        p95,
        "ms p95",
        ratio=peer / p95,
        against="LIMIT OFFSET at the same depths",
        target=PAGE_LIMIT_MS,
        passed=p95 < PAGE_LIMIT_MS and heard < SOUND_LIMIT_MS,
        first_sound_ms=heard,
    )


if __name__ == "__main__":
    main()
