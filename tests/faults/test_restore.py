"""The drill: backup and restore of a running pbxd, in the browser and by hand."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from lab.office import Office
from pbxd.app import DATABASE
from tests.browser.conftest import ARGUMENTS
from tests.faults.daemon import DaemonProcess
from tests.store.test_backup import agents, held, recorded

LATER = ("user", "add", "later", "--extension", "105")
PASSWORD = "a-long-password"


async def pbxd(daemon: DaemonProcess, *words: str, typed: str = "") -> tuple[int, str]:
    """A command of the engineer; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pbxd", *words, "--config", str(daemon.file),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(30):
        said, _ = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, said.decode()


@pytest.fixture
async def daemon(office: Office, tmp_path: Path) -> AsyncIterator[DaemonProcess]:
    process = DaemonProcess(office, tmp_path)
    assert (await pbxd(process, "user", "add", "boss", "--role", "admin", typed=PASSWORD))[0] == 0
    await process.start()
    yield process
    await process.end(signal.SIGKILL)


async def test_in_the_browser(daemon: DaemonProcess) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        page = await browser.new_page(locale="ko-KR")
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))  # noqa: TID251

        async def log_in(address: str) -> None:
            await page.goto(f"{address}/settings/backup")
            await page.fill("[name=login]", "boss")
            await page.fill("[name=password]", PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/account/first")  # who made the account gave the password
            await page.fill("[name=password]", f"my-own-{PASSWORD}")
            await page.fill("[name=again]", f"my-own-{PASSWORD}")
            await page.keyboard.press("Enter")
            await page.wait_for_url(lambda address: "/account/first" not in address)
            await page.wait_for_selector('body[data-live="up"]')
            await page.goto(f"{address}/settings/backup")

        await log_in(daemon.address)
        # the first one was made by itself
        await expect(page.locator("tr[data-backup]")).to_have_count(1, timeout=15_000)
        await page.get_by_role("button", name="지금 백업").click()
        await expect(page.locator("tr[data-backup]")).to_have_count(2)
        data = daemon.folder / "data"
        assert (await pbxd(daemon, *LATER, typed=PASSWORD))[0] == 0
        assert agents(data / DATABASE) == {"later"}
        await page.locator("tr[data-backup]").first.get_by_role("button", name="복원").click()
        await expect(page.locator("h1")).to_have_text("백업을 복원하고 있습니다")
        assert daemon.process is not None
        assert daemon.process.stdout is not None
        async with asyncio.timeout(20):  # the same process, started again
            while not (line := (await daemon.process.stdout.readline()).decode()).startswith(
                "pbxd: "
            ):
                assert line, "it has ended"
        assert agents(data / DATABASE) == set()
        # the log-in of that time holds: it was in the backup
        await page.goto(f"{line.removeprefix('pbxd: ').strip()}/settings/backup")
        await expect(page.locator("tr[data-backup]")).to_have_count(2)
        (aside,) = (data / "backups").glob("before-restore-*.sqlite3")
        assert agents(aside) == {"later"}
        await browser.close()


async def test_by_hand(daemon: DaemonProcess, tmp_path: Path) -> None:
    data = daemon.folder / "data"
    recorded(data, "spoken")
    code, said = await pbxd(daemon, "backup", "--recordings", "--to", str(tmp_path / "usb"))
    assert code == 0, said
    assert "tried out" in said
    assert "1 recordings are beside it" in said
    (file,) = (tmp_path / "usb").glob("*.sqlite3")
    assert (await pbxd(daemon, "user", "add", "later", "--extension", "105", typed=PASSWORD))[
        0
    ] == 0
    code, said = await pbxd(daemon, "restore", str(file))
    assert (code, "stop it first" in said) == (1, True), said
    await daemon.end(signal.SIGTERM)
    code, said = await pbxd(daemon, "restore", str(tmp_path / "nowhere"))
    assert code == 1
    shutil.rmtree(data / "recordings")
    code, said = await pbxd(daemon, "restore", str(file))
    assert code == 0, said
    assert agents(data / DATABASE) == set()
    assert held(data) == {"spoken"}
    await daemon.start()
