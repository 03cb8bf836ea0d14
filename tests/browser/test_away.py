"""The Away button as a user presses it: menu, keys, other pages, settings; and how it looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from console.web.permissions import Role
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.agents.presence import By
from pbxd.events import PresenceKind
from tests.browser.chromium import chromium_with
from tests.browser.desk_office import DeskOffice

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
SIZES = {"wide": (1366, 768), "phone": (360, 740)}
BUTTON = '[data-away-part="button"]'
MENU = '[data-away-part="menu"]'
NOTE = '[data-away-part="note"]'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), 880) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    async with DeskOffice.open(office, tmp_path) as running:
        yield running


async def shoot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        outer, inner = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert outer <= inner
        await page.screenshot(path=ARTEFACTS / f"away-{name}-{size}.png")
    await page.set_viewport_size({"width": 1366, "height": 768})


async def motion(page: Page) -> str:
    """What the button's sign does."""
    sign = page.locator(f"{BUTTON} .sign")
    return str(await sign.evaluate("sign => getComputedStyle(sign).animationName"))


async def test_a_day_with_the_away_button(
    desk: DeskOffice, chromium: Browser, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    mina = await desk.agent("101", "김민아", DeviceKind.DESK, role=Role.ADMIN)
    await desk.agent("102", "이하은", DeviceKind.DESK)
    presence = desk.daemon.presence
    context = await chromium.new_context()
    page = await desk.log_in(context, "101")
    tab = await desk.another_tab(page)
    bar, button = page.locator("#callbar"), page.locator(BUTTON)
    await expect(bar).to_have_attribute("data-state", "available")

    # by key: the menu, then the figure of the second reason
    await page.keyboard.press("Alt+y")
    await expect(page.locator(MENU)).to_be_visible()
    await expect(page.locator("[data-away-reason]")).to_have_count(5)
    await shoot(page, "menu")
    await page.keyboard.press("2")
    for one in (page, tab):
        await expect(one.locator("#callbar")).to_have_attribute("data-presence", "away")
        await expect(one.locator(BUTTON)).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".away-word")).to_have_text("식사")
    await expect(page.locator("#colleagues .colleague-away .colleague-state")).to_contain_text(
        "식사"
    )
    assert presence.of(mina.id).word == "meal"
    blinks = await page.locator(f"{BUTTON} .sign").evaluate(
        "e => getComputedStyle(e).animationName"
    )
    assert blinks == "away-blink"
    await page.emulate_media(reduced_motion="reduce")
    still = await page.locator(f"{BUTTON} .sign").evaluate("e => getComputedStyle(e).animationName")
    assert still == "none"
    await page.emulate_media(reduced_motion="no-preference")
    await shoot(page, "away")

    # it survives the log-out; the phone stays silent; one press brings calls back
    await tab.close()
    await context.clear_cookies()
    page = await desk.log_in(context, "101")
    button = page.locator(BUTTON)
    await expect(page.locator("#callbar")).to_have_attribute("data-presence", "away")
    call = await city.call(MAIN_NUMBER, "01012345678")
    await call.wait_ended()
    assert not phone.calls
    await button.click()
    await expect(page.locator("#callbar")).to_have_attribute("data-presence", "")
    assert presence.of(mina.id).reachable

    # calls that nobody answered: it is said
    await presence.away(mina.id, "", By.AUTO)
    await expect(page.locator(NOTE)).to_contain_text("연속으로")
    await shoot(page, "missed")
    await page.keyboard.press("Alt+y")
    await expect(page.locator(NOTE)).to_be_hidden()

    # a rest after a hard call
    presence.offer_rest(mina.id)
    await expect(page.locator('[data-away-do="rest"]')).to_contain_text("휴식")
    await shoot(page, "rest")
    await page.click('[data-away-do="rest"]')
    await expect(page.locator(".away-word")).to_have_text("휴식")
    assert presence.of(mina.id).by is By.ABUSE
    await page.click(BUTTON)
    await context.close()


async def test_wrap_up_and_the_office_s_settings(
    desk: DeskOffice, chromium: Browser, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    mina = await desk.agent("101", "김민아", DeviceKind.DESK, role=Role.ADMIN)
    presence = desk.daemon.presence
    context = await chromium.new_context()
    await context.clock.install()
    page = await desk.log_in(context, "101")
    await page.goto(f"{desk.console.address}/settings/presence")
    await page.wait_for_selector('body[data-live="up"]')
    await shoot(page, "settings")
    await page.fill("#f-wrap_up_seconds", "950")
    await page.click('form[action="/settings/presence"] button')
    await expect(page.locator(".field-error")).to_contain_text("900")
    await expect(page.locator("#f-wrap_up_seconds")).to_have_value("950")
    await page.fill("#f-wrap_up_seconds", "300")
    await page.click('form[action="/settings/presence"] button')
    await expect(page.locator(".field-error")).to_have_count(0)
    await page.fill("#f-name-new", "은행")
    await page.fill("#f-minutes-new", "20")
    await page.click(".presence-new button")
    await expect(page.locator(".presence-reason")).to_have_count(6)
    assert presence.options.wrap_up_seconds == 300

    # a call with a customer, then time to write
    call = await city.call(MAIN_NUMBER, "01012345678")
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "up")
    await phone.hang_up()
    await expect(page.locator("#callbar")).to_have_attribute("data-presence", "wrap_up")
    until_first = presence.of(mina.id).until
    await page.keyboard.press("Alt+y")
    await shoot(page, "wrap-up")
    await page.click('[data-away-do="extend"]')

    def longer() -> bool:
        now = presence.of(mina.id).until
        return now is not None and until_first is not None and now > until_first

    await until(longer, "a minute more")
    await page.keyboard.press("Alt+y")
    await page.click('[data-away-do="end"]')
    await expect(page.locator("#callbar")).to_have_attribute("data-presence", "")
    assert presence.of(mina.id).kind is PresenceKind.AVAILABLE

    # the new reason is in the menu at once; while somebody is away by it, it cannot go
    await page.keyboard.press("Alt+y")
    await page.click('[data-away-reason]:has-text("은행")')
    await expect(page.locator(".away-word")).to_have_text("은행")
    await page.goto(f"{desk.console.address}/settings/presence")
    row = page.locator(".presence-reason").nth(5)
    await expect(row).to_contain_text("김민아")
    await expect(row.locator('form[action$="/remove"] button')).to_be_disabled()
    await expect(page.locator(NOTE)).to_be_hidden()
    await context.clock.fast_forward("21:00")
    await expect(page.locator(NOTE)).to_contain_text("시간이 지났습니다")
    await shoot(page, "over")
    assert presence.of(mina.id).kind is PresenceKind.AWAY
    await context.close()
