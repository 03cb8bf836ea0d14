"""All data to Excel (S1-44) as an administrator uses it; nobody else can."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Page, expect

from tests.browser.conftest import SampleConsole
from tests.browser.test_console_pictures import ARTEFACTS, fits
from tests.browser.test_users import posted

STUCK = (
    "import json, sys; sys.stdin.readline();"
    "print(json.dumps({'table': 'calls', 'rows': 1200, 'of': 4000}), flush=True); sys.stdin.read()"
)


async def opened(sample: SampleConsole) -> Page:
    sample.now.console.services.exports.keep_free = 0  # a test's disk may be nearly full
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/settings")
    await page.get_by_role("link", name="전체 자료 엑셀 저장").click()
    await expect(page.locator("h1")).to_have_text("전체 자료 엑셀 저장")
    return page


async def test_made_downloaded_and_read(sample: SampleConsole, tmp_path: Path) -> None:
    page = await opened(sample)
    await page.get_by_role("button", name="파일 만들기").click()
    ready = page.get_by_role("link", name="다운로드")
    await expect(ready).to_be_visible(timeout=30_000)  # without a reload
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "export-ready-ko-phone.png")
    async with page.expect_download() as loading:
        await ready.click()
    download = await loading.value
    assert download.suggested_filename.startswith("pbxd-20")
    await download.save_as(tmp_path / "all.xlsx")
    book = load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert book.sheetnames[0] == "목차"
    head, *lines = book["customers"].values
    names = {line[head.index("name")] for line in lines}
    assert len(lines) == await sample.now.console.services.customers.count()
    assert "홍길동" in names or len(names) > 10
    everything = "\n".join(str(row) for name in book.sheetnames for row in book[name].values)
    users = next(iter(book["users"].values))
    assert "login" in users
    assert "argon2" not in everything, "no password's hash, in whatever column"
    cookies = await page.context.cookies()
    assert all(cookie["value"] not in everything for cookie in cookies if len(cookie["value"]) > 20)
    await page.get_by_role("button", name="삭제").click()
    await expect(ready).to_have_count(0)
    gone = await page.request.get(download.url)
    assert gone.status == 404


async def test_its_progress_is_seen_and_it_can_be_stopped(
    sample: SampleConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await opened(sample)
    exports = sample.now.console.services.exports
    monkeypatch.setattr(exports, "command", (sys.executable, "-c", STUCK))
    await page.get_by_role("button", name="파일 만들기").click()
    await expect(page.get_by_role("status").filter(has_text="4,000행 중 1,200행")).to_be_visible()
    await expect(page.locator("progress")).to_have_attribute("value", "1200")
    await page.screenshot(path=ARTEFACTS / "export-runs-ko-wide.png")
    assert await posted(page, sample, "/settings/export") == 409, "one at a time"
    await page.get_by_role("button", name="취소").click()
    await expect(page.get_by_role("button", name="파일 만들기")).to_be_visible()
    assert exports.now is None


async def test_a_full_disk_is_said_in_words(
    sample: SampleConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await opened(sample)
    monkeypatch.setattr(sample.now.console.services.exports, "keep_free", 2**62)
    await page.get_by_role("button", name="파일 만들기").click()
    await expect(page.get_by_role("alert")).to_contain_text("디스크 공간이 부족합니다")


@pytest.mark.parametrize("login", ["101", "108"])
async def test_nobody_else_can(sample: SampleConsole, login: str) -> None:
    """Not even a supervisor; and nobody can be given that right."""
    other = await sample.logged_in(login)
    assert (await other.request.get(f"{sample.address}/settings/export")).status == 403
    assert (await other.request.get(f"{sample.address}/settings/export/x")).status == 403
    assert await posted(other, sample, "/settings/export") == 403
    assert await posted(other, sample, "/settings/export/cancel") == 403
    page = await sample.logged_in("admin")
    for user in sample.now.console.services.users.all():
        if user.login == login:
            await page.goto(f"{sample.address}/users/{user.id}")
    await expect(page.locator('[name="calls:view"]')).to_have_count(1)
    await expect(page.locator('[name="backup:export"]')).to_have_count(0)
