"""Who did what with a customer; customers as vCards, out and in again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.async_api import expect

from console.customers.dates import Anniversary
from console.customers.model import Details, Phone, PhoneKind
from console.customers.vcard import card
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits

PHONES = (
    Phone("010-6655-4433"),
    Phone("02-777-5555", PhoneKind.WORK),
    Phone("02-777-5556", PhoneKind.FAX),
)
RICH = Details(
    "이력고객",
    email="a@example.com",
    company="한빛, 상사",
    title="과장",
    postcode="04524",
    address="서울 중구 세종대로 110",
    birthday=Anniversary(1980, 3, 5),
    memo="첫 줄\n둘째 줄; 쉼표,",
    phones=PHONES,
)  # fmt: skip


async def test_before_and_after_and_who_looked(sample: SampleConsole) -> None:
    services = sample.now.console.services
    files = services.customers
    agent = next(one for one in services.users.all() if one.login == "101")
    made = await files.create(RICH, agent.id)
    change = replace(made.details, company="새한빛", vip=True, phones=made.details.phones[:1])
    await files.change(made.id, change, 1, agent.id)
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{made.id}")
    await expect(page.locator("#tab-history")).to_have_count(0)
    answer = await page.goto(f"{sample.address}/customers/{made.id}/history")
    assert answer is not None
    assert answer.status == 403

    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/customers/{made.id}")
    await boss.locator("#tab-history").click()
    lines = boss.locator(".history-line")
    await expect(lines).to_have_count(2)
    newest = lines.first
    await expect(newest.locator("del").first).to_have_text("한빛, 상사")
    await expect(newest).to_contain_text("새한빛")
    await expect(newest).to_contain_text("02-777-5555")
    await expect(lines.last).to_contain_text("등록")
    await boss.get_by_role("link", name="조회 이력도 보기").click()
    await expect(boss.locator("main")).to_contain_text("고객 화면 조회")
    await expect(lines).to_have_count(4)  # both of us looked once
    for width, size in ((1366, "wide"), (360, "phone")):
        await boss.set_viewport_size({"width": width, "height": 768})
        await boss.screenshot(path=ARTEFACTS / f"history-ko-{size}.png", full_page=True)
        await fits(boss)
    # what belongs to the customer counts as well
    await page.goto(f"{sample.address}/customers/{made.id}")
    await page.fill("#consultation-text", "처음 적은 말")
    await page.locator(".consultation-form").get_by_role("button", name="상담 저장").click()
    case = page.locator("article.consultation")
    await case.locator(".consultation-edit summary").click()
    await case.locator(".consultation-edit textarea").fill("고쳐 적은 말")
    await case.locator(".consultation-edit").get_by_role("button", name="저장").click()
    await expect(case.locator(".consultation-text")).to_have_text("고쳐 적은 말")
    await page.click("#tab-services")
    services_form = page.locator(".service-form")
    await services_form.locator('[name="summary"]').fill("필터 교체")
    await services_form.locator('[name="amount"]').fill("35,000")
    await services_form.get_by_role("button", name="기록 추가").click()
    await expect(page.locator("tr[data-service]")).to_have_count(1)
    await boss.goto(f"{sample.address}/customers/{made.id}/history")
    await expect(lines.nth(0)).to_contain_text("서비스 기록 등록")
    await expect(lines.nth(0)).to_contain_text("35,000")
    await expect(lines.nth(1)).to_contain_text("상담 수정")
    await expect(lines.nth(1).locator("del")).to_have_text("처음 적은 말")
    await expect(lines.nth(1).locator("ins")).to_have_text("고쳐 적은 말")
    await expect(lines.nth(2)).to_contain_text("상담 등록")
    await boss.screenshot(path=ARTEFACTS / "history-all-ko-phone.png", full_page=True)
    await files.delete(made.id, agent.id)
    await boss.goto(f"{sample.address}/customers/{made.id}/history")
    await expect(lines.first).to_contain_text("삭제")


async def test_vcards_out_and_in_again(sample: SampleConsole, tmp_path: Path) -> None:
    files = sample.now.console.services.customers
    made = await files.create(replace(RICH, name="명함고객"), "")
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/customers/{made.id}")
    async with boss.expect_download() as waiting:
        await boss.get_by_role("link", name="vCard").click()
    file = tmp_path / "contacts.vcf"
    await (await waiting.value).save_as(file)
    assert "명함고객" in file.read_text("utf-8")
    # the log of all customers' data has who took something along
    await boss.goto(f"{sample.address}/settings/history")
    await boss.select_option("#log-kind", "exported")
    await boss.get_by_role("button", name="검색").click()
    line = boss.locator(".history-line")
    await expect(line).to_have_count(1)
    await expect(line).to_contain_text("관리자 명함고객 파일로 내보냄 (1건)")
    await boss.goto(f"{sample.address}/settings/history?until=2020-01-01")
    await expect(line).to_have_count(0)
    for width, size in ((1366, "wide"), (360, "phone")):
        await boss.set_viewport_size({"width": width, "height": 768})
        await boss.goto(f"{sample.address}/settings/history")
        await boss.screenshot(path=ARTEFACTS / f"log-ko-{size}.png")
        await fits(boss)
    await files.delete(made.id, "")

    # as an old telephone writes it
    name = "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=EA=B9=80;=EC=98=9B;;;"
    lines = ("BEGIN:VCARD", "VERSION:2.1", name, "TEL;CELL:01066554400", "END:VCARD", "")
    old = "\r\n".join(lines)
    with file.open("a", encoding="utf-8", newline="") as out:
        out.write(old)
    await boss.goto(f"{sample.address}/customers/import")
    await boss.set_input_files("#f-file", file)
    await boss.get_by_role("button", name="다음").click()
    await boss.get_by_role("button", name="가져오기 실행", exact=True).click()
    await expect(boss.locator('[data-import="done"]')).to_be_visible(timeout=30_000)
    (again,) = await files.quick("명함고객")
    found = again.details
    for word in ("name", "email", "company", "title", "postcode", "address", "birthday"):
        assert getattr(found, word) == getattr(made.details, word), word
    assert found.memo == made.details.memo
    assert [(p.number, p.kind) for p in found.phones] == [
        (p.number, p.kind) for p in made.details.phones
    ]
    assert (await files.quick("01066554400"))[0].name


def test_what_a_card_holds() -> None:
    text = card(replace(RICH, phones=tuple(replace(one, number="+8210") for one in PHONES)))
    assert text.startswith("BEGIN:VCARD")
    assert "TEL;TYPE=CELL:+8210" in text
    assert "BDAY:1980-03-05" in text
