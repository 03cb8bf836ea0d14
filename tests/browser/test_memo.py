"""Memos of calls, and what a screen pop does where its user wants it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from lab.office import MAIN_NUMBER
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.calls import queries
from tests.browser.desk_office import DeskOffice

CALLER = "01012345678"


async def at_desk_phone(desk: DeskOffice, profile: BrowserContext) -> Page:
    """Agent 101 with a desk phone, at the console."""
    await desk.agent("101", "김민아", DeviceKind.DESK)
    return await desk.log_in(profile, "101")


async def test_a_memo_is_written_in_the_call_and_after_it(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    customer = await desk.customer("김서준", CALLER, company="한빛상사", vip=True)
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    bar = page.locator("#callbar")
    await expect(bar).to_have_attribute("data-state", "available")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await expect(bar).to_have_attribute("data-state", "up")
    await page.keyboard.press("Alt+KeyD")
    memo = page.locator("#callbar-memo")
    await expect(memo).to_contain_text("김서준")
    await memo.locator("textarea").fill("필터 교체 문의")
    await expect(memo.get_by_role("status")).to_have_text("저장됨")
    await call.hang_up()
    await expect(bar).to_have_attribute("data-state", "available")
    await memo.locator("textarea").fill("필터 교체 문의, 목요일 방문")
    await page.keyboard.press("Escape")
    await expect(memo).to_be_hidden()
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    await page.goto(f"{desk.console.address}/customers/{customer.id}?tab=calls")
    shown = page.locator("[data-memo]")
    await expect(shown).to_have_text("필터 교체 문의, 목요일 방문")
    title = await shown.get_attribute("title") or ""
    assert "한빛상사" in title, "and what the customer was like then (S2-34)"
    await shown.click()
    field = page.locator(".memo-field")
    await field.fill("방문 완료")
    await field.press("Enter")
    await expect(shown).to_have_text("방문 완료")
    again = await city.call(MAIN_NUMBER, CALLER)
    await expect(page.locator(".pop-facts")).to_contain_text("방문 완료")
    await expect(page.locator(".pop-facts")).to_contain_text("수신 · 통화 · 김민아")
    await again.hang_up()
    await phone.wait_idle()


async def test_two_who_write_at_once_lose_nothing(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await call.hang_up()
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    await page.goto(f"{desk.console.address}/calls")
    other = await desk.another_tab(page)
    await other.goto(f"{desk.console.address}/calls")
    for tab, text in ((page, "첫 번째"), (other, "두 번째")):
        await tab.click("[data-memo]")
        await tab.locator(".memo-field").fill(text)
    await page.locator(".memo-field").press("Enter")
    await expect(page.locator("[data-memo]")).to_have_text("첫 번째")
    await other.locator(".memo-field").press("Enter")
    await expect(other.get_by_role("alert")).to_contain_text("첫 번째")
    await expect(other.locator(".memo-field")).to_have_value("두 번째")
    await other.locator(".memo-field").press("Enter")
    await expect(other.locator("[data-memo]")).to_have_text("두 번째")


async def test_the_customers_page_opens_when_it_rings_but_not_over_a_form(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    customer = await desk.customer("김서준", CALLER)
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    await page.goto(f"{desk.console.address}/phone")
    await page.select_option('[name="opens"]', "ring")
    await page.select_option('[name="corner"]', "top-left")
    await page.click('[data-pop-form] button[type="submit"]')
    await expect(page.locator("body")).to_have_attribute("data-pop-opens", "ring")
    await page.goto(f"{desk.console.address}/customers/new")
    await page.fill('[name="name"]', "이하은")
    call = await city.call(MAIN_NUMBER, CALLER)
    card = page.locator(".pop")
    await expect(card).to_contain_text("김서준")
    box = await card.bounding_box()
    assert box is not None
    assert box["x"] < 100, "in the corner that was chosen"
    assert page.url.endswith("/customers/new")
    await expect(page.locator('[name="name"]')).to_have_value("이하은")
    await call.hang_up()
    await phone.wait_idle()
    await page.fill('[name="name"]', "")
    page.once("dialog", lambda dialog: dialog.accept())
    await page.goto(f"{desk.console.address}/calls")
    again = await city.call(MAIN_NUMBER, CALLER)
    await page.wait_for_url(f"**/customers/{customer.id}")
    await again.hang_up()
    await phone.wait_idle()


async def test_the_log_by_name_and_by_double_click(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    customer = await desk.customer("김서준", CALLER)
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    for number in (CALLER, "01055556666"):
        call = await city.call(MAIN_NUMBER, number)
        await phone.wait_ringing()
        await call.hang_up()
        await phone.wait_idle()
    await until(lambda: desk.daemon.history.written == 2, "the records are on disk")
    await page.goto(f"{desk.console.address}/calls")
    rows = page.locator("tr[data-call-id]")
    await expect(rows).to_have_count(2)
    await expect(page.locator('[data-message="+821055556666"]')).to_have_attribute(
        "href", "sms:+821055556666"
    )
    await rows.first.locator("td").nth(3).dblclick()  # a stranger is written down (S4-27)
    await expect(page.locator('[name="phone"]').first).to_have_value("010-5555-6666")
    await page.goto(f"{desk.console.address}/calls?who=김서준")
    await expect(rows).to_have_count(1)
    await rows.first.locator("td").nth(3).dblclick()
    await page.wait_for_url(f"**/customers/{customer.id}")
    await page.goto(f"{desk.console.address}/calls?who=없는사람")
    await expect(rows).to_have_count(0)


async def test_the_customers_two_numbers_the_record_and_the_list_of_functions(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    customer = await desk.customer("김서준", CALLER, "0212345678")
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await call.hang_up()
    await phone.wait_idle()
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    await page.goto(f"{desk.console.address}/customers/{customer.id}?tab=calls")
    record = page.locator("tr[data-call-id] time")
    await expect(record).to_have_attribute("title", re.compile(r"요일 \d\d:\d\d:\d\d – "))
    await page.fill('[name="until"]', "2020-01-01")
    await page.click('form[data-pane-form] button[type="submit"]')
    await expect(page.locator("tr[data-call-id]")).to_have_count(0)
    for button in ("휴대폰 번호로 전화", "전화번호로 전화"):
        await page.get_by_role("link", name=button).click()
        await phone.wait_ringing()
        await phone.refuse()
        await expect(page.locator("#callbar")).to_have_attribute("data-state", "available")
    await page.goto(f"{desk.console.address}/functions")
    for text in ("Alt+H", "*41", "*62", "김민아"):
        await expect(page.locator("#main")).to_contain_text(text)


async def test_the_call_has_ended_and_its_record_is_on_its_way(
    desk: DeskOffice,
    profile: BrowserContext,
    city: City,
    desk_phone: MakePhone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = await desk_phone("101", 0)
    page = await at_desk_phone(desk, profile)
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await page.keyboard.press("Alt+d")
    memo = page.locator("#callbar-memo")
    await expect(memo).to_be_visible()
    go, save = asyncio.Event(), queries.save

    async def late(*args: Any) -> None:
        await go.wait()
        await save(*args)

    monkeypatch.setattr(queries, "save", late)
    await call.hang_up()
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "available")
    await memo.locator("textarea").fill("끊자마자 적음")
    async with page.expect_request("**/memo"):
        await page.keyboard.press("Escape")
    go.set()
    await expect(memo).to_be_hidden()
    assert desk.daemon.history.written == 1
