"""Consultations, as agents and administrators work with them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from playwright.async_api import BrowserContext, Page, expect

from console.consultations import queries
from console.consultations.model import Consultation
from console.consultations.queries import Filter
from console.customers.model import Details, Phone
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from tests.browser.conftest import SampleConsole
from tests.browser.desk_office import DeskOffice
from tests.browser.test_console_pictures import ARTEFACTS, fits

CALLER = "01012345678"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    async with DeskOffice.open(office, tmp_path) as running:
        yield running


async def cases(sample: SampleConsole | DeskOffice, customer_id: str) -> list[Consultation]:
    daemon = sample.now.daemon if isinstance(sample, SampleConsole) else sample.daemon
    async with daemon.store.reading() as conn:
        return list((await queries.listed(conn, Filter(customer_id=customer_id))).rows)


async def a_customer(sample: SampleConsole, name: str) -> str:
    """A new one, without a history."""
    phones = (Phone("010-7000-1000"),)
    customer = await sample.now.console.services.customers.create(Details(name, phones=phones), "")
    return customer.id


def in_local(sample: SampleConsole, ahead: timedelta) -> str:
    """As a datetime field has it."""
    daemon = sample.now.daemon
    at = daemon.clock().astimezone(daemon.settings.office.zone) + ahead
    return f"{at:%Y-%m-%dT%H:%M}"


async def save(page: Page) -> None:
    await page.locator(".consultation-form").get_by_role("button", name="상담 저장").click()


async def test_call_pop_consultation_recall_complete(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    await desk.agent("101", "김민아", DeviceKind.DESK)
    customer = await desk.customer("이순신", CALLER)
    service = desk.console.services.consultations
    inquiry = await service.add_type(1, "문의", "#3b82c4", "")
    phone = await desk_phone("101")
    page = await desk.log_in(profile, "101")
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "available")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "up")
    await page.locator("[data-pop]").get_by_role("link", name="고객 열기").click()
    await expect(page.locator("h1")).to_have_text("이순신")
    await page.keyboard.press("F4")
    await expect(page.locator("#consultation-text")).to_be_focused()
    await page.keyboard.type("필터 교체 문의")
    await page.locator("#type1").select_option(inquiry.id)
    await save(page)
    case = page.locator("[data-consultation]")
    await expect(case).to_contain_text("필터 교체 문의")
    await expect(case).to_contain_text("미완료")
    await expect(case).to_contain_text("통화 중 상담")
    (kept,) = await cases(desk, customer.id)
    assert kept.types == (inquiry.id, "", "")
    assert kept.call_id == desk.daemon.live.calls()[0].key
    await call.hang_up()
    await until(lambda: not desk.daemon.live.calls(), "the call is over")
    records = await desk.records()
    assert [record.id for record in records] == [kept.call_id], "the call's record is that call"

    # the next one, after the call: no call is left for it
    await page.fill("#consultation-text", "끊고 나서 적은 것")
    await save(page)
    await expect(page.locator("[data-consultation]")).to_have_count(2)
    assert {one.call_id for one in await cases(desk, customer.id)} == {kept.call_id, ""}
    first = page.locator(f'[data-consultation="{kept.id}"]')
    await first.get_by_role("button", name="상담 완료").click()
    await expect(first).to_contain_text("완료")
    await expect(first.get_by_role("button", name="다시 열기")).to_be_visible()


async def test_added_changed_deleted_and_taken_back(sample: SampleConsole) -> None:
    id = await a_customer(sample, "유관순")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.fill("#consultation-text", "처음 상담")
    await save(page)
    case = page.locator("[data-consultation]")
    await case.get_by_text("상담 추가").click()
    await case.locator(".consultation-add textarea").fill("물류팀 확인")
    await case.locator(".consultation-add").get_by_role("button", name="상담 저장").click()
    await expect(case.locator(".consultation-text")).to_have_text(["처음 상담", "물류팀 확인"])
    assert len(await cases(sample, id)) == 1, "the same case"

    part = case.locator(".consultation-part").first
    await part.get_by_text("수정").click()
    await part.locator("textarea").fill("  ")
    await part.locator("form").evaluate("form => form.noValidate = true")
    await part.get_by_role("button", name="저장").click()
    await expect(part.locator(".field-error")).to_contain_text("상담 내용을 적어 주세요")
    await part.locator("textarea").fill("고친 상담")
    await part.get_by_role("button", name="저장").click()
    await expect(case.locator(".consultation-text").first).to_have_text("고친 상담")

    page.on("dialog", lambda dialog: dialog.accept())
    await case.get_by_title("삭제").click()
    await expect(page.locator("[data-consultation]")).to_have_count(0)
    await page.get_by_role("button", name="되돌리기").click()
    await expect(page.locator("[data-consultation]")).to_have_count(1)

    # somebody else may add, and neither change nor delete it; addresses are refused too
    other = await sample.logged_in("102")
    await other.goto(f"{sample.address}/customers/{id}")
    theirs = other.locator("[data-consultation]")
    await expect(theirs).to_contain_text("고친 상담")
    await expect(theirs.locator(".consultation-edit")).to_have_count(0)
    await expect(theirs.get_by_title("삭제")).to_have_count(0)
    (kept,) = await cases(sample, id)
    token = await other.locator("meta[name=csrf-token]").get_attribute("content")
    refused = await other.request.post(
        f"{sample.address}/consultations/{kept.id}/delete",
        headers={"X-CSRF-Token": token or "", "HX-Request": "true", "Origin": sample.address},
    )
    assert refused.status == 403
    assert len(await cases(sample, id)) == 1
    # a supervisor may (상담내역 편집)
    boss = await sample.logged_in("108")
    await boss.goto(f"{sample.address}/customers/{id}")
    await expect(boss.locator("[data-consultation] .consultation-edit")).to_have_count(2)


async def test_two_who_change_one_entry(sample: SampleConsole) -> None:
    id = await a_customer(sample, "두 사람")
    one = await sample.logged_in("101")
    await one.goto(f"{sample.address}/customers/{id}")
    await one.fill("#consultation-text", "처음")
    await save(one)
    await expect(one.locator("[data-consultation]")).to_have_count(1)
    boss = await sample.logged_in("108")
    await boss.goto(f"{sample.address}/customers/{id}")
    for page, text in ((one, "내가 고침"), (boss, "슈퍼바이저가 고침")):
        part = page.locator(".consultation-part")
        await part.get_by_text("수정").click()
        await part.locator("textarea").fill(text)
        await part.get_by_role("button", name="저장").click()
        if page is one:
            await expect(one.locator(".consultation-text")).to_have_text(text)
    await expect(boss.locator(".field-error")).to_contain_text("내가 고침")
    await expect(boss.locator(".consultation-edit textarea")).to_have_value("슈퍼바이저가 고침")
    await boss.locator(".consultation-part").get_by_role("button", name="저장").click()
    await expect(boss.locator(".consultation-text")).to_have_text("슈퍼바이저가 고침")


async def test_wrong_input_stays_typed(sample: SampleConsole) -> None:
    id = await a_customer(sample, "잘못 적음")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.fill("#consultation-text", "지난 시간에 리콜")
    await page.fill("#consultation-recall", in_local(sample, timedelta(hours=-2)))
    await save(page)
    await expect(page.locator(".consultation-form .field-error")).to_contain_text("앞으로의 시간")
    await expect(page.locator("#consultation-text")).to_have_value("지난 시간에 리콜")
    assert await cases(sample, id) == []


async def test_what_was_begun_stays_while_other_things_are_done(sample: SampleConsole) -> None:
    """A consultation half written, another one completed: on one page."""
    page, id = await sample.logged_in("102", "ko-KR"), await a_customer(sample, "안미완")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.fill("#consultation-text", "먼저 온 문의")
    await save(page)
    case = page.locator("article.consultation")
    await expect(case).to_have_count(1)
    await page.fill("#consultation-text", "아직 쓰는 중")
    await case.get_by_role("button", name="상담 완료").click()
    await expect(case.locator(".badge").first).to_have_text("완료")
    await expect(page.locator("#consultation-text")).to_have_value("아직 쓰는 중")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    form = page.locator(".consultation-form")
    await form.locator('[data-draft-do="restore"]').click()
    await expect(page.locator("#consultation-text")).to_have_value("아직 쓰는 중")
    await save(page)
    await expect(case).to_have_count(2)
    await expect(page.locator("#consultation-text")).to_have_value("")
    # other words for what was written are no less dear
    change = case.first.locator(".consultation-edit")
    await change.locator("summary").click()
    await change.locator("textarea").fill("다시 쓴 글")
    await page.reload()
    await expect(change.locator('[data-draft-do="restore"]')).to_be_visible()
    await change.locator('[data-draft-do="restore"]').click()
    await change.get_by_role("button", name="저장").click()
    await expect(case.first.locator(".consultation-text")).to_have_text("다시 쓴 글")
    await page.go_back()
    await expect(page.locator("[data-draft-offer]:visible")).to_have_count(0)


async def test_unfinished_and_recalls_of_the_page_to_do(sample: SampleConsole) -> None:
    id = await a_customer(sample, "리콜 고객")
    page = await sample.logged_in("103")
    await page.goto(f"{sample.address}/customers/{id}")
    for text, ahead in (("내일 다시", timedelta(hours=24)), ("모레 다시", timedelta(hours=48))):
        await page.fill("#consultation-text", text)
        await page.fill("#consultation-recall", in_local(sample, ahead))
        await save(page)
        await expect(page.locator("[data-consultation]").first).to_contain_text(text)
    first, second = sorted(await cases(sample, id), key=lambda one: one.at)
    await page.goto(f"{sample.address}/callbacks?tab=recalls")
    row = page.locator(f'tr[data-consultation="{first.id}"]')
    await expect(row).to_contain_text("리콜 고객")
    await expect(row.locator("[data-call]")).to_be_visible()
    await row.get_by_role("button", name="리콜 완료").click()
    await expect(row).to_have_count(0)
    await expect(page.locator(f'tr[data-consultation="{second.id}"]')).to_have_count(1)
    await page.goto(f"{sample.address}/callbacks?tab=unfinished")
    row = page.locator(f'tr[data-consultation="{first.id}"]')
    await expect(row).to_contain_text("내일 다시")
    await page.screenshot(path=ARTEFACTS / "unfinished-ko-wide.png")
    await row.get_by_role("button", name="상담 완료").click()
    await expect(row).to_have_count(0)


async def test_a_recall_reminds(sample: SampleConsole) -> None:
    id = await a_customer(sample, "알림 고객")
    page = await sample.logged_in("104")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.fill("#consultation-text", "약속")
    await page.fill("#consultation-recall", in_local(sample, timedelta(hours=1)))
    await save(page)
    await expect(page.locator("[data-consultation]")).to_have_count(1)
    (case,) = await cases(sample, id)
    daemon = sample.now.daemon
    async with daemon.store.writing() as conn:
        await queries.change(conn, case.id, recall_at=daemon.clock() - timedelta(seconds=1))
    service = sample.now.console.services.consultations
    await service.remind()
    await expect(page.locator(".toast")).to_contain_text("010-7000-1000")
    await service.remind()
    await expect(page.locator(".toast")).to_have_count(1)


async def test_types(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/settings/consultation-types")
    level = page.locator('[data-level="3"]')
    for text, wrong in (("특별", ""), ("특별", "이미 있습니다")):
        await level.get_by_placeholder("새 유형").fill(text)
        await level.get_by_role("button", name="추가").click()
        if wrong:
            await expect(level.locator(".field-error")).to_contain_text(wrong)
        else:
            await expect(level.locator('input[value="특별"]')).to_have_count(1)
    line = level.locator("[data-type]", has=page.locator('input[value="특별"]'))
    await expect(line).to_have_count(1)
    await line.locator("input[name=name]").fill("특별 고객")
    await line.get_by_role("button", name="저장").click()
    line = level.locator("[data-type]", has=page.locator('input[value="특별 고객"]'))
    await line.get_by_role("button", name="삭제").click()
    await expect(line).to_have_count(0)
    used = level.locator("[data-type]", has=page.locator('input[value="신규 고객"]'))
    await expect(used.locator("input[name=name]")).to_have_attribute("readonly", "")
    await expect(used.get_by_role("button", name="삭제")).to_have_count(0)
    service = sample.now.console.services.consultations
    (new, *_) = [one for one in service.types(3) if one.name == "신규 고객"]
    with pytest.raises(Exception, match="neither renamed"):
        await service.remove_type(new.id, "")
    with pytest.raises(Exception, match="neither renamed"):
        await service.change_type(new.id, "다른 이름", "", 1, "")
    await service.change_type(new.id, "신규 고객", "#112233", 9, "")


async def test_the_history_its_filters_and_excel(sample: SampleConsole) -> None:
    id = await a_customer(sample, "=cmd|' /C calc'!A0")
    page = await sample.logged_in("105")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.fill("#consultation-text", "아주 드문 말 100%_")
    await save(page)
    await expect(page.locator("[data-consultation]")).to_have_count(1)
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/consultations")
    assert await boss.locator("tr[data-consultation]").count() > 20
    await fits(boss)
    await boss.fill("#log-q", "드문 말 100%_")
    await boss.get_by_role("button", name="검색").click()
    await expect(boss.locator("tr[data-consultation]")).to_have_count(1)
    await expect(boss.locator(".consultation-line")).to_contain_text("아주 드문 말")
    async with boss.expect_download() as waiting:
        await boss.get_by_role("link", name="엑셀").click()
    file = await (await waiting.value).path()
    sheet = load_workbook(io.BytesIO(file.read_bytes())).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["시간", "고객", "번호"]
    assert rows[1][1] == "'=cmd|' /C calc'!A0"
    assert rows[1][2] == "010-7000-1000"
    assert rows[1][6] == "아주 드문 말 100%_"

    # an agent sees his own, and takes nothing along
    await page.goto(f"{sample.address}/consultations?q=%EB%B0%B0%EC%86%A1")
    mine = await page.locator("tr[data-consultation] td:nth-child(5)").all_inner_texts()
    assert set(mine) <= {"정민서"}
    assert (await page.request.get(f"{sample.address}/consultations/export")).status == 403


async def test_prospects_are_found_and_worked_on(sample: SampleConsole) -> None:
    """S0-37, as far as it needs no insurance contracts: marked, listed, called again."""
    files = sample.now.console.services.customers
    phones = (Phone("010-4141-0037"),)
    made = await files.create(Details("가망 손님", prospect=True, phones=phones), "")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/search")
    await page.locator(".saved a", has_text="가망고객").click()  # a search that the office shares
    rows = page.locator(".customers tbody tr")
    await expect(rows.first.locator(".badge-prospect")).to_have_text("가망고객")
    assert await rows.count() == await rows.locator(".badge-prospect").count()
    await rows.get_by_role("link", name="가망 손님").click()
    await page.wait_for_url(f"**/customers/{made.id}*")
    await expect(page.locator(".page-head .badge-prospect")).to_be_visible()
    await page.fill("#consultation-text", "견적 받고 다시 통화하기로 함")
    await page.fill("#consultation-recall", in_local(sample, timedelta(days=2)))
    await page.get_by_role("button", name="상담 저장").click()
    await expect(page.locator("article", has_text="견적 받고 다시")).to_be_visible()
    await page.goto(f"{sample.address}/callbacks?tab=recalls")
    recall = page.locator("[data-consultation]", has_text="가망 손님")
    await expect(recall.locator(".badge-prospect")).to_have_text("가망고객")
    await page.screenshot(path=ARTEFACTS / "recalls-prospect.png")
