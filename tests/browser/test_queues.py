"""A queue made in the browser, an agent who logs in, and the wallboard that follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from console.web.permissions import Role
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from pbxd.agents.model import DeviceKind
from tests.browser.chromium import chromium_with
from tests.browser.desk_office import DeskOffice

ARTEFACTS = Path(__file__).parents[1] / "artefacts"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), 880) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    async with DeskOffice.open(office, tmp_path) as running:
        yield running
        for queue in running.daemon.queues.all():
            await running.daemon.queues.remove(queue.word)


async def test_a_queue_from_its_making_to_the_wallboard(
    desk: DeskOffice, chromium: Browser, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", 660)
    await desk.agent("101", "김민아", DeviceKind.DESK, role=Role.ADMIN)
    context = await chromium.new_context(viewport={"width": 1366, "height": 768})
    page = await desk.log_in(context, "101")
    await page.goto(f"{desk.console.address}/queues")
    form = page.locator('form[data-draft="queue-new"]')
    await form.locator('[name="word"]').fill("Bad Word")
    await form.locator('[name="name"]').fill("상담")
    await form.locator('[name="number"]').fill(MAIN_NUMBER)
    await form.locator('[name="member"]').check()
    await form.locator('button[type="submit"]').click()
    await expect(form.locator(".field-error")).to_be_visible()
    assert await form.locator('[name="name"]').input_value() == "상담"
    await form.locator('[name="word"]').fill("consult")
    await form.locator('button[type="submit"]').click()
    mine = page.locator(".queue-here")
    await expect(mine).to_contain_text("참여 중")
    await mine.locator("button").click()
    await expect(mine).to_contain_text("참여 안 함")

    await page.goto(f"{desk.console.address}/wallboard")
    figures = page.locator(".wall-figure dd")
    call = await city.call(MAIN_NUMBER, "01012345678", audio=440)
    await expect(figures.nth(0)).to_have_text("1")
    await page.screenshot(path=ARTEFACTS / "wallboard.png")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.screenshot(path=ARTEFACTS / "wallboard-360.png")
    (agent,) = desk.daemon.agents.all()
    await desk.daemon.queues.log_in("consult", agent.id, True)
    await phone.wait_ringing()
    await phone.answer()
    await expect(figures.nth(2)).to_have_text("1")
    await expect(figures.nth(0)).to_have_text("0")
    await expect(figures.nth(5)).to_have_text("100%")
    await call.hang_up()
    await phone.wait_idle()
    await context.close()
