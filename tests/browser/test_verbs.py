"""What an agent does with a call in the browser: hold, transfer, consult, pick up, be rescued."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Dialog, Page, expect

from lab.hearing import MIXED, hears, loud_seconds
from lab.office import MAIN_NUMBER
from lab.outside import City, CityCall, plays
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.phonebook.model import Entry
from tests.browser.chromium import chromium_with
from tests.browser.desk_office import DeskOffice
from tests.browser.hearing import LISTEN, heard_in
from tests.pbx.verbs import hears_more

MINE_HZ, THEIRS_HZ, COLLEAGUE_HZ, SECOND_HZ = 880, 520, 660, 600
CALLER = plays(THEIRS_HZ)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), MINE_HZ) as browser:
        yield browser


async def profile_of(chromium: Browser) -> BrowserContext:
    context = await chromium.new_context(
        permissions=["microphone"], viewport={"width": 1366, "height": 768}
    )
    await context.add_init_script(LISTEN)
    return context


@pytest_asyncio.fixture(loop_scope="session")
async def profile(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await profile_of(chromium)
    yield context
    await context.close()


async def state(page: Page, wanted: str) -> None:
    """Until the call bar says so."""
    await expect(page.locator("#callbar")).to_have_attribute("data-state", wanted)


async def in_call(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> tuple[Page, CityCall]:
    """Agent 101 talks in the browser with a customer who called."""
    await desk.agent("101", "김민아")
    await desk.customer("김서준", CALLER)
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
    await state(page, "ringing")
    await page.keyboard.press("Alt+KeyA")
    await state(page, "up")
    await agent_hears(page, THEIRS_HZ, tmp_path)
    await hears_more(call.heard, MINE_HZ)
    return page, call


async def agent_hears(page: Page, hz: int, folder: Path) -> None:
    """Until the agent's browser has heard the tone for a second in its latest call."""

    async def heard() -> bool:
        return hears(await heard_in(page, folder / "agent.wav"), hz) > 1

    await until(heard, f"the agent hears {hz} Hz", 15)


async def test_hold_and_resume(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await page.keyboard.press("Alt+KeyW")
    await state(page, "held")
    quiet, loud = hears(call.heard, MINE_HZ), loud_seconds(call.heard)
    await until(lambda: loud_seconds(call.heard) > loud + 3, "the customer hears music", 15)
    assert hears(call.heard, MINE_HZ) < quiet + 1.5, "and not the agent (but what was on its way)"
    await page.click('[data-main="hold"]')
    await state(page, "up")
    await hears_more(call.heard, MINE_HZ)
    await page.keyboard.press("Alt+KeyH")
    await call.wait_ended()
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    assert (await desk.records())[0].hold_seconds > 2


async def test_ask_a_colleague_and_hand_over(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await desk.agent("102", "이하은", DeviceKind.DESK)
    colleague = await desk_phone("102", COLLEAGUE_HZ)
    await page.keyboard.press("Alt+KeyT")
    chosen = page.locator('#targets [data-target="102"] button')
    await expect(chosen).to_contain_text("이하은")
    await chosen.click()
    await page.keyboard.press("Shift+Enter")
    await colleague.wait_ringing()
    await expect(page.locator(".callbar-parties")).to_contain_text("이하은")
    await colleague.answer()
    await agent_hears(page, COLLEAGUE_HZ, tmp_path)
    await hears_more(colleague, MINE_HZ)
    await page.keyboard.press("Alt+KeyC")
    await state(page, "available")
    await hears_more(call.heard, COLLEAGUE_HZ)
    await call.hang_up()
    await colleague.wait_idle()


async def test_a_transfer_brings_customer_and_note_to_the_colleagues_screen(
    desk: DeskOffice, chromium: Browser, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await desk.agent("102", "이하은")
    other = await profile_of(chromium)
    try:
        there = await desk.log_in(other, "102")
        await state(there, "available")
        await page.click('[data-main="transfer"]')
        await page.fill('[data-part="transfer-to"]', "102")
        await page.fill('[data-part="transfer-note"]', "환불 문의 <b>급함</b>")
        await page.click('[data-way="transfer"]')
        await state(there, "ringing")
        pop = there.locator(".pop")
        await expect(pop.locator(".pop-name")).to_have_text("김서준")
        await expect(pop.locator(".pop-handed")).to_contain_text("김민아")
        await expect(pop.locator(".pop-note")).to_have_text("환불 문의 <b>급함</b>")
        await state(page, "available")
        await there.keyboard.press("Alt+KeyA")
        await state(there, "up")
        await agent_hears(there, THEIRS_HZ, tmp_path)
        await call.hang_up()
    finally:
        await other.close()


async def test_a_transfer_to_an_entry_of_the_phonebook(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    outside = plays(COLLEAGUE_HZ)
    page, call = await in_call(desk, profile, city, tmp_path)
    await desk.daemon.phonebook.save(Entry("", "", "협력업체", outside, "거래처"))
    await page.click('[data-main="transfer"]')
    await page.fill('[data-part="transfer-to"]', "협력")
    chosen = page.locator("#targets [data-target]:visible")
    await expect(chosen).to_have_count(1)
    await expect(chosen).to_contain_text("전화번호부")
    await chosen.locator("button").click()
    await page.click('[data-way="transfer"]')
    await state(page, "available")
    await hears_more(call.heard, COLLEAGUE_HZ)
    await call.hang_up()


async def test_a_target_that_cannot_be_reached_is_said_and_nothing_is_lost(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await page.click('[data-main="transfer"]')
    await page.fill('[data-part="transfer-to"]', "00212345678")
    await page.fill('[data-part="transfer-note"]', "메모")
    await page.keyboard.press("Enter")
    await expect(page.locator("#callbar-error")).to_contain_text("국제")
    assert await page.input_value('[data-part="transfer-note"]') == "메모"
    await hears_more(call.heard, MINE_HZ)
    await call.hang_up()
    await expect(page.locator('[data-part="transfer"]')).to_be_hidden()


async def test_a_reloaded_page_has_its_customer_again(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    asked: list[str] = []

    async def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", leave)
    await page.reload()
    assert asked == ["beforeunload"], "the agent was warned"
    await state(page, "up")
    await hears_more(call.heard, MINE_HZ)
    await agent_hears(page, THEIRS_HZ, tmp_path)
    await page.keyboard.press("Alt+KeyH")
    assert await call.wait_ended() == 16
    await state(page, "available")
    await until(lambda: desk.daemon.history.written == 1, "one call, one record")


async def test_a_crashed_browsers_customer_goes_to_the_desk_phone(
    desk: DeskOffice, chromium: Browser, city: City, talk_phone: MakeTalkPhone, tmp_path: Path
) -> None:
    lost = await profile_of(chromium)
    page, call = await in_call(desk, lost, city, tmp_path)
    phone = await talk_phone("101", hz=COLLEAGUE_HZ)
    del page
    await lost.close()
    await phone.wait_established(20)
    await hears_more(call.heard, COLLEAGUE_HZ)
    await call.hang_up()
    await phone.wait_idle()


async def test_a_colleagues_ringing_call_is_picked_up(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone, tmp_path: Path
) -> None:
    await desk.agent("101", "김민아")
    await desk.agent("102", "이하은", DeviceKind.DESK)
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    colleague = await desk_phone("102", COLLEAGUE_HZ)
    link = await desk.office.ami()
    await link.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="ext:102")
    try:
        call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
        await colleague.wait_ringing()
        await expect(page.locator("#live-calls [data-pick-up]")).to_be_visible()
        await page.keyboard.press("Alt+KeyP")
        await colleague.wait_idle()
        await state(page, "up")
        await hears_more(call.heard, MINE_HZ)
        await agent_hears(page, THEIRS_HZ, tmp_path)
        await call.hang_up()
    finally:
        await link.action("DBDel", Family="pbxd/did", Key=MAIN_NUMBER)
        link.close()


async def test_two_calls_at_once_are_swapped_and_merged(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    second = await city.call(MAIN_NUMBER, "01022223333", audio=SECOND_HZ)
    rows = page.locator(".callbar-call")
    await expect(rows).to_have_count(2)
    await page.keyboard.press("Alt+KeyA")
    await second.wait_answered()
    first_row, second_row = rows.filter(has_text="김서준"), rows.filter(has_text="010-2222-3333")
    await expect(first_row).to_have_attribute("data-state", "held")
    await hears_more(second.heard, MINE_HZ)

    await first_row.locator('[data-do="resume"]').click()
    await expect(first_row).to_have_attribute("data-state", "up")
    await expect(second_row).to_have_attribute("data-state", "held")
    await hears_more(call.heard, MINE_HZ)

    await page.keyboard.press("Alt+KeyJ")
    await expect(rows).to_have_count(1)
    await hears_more(call.heard, SECOND_HZ, share=MIXED)
    await hears_more(second.heard, THEIRS_HZ, share=MIXED)
    await expect(rows.locator('[data-row="parties"]')).to_contain_text("010-2222-3333")
    await page.keyboard.press("Alt+KeyH")
    await state(page, "available")
    await hears_more(call.heard, SECOND_HZ)
    await call.hang_up()
    await second.wait_ended()  # nobody is left to talk with


async def test_abuse_is_blocked_by_two_presses_and_leaves_its_file(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await page.keyboard.press("Alt+KeyX")
    kind = page.locator('[data-abuse-kind="abuse"]')
    await expect(kind).to_contain_text("폭언")
    await kind.click()
    await expect(kind).to_contain_text("한 번 더")
    assert call.state == "answered", "one press is none"
    await kind.click()
    await state(page, "available")
    await expect(page.locator("#toasts")).to_contain_text("김민아")
    assert call.state == "answered", "the customer hears the announcement"
    assert await call.wait_ended(20) == 16
    await expect(page.locator('[data-away-part="rest"]')).to_be_visible()
    await page.goto(f"{desk.console.address}/abuse")
    row = page.locator("tbody tr").first
    await expect(row).to_contain_text("김서준")
    await row.locator("a.button").click()
    await expect(page.locator(".incident-file")).to_contain_text("010-0000-0520")
    customer = (await desk.console.services.customers.page(size=5)).rows[0]
    assert customer.details.caution


async def test_a_supervisor_listens_whispers_and_takes_over(
    desk: DeskOffice, chromium: Browser, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    page, call = await in_call(desk, profile, city, tmp_path)
    await desk.agent("108", "윤지호")
    other = await profile_of(chromium)
    try:
        boss = await desk.log_in(other, "108")
        await state(boss, "available")
        await boss.goto(f"{desk.console.address}/supervise")
        await state(boss, "available")
        row = boss.locator("[data-supervised-call]")
        await expect(row).to_contain_text("김서준")
        await row.locator('[data-mode="listen"]').click()
        await expect(row).to_contain_text("윤지호")
        await agent_hears(boss, THEIRS_HZ, tmp_path)
        await expect(page.locator(".callbar-parties")).to_have_text("")
        await row.locator('[data-mode="whisper"]').click()
        await expect(page.locator(".callbar-parties")).to_contain_text("윤지호")
        await row.locator('[data-supervise="take-over"]').click()
        await state(page, "available")
        await state(boss, "up")
        await expect(boss.locator(".pop-handed")).to_contain_text("김민아")
        await hears_more(call.heard, MINE_HZ)
        await call.hang_up()
    finally:
        await other.close()
