"""The console alone, with the sample office and no PBX, and a browser without a microphone."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from console.running import Running, running
from console.sample.load import load
from lab.office import Office
from lab.waiting import PATIENCE
from pbxd.config import Settings
from tests.browser.chromium import ARGUMENTS, chromium_with
from tests.browser.desk_office import DeskOffice

expect.set_options(timeout=5_000 * PATIENCE)

BROWSER_HZ = 880  # what an agent says whose browser nobody has to tell from another
PASSWORD = "long enough for a test"
ARTEFACTS = Path(__file__).parents[1] / "artefacts"


@dataclass(slots=True)
class SampleConsole:
    """A running console: `admin`, `101` … `108`, all with PASSWORD."""

    now: Running
    browser: Browser

    @property
    def address(self) -> str:
        """Where it listens."""
        return self.now.console.address

    async def page(
        self, locale: str = "ko-KR", width: int = 1366, height: int = 768, scheme: str = "light"
    ) -> Page:
        """An empty page of a browser of its own; a script's error fails the test later.

        Without the service worker: as soon as it lives, `page.route` does not see what it asks for.
        """
        context = await self.browser.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            service_workers="block",
        )
        page = await context.new_page()
        await page.goto(f"{self.address}/login")
        return page

    async def logged_in(self, login: str = "admin", locale: str = "ko-KR") -> Page:
        """A page in step with the server."""
        page = await self.page(locale)
        await log_in(page, login)
        return page


async def log_in(page: Page, login: str) -> None:
    """From the log-in page to where it leads."""
    await page.fill("#f-login", login)
    await page.fill("#f-password", PASSWORD)
    await page.click('button[type="submit"]')
    await page.wait_for_selector('body[data-live="up"]')


@asynccontextmanager
async def redrawn(page: Page, part: str = "#main > *") -> AsyncIterator[None]:
    """What is done inside has this part of the page drawn anew; waits until it is."""
    await page.locator(part).first.evaluate("one => { one.dataset.before = '' }")
    yield
    await page.locator("[data-before]").wait_for(state="detached")


LINK = """(path) => {
  const link = Object.assign(document.createElement("a"), { href: path });
  link.dataset.nav = "";
  document.body.append(link);
  link.click();
  link.remove();
}"""


async def go(page: Page, path: str) -> None:
    """To another page as by a link of the console: only the main pane is drawn, which is quick."""
    async with redrawn(page):
        await page.evaluate(LINK, path)
    assert page.url.endswith(path), page.url


_offices: list[Path] = []  # filled once by each process, copied for each module


async def _filled(values: dict[str, Any]) -> Path:
    """A data directory with the sample in it, of a console that was stopped."""
    if not _offices:
        folder = Path(tempfile.mkdtemp(prefix="pbxd-office-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        async with running(Settings(**values | {"store": {"directory": folder}})) as now:
            services, backups = now.console.services, now.daemon.backups
            backups.policy = replace(backups.policy, automatic=False)  # none while it is copied
            await load(now.daemon, services.users, services.customers, "0255500100", PASSWORD)
            await backups.make()  # and none is due in the copies
        _offices.append(folder)
    return _offices[0]


@asynccontextmanager
async def sample_console(folder: Path, **more: Any) -> AsyncIterator[SampleConsole]:
    """The sample office; `more`: further settings."""
    values = {
        "store": {"directory": folder},
        "console": {"port": 0},
        "agi": {"port": 0},
        "office": {"name": "한빛상사"},
    }
    office = await _filled(values | {"store": {}})
    await asyncio.to_thread(shutil.copytree, office, folder, dirs_exist_ok=True)
    async with running(Settings(**values | more)) as now, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        yield SampleConsole(now, browser)
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SampleConsole]:
    """One a module; tests that change something make it theirs."""
    async with sample_console(tmp_path_factory.mktemp("sample")) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), BROWSER_HZ) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def profile(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport={"width": 1366, "height": 768})
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    async with DeskOffice.open(office, tmp_path) as running:
        yield running
