"""The page of opening hours, as its user works with it."""

from __future__ import annotations

from playwright.async_api import expect

from pbxd.hours.model import Kind
from tests.browser.conftest import SampleConsole


async def test_the_week_the_switch_and_a_special_day(sample: SampleConsole) -> None:
    hours = sample.now.daemon.hours
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/hours")
    await expect(page.locator("#main .banner-warn")).to_contain_text(
        "업무 시간을 정하지 않았습니다"
    )
    assert hours.kind("0255500100") is Kind.OPEN
    opens = page.locator('input[name="opens"]')
    await page.locator('input[name="closes"]').nth(5).fill("13:00")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".form-error")).to_contain_text("모두 적거나")
    await expect(page.locator('input[name="closes"]').nth(5)).to_have_value("13:00")
    await opens.nth(5).fill("09:00")
    await page.get_by_role("button", name="저장").click()
    card = page.locator("section[data-hours]")
    await expect(card).to_have_count(1)
    (schedule,) = hours.schedules()
    saturday = schedule.week[5]
    assert saturday is not None
    assert (saturday.opens, saturday.closes) == (540, 780)
    assert schedule.week[6] is None

    await card.get_by_role("button", name="지금 마감").click()
    await expect(card.locator(".hours-state")).to_contain_text("수동으로 마감함")
    assert hours.kind("0255500100") is Kind.CLOSED
    await card.get_by_role("button", name="다시 열기").click()
    await expect(card.locator(".hours-state")).not_to_contain_text("수동으로 마감함")

    await page.fill("#f-h-day", "2027-03-15")
    await page.fill("#f-h-day-name", "창립기념일")
    await page.get_by_role("button", name="추가").click()
    row = page.locator("tr", has_text="창립기념일")
    await expect(row).to_contain_text("2027-03-15 (월)")
    await row.get_by_role("button", name="삭제").click()
    await expect(page.locator("tr", has_text="창립기념일")).to_have_count(0)
    await page.get_by_role("button", name="되돌리기").click()
    await expect(page.locator("tr", has_text="창립기념일")).to_have_count(1)


async def test_two_who_change_the_same_hours(sample: SampleConsole) -> None:
    first, second = await sample.logged_in("admin"), await sample.logged_in("108")
    if not sample.now.daemon.hours.schedules():
        await first.goto(f"{sample.address}/hours")
        await first.get_by_role("button", name="저장").click()
        await expect(first.locator("section[data-hours]")).to_have_count(1)
    for page in (first, second):
        await page.goto(f"{sample.address}/hours")
        await page.locator("summary", has_text="요일별 시간").click()
    name = 'section[data-hours] input[name="name"]'
    await first.fill(name, "본사")
    await first.locator("section[data-hours]").get_by_role("button", name="저장").click()
    await expect(first.locator("section[data-hours] h2")).to_have_text("본사")
    await second.fill(name, "지점")
    await second.locator("section[data-hours]").get_by_role("button", name="저장").click()
    await expect(second.locator(".form-error").first).to_contain_text("그 사이 다른 사람이")
    assert sample.now.daemon.hours.schedules()[0].name == "본사"


async def test_an_agent_does_not_see_it(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    answer = await page.goto(f"{sample.address}/hours")
    assert answer is not None
    assert answer.status == 403
