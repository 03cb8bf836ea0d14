"""Service records: on a customer's page, over all customers, on paper, and their phrases."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta

from openpyxl import load_workbook
from playwright.async_api import Locator, Page, expect

from console.customers.model import Details, Phone
from console.service_records import queries
from console.service_records.model import Entry, Record, Status
from console.service_records.queries import Filter
from pbxd.store.metadata import new_id
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits

_numbers = itertools.count(8200_0001)


async def a_customer(sample: SampleConsole, name: str) -> str:
    """A new one, without a history."""
    phones = (Phone(f"010{next(_numbers):08}"),)
    details = Details(name, phones=phones, postcode="06236", address="서울특별시 강남구 테헤란로 1")
    made = await sample.now.console.services.customers.create(details, "")
    return made.id


def user_id(sample: SampleConsole, login: str) -> str:
    return next(one.id for one in sample.now.console.services.users.all() if one.login == login)


def today(sample: SampleConsole) -> date:
    daemon = sample.now.daemon
    return daemon.clock().astimezone(daemon.settings.office.zone).date()


async def filled(sample: SampleConsole, customer_id: str, *entries: Entry) -> list[str]:
    """Records that were written before; their ids."""
    by, at = user_id(sample, "101"), sample.now.daemon.clock()
    made = [Record(new_id(), customer_id, entry, by, at) for entry in entries]
    async with sample.now.daemon.store.writing() as conn:
        await queries.add(conn, made)
    return [one.id for one in made]


async def kept(sample: SampleConsole, customer_id: str) -> list[Entry]:
    async with sample.now.daemon.store.reading() as conn:
        page = await queries.listed(conn, Filter(customer_id=customer_id))
    return [one.entry for one in page.rows]


async def at_customer(sample: SampleConsole, login: str, id: str) -> Page:
    page = await sample.logged_in(login, "en-US")
    await page.goto(f"{sample.address}/customers/{id}?tab=services")
    await page.wait_for_selector('body[data-live="up"]')
    return page


def rows(page: Page) -> Locator:
    return page.locator("#services tr[data-service]")


async def press(page: Page, button: Locator, status: int = 200) -> None:
    """And wait for the answer."""
    async with page.expect_response(
        lambda one: (
            "service" in one.url
            and (one.request.method == "POST" or "/edit" in one.url or "/services?all=" in one.url)
        )
    ) as answer:
        await button.click()
    assert (await answer.value).status == status


def adding(page: Page) -> Locator:
    return page.locator(".service-form").get_by_role("button", name="Add the record")


async def test_written_in_a_line_with_the_total_of_all(sample: SampleConsole) -> None:
    id = await a_customer(sample, "새 기록")
    page = await at_customer(sample, "101", id)
    form = page.locator(".service-form")
    await expect(form.get_by_label("Date")).to_have_value(today(sample).isoformat())
    await expect(form.get_by_label("State")).to_have_value("done")
    await expect(form.get_by_label("Served by")).to_have_value(user_id(sample, "101"))
    await expect(form.locator(".service-name")).to_be_hidden()
    offered = page.locator("#service-phrases option")
    await expect(offered).to_have_count(9)
    await expect(offered.first).to_have_attribute("value", "정수기 필터 교체")

    await page.click("#tab-consultations")
    await page.fill("#consultation-text", "아직 쓰는 중")
    await page.click("#tab-services")
    await form.get_by_label("Service summary").fill("정수기 필터 교체")
    await form.get_by_label("Amount").fill("6,000")
    await press(page, adding(page))
    await expect(rows(page)).to_have_count(1)
    await expect(page.locator("#consultation-text")).to_have_value("아직 쓰는 중")
    await expect(form.get_by_label("Service summary")).to_have_value("")

    await form.get_by_label("Date").fill("2014-03-22")
    await form.get_by_label("State").select_option("postponed")
    await form.get_by_label("Served by").select_option("")
    await form.locator(".service-name").fill("한결설비 오 기사")
    await form.get_by_label("Service summary").fill("방문 수리")
    await form.get_by_label("Amount").fill("800원")
    await form.get_by_label("Note").fill("다음 달 청구")
    await press(page, adding(page))
    await expect(rows(page)).to_have_count(2)
    await expect(rows(page).nth(0)).to_contain_text("6,000")
    await expect(rows(page).nth(1)).to_contain_text("한결설비 오 기사")
    await expect(rows(page).nth(1)).to_contain_text("Postponed")
    total = page.locator("#services .service-total")
    await expect(total).to_contain_text(f"From 2014-03-22 to {today(sample)}")
    await expect(total).to_contain_text("2 records")
    await expect(total).to_contain_text("Total 6,800")
    assert await kept(sample, id) == [
        Entry(today(sample), Status.DONE, "정수기 필터 교체", user_id(sample, "101"), amount=6000),
        Entry(
            date(2014, 3, 22),
            Status.POSTPONED,
            "방문 수리",
            "",
            "한결설비 오 기사",
            800,
            "다음 달 청구",
        ),
    ]
    await page.screenshot(path=ARTEFACTS / "service-section-en.png", full_page=True)


async def test_what_cannot_be_kept_stays_typed(sample: SampleConsole) -> None:
    id = await a_customer(sample, "잘못 적음")
    page = await at_customer(sample, "101", id)
    form = page.locator(".service-form")
    await form.get_by_label("Service summary").fill("점검")
    await form.get_by_label("Amount").fill("-500")
    await press(page, adding(page), 422)
    await expect(form.locator(".field-error")).to_have_text("An amount is 0 or more.")
    await expect(form.get_by_label("Amount")).to_have_value("-500")
    await expect(form.get_by_label("Service summary")).to_have_value("점검")
    await form.get_by_label("Amount").fill("500")
    await form.get_by_label("Served by").select_option("")
    await press(page, adding(page), 422)
    await expect(form.locator(".field-error")).to_have_text("Write who served the customer.")
    assert await kept(sample, id) == []
    await form.locator(".service-name").fill("기사")
    await press(page, adding(page))
    await expect(rows(page)).to_have_count(1)


async def test_changed_in_place_deleted_and_taken_back(sample: SampleConsole) -> None:
    id = await a_customer(sample, "고침")
    me = user_id(sample, "101")
    entry = Entry(today(sample), Status.IN_PROGRESS, "부품 주문", me, amount=1000)
    await filled(sample, id, entry)
    page = await at_customer(sample, "101", id)
    row = rows(page).first
    await press(page, row.get_by_role("button", name="Change"))
    await expect(row.get_by_label("Service summary")).to_have_value("부품 주문")
    await expect(row.get_by_label("Amount")).to_have_value("1,000")
    await row.get_by_label("State").select_option("done")
    await row.get_by_label("Service summary").fill("")
    await row.locator("form").evaluate("form => form.noValidate = true")
    await press(page, row.get_by_role("button", name="Save"), 422)
    await expect(row.locator(".field-error")).to_have_text("Write what was done.")
    await expect(row.get_by_label("State")).to_have_value("done")
    await row.get_by_label("Service summary").fill("부품 교체")
    await press(page, row.get_by_role("button", name="Save"))
    await expect(row).to_contain_text("부품 교체")
    await expect(row).to_contain_text("Done")
    await press(page, row.get_by_role("button", name="Change"))
    await press(page, row.get_by_role("button", name="Cancel"))
    await expect(row.locator("form")).to_have_count(0)

    await press(page, row.get_by_role("button", name="Delete"))
    await expect(rows(page)).to_have_count(0)
    assert await kept(sample, id) == []
    await press(page, page.get_by_role("button", name="Undo"))
    await expect(rows(page)).to_have_count(1)
    assert [one.summary for one in await kept(sample, id)] == ["부품 교체"]


async def test_two_who_change_one_record(sample: SampleConsole) -> None:
    id = await a_customer(sample, "두 사람")
    entry = Entry(today(sample), Status.DONE, "처음", user_id(sample, "101"))
    await filled(sample, id, entry)
    one, boss = await at_customer(sample, "101", id), await at_customer(sample, "108", id)
    for page in (one, boss):
        await press(page, rows(page).get_by_role("button", name="Change"))
    await rows(one).get_by_label("Service summary").fill("내가 고침")
    await rows(one).get_by_label("Amount").fill("300")
    await press(one, rows(one).get_by_role("button", name="Save"))
    await rows(boss).get_by_label("Service summary").fill("슈퍼바이저가 고침")
    await press(boss, rows(boss).get_by_role("button", name="Save"), 409)
    await expect(boss.locator(".service-theirs")).to_contain_text("내가 고침")
    await expect(boss.locator(".service-theirs")).to_contain_text("300")
    await expect(rows(boss).get_by_label("Service summary")).to_have_value("슈퍼바이저가 고침")
    assert [entry.summary for entry in await kept(sample, id)] == ["내가 고침"]
    await press(boss, rows(boss).get_by_role("button", name="Save"))
    await expect(rows(boss)).to_contain_text("슈퍼바이저가 고침")


async def test_others_records_are_read_only(sample: SampleConsole) -> None:
    id = await a_customer(sample, "남의 기록")
    entry = Entry(today(sample), Status.DONE, "점검", user_id(sample, "101"))
    (record,) = await filled(sample, id, entry)
    page = await at_customer(sample, "102", id)
    await expect(rows(page)).to_contain_text("점검")
    for name in ("Change", "Delete"):
        await expect(rows(page).get_by_role("button", name=name)).to_have_count(0)
    token = await page.locator("meta[name=csrf-token]").get_attribute("content")
    headers = {"X-CSRF-Token": token or "", "HX-Request": "true", "Origin": sample.address}
    typed = {"day": "2026-11-01", "summary": "x", "user": user_id(sample, "102"), "version": "1"}
    for path, form in ((f"/services/{record}/delete", {}), (f"/services/{record}", typed)):
        answer = await page.request.post(f"{sample.address}{path}", headers=headers, form=form)
        assert answer.status == 403
    assert await kept(sample, id) == [entry]


async def test_the_newest_twenty_and_all(sample: SampleConsole) -> None:
    id = await a_customer(sample, "많은 기록")
    me, last = user_id(sample, "101"), today(sample)
    await filled(
        sample,
        id,
        *(
            Entry(last - timedelta(days=n), Status.DONE, f"점검 {n}", me, amount=100)
            for n in range(23)
        ),
    )
    page = await at_customer(sample, "101", id)
    await expect(rows(page)).to_have_count(20)
    await expect(rows(page).first).to_contain_text("점검 0")
    total = page.locator("#services .service-total")
    await expect(total).to_contain_text(f"From {last - timedelta(days=22)} to {last}")
    await expect(total).to_contain_text("23 records")
    await expect(total).to_contain_text("Total 2,300")
    await press(page, page.get_by_role("link", name="Show all"))
    await expect(rows(page)).to_have_count(23)
    row = rows(page).last
    await press(page, row.get_by_role("button", name="Change"))
    await row.get_by_label("Amount").fill("0")
    await press(page, row.get_by_role("button", name="Save"))
    await expect(rows(page)).to_have_count(23)
    await expect(total).to_contain_text("Total 2,200")
    await page.goto(f"{sample.address}/customers/{id}?tab=services&services=all")
    await expect(rows(page)).to_have_count(23)


async def test_the_list_its_filters_total_and_excel(sample: SampleConsole) -> None:
    id = await a_customer(sample, "=cmd|' /C calc'!A0")
    me = user_id(sample, "103")
    await filled(
        sample,
        id,
        Entry(date(2020, 1, 2), Status.DONE, "드문 말 100%_ 하나", me, amount=7000),
        Entry(date(2020, 1, 3), Status.IMPOSSIBLE, "드문 말 100%_ 둘", "", "기사", 0, "=1+1"),
    )
    page = await sample.logged_in("admin", "en-US")
    await page.goto(f"{sample.address}/services")
    listed, total = page.locator("tr[data-service]"), page.locator(".service-total")
    await expect(listed).to_have_count(50)
    async with sample.now.daemon.store.reading() as conn:
        whole = await queries.total(conn, Filter())
    assert whole.count > 1200
    await expect(total).to_contain_text(f"{whole.count:,} records")
    await expect(total).to_contain_text(f"Total {whole.amount:,}")
    first = await listed.first.get_attribute("data-service")
    await page.get_by_role("link", name="Older").click()
    await expect(page.locator(f'tr[data-service="{first}"]')).to_have_count(0)
    await expect(listed).to_have_count(50)
    await fits(page)

    await page.fill("#s-q", "드문 말 100%_")
    await page.get_by_role("button", name="Search").click()
    await expect(listed).to_have_count(2)
    await expect(total).to_contain_text("Total 7,000")
    await page.select_option("#s-status", "impossible")
    await page.get_by_role("button", name="Search").click()
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("드문 말 100%_ 둘")
    await page.select_option("#s-status", "")
    await page.select_option("#s-user", me)
    await page.fill("#s-until", "2020-01-02")
    await page.get_by_role("button", name="Search").click()
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("드문 말 100%_ 하나")

    await page.goto(f"{sample.address}/services?since=2020-01-01&until=2020-01-31")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Excel").click()
    file = await (await waiting.value).path()
    sheet = load_workbook(io.BytesIO(file.read_bytes())).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == 3
    assert cells[1][0] == "2020-01-03"
    assert cells[1][1] == "'=cmd|' /C calc'!A0"
    assert cells[1][3:] == ["Impossible", "드문 말 100%_ 둘", "기사", 0, "'=1+1"]
    assert cells[2][6] == 7000, "a number, to be added up"

    await page.get_by_role("link", name="Print view").click()
    await expect(page.locator(".paper tbody tr")).to_have_count(2)
    await expect(page.locator(".paper .service-total")).to_contain_text("Total 7,000")
    agent = await sample.logged_in("103", "en-US")
    await agent.goto(f"{sample.address}/services")
    await expect(agent.locator("tr[data-service]").first).to_be_visible()
    await expect(agent.get_by_role("link", name="Excel")).to_have_count(0)
    assert (await agent.request.get(f"{sample.address}/services/export")).status == 403


async def test_a_slip_on_paper(sample: SampleConsole) -> None:
    id = await a_customer(sample, "확인서 고객")
    entry = Entry(
        date(2026, 11, 20),
        Status.DONE,
        "정수기 필터 교체",
        user_id(sample, "101"),
        "",
        35000,
        "내부",
    )
    await filled(sample, id, entry)
    page = await at_customer(sample, "101", id)
    await rows(page).get_by_role("link", name="Slip to print").click()
    slip = page.locator(".slip")
    for text in ("한빛상사", "확인서 고객", "(06236) 서울특별시 강남구 테헤란로 1", "2026-11-20"):
        await expect(slip).to_contain_text(text)
    for text in ("김서준", "Done", "정수기 필터 교체", "35,000", "010-8200-"):
        await expect(slip).to_contain_text(text)
    await expect(slip).not_to_contain_text("내부")
    await page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    await slip.get_by_role("button", name="Print").click()
    await expect(page.locator("body[data-printed=yes]")).to_have_count(1)
    await page.emulate_media(media="print", color_scheme="dark")
    for gone in (".top", ".nav", ".callbar", ".slip .actions"):
        await expect(page.locator(gone)).to_be_hidden()
    inks = await slip.locator("dt, dd").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).color)"
    )
    assert set(inks) == {"rgb(0, 0, 0)"}, "also from a dark screen"
    await page.screenshot(path=ARTEFACTS / "service-slip-print.png")


async def test_a_customer_with_all_services_on_paper(sample: SampleConsole) -> None:
    id = await a_customer(sample, "인쇄 고객")
    me = user_id(sample, "101")
    last = date(2026, 11, 20)
    await filled(
        sample,
        id,
        *(
            Entry(last - timedelta(days=n), Status.DONE, f"점검 {n}", me, "", 100)
            for n in range(25)
        ),
    )
    page = await at_customer(sample, "101", id)
    await page.get_by_role("link", name="Print data and services").click()
    paper = page.locator(".customer-paper")
    for text in ("인쇄 고객", "한빛상사", "(06236) 서울특별시 강남구 테헤란로 1", "010-8200-"):
        await expect(paper).to_contain_text(text)
    await expect(paper.locator("tbody tr")).to_have_count(25)
    await expect(paper.locator("tbody tr").last).to_contain_text("점검 24")
    await expect(paper).to_contain_text("From 2026-10-27 to 2026-11-20")
    await expect(paper).to_contain_text("Total 2,500")
    for size, width, height in (("wide", 1366, 768), ("phone", 360, 740)):
        await page.set_viewport_size({"width": width, "height": height})
        await fits(page)
        await page.screenshot(path=ARTEFACTS / f"customer-paper-{size}.png", full_page=True)
    await page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    await page.keyboard.press("F6")
    await expect(page.locator("body[data-printed=yes]")).to_have_count(1)
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": 794, "height": 1123})
    await expect(paper.locator(".actions")).to_be_hidden()
    await page.screenshot(path=ARTEFACTS / "customer-paper-print.png", full_page=True)
    await page.emulate_media(media="screen")
    await page.keyboard.press("Escape")
    await expect(page.locator("h1")).to_have_text("인쇄 고객")
    await expect(page.locator(".walk")).to_be_visible()


async def test_phrases(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin", "en-US")
    await page.goto(f"{sample.address}/settings/service-phrases")
    lines = page.locator("form[data-phrase]")
    await expect(lines).to_have_count(9)
    await expect(lines.last).to_contain_text("0009")
    new = page.get_by_placeholder("New phrase")
    await new.fill("출장 상담")
    await press(page, page.get_by_role("button", name="Add"), 204)
    await expect(lines).to_have_count(10)
    await expect(lines.last).to_contain_text("0010")
    await new.fill("출장 상담")
    await press(page, page.get_by_role("button", name="Add"), 422)
    await expect(page.locator(".field-error")).to_contain_text("0010")
    await expect(new).to_have_value("출장 상담")

    other = await sample.logged_in("admin", "en-US")
    await other.goto(f"{sample.address}/settings/service-phrases")
    await lines.last.locator("input[name=text]").fill("출장 점검")
    await press(page, lines.last.get_by_role("button", name="Save"), 204)
    theirs = other.locator("form[data-phrase]").last
    await theirs.locator("input[name=text]").fill("출장 수리")
    await press(other, theirs.get_by_role("button", name="Save"), 409)
    await expect(theirs.locator(".field-error")).to_contain_text("출장 점검")
    await expect(theirs.locator("input[name=text]")).to_have_value("출장 수리")
    await press(other, theirs.get_by_role("button", name="Save"), 204)
    await page.reload()
    await expect(lines.last.locator("input[name=text]")).to_have_value("출장 수리")

    await press(page, lines.last.get_by_role("button", name="Remove"), 204)
    removed = page.locator("#phrases-removed form")
    await expect(removed).to_contain_text("출장 수리")
    await page.get_by_role("link", name="Print view").click()
    await expect(page.locator(".paper tbody tr")).to_have_count(9)
    await page.locator(".paper").get_by_role("link", name="Back").click()
    await press(page, removed.get_by_role("button", name="Restore"), 204)
    await expect(lines).to_have_count(10)
    await expect(removed).to_have_count(0)


async def test_it_looks_right_small_and_dark(sample: SampleConsole) -> None:
    id = await a_customer(sample, "작은 화면")
    me = user_id(sample, "101")
    long = "아주 긴 서비스 내용 " * 12 + "https://example.com/" + "a" * 120
    (record, _) = await filled(
        sample,
        id,
        Entry(today(sample), Status.IN_PROGRESS, long, me, "", 10**12, "메모"),
        Entry(
            today(sample), Status.NOT_NEEDED, "정기 점검", "", "이름이 아주 긴 협력업체 기사님" * 4
        ),
    )
    page = await at_customer(sample, "101", id)
    paths = {
        "service-customer": f"/customers/{id}?tab=services",
        "service-list": "/services?since=2026-01-01",
        "service-paper": "/services/print?since=2026-11-01",
        "service-slip": f"/services/{record}/slip",
    }
    await page.goto(f"{sample.address}/customers/{id}?tab=services")
    inside, card = await page.locator("#services").evaluate(
        "one => [one.scrollWidth, one.clientWidth]"
    )
    assert inside <= card, "long words widen the table alone, which can be moved"
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for name, path in paths.items():
            await page.goto(f"{sample.address}{path}")
            for size, width, height in (("wide", 1366, 768), ("phone", 360, 740)):
                await page.set_viewport_size({"width": width, "height": height})
                await fits(page)
                file = ARTEFACTS / f"{name}-{scheme}-{size}.png"
                await page.screenshot(path=file, full_page=True)
    await page.goto(f"{sample.address}/customers/{id}?tab=services")
    await press(page, rows(page).first.get_by_role("button", name="Change"))
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "service-edit-phone.png", full_page=True)
