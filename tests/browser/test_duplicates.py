"""Duplicates, as a supervisor tidies them up."""

from __future__ import annotations

from playwright.async_api import expect

from console.customers.model import Details, Phone
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits

NUMBER = "010-8899-0011"


async def test_compared_merged_and_taken_back(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    phones = (Phone(NUMBER),)
    one = await files.create(Details("겹침", company="갑상사", memo="첫째", phones=phones), "")
    two = await files.create(Details("겹친이", company="을상사", memo="둘째", phones=phones), "")
    page = await sample.logged_in("108")
    await page.goto(f"{sample.address}/customers/duplicates")
    group = page.locator(".duplicate-group", has=page.get_by_text(NUMBER).first).first
    await group.get_by_role("link", name="첫 고객과 비교").click()
    await expect(page.locator("h1")).to_have_text("두 고객 병합")
    await page.screenshot(path=ARTEFACTS / "compare-ko-wide.png", full_page=True)
    await page.locator('[name=take][value="company"]').check()

    # meanwhile somebody changes one of them
    await files.change(two.id, two.details, two.version, "")
    await page.get_by_role("button", name="병합", exact=True).click()
    await expect(page.locator(".form-error")).to_contain_text("그 사이")
    await page.locator('[name=take][value="company"]').check()
    await page.get_by_role("button", name="병합", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("겹침")
    after = await files.get(one.id)
    assert after.details.company == "을상사"
    for part in ("첫째", "둘째", "갑상사", "겹친이"):
        assert part in after.details.memo
    gone = await page.goto(f"{sample.address}/customers/{two.id}")
    assert gone is not None
    assert gone.status == 404
    await expect(page.get_by_role("button", name="되돌리기")).to_have_count(0)  # not so

    await page.goto(f"{sample.address}/customers/tools")
    page.on("dialog", lambda dialog: dialog.accept())
    row = page.locator("[data-batch]").first
    await expect(row).to_contain_text("1 변경")
    await row.get_by_role("button", name="되돌리기").click()
    await expect(page.locator(".banner-good")).to_contain_text("2명을 되돌렸습니다")
    assert (await files.get(two.id)).name == "겹친이"
    for id in (one.id, two.id):
        await files.delete(id, "")


async def test_both_sealed_numbers_are_seen_by_who_may(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    anyway = frozenset({"business_number"})
    one, two = [
        await files.create(Details(name, business_number=number), "", anyway)
        for name, number in (("한빛문구", "2208162517"), ("한빛 문구센터", "1018512347"))
    ]
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/customers/duplicates/compare?kept={one.id}&other={two.id}")
    await page.locator('[name=take][value="business_number"]').check()
    await page.screenshot(path=ARTEFACTS / "compare-sealed-wide.png", full_page=True)
    await page.get_by_role("button", name="병합", exact=True).click()
    further = page.locator('[data-further="business_number"]')
    await expect(further).to_contain_text("220-81-*****")
    await expect(page.locator('[data-field="business_number"]')).to_contain_text("101-85-*****")
    assert "220-81" not in (await files.get(one.id)).details.memo
    await further.get_by_role("button", name="보기").click()
    await expect(further).to_contain_text("2208162517")
    for width, size in ((1366, "wide"), (360, "phone")):
        await page.set_viewport_size({"width": width, "height": 768})
        await page.screenshot(path=ARTEFACTS / f"further-{size}.png", full_page=True)
        await fits(page)
    await page.get_by_role("button", name="자세히 보기").click()  # on a phone they are folded
    agent = await sample.logged_in("101")
    await agent.goto(f"{sample.address}/customers/{one.id}")
    await expect(agent.locator('[data-further="business_number"]')).to_contain_text("220-81-*****")
    await expect(agent.locator("[data-further] button")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    await further.get_by_role("button", name="삭제").click()
    await expect(further).to_have_count(0)
    await page.goto(f"{sample.address}/customers/{one.id}/history")
    await expect(page.locator(".history-line").first).to_contain_text("번호를 지움")
    await files.delete(one.id, "")


async def test_agents_do_not_merge(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    for path in ("/customers/duplicates", "/customers/tools"):
        response = await page.goto(f"{sample.address}{path}")
        assert response is not None
        assert response.status == 403


async def test_it_fits_every_screen(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    phones = (Phone("010-8899-0022"),)
    rich = {"address": "서울특별시 강남구 테헤란로 152 17층", "memo": "메모 " * 30}
    one = await files.create(Details("긴이름고객" * 4, phones=phones, **rich), "")
    two = await files.create(Details("다른이름", phones=phones, address="부산", alias="별명"), "")
    paths = {
        "duplicates": "/customers/duplicates",
        "compare": f"/customers/duplicates/compare?kept={one.id}&other={two.id}",
    }
    for locale, name in (("ko-KR", "ko"), ("zh-TW", "zh_Hant"), ("en-US", "en")):
        page = await sample.logged_in("admin", locale=locale)
        for width, size in ((1366, "wide"), (360, "phone")):
            await page.set_viewport_size({"width": width, "height": 768})
            for word, path in paths.items():
                answer = await page.goto(f"{sample.address}{path}")
                assert answer is not None
                assert answer.ok, path
                await page.screenshot(path=ARTEFACTS / f"{word}-{name}-{size}.png", full_page=True)
                await fits(page)
    for id in (one.id, two.id):
        await files.delete(id, "")
