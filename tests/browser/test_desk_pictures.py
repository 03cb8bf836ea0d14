"""Pictures of the desk in each language at both sizes, for people to look at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from pbxd.agents.model import DeviceKind
from tests.browser.chromium import chromium_with
from tests.browser.desk_office import DeskOffice

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
SIZES = {"wide": (1366, 768), "phone": (360, 740)}
BEYOND = """() => [...document.querySelectorAll("#callbar button")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.innerText)"""
NAMES = ("김민아", "이하은", "박도윤", "최지우", "정민서", "강예준", "조수아", "윤지호")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), 880) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    async with DeskOffice.open(office, tmp_path) as running:
        yield running


async def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner
    assert await page.evaluate(BEYOND) == []


@pytest.mark.parametrize("language", ["ko", "zh_Hant", "en"])
async def test_pictures(desk: DeskOffice, chromium: Browser, city: City, language: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    for index, name in enumerate(NAMES):
        kind = DeviceKind.BROWSER if index == 0 else DeviceKind.DESK
        await desk.agent(str(101 + index), name, kind, language=language)
    known, shared = plays(520), plays(530)
    await desk.customer("김서준", known, company="한빛상사", vip=True, caution=True,
                        address="서울특별시 마포구 월드컵북로 400, 12층",
                        memo="오후에 전화 달라고 하심. 필터 교체 주기 문의")  # fmt: skip
    await desk.customer("이지우", shared)
    await desk.customer("이정호", shared, company="같은 집")
    context = await chromium.new_context(permissions=["microphone"])
    page = await desk.log_in(context, "101")
    bar = page.locator("#callbar")
    await expect(bar).to_have_attribute("data-state", "available")

    async def shoot(name: str) -> None:
        for size, (width, height) in SIZES.items():
            await page.set_viewport_size({"width": width, "height": height})
            await fits(page)
            await page.screenshot(path=ARTEFACTS / f"desk-{name}-{language}-{size}.png")

    for number in (known, None):
        missed = await city.call(MAIN_NUMBER, number)
        await expect(bar).to_have_attribute("data-state", "ringing")
        await missed.hang_up()
        await expect(bar).to_have_attribute("data-state", "available")
    await expect(page.locator("#recent-calls tbody tr")).to_have_count(2)
    await shoot("idle")
    first = await city.call(MAIN_NUMBER, known)
    await expect(page.locator(".pop .pop-facts")).to_be_visible()
    await shoot("ringing")
    await page.click('[data-main="answer"]')
    await first.wait_answered()
    second = await city.call(MAIN_NUMBER, shared)
    await expect(page.locator(".pop-candidates li")).to_have_count(2)
    await shoot("talking")
    await page.click('[data-main="keypad"]')
    await shoot("keypad")
    await second.hang_up()
    await first.hang_up()
    await expect(bar).to_have_attribute("data-state", "available")
    await page.click('[data-part="phone-menu-opener"]')
    await shoot("devices")
    await page.fill('[data-part="number"]', "전화 주세요")
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-part="error"]')).to_be_visible()
    await shoot("error")
    await context.close()
