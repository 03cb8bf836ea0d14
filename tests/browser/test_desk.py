"""The main job: a real call from outside to the agent's screen and ear, and back."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from console.web.permissions import Role
from lab.hearing import hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.ring_me import RingMe
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.calls.model import Direction, Outcome
from tests.browser.chromium import chromium_with
from tests.browser.desk_office import DeskOffice
from tests.browser.hearing import LISTEN, heard_in

MINE_HZ, THEIRS_HZ = 880, 520
CALLER = plays(THEIRS_HZ)  # called back, this number answers with the same tone
SHOWN = "010-0000-0520"
OFFICE_ZONE = ZoneInfo("Asia/Seoul")
BEFORE_SECOND_RING_S = 3.0  # a Korean phone rings 1 s and pauses 2 s


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), MINE_HZ) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def profile(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(
        permissions=["microphone"], viewport={"width": 1366, "height": 768}
    )
    await context.add_init_script(LISTEN)
    yield context
    await context.close()


async def state(page: Page, wanted: str) -> None:
    """Until the call bar says so."""
    await expect(page.locator("#callbar")).to_have_attribute("data-state", wanted)


async def both_hear(page: Page, outside: Path, file: Path) -> None:
    """Until the agent hears the customer's tone and the customer the agent's."""

    async def both() -> bool:
        mine = await heard_in(page, file)
        return hears(mine, THEIRS_HZ) > 1 and hears(outside, MINE_HZ) > 1

    await until(both, "each hears the other", 15)


async def test_a_call_in_and_the_call_back(
    desk: DeskOffice, profile: BrowserContext, city: City, tmp_path: Path
) -> None:
    await desk.agent("101", "김민아")
    await desk.customer("김서준", CALLER, company="한빛상사", memo="오후에 전화", vip=True)
    page = await desk.log_in(profile, "101")
    await state(page, "available")

    rung = datetime.now(UTC)
    call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
    pop = page.locator(".pop")
    await expect(pop.locator(".pop-name")).to_have_text("김서준")
    assert (datetime.now(UTC) - rung).total_seconds() < BEFORE_SECOND_RING_S
    await expect(pop.locator(".pop-line")).to_have_text("대표번호")
    await expect(pop.locator(".pop-number")).to_contain_text(SHOWN)
    await expect(pop.locator(".pop-facts")).to_contain_text("오후에 전화")
    await state(page, "ringing")
    await pop.locator('[data-pop-do="answer"]').click()
    await call.wait_answered()
    answered = datetime.now(UTC)
    await state(page, "up")
    await both_hear(page, call.heard, tmp_path / "in.wav")
    await page.keyboard.press("Alt+KeyH")
    assert await call.wait_ended() == 16
    ended = datetime.now(UTC)
    await state(page, "available")
    await expect(pop).to_have_count(0)

    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    (record,) = await desk.records()
    assert (record.direction, record.outcome, record.extension) == (
        Direction.IN, Outcome.ANSWERED, "101"
    )  # fmt: skip
    assert record.number == "+821000000520"
    assert record.customer_id
    assert record.answered_at is not None
    for kept, seen in ((record.started_at, rung), (record.answered_at, answered),
                       (record.ended_at, ended)):  # fmt: skip
        assert abs((kept - seen).total_seconds()) < 1
    assert record.talk_seconds == pytest.approx((ended - answered).total_seconds(), abs=0.5)

    await page.click('#recent-calls a[data-call="+821000000520"]')
    await state(page, "up")
    heard = city.heard_by(CALLER)[-1]
    await both_hear(page, heard, tmp_path / "out.wav")
    await expect(page.locator(".pop .pop-name")).to_have_text("김서준")
    last = page.locator(".pop .pop-facts dd").first
    await expect(last).to_contain_text(f"{ended.astimezone(OFFICE_ZONE):%Y-%m-%d %H:}")
    await page.click('[data-main="hang-up"]')
    await state(page, "available")
    await until(lambda: desk.daemon.history.written == 2, "the second record is on disk")
    back = (await desk.records())[0]
    assert (back.direction, back.outcome, back.clicked, back.customer_id) == (
        Direction.OUT, Outcome.ANSWERED, True, record.customer_id
    )  # fmt: skip


async def test_the_same_with_a_desk_phone(
    desk: DeskOffice, profile: BrowserContext, city: City, talk_phone: MakeTalkPhone
) -> None:
    phone = await talk_phone("103", hz=MINE_HZ)
    await desk.agent("103", "박하늘", DeviceKind.DESK)
    await desk.customer("김서준", CALLER)
    page = await desk.log_in(profile, "103")
    await state(page, "available")
    call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
    await expect(page.locator(".pop .pop-name")).to_have_text("김서준")
    await page.click('[data-main="answer"]')
    await call.wait_answered()
    assert phone.answered_by == "talk"
    await state(page, "up")
    await until(lambda: hears(phone.heard, THEIRS_HZ) > 1 and hears(call.heard, MINE_HZ) > 1,
                "each hears the other", 15)  # fmt: skip
    await page.click('[data-main="hang-up"]')
    assert await call.wait_ended() == 16
    await state(page, "available")


async def test_click_to_call_with_a_phone_that_is_picked_up_by_hand(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("102", hz=MINE_HZ)
    await desk.agent("102", "이하은", DeviceKind.DESK)
    page = await desk.log_in(profile, "102")
    await state(page, "available")
    await page.fill('[data-part="number"]', "+82 10 0000 0520")
    await page.keyboard.press("Enter")
    await phone.wait_ringing()
    await state(page, "dialling")
    await phone.answer()
    await state(page, "up")
    heard = city.heard_by(CALLER)[-1]
    await until(lambda: hears(phone.heard, THEIRS_HZ) > 1 and hears(heard, MINE_HZ) > 1,
                "each hears the other", 15)  # fmt: skip
    await phone.hang_up()
    await state(page, "available")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("전화번호", "전화번호"),
        ("010-12", "010-12"),
        ("00 1 212 555 0100", ""),
        ("060-700-0000", ""),
    ],
)
async def test_what_is_no_number_is_explained_in_place(
    desk: DeskOffice, profile: BrowserContext, typed: str, said: str
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    await page.fill('[data-part="number"]', typed)
    await page.keyboard.press("Enter")
    error = page.locator('[data-part="error"]')
    await expect(error).to_be_visible()
    await expect(error).to_contain_text(said)
    assert await page.input_value('[data-part="number"]') == typed
    await page.fill('[data-part="number"]', "1")
    await expect(error).to_be_hidden()


async def test_two_tabs_show_the_same_card(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    one = await desk.log_in(profile, "101")
    two = await desk.another_tab(one)
    await state(one, "available")
    first = await city.call(MAIN_NUMBER, CALLER)
    for page in (one, two):
        await expect(page.locator(".pop")).to_have_count(1)
    await one.click('[data-pop-do="close"]')
    for page in (one, two):
        await expect(page.locator(".pop")).to_have_count(0)
    await one.reload()
    await one.wait_for_selector('body[data-live="up"]')
    await expect(one.locator(".pop")).to_have_count(0)
    await first.hang_up()
    second = await city.call(MAIN_NUMBER, CALLER)
    await two.click('[data-pop-do="pin"]')
    await expect(one.locator('.pop [data-pop-do="pin"]')).to_have_attribute("aria-pressed", "true")
    await second.hang_up()
    for page in (one, two):
        await expect(page.locator(".pop")).to_have_class(re.compile("pop-ended"))
    await one.reload()
    await expect(one.locator(".pop")).to_have_count(1)
    await two.click('[data-pop-do="close"]')
    await expect(one.locator(".pop")).to_have_count(0)


async def test_only_the_agent_whose_phone_rings_sees_the_card(
    desk: DeskOffice, chromium: Browser, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    await desk.agent("102", "이하은", DeviceKind.DESK)
    mine = await desk.log_in(profile, "101")
    await state(mine, "available")
    elsewhere = await chromium.new_context()
    other = await desk.log_in(elsewhere, "102")
    call = await city.call(MAIN_NUMBER, CALLER)
    await expect(mine.locator(".pop")).to_have_count(1)
    await expect(other.locator("#live-calls tbody tr")).to_have_count(1)
    await expect(other.locator(".pop")).to_have_count(0)
    await call.hang_up()
    await expect(other.locator("#live-calls tbody tr")).to_have_count(0)
    await elsewhere.close()


async def test_a_card_never_takes_the_focus_nor_the_form(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    await page.goto(f"{desk.console.address}/customers/new")
    await page.wait_for_selector('body[data-live="up"]')
    await state(page, "available")
    await page.focus('input[name="name"]')
    await page.keyboard.type("홍길")
    call = await city.call(MAIN_NUMBER, CALLER)
    await expect(page.locator(".pop")).to_have_count(1)
    await page.keyboard.type("동")
    assert await page.input_value('input[name="name"]') == "홍길동"
    assert await page.evaluate("document.activeElement.name") == "name"
    await call.hang_up()


async def test_several_customers_on_one_number_are_offered_and_the_choice_remembered(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    await desk.customer("김서준", CALLER)
    await desk.customer("이지우", CALLER, company="같은 집")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    call = await city.call(MAIN_NUMBER, CALLER)
    await expect(page.locator(".pop-candidates li")).to_have_count(2)
    await page.click(".pop-candidates button:has-text('이지우')")
    await expect(page.locator(".pop .pop-name")).to_have_text("이지우")
    await expect(page.locator('[data-row="name"]')).to_have_text("이지우")
    await call.hang_up()
    await expect(page.locator(".pop")).to_have_count(0)
    again = await city.call(MAIN_NUMBER, CALLER)
    await expect(page.locator(".pop .pop-name")).to_have_text("이지우")
    await again.hang_up()
    await until(lambda: desk.daemon.history.written == 2, "both are recorded")
    assert len({record.customer_id for record in await desk.records()} - {""}) == 1


async def test_a_stranger_can_be_written_down_and_a_hidden_number_is_nobody(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    stranger = await city.call(MAIN_NUMBER, "01098765432", name='<img src=x onerror="pwned=1">')
    pop = page.locator(".pop")
    await expect(pop.locator('a[href="/customers/new?number=%2B821098765432"]')).to_be_visible()
    await expect(pop.get_by_role("link", name="고객 찾기")).to_be_visible()
    await expect(pop).to_contain_text("<img src=x")
    assert await page.evaluate("window.pwned") is None
    await desk.customer("새 고객", "01098765432")
    await expect(pop.locator(".pop-name")).to_have_text("새 고객")
    await stranger.hang_up()
    await expect(pop).to_have_count(0)
    hidden = await city.call(MAIN_NUMBER, None)
    await expect(pop.locator(".pop-name")).to_have_text("발신번호 표시제한")
    await expect(pop.locator("a")).to_have_count(0)
    await hidden.hang_up()


async def test_off_line_the_screen_is_quiet(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    await page.click('[data-main="link"]')
    await state(page, "off")
    call = await city.call(MAIN_NUMBER, CALLER)
    assert await call.wait_ended(20) != 16
    await expect(page.locator(".pop")).to_have_count(0)
    await page.click('[data-main="link"]')
    await state(page, "available")


async def test_a_closed_browser_leaves_its_customer_with_music_and_no_ghost(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
    await page.click('[data-main="answer"]')
    await call.wait_answered()
    await page.close(run_before_unload=False)
    await until(lambda: not desk.daemon.live.of_extension("101"), "no ghost on the screens", 20)
    assert call.state == "answered", "the customer waits for the agent to come back"
    await call.hang_up()


async def kill(browser: Browser) -> None:
    """From one moment to the next: no BYE, no un-REGISTER."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    for process in told["processInfo"]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process["id"], signal.SIGKILL)


async def test_a_killed_browser_leaves_no_ghost(
    desk: DeskOffice, tmp_path: Path, city: City
) -> None:
    await desk.agent("101", "김민아")
    customer = await desk.customer("김서준", CALLER)
    async with chromium_with(tmp_path, MINE_HZ) as browser:
        context = await browser.new_context(permissions=["microphone"])
        page = await desk.log_in(context, "101")
        await state(page, "available")
        call = await city.call(MAIN_NUMBER, CALLER, audio=THEIRS_HZ)
        await page.click('[data-main="answer"]')
        await call.wait_answered()
        await page.locator(".pop").get_by_role("link", name="고객 열기").click()
        await page.fill("#consultation-text", "적다 만 상담")
        tab = await context.new_page()
        await tab.goto(f"{desk.console.address}/customers/{customer.id}/edit")
        await tab.fill("#f-memo", "적다 만 메모")
        forms = [f"consultation-{customer.id}", f"customer-{customer.id}"]
        user = next(one for one in desk.console.services.users.all() if one.login == "a101")

        async def kept() -> bool:
            return len(await desk.console.services.drafts.of(user.id, forms)) == len(forms)

        await until(kept, "the server has what was typed")
        await kill(browser)
    await until(lambda: not desk.daemon.live.of_extension("101"), "no ghost on the screens", 40)
    assert call.state == "answered", "the customer waits for the agent to come back"
    await call.hang_up()

    # at the next log-in what was typed is offered, at this customer and nowhere else
    other = await desk.customer("이지우", "010-2222-3333")
    async with chromium_with(tmp_path, MINE_HZ) as browser:
        page = await desk.log_in(await browser.new_context(), "101")
        async with page.expect_response("**/drafts?*"):
            await page.goto(f"{desk.console.address}/customers/{other.id}")
        await expect(page.locator("[data-draft-offer]:visible")).to_have_count(0)
        await page.goto(f"{desk.console.address}/customers/{customer.id}")
        await page.click('[data-draft-do="restore"]:visible')
        await expect(page.locator("#consultation-text")).to_have_value("적다 만 상담")
        async with page.expect_response("**/drafts"):  # saved: it is forgotten
            await page.get_by_role("button", name="상담 저장").click()
        await page.goto(f"{desk.console.address}/customers/{customer.id}/edit")
        await page.click('[data-draft-do="restore"]:visible')
        await expect(page.locator("#f-memo")).to_have_value("적다 만 메모")
        assert list(await desk.console.services.drafts.of(user.id, forms)) == [forms[1]]


async def test_a_guest_sees_but_cannot_call(desk: DeskOffice, profile: BrowserContext) -> None:
    await desk.agent("104", "손님", DeviceKind.DESK, role=Role.GUEST)
    page = await desk.log_in(profile, "104")
    answer = await page.evaluate(
        """async () => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const response = await fetch("/desk/dial", { method: "POST", headers: {
            "Content-Type": "application/json", "X-CSRF-Token": token, Accept: "application/json",
          }, body: JSON.stringify({ number: "112", command_id: "0".repeat(32) }) });
          return response.status;
        }"""
    )
    assert answer == 403


async def test_the_sample_office_can_be_rung_at_the_press_of_a_button(
    office: Office, city: City, profile: BrowserContext, tmp_path: Path
) -> None:
    async with DeskOffice.open(office, tmp_path, ring_me=RingMe(city)) as desk:
        await desk.agent("101", "김민아")
        await desk.customer("김서준", CALLER)
        page = await desk.log_in(profile, "101")
        await state(page, "available")
        for who, shown in (("+821000000520", "김서준"), ("withheld", "발신번호 표시제한"),
                           ("stranger", "모르는 번호에서 온 전화")):  # fmt: skip
            await page.select_option("#ring-me-who", who)
            await page.click(".ring-me-form button")
            await expect(page.locator(".pop .pop-name")).to_have_text(shown)
            await page.click('[data-main="hang-up"]')
            await state(page, "available")


async def test_only_the_sample_office_can_be_rung(
    desk: DeskOffice, profile: BrowserContext
) -> None:
    await desk.agent("101", "김민아")
    page = await desk.log_in(profile, "101")
    await expect(page.locator(".ring-me")).to_have_count(0)


async def test_the_office_chooses_what_a_card_says(
    desk: DeskOffice, profile: BrowserContext, city: City
) -> None:
    await desk.agent("101", "김민아", role=Role.ADMIN)
    about = {"company": "한빛상사", "memo": "오후에 전화", "alias": "서준이네"}
    await desk.customer("김서준", CALLER, **about)
    page = await desk.log_in(profile, "101")
    await state(page, "available")
    await page.click('#nav a[href="/settings"]')
    await page.click('#main a[href="/settings/pop"]')
    await page.select_option("#pop-line-1", "memo")
    await page.select_option("#pop-line-2", "")
    await page.select_option("#pop-line-3", "")
    await page.click('#main button[type="submit"]')
    await until(lambda: [*desk.console.services.desktop.lines.chosen] == ["memo"], "saved")
    fields = desk.console.services.fields
    for word in ("memo", "alias"):  # the office's fields say the memo too
        await fields.change(replace(fields.choice(word), in_pop=True), "")
    call = await city.call(MAIN_NUMBER, CALLER)
    facts = page.locator(".pop .pop-facts")
    await expect(facts.get_by_text("메모", exact=True)).to_have_count(1)
    await expect(facts).to_contain_text("서준이네")
    await expect(facts).to_contain_text("오후에 전화")
    await expect(facts).not_to_contain_text("한빛상사")
    await call.hang_up()
