"""Excel and CSV files of customers, read in as an administrator does it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.async_api import Page, expect

from console.customer_import import service as importing
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits

ANSWER = 30_000.0


def excel(path: Path, *rows: list[object], sheet: str = "고객") -> Path:
    """A workbook with an empty first sheet."""
    book = Workbook()
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


async def send(page: Page, sample: SampleConsole, file: Path) -> None:
    await page.goto(f"{sample.address}/customers/import")
    await page.set_input_files("#f-file", file)
    await page.get_by_role("button", name="다음").click()


async def do(page: Page, button: str, state: str) -> None:
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.locator(f'[data-import="{state}"]')).to_be_visible(timeout=ANSWER)


async def counts(page: Page) -> list[str]:
    """New, changed, left out, wrong."""
    return await page.locator(".import-counts b").all_inner_texts()


async def test_mapped_tried_out_read_in_and_taken_back(
    sample: SampleConsole, tmp_path: Path
) -> None:
    files = sample.now.console.services.customers
    before = await files.count()
    known = (await files.page(size=20)).rows[3]
    path = excel(
        tmp_path / "새 고객.xlsx",
        ["2026년 고객 명단"],
        ["고객명", "휴대폰", "전화번호", "우편번호", "주소", "등급", "생년월일", "비밀칸"],
        [
            "가져온하나",
            1087650001,
            "02-777-0001",
            "04524",
            "서울 중구 1",
            "골드",
            "1980-03-05",
            "x",
        ],
        ["가져온둘", "010-8765-0002", None, "04524", "서울 중구 2", "다이아몬드", None, "x"],
        ["가져온셋", "전화없음", None, None, None, None, None, None],
        [None] * 8,
        ["중복", "010-8765-0002", None, None, "다른 곳", None, None, None],
        [
            "있는 사람",
            "0" + known.details.phones[0].number[3:],
            None,
            None,
            "새 주소 9",
            None,
            None,
        ],
    )
    page = await sample.logged_in("admin")
    await send(page, sample, path)
    await expect(page.locator("#f-header")).to_have_value("2")
    chosen = [await one.input_value() for one in await page.locator("[name=column]").all()]
    assert chosen == ["name", "mobile", "phone", "postcode", "address", "grade", "birthday", ""]
    await expect(page.locator(".import-columns")).to_contain_text("가져온하나")
    await do(page, "미리 확인", "checked")
    assert await counts(page) == ["2", "0", "3", "1"]
    await expect(page.locator('[data-import="checked"]')).to_contain_text("다이아몬드")
    await expect(page.locator('[data-import="checked"]')).to_contain_text("1012345678")
    assert await files.count() == before, "trying out changes nothing"
    await expect(page.locator("main")).to_contain_text("전화없음")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="오류 행").click()
    sheet = load_workbook(io.BytesIO((await (await waiting.value).path()).read_bytes())).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][:2] == ["고객명", "휴대폰"]
    assert rows[1][0] == "가져온셋"
    assert rows[1][-2] == "5", "its row in the file"

    await page.locator("#f-policy").select_option("update")
    await do(page, "가져오기 실행", "done")
    assert await counts(page) == ["2", "2", "1", "1"]
    one = (await files.quick("가져온하나"))[0]
    assert [phone.number for phone in one.details.phones] == ["+821087650001", "+8227770001"]
    assert one.details.birthday is not None
    assert one.details.number.startswith("A")
    grade = files.codes.get(one.details.grade)
    assert grade is not None
    assert grade.name == "골드"
    assert files.codes.named("grade", "다이아몬드") is not None
    changed = await files.get(known.id)
    assert (changed.name, changed.details.address) == ("있는 사람", "새 주소 9")
    assert changed.details.memo == known.details.memo
    two = (await files.quick("010-8765-0002"))[0]
    assert (two.name, two.details.address) == ("중복", "다른 곳"), "the later row of the file"

    # one of them is changed by hand; all others go back
    await files.change(one.id, one.details, one.version, "")
    await page.goto(f"{sample.address}/customers/tools")
    row = page.locator("[data-batch]").first
    await expect(row).to_contain_text("새 고객.xlsx")
    page.on("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="되돌리기").click()
    await expect(page.locator(".banner-good")).to_contain_text("1명은 그대로")
    assert (await files.get(known.id)).details == known.details
    assert await files.quick("010-8765-0002") == []
    assert [c.id for c in await files.quick("가져온하나")] == [one.id]
    await files.delete(one.id, "")


@pytest.mark.parametrize(
    ("coding", "heads", "name"),
    [
        ("utf-8", "이름,휴대폰", "뷁가나"),
        ("cp949", "이름,휴대폰", "가나다"),
        ("big5", "姓名,行動電話", "王小明"),
        ("utf-16", "이름\t휴대폰", "탭으로"),
    ],
)
async def test_texts_in_every_coding(
    sample: SampleConsole, tmp_path: Path, coding: str, heads: str, name: str
) -> None:
    path = tmp_path / "list.csv"
    separator = "\t" if "\t" in heads else ","
    path.write_bytes(f"{heads}\r\n{name}{coding}{separator}010-8700-0101\r\n".encode(coding))
    page = await sample.logged_in("admin")
    await send(page, sample, path)
    await expect(page.locator(".import-columns")).to_contain_text(f"{name}{coding}")
    chosen = [await one.input_value() for one in await page.locator("[name=column]").all()]
    assert chosen == ["name", "mobile"]


def bomb(path: Path) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as target,
    ):
        for _ in range(700):
            target.write(b"0" * 2**20)
    return path


async def test_files_that_cannot_be_read(sample: SampleConsole, tmp_path: Path) -> None:
    good = excel(tmp_path / "good.xlsx", ["이름"], ["가"]).read_bytes()
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    cases: list[tuple[bytes, str]] = [
        (good[:3000], "손상된"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "엑셀 파일도"),
        (ole, "암호"),
        (b"", "파일을 고르세요"),
        (b"\n\n", "내용이 없습니다"),
    ]
    page = await sample.logged_in("admin")
    for place, (data, words) in enumerate(cases):
        path = tmp_path / f"bad{place}.xlsx"
        path.write_bytes(data)
        await send(page, sample, path)
        await expect(page.locator(".field-error")).to_contain_text(words)
    await send(page, sample, bomb(tmp_path / "bomb.xlsx"))
    await expect(page.locator(".field-error")).to_contain_text("너무 큰")
    with (tmp_path / "huge.xlsx").open("wb") as huge:
        huge.truncate(200 * 2**20)
    await page.goto(f"{sample.address}/customers/import")
    await page.set_input_files("#f-file", tmp_path / "huge.xlsx")
    await expect(page.locator(".toast")).to_contain_text("60 MB보다 큽니다")
    assert not await page.locator("#f-file").evaluate("field => field.form.checkValidity()")
    folder = sample.now.daemon.settings.store.directory / "imports"
    kept = {one.name for one in folder.iterdir()}
    assert all((folder / name / "rows.jsonl").exists() for name in kept), "refused ones are gone"


async def test_wrong_choices_are_said_and_stay(sample: SampleConsole, tmp_path: Path) -> None:
    path = excel(
        tmp_path / "two.xlsx", *[["한빛상사"]] * 6, ["이름", "주소", "주소2"], ["가", "나", "다"]
    )
    page = await sample.logged_in("admin")
    await send(page, sample, path)
    await expect(page.locator("#f-header")).to_have_value("7")  # below the letterhead
    await page.locator("[name=column]").nth(2).select_option("address")
    await page.get_by_role("button", name="미리 확인", exact=True).click()
    await expect(page.locator(".form-error")).to_contain_text("두 열이")
    await expect(page.locator("[name=column]").nth(2)).to_have_value("address")
    await page.locator("[name=column]").nth(0).select_option("")
    await page.locator("[name=column]").nth(2).select_option("")
    await page.get_by_role("button", name="가져오기 실행", exact=True).click()
    await expect(page.locator(".form-error")).to_contain_text("열을 지정")
    await page.locator("#f-header").select_option("0")
    await expect(page.locator("[name=column]").nth(0)).to_have_value("")
    await expect(page.locator(".import-columns")).to_contain_text("한빛상사 · 한빛상사")
    await page.locator("[name=column]").nth(0).select_option("name")
    await page.locator("[name=column]").nth(2).select_option("mobile")
    await do(page, "미리 확인", "checked")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="오류 행").click()
    sheet = load_workbook(io.BytesIO((await (await waiting.value).path()).read_bytes())).active
    assert sheet is not None
    heads = next(sheet.iter_rows(values_only=True))
    assert heads == ("이름", None, "휴대폰", "행", "이유"), "known again when it comes back"


async def test_only_who_may(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    response = await page.goto(f"{sample.address}/customers/import")
    assert response is not None
    assert response.status == 403


async def test_it_fits_every_screen(sample: SampleConsole, tmp_path: Path) -> None:
    path = excel(
        tmp_path / "wide.xlsx",
        ["고객명", "휴대폰", "주소", "메모", "생년월일"],
        [
            "김하나",
            "010-8700-1111",
            "서울특별시 강남구 테헤란로 152 강남파이낸스센터 17층",
            "긴 메모 " * 9,
            "음 1980-01-01",
        ],
        ["이둘", "번호가 아님", "", "", ""],
    )
    for locale, name in (("ko-KR", "ko"), ("zh-TW", "zh_Hant"), ("en-US", "en")):
        page = await sample.logged_in("admin", locale=locale)
        await page.goto(f"{sample.address}/customers/import")
        await page.screenshot(path=ARTEFACTS / f"import-start-{name}-wide.png")
        await page.set_input_files("#f-file", path)
        await page.locator("main button[type=submit]").click()
        await page.locator("[name=then][value=check]").click()
        await expect(page.locator('[data-import="checked"]')).to_be_visible(timeout=ANSWER)
        for width, size in ((1366, "wide"), (360, "phone")):
            await page.set_viewport_size({"width": width, "height": 768})
            await page.screenshot(path=ARTEFACTS / f"import-{name}-{size}.png", full_page=True)
            await fits(page)


async def test_stopped_gone_on_and_named_in_the_history(
    sample: SampleConsole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 5)
    lines = [f"멈춘이{place};010-8600-{place:04}" for place in range(1_200)]
    path = tmp_path / "대리점.csv"
    path.write_bytes("\r\n".join(["이름;휴대폰", *lines]).encode("cp949"))
    page = await sample.logged_in("admin")
    await send(page, sample, path)
    await page.locator("#f-coding").select_option("big5")
    await expect(page.locator(".import-columns")).not_to_contain_text("멈춘이0")
    await page.locator("#f-coding").select_option("")
    await expect(page.locator(".import-columns")).to_contain_text("멈춘이0")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.screenshot(path=ARTEFACTS / "import-text-phone.png", full_page=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.screenshot(path=ARTEFACTS / "import-text-wide.png", full_page=True)
    await do(page, "가져오기 실행", "running")
    await do(page, "중지", "cancelled")
    await page.screenshot(path=ARTEFACTS / "import-stopped-wide.png", full_page=True)
    await do(page, "나머지 계속 가져오기", "done")
    assert await counts(page) == ["1,200", "0", "0", "0"]
    (one,) = await sample.now.console.services.customers.find("멈춘이1199")
    await page.goto(f"{sample.address}/customers/{one.id}/history")
    await expect(page.locator(".history-line")).to_contain_text("파일에서 가져옴 대리점.csv")
    await page.screenshot(path=ARTEFACTS / "import-history-wide.png")
