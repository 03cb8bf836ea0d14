"""Lists that change while somebody works in them: no choice, no focus and no row is lost."""

from __future__ import annotations

from playwright.async_api import Browser, BrowserContext, expect

from console.web.permissions import Role
from lab.office import MAIN_NUMBER
from lab.outside import City
from pbxd.agents.model import DeviceKind
from tests.browser.desk_office import DeskOffice
from tests.browser.test_desk import CALLER, state


async def test_a_choice_in_use_is_not_taken_away(desk: DeskOffice, profile: BrowserContext) -> None:
    await desk.agent("101", "김민아", DeviceKind.DESK, role=Role.ADMIN)
    other = await desk.agent("102", "이하은", DeviceKind.DESK)
    page = await desk.log_in(profile, "101")
    await page.goto(f"{desk.console.address}/supervise")
    await page.wait_for_selector('body[data-live="up"]')
    row = page.locator(f'[data-live="supervised-agents"] [data-row="{other.id}"]')
    choice = row.locator("select")
    await choice.focus()
    await choice.evaluate("select => { select.dataset.mine = 'yes'; }")
    await desk.daemon.agents.change(other.id, "이하늘", "102")
    # another row, drawn in the same round, shows that the round is over
    await desk.daemon.agents.add("박서연", "103", DeviceKind.DESK)
    await expect(page.locator('[data-live="supervised-agents"] > *')).to_have_count(3)
    await expect(row).to_contain_text("이하은")
    assert await choice.evaluate("select => select === document.activeElement")
    assert await choice.get_attribute("data-mine") == "yes"
    await choice.blur()
    await expect(row).to_contain_text("이하늘")


async def test_the_focus_stays_on_the_row_and_the_order_is_by_extension(
    desk: DeskOffice, profile: BrowserContext
) -> None:
    await desk.agent("102", "이하은", DeviceKind.DESK)
    page = await desk.log_in(profile, "102")
    link = page.locator('#colleagues a[data-call="102"]')
    await link.focus()
    first = await desk.daemon.agents.add("김민아", "101", DeviceKind.DESK)
    await expect(page.locator("#colleagues .colleague-extension")).to_have_text(["101", "102"])
    mine = desk.daemon.agents.by_extension("102")
    assert mine is not None
    await desk.daemon.agents.change(mine.id, "이하늘", "102")
    await expect(page.locator("#colleagues")).to_contain_text("이하늘")
    assert await page.evaluate("document.activeElement.dataset.call") == "102"
    await desk.daemon.agents.close(first.id)
    await expect(page.locator("#colleagues > *")).to_have_count(1)


async def test_only_what_i_can_pick_up_has_the_button(
    desk: DeskOffice, chromium: Browser, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    await desk.agent("102", "이하은", DeviceKind.DESK)
    mine = await desk.log_in(profile, "101")
    await state(mine, "available")
    elsewhere = await chromium.new_context()
    other = await desk.log_in(elsewhere, "102")
    call = await city.call(MAIN_NUMBER, CALLER)
    await expect(other.locator("#live-calls [data-pick-up]")).to_be_visible()
    await expect(mine.locator("#live-calls tbody tr")).to_have_count(1)
    await expect(mine.locator("#live-calls [data-pick-up]")).to_be_hidden()  # it rings here
    await call.hang_up()
    await expect(other.locator("#live-calls tbody tr")).to_have_count(0)
    await expect(other.locator("#live-calls .live-none")).to_be_visible()
    await expect(other.locator("#live-calls table")).to_be_hidden()
    await elsewhere.close()
