"""The list of refused numbers, as its user works with it; every role's right to it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from pbxd.blacklist.model import BlockKind
from pbxd.blacklist.service import Wanted
from tests.browser.conftest import ARTEFACTS, SampleConsole

LONG = "새벽 두 시에 전화해서 아무 말도 하지 않습니다. 열 번이 넘었습니다."
ROW = "tr[data-block]"


async def opened(sample: SampleConsole, login: str = "admin", locale: str = "ko-KR") -> Page:
    page = await sample.logged_in(login, locale)
    await page.goto(f"{sample.address}/blacklist")
    return page


async def clear(sample: SampleConsole) -> None:
    blacklist = sample.now.daemon.blacklist
    await blacklist.remove([entry.id for entry in blacklist.all()])


async def test_a_number_is_refused_and_may_call_again(sample: SampleConsole) -> None:
    await clear(sample)
    page = await opened(sample)
    await expect(page.get_by_text("수신 거부한 번호가 없습니다.")).to_be_visible()
    await page.fill("#f-b-number", "abc")
    await page.fill("#f-b-name", "김장난")
    await page.get_by_role("button", name="수신 거부 등록").click()
    await expect(page.locator("#e-b-number")).to_be_visible()
    await expect(page.locator("#f-b-name")).to_have_value("김장난")
    await page.fill("#f-b-number", " 010 9999 8888 ")
    await page.fill("#f-b-reason", "밤마다 전화")
    await page.get_by_role("button", name="수신 거부 등록").click()
    row = page.locator(ROW)
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("010-9999-8888")
    assert sample.now.daemon.blacklist.of("+821099998888") is not None
    await page.fill("#f-b-number", "01099998888")
    await page.get_by_role("button", name="수신 거부 등록").click()
    await expect(page.locator("#e-b-number")).to_have_text("이미 수신 거부한 번호입니다.")
    await row.locator("input[type=checkbox]").check()
    await page.get_by_role("button", name="선택 삭제").click()
    await expect(page.locator(ROW)).to_have_count(0)
    assert sample.now.daemon.blacklist.of("+821099998888") is None
    await page.locator(".block-removed button").click()
    await expect(page.locator(ROW)).to_have_count(1)


async def test_what_would_have_been_refused_is_said_while_typing(sample: SampleConsole) -> None:
    page = await opened(sample)
    await page.fill("#f-b-number", "010")
    await page.check('[name="is_prefix"]')
    await expect(page.locator(".block-trial li")).to_have_count(5)
    await page.screenshot(path=ARTEFACTS / "blacklist-trial.png", full_page=True)
    await page.fill("#f-b-number", "0609999")
    await expect(page.locator(".block-trial")).to_contain_text("거부되었을 통화가 없습니다")


async def test_one_click_on_a_call_and_back(sample: SampleConsole) -> None:
    await clear(sample)
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/calls?since=2000-01-01&external=true")
    button = page.locator('button[hx-post="/blacklist/quick"]').first
    await button.click()
    toast = page.locator(".toast")
    await expect(toast).to_contain_text("이제부터 수신을 거부합니다")
    assert len(sample.now.daemon.blacklist.all()) == 1
    await toast.locator(".toast-undo").click()
    await expect(page.locator(".toast")).to_contain_text("되돌렸습니다.")
    assert sample.now.daemon.blacklist.all() == ()


async def test_a_list_is_read_in_and_out(sample: SampleConsole, tmp_path: Path) -> None:
    await clear(sample)
    page = await opened(sample)
    file = tmp_path / "list.csv"
    rows = (
        "번호,이름,종류,사유,종료일\n010-1111-2222,=HYPERLINK(1),spam,광고,\n060*,,,,2099-12-31\n"
    )
    file.write_bytes(rows.encode("cp949"))
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.get_by_role("status").filter(has_text="2개")).to_be_visible()
    file.write_text("010-3333-4444\nnonsense\n060-123,,,,tomorrow\n", "utf-8")
    await page.goto(f"{sample.address}/blacklist")
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert len(sample.now.daemon.blacklist.all()) == 2
    await page.goto(f"{sample.address}/blacklist")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="CSV").click()
    saved = tmp_path / "saved.csv"
    await (await waiting.value).save_as(saved)
    text = saved.read_text("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "number,name,kind,reason,until"
    assert set(lines[1:]) == {"060*,,other,,2099-12-31", "010-1111-2222,'=HYPERLINK(1),spam,광고,"}
    await clear(sample)
    file.write_text(text, "utf-8")
    await page.goto(f"{sample.address}/blacklist")
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name="가져오기").click()
    await expect(page.get_by_role("status").filter(has_text="2개")).to_be_visible()
    assert {entry.name for entry in sample.now.daemon.blacklist.all()} == {"", "=HYPERLINK(1)"}


async def test_update_phones_without_a_pbx_says_so(sample: SampleConsole) -> None:
    page = await opened(sample)
    await page.get_by_role("button", name="전화기 업데이트").click()
    await expect(page.locator(".banner-bad").first).to_contain_text("교환기에 연결할 수 없습니다")


async def test_pictures(sample: SampleConsole) -> None:
    await clear(sample)
    blacklist = sample.now.daemon.blacklist
    for number, prefix, kind, name, reason in (
        ("010-9999-8888", False, BlockKind.NUISANCE, "밤마다 거는 사람", LONG),
        ("060", True, BlockKind.SPAM, "", "광고"),
        ("1588-0000", False, BlockKind.SPAM, "대출 광고", ""),
        ("+1 415", True, BlockKind.OTHER, "", "해외 사기 전화"),
    ):
        await blacklist.add(Wanted(number, prefix, kind, name, reason), "")
    for locale, width in (("ko-KR", 1366), ("zh-TW", 1366), ("en-GB", 360)):
        page = await opened(sample, "admin", locale)
        await page.set_viewport_size({"width": width, "height": 800})
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (locale, width)
        await page.screenshot(path=ARTEFACTS / f"blacklist-{locale}-{width}.png", full_page=True)
