"""The customer's page, quick and advanced search, sorted lists, over HTTP: 1,000,000 customers,
3,000,000 consultations.

Times are from the request to the last byte on loopback. Beside the advanced search its peer on the
same file: the same conditions as one plain statement with LIKE, as one would write it first.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import structlog
from sqlalchemy import select, text

from benchmarks import percentile, tell
from benchmarks.big_office import SEED
from benchmarks.crm_office import crm_office
from console.customer_sorting.statement import CODED, TEXTS
from console.running import running
from console.web.permissions import Role
from pbxd.config import Settings
from pbxd.store.engine import Store
from pbxd.store.search import search_docs

FOLDER = Path(__file__).parent.parent / ".bench"
PAGE_MS, QUICK_MS, ADVANCED_MS = 60.0, 20.0, 150.0  # p95
PASSWORD = "long enough for a bench"  # noqa: S105 - of a made-up office on loopback
PEER = text(
    "SELECT id FROM customers WHERE address LIKE :place AND category = :category"
    " AND birth_month_day BETWEEN :low AND :high AND deleted_at IS NULL ORDER BY id DESC LIMIT 50"
)
PLACES = ("강남", "해운대", "제주", "수원", "테헤란로", "분당", "춘천", "전주")

Ask = Callable[[], Awaitable[object]]


async def measure(directory: Path, rounds: int) -> None:
    """All of it on one running console."""
    settings = Settings(  # type: ignore[call-arg]
        store={"directory": directory}, console={"port": 0}, agi={"port": 0}
    )
    async with running(settings) as now:
        users = now.console.services.users
        if not users.all():
            await users.create("admin", "관리자", PASSWORD, Role.ADMIN)
        chance = random.Random(SEED)
        store = now.daemon.store
        found = await _some(store, chance, rounds + 5)
        categories = [one.id for one in now.console.services.codes.of("category")]
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(now.console.address, cookie_jar=jar) as session:
            await _log_in(session, now.console.address)

            async def get(path: str) -> None:
                async with session.get(path, headers={"HX-Request": "true"}) as answer:
                    assert answer.status == 200, path
                    await answer.read()

            pages = iter(found * 3)
            names = iter(found * 3)

            async def page() -> None:
                await get(f"/customers/{next(pages)[0]}")

            async def quick() -> None:
                words = next(names)[1].split()
                word = chance.choice([words[0], words[0][:2], words[-1][-4:]])
                await get(f"/customers/quick?{urlencode({'q': word})}")

            def conditions() -> dict[str, str]:
                return {
                    "address": chance.choice(PLACES),
                    "category": chance.choice(categories),
                    "birth_month": str(chance.randrange(1, 13)),
                }

            async def advanced() -> None:
                await get(f"/customers/search?{urlencode(conditions())}")

            sorts = [*TEXTS, *CODED, "age", "birthday", "contact"]
            sorts += [one.word for one in now.console.services.fields.own()]

            async def ordered() -> None:
                sort = chance.choice(["", "-"]) + chance.choice(sorts)
                await get(f"/customers?{urlencode({'sort': sort})}")

            async def peer() -> None:
                asked = conditions()
                low = int(asked["birth_month"]) * 100
                async with store.reading() as conn:
                    await conn.execute(
                        PEER,
                        {
                            "place": f"%{asked['address']}%",
                            "category": asked["category"],
                            "low": low,
                            "high": low + 99,
                        },
                    )

            print(f"{'':42} {'p50':>9} {'p95':>9} {'p99':>9} ms")
            took_page = await _timed("customer page", rounds, page)
            took_quick = await _timed("quick search", rounds, quick)
            took_advanced = await _timed("advanced search, 3 conditions", rounds, advanced)
            took_ordered = await _timed("list sorted by any column", rounds, ordered)
            took_peer = await _timed("  the same with LIKE", max(5, rounds // 10), peer)
    p95 = {
        "page": percentile(took_page, 0.95),
        "quick": percentile(took_quick, 0.95),
        "advanced": percentile(took_advanced, 0.95),
        "sorted": percentile(took_ordered, 0.95),
    }
    passed = (
        p95["page"] < PAGE_MS
        and p95["quick"] < QUICK_MS
        and max(p95["advanced"], p95["sorted"]) < ADVANCED_MS
    )
    tell(
        "customer_page",
        p95["page"],
        "ms p95",
        ratio=percentile(took_peer, 0.95) / p95["advanced"],
        against="advanced search as one statement with LIKE",
        target=PAGE_MS,
        passed=passed,
        quick_ms=p95["quick"],
        advanced_ms=p95["advanced"],
        sorted_ms=p95["sorted"],
    )


async def _some(store: Store, chance: random.Random, count: int) -> list[tuple[str, str]]:
    """(id, text) of customers by chance."""
    async with store.reading() as conn:
        top = (await conn.execute(text("SELECT max(rowid) FROM search_docs"))).scalar_one()
        some = [chance.randrange(1, top) for _ in range(count)]
        wanted = select(search_docs).where(search_docs.c.rowid.in_(some))
        return [(row.id, row.plain) for row in await conn.execute(wanted)]


async def _log_in(session: aiohttp.ClientSession, address: str) -> None:
    form = {"login": "admin", "password": PASSWORD}
    async with session.post("/login", data=form, headers={"Origin": address}) as answer:
        assert answer.status == 200


async def _timed(name: str, rounds: int, ask: Ask) -> list[float]:
    took: list[float] = []
    for place in range(rounds + 3):
        started = time.perf_counter()
        await ask()
        if place >= 3:
            took.append((time.perf_counter() - started) * 1000)
    p50, p95, p99 = (percentile(took, share) for share in (0.5, 0.95, 0.99))
    print(f"{name:42} {p50:9.2f} {p95:9.2f} {p99:9.2f}", flush=True)
    return took


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the data")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    size = (50_000, 150_000) if quick else (1_000_000, 3_000_000)
    directory = crm_office(FOLDER, *size)
    asyncio.run(measure(directory, 60 if quick else 300))


if __name__ == "__main__":
    main()
