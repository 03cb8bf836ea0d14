"""The phonebook as its users work with it, in files, and as a desk phone reads it."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree.ElementTree import fromstring

import aiohttp
import xlsxwriter
from openpyxl import Workbook, load_workbook
from playwright.async_api import Page, expect

from pbxd.phonebook.model import Entry
from tests.browser.conftest import SampleConsole
from tests.browser.test_console_pictures import ARTEFACTS, fits

ROW = "tr[data-entry]"


async def opened(sample: SampleConsole, login: str) -> Page:
    page = await sample.logged_in(login)
    await page.goto(f"{sample.address}/phonebook")
    return page


def long_book() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place in range(20_002):
            sheet.write_string(place, 0, "가")
    return out.getvalue()


async def clear(sample: SampleConsole) -> None:
    book = sample.now.daemon.phonebook
    await book.remove([*book._entries])


async def test_shared_private_and_speed_dial(sample: SampleConsole) -> None:
    await clear(sample)
    page = await opened(sample, "101")
    await expect(page.get_by_text("전화번호부가 비어 있습니다.")).to_be_visible()
    await page.fill("#f-p-name", "퀵서비스")
    await page.fill("#f-p-number", "abc")
    await page.fill("#f-p-speed", "12")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator("#e-p-number")).to_be_visible()
    await expect(page.locator("#f-p-name")).to_have_value("퀵서비스")
    await page.fill("#f-p-number", "1588 1234")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(ROW)).to_contain_text("*712")
    await page.fill("#f-p-name", "다른 곳")
    await page.fill("#f-p-number", "010-9999-0001")
    await page.fill("#f-p-speed", "12")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator("#e-p-speed")).to_contain_text("퀵서비스")
    await page.get_by_label("나만 보기").check()
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(ROW)).to_have_count(2)
    other = await opened(sample, "102")
    await expect(other.locator(ROW)).to_have_count(1)
    (mine,) = [e for e in sample.now.daemon.phonebook._entries.values() if e.owner_id]
    answer = await other.goto(f"{sample.address}/phonebook?edit={mine.id}")
    assert answer is not None
    assert answer.status == 403
    wanted = sample.now.daemon.phonebook._wanted()
    assert wanted == {"12": "15881234", "101-12": "01099990001"}
    await page.locator(ROW, has_text="퀵서비스").locator("input").check()
    await page.get_by_role("button", name="선택 삭제").click()
    await expect(page.locator(ROW)).to_have_count(1)
    await page.get_by_role("button", name="되돌리기").click()
    await expect(page.locator(ROW)).to_have_count(2)
    await page.screenshot(path=ARTEFACTS / "phonebook-full-ko-wide.png")
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)


async def test_excel_and_vcard_in_and_out(sample: SampleConsole, tmp_path: Path) -> None:
    await clear(sample)
    page = await opened(sample, "admin")
    sheet = Workbook()
    assert sheet.active is not None
    for row in (
        ("이름", "번호", "그룹", "단축키", "메모"),
        ("김서준", 1012345678, "거래처", 5, "=1+1"),
        ("왕샤오밍", "번호 없음", "", None, None),
        ("", "", "", "", ""),
    ):
        sheet.active.append(row)
    sheet.save(tmp_path / "book.xlsx")
    await page.set_input_files('input[name="file"]', tmp_path / "book.xlsx")
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.locator(".form-error")).to_be_visible()
    assert sample.now.daemon.phonebook.shared() == (), "a wrong row: nothing at all"
    sheet.active["B3"] = "02-555-1234"
    sheet.save(tmp_path / "book.xlsx")
    await page.goto(f"{sample.address}/phonebook")
    await page.set_input_files('input[name="file"]', tmp_path / "book.xlsx")
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.locator(".banner-good")).to_contain_text("2개")
    found = {e.name: (e.number, e.speed) for e in sample.now.daemon.phonebook.shared()}
    assert found == {"김서준": ("+821012345678", "5"), "왕샤오밍": ("+8225551234", "")}

    chooser = page.locator(".chooser")
    await page.goto(f"{sample.address}/phonebook?sort=-name")
    await chooser.locator("summary").click()
    await chooser.locator("[name=wide][value=memo]").uncheck()
    await chooser.locator("li", has_text="번호").locator("[data-move=up]").click()
    await chooser.get_by_role("button", name="적용").click()
    await expect(page.locator("th[data-column=memo]")).to_have_count(0)
    await expect(page.locator("th[data-column=name]")).to_have_attribute("aria-sort", "descending")
    excel = await page.request.get(f"{sample.address}/phonebook/export?sort=-name")
    cells = list(load_workbook(io.BytesIO(await excel.body())).worksheets[0].values)
    assert cells == [
        ("번호", "이름", "그룹", "단축키"),
        ("02-555-1234", "왕샤오밍", None, None),
        ("010-1234-5678", "김서준", "거래처", "5"),
    ]
    (tmp_path / "back.xlsx").write_bytes(await excel.body())
    await page.set_input_files('input[name="file"]', tmp_path / "back.xlsx")
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.locator(".banner-good")).to_contain_text("0개")
    card = await page.request.get(f"{sample.address}/phonebook/export?file=vcf")
    (tmp_path / "book.vcf").write_bytes(await card.body())
    await clear(sample)
    await page.goto(f"{sample.address}/phonebook")
    await page.set_input_files('input[name="file"]', tmp_path / "book.vcf")
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.locator(".banner-good")).to_contain_text("2개")
    locked = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    rows = "\n".join("가,02-555-1234" for _ in range(20_001))
    for file, data, why in (
        ("x.xlsx", b"PK\x03\x04 nothing", "엑셀"),
        ("x.xlsx", rows.encode(), "엑셀"),
        ("x.vcf", b"BEGIN:VCARD\nFN", "엑셀"),
        ("x.xlsx", locked, "암호"),
        ("x.xlsx", long_book(), "20,000"),
    ):
        (tmp_path / file).write_bytes(data)
        await page.goto(f"{sample.address}/phonebook")
        await page.set_input_files('input[name="file"]', tmp_path / file)
        await page.get_by_role("button", name="가져오기").click()
        await expect(page.locator(".plain li")).to_contain_text(why)


async def test_a_desk_phone_reads_its_book(sample: SampleConsole) -> None:
    await clear(sample)
    page = await opened(sample, "admin")
    await page.fill("#f-p-name", "본사 <대표>")
    await page.fill("#f-p-number", "0255512345")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(ROW)).to_have_count(1)
    await page.get_by_role("button", name="주소 만들기").click()
    address = await page.locator(".banner-good code").inner_text()
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.status == 200
            root = fromstring(await answer.read())
        async with session.get(f"{sample.address}/book/nobody.xml") as answer:
            assert answer.status == 404
    (unit,) = root.iter("Unit")
    assert (unit.get("Name"), unit.get("Phone1")) == ("본사 <대표>", "0255512345")
    (device,) = await sample.now.daemon.phonebook.devices()
    assert device.last_at is not None
    await page.goto(f"{sample.address}/phonebook")
    await expect(page.locator("code")).to_have_count(0)


async def test_two_who_change_one_entry(sample: SampleConsole) -> None:
    await clear(sample)
    book = sample.now.daemon.phonebook
    entry = await book.save(Entry("", "", "퀵서비스", "1588-1234"))
    pages = [await opened(sample, login) for login in ("101", "102")]
    for page in pages:
        await page.goto(f"{sample.address}/phonebook?edit={entry.id}")
    one, two = pages
    await one.fill("#f-p-name", "빠른 퀵")
    await one.get_by_role("button", name="저장").click()
    await expect(one.locator(ROW)).to_contain_text("빠른 퀵")
    await two.fill("#f-p-memo", "오후만")
    await two.get_by_role("button", name="저장").click()
    await expect(two.locator(".form-error")).to_contain_text("빠른 퀵")
    await expect(two.locator("#f-p-memo")).to_have_value("오후만")
    assert book.get(entry.id).name == "빠른 퀵"
    await two.get_by_role("button", name="저장").click()
    await expect(two.locator(ROW)).to_contain_text("오후만")
