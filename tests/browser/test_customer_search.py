"""Finding customers, keeping results, walking through lists, deleting many and taking it back."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from playwright.async_api import Page, expect

from console.customer_search.model import Wanted
from console.customers.dates import Anniversary
from console.customers.model import Customer, Details, Phone, PhoneKind
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits


async def made(sample: SampleConsole, word: str, count: int) -> list[Customer]:
    """New customers `word0`, `word1` …"""
    files = sample.now.console.services.customers
    one = Details(word, address=f"{word}시 {word}로")
    return [await files.create(replace(one, name=f"{word}{n}"), "") for n in range(count)]


async def ask(page: Page, sample: SampleConsole, **fields: str) -> None:
    """Search by these conditions."""
    await page.goto(f"{sample.address}/customers/search")
    for name, text in fields.items():
        await page.fill(f"#s-{name}", text)
    await page.locator(".search-form").get_by_role("button", name="검색").click()
    await expect(page.locator(".customers, .empty").first).to_be_visible()


async def test_the_first_hit_opens_with_enter(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    await files.create(Details("주소에빠른", address="큐이크길 1"), "")
    await files.create(Details("큐이크", phones=(Phone("010-5656-1212"),)), "")
    page = await sample.logged_in("101")
    await page.keyboard.press("F2")
    await page.keyboard.type("큐이크")
    hits = page.locator("#quick-list [role=option]")
    await expect(hits).to_have_count(2)
    await expect(hits.first).to_contain_text("010-5656-1212")
    await page.screenshot(path=ARTEFACTS / "quick-ko-wide.png")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("큐이크")
    await expect(page.locator("#quick-list")).to_be_hidden()

    # the rest of the hits: on with the keys, back to the list
    await expect(page.locator("[data-place]")).to_have_text("2명 중 1번째")
    await page.keyboard.press("Alt+PageDown")
    await expect(page.locator("h1")).to_have_text("주소에빠른")
    await expect(page.locator("[data-place]")).to_have_text("2명 중 2번째")
    await page.keyboard.press("Control+Home")
    await expect(page.locator("h1")).to_have_text("큐이크")
    await page.get_by_role("link", name="목록으로").click()
    await expect(page.locator(".customers tbody tr")).to_have_count(2)

    # arrows mark another; nothing found is said; Escape closes
    await page.keyboard.press("F2")
    await page.keyboard.type("큐이크")
    await expect(page.locator("#quick-list")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("주소에빠른")
    await page.keyboard.press("F2")
    await page.keyboard.type("아무도없다")
    await expect(page.locator("#quick-list")).to_contain_text("맞는 고객이 없습니다")
    await expect(page.locator("#quick-list")).to_contain_text("고객번호, 이름, 회사")
    await page.keyboard.press("Escape")
    await expect(page.locator("#quick-list")).to_be_hidden()

    # changed so that he is no hit any more: said, and on with the walk
    await page.keyboard.press("F3")
    await page.fill("#f-address", "딴길 1")
    await page.keyboard.press("F8")
    await expect(page.locator("[data-place]")).to_have_text("이 목록에 더는 없음")
    await page.keyboard.press("Control+Home")
    await expect(page.locator("h1")).to_have_text("큐이크")
    await expect(page.locator("[data-place]")).to_have_text("1명 중 1번째")


async def test_conditions_kept_added_and_taken_out(sample: SampleConsole) -> None:
    first, second = await made(sample, "가람골", 3), await made(sample, "나래골", 2)
    page = await sample.logged_in("admin")
    await ask(page, sample, address="가람골")
    await expect(page.locator(".customers tbody tr")).to_have_count(3)
    await page.get_by_role("button", name="이전 결과 지움").click()
    await expect(page.locator("h1")).to_have_text("보관 목록")
    await expect(page.locator(".customers tbody tr")).to_have_count(3)
    await ask(page, sample, name="나래골")
    await page.get_by_role("button", name="이전 결과 유지").click()
    await expect(page.locator(".customers tbody tr")).to_have_count(5)
    await page.locator(f'[name=id][value="{first[0].id}"]').check()
    await page.get_by_role("button", name="선택한 고객을 목록에서 빼기").click()
    await expect(page.locator(".customers tbody tr")).to_have_count(4)

    # to Excel: only the chosen columns
    await page.locator(".columns summary").click()
    boxes = page.locator(".columns [name=column]")
    for place in range(await boxes.count()):
        box = boxes.nth(place)
        if await box.get_attribute("value") not in ("name", "address"):
            await box.uncheck()
    async with page.expect_download() as waiting:
        await page.locator(".columns").get_by_role("button").click()
    file = await (await waiting.value).path()
    sheet = load_workbook(io.BytesIO(file.read_bytes())).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["이름", "주소"]
    kept = {one.name for one in (*first[1:], *second)}
    assert {row[0] for row in rows[1:]} == kept

    # deleted all, with a look before; taken back as a whole
    await page.get_by_role("link", name="모두 삭제…").click()
    await expect(page.locator("h1")).to_contain_text("4")
    await page.get_by_role("button", name="삭제", exact=True).click()
    row = page.locator("[data-batch]").first
    await expect(row).to_contain_text("4 삭제")
    files = sample.now.console.services.customers
    assert await files.quick("나래골") == []
    await files.create(Details("새사람", number=second[0].details.number), "")
    page.on("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="되돌리기").click()
    await expect(page.locator(".banner-good")).to_contain_text("4명을 되돌렸습니다")
    assert len(await files.quick("나래골")) == 2, "one with another number: its own was given away"


async def test_more_than_a_thousand_are_deleted_under_ones_eyes(
    sample: SampleConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sample.logged_in("admin")
    batches = sample.now.console.services.batches
    every = await batches._customers.page(size=1500)
    first, goes_on = asyncio.Event(), asyncio.Event()
    work_off = batches._delete

    async def slowly(id: str, ids: Sequence[str], user_id: str) -> None:
        await work_off(id, ids[:250], user_id)
        first.set()
        await goes_on.wait()
        await work_off(id, ids[250:], user_id)

    monkeypatch.setattr(batches, "_delete", slowly)
    await page.goto(f"{sample.address}/customers/search?registered_from=2000-01-01")
    await page.get_by_role("button", name="이 결과를 보관").click()
    await page.get_by_role("link", name="모두 삭제…").click()
    await page.get_by_role("button", name="삭제", exact=True).click()
    await first.wait()
    row = page.locator("[data-batch]").first
    await expect(row).to_contain_text("250 /")
    await expect(row).to_be_in_viewport()
    await row.get_by_role("button", name="중지").click()
    await expect(row.get_by_role("button", name="중지")).to_have_count(0)
    goes_on.set()
    page.on("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="되돌리기").click()
    await expect(page.locator(".banner-good")).to_contain_text("250명을 되돌렸습니다")
    assert await batches._customers.page(size=1500) == every


async def test_searches_are_saved_and_shared(sample: SampleConsole) -> None:
    await made(sample, "다솜골", 1)
    page = await sample.logged_in("105")
    await ask(page, sample, address="다솜골")
    save = page.locator(".save-search")
    await save.locator("summary").click()
    await save.get_by_role("button", name="저장").click()
    await expect(save.locator(".field-error")).to_be_visible()
    await save.locator("[name=name]").fill("다솜골 사람들")
    await save.locator("[name=shared]").check()
    await save.get_by_role("button", name="저장").click()
    await expect(page.locator(".saved")).to_contain_text("다솜골 사람들")
    other = await sample.logged_in("103")
    await other.goto(f"{sample.address}/customers/search")
    await other.get_by_role("link", name="다솜골 사람들").click()
    await expect(other.locator(".customers tbody tr")).to_have_count(1)
    await expect(other.locator(".chip-button")).to_have_count(0)
    await expect(other.locator("#s-address")).to_have_value("다솜골")
    await page.locator(".chip-button").click()
    await expect(page.locator(".saved")).not_to_contain_text("다솜골 사람들")
    # a condition is taken away by its chip
    await ask(page, sample, address="다솜골", name="나")
    await page.locator("[data-conditions] a", has_text="이름: 나").click()
    await expect(page.locator(".customers tbody tr")).to_have_count(1)
    await expect(page.locator("[data-conditions]")).to_contain_text("주소: 다솜골")
    await expect(page.locator("[data-conditions] a")).to_have_count(1)


async def test_columns_are_chosen_and_headings_sort(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    for name, company, phone in (("마루골1", "나상사", "02-300-0002"), ("마루골2", "가상사", "")):
        phones = (Phone(phone, PhoneKind.WORK),) if phone else ()
        await files.create(Details(name, company=company, phones=phones), "")
    page = await sample.logged_in("admin")
    await ask(page, sample, name="마루골")
    names = page.locator(".customers tbody tr a[data-nav]").first
    await expect(names).to_have_text("마루골2")
    await page.locator(".sort", has_text="연락 전화").click()
    await expect(names).to_have_text("마루골1")  # who has none stands at the end
    await page.locator(".sort", has_text="회사").click()
    await expect(names).to_have_text("마루골2")
    await page.locator(".sort", has_text="회사").click()
    await expect(names).to_have_text("마루골1")
    heading = page.locator("th[data-column=company]")
    await expect(heading).to_have_attribute("aria-sort", "descending")

    # other columns, in another order, on the phone too; remembered for the list of all customers
    chooser = page.locator(".chooser")
    await chooser.locator("summary").click()
    await chooser.locator("[name=wide][value=address]").uncheck()
    await chooser.locator("[name=wide][value=age]").check()
    await chooser.locator("[name=small][value=company]").check()
    await chooser.locator("li", has_text="회사").locator("[data-move=down]").click()
    await page.screenshot(path=ARTEFACTS / "columns-ko-wide.png")
    await chooser.get_by_role("button", name="적용").click()
    await expect(page.locator("th[data-column=age]")).to_be_visible()
    await expect(heading).to_have_attribute("aria-sort", "descending")
    await page.goto(f"{sample.address}/customers")
    shown = await page.locator(".customers th[data-column]").evaluate_all(
        "all => all.map(one => one.dataset.column)"
    )
    assert shown[:3] == ["name", "number", "company"]
    assert "address" not in shown
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(page.locator("th[data-column=company]")).to_be_visible()
    await expect(page.locator("th[data-column=number]")).to_be_hidden()
    await chooser.locator("summary").click()
    await page.screenshot(path=ARTEFACTS / "columns-ko-phone.png")
    await fits(page)
    await chooser.get_by_role("button", name="처음대로").click()
    await expect(page.locator("th[data-column=company]")).to_be_hidden()
    other = await sample.logged_in("101")
    await other.goto(f"{sample.address}/customers")
    await expect(other.locator("th[data-column=address]")).to_be_visible()


async def test_other_lists_keep_filters_and_columns(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/calls?since=2020-01-01")
    await page.fill("#c-who", "김")
    await page.select_option("[name=who_match]", "starts")
    await page.select_option("[name=side]", "caller")
    await page.locator(".filters").get_by_role("button", name="검색").click()
    chips = page.locator("[data-conditions]")
    await expect(chips).to_contain_text("김 · 앞부분 일치 · 발신자")
    await expect(page.locator("tbody tr").first).to_be_visible()
    save = page.locator(".save-search")
    await save.locator("summary").click()
    await save.locator("[name=name]").fill("김씨 전화")
    await save.get_by_role("button", name="저장").click()
    kept = page.locator(".saved").get_by_role("link", name="김씨 전화")
    await expect(kept).to_be_visible()  # the page has been drawn anew
    await chips.locator("a").first.click()
    await expect(chips).to_have_count(0)
    await kept.click()
    await expect(page.locator("#c-who")).to_have_value("김")
    for path, shown, hidden in (
        ("/calls?since=2020-01-01", "ended", "memo"),
        ("/consultations", "remarks", "agent"),
        ("/services", "note", "served_by"),
        ("/recordings", "extension", "agent"),
        ("/callbacks", "tries", "why"),
    ):
        await page.goto(f"{sample.address}{path}")
        chooser = page.locator(".chooser")
        await chooser.locator("summary").click()
        await chooser.locator(f"[name=wide][value={shown}]").check()
        await chooser.locator(f"[name=wide][value={hidden}]").uncheck()
        await chooser.locator(f"[name=small][value={hidden}]").uncheck()
        await chooser.get_by_role("button", name="적용").click()
        await expect(page.locator(".chooser[open]")).to_have_count(0)
        headings = page.locator("th[data-column]")
        words = await headings.evaluate_all("all => all.map(one => one.dataset.column)")
        assert shown in words, path
        assert hidden not in words, path


async def test_a_list_is_sorted_arranged_and_taken_along(sample: SampleConsole) -> None:
    page = await sample.logged_in("108")  # a supervisor
    await page.goto(f"{sample.address}/calls?since=2020-01-01&outcome=answered")
    await expect(page.locator("th[data-column=time]")).to_have_attribute("aria-sort", "descending")
    talked = page.locator("th[data-column=talked]")
    await talked.locator("a").click()
    await expect(talked).to_have_attribute("aria-sort", "descending")
    await page.locator(".pager a", has_text="다음").click()
    await expect(page.locator(".pager a", has_text="뒤로")).to_be_visible()
    await expect(talked).to_have_attribute("aria-sort", "descending")
    await page.locator(".filters").get_by_role("button", name="검색").click()
    await expect(page.locator(".pager a", has_text="뒤로")).to_have_count(0)
    await expect(talked).to_have_attribute("aria-sort", "descending")
    chooser = page.locator(".chooser")
    await chooser.locator("summary").click()
    await chooser.locator("[name=wide][value=memo]").uncheck()
    await chooser.locator("[name=wide][value=extension]").check()
    await chooser.locator("li", has_text="번호").first.locator("[data-move=up]").click()
    await chooser.get_by_role("button", name="적용").click()
    await expect(page.locator("th[data-column=extension]")).to_be_visible()
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "calls-sorted.png")
    first = await page.locator("tbody tr").first.locator(".call-number").inner_text()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="엑셀").click()
    download = await waiting.value
    assert download.suggested_filename.startswith("통화 내역 20")
    sheet = load_workbook(io.BytesIO((await download.path()).read_bytes())).active
    assert sheet is not None
    heads, *rows = sheet.values
    assert heads[:4] == ("시간", "번호", "고객", "결과")
    assert heads[-1] == "내선번호"
    assert "메모" not in heads
    assert str(rows[0][1]) in first
    seconds = [row[heads.index("통화 시간(초)")] for row in rows]
    assert seconds == sorted(seconds, reverse=True)
    assert len(seconds) > 50, "not only this page"
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "calls-sorted-small.png")
    sorter = page.locator(".sorter")
    await expect(sorter.locator("summary")).to_contain_text("정렬: 통화 시간 ▼")
    await sorter.locator("summary").click()
    await page.screenshot(path=ARTEFACTS / "calls-sorter.png")
    await sorter.get_by_role("link", name="고객 · 내림차순").click()
    await expect(sorter.locator("summary")).to_contain_text("고객 ▼")
    await page.locator(".pager a", has_text="다음").click()
    await expect(page.locator(".pager a", has_text="뒤로")).to_be_visible()
    await expect(sorter.locator("summary")).to_contain_text("고객 ▼")
    await page.locator("tbody a[data-row-open]").first.click()
    await expect(sorter).to_have_count(0)
    await page.go_back()
    await expect(sorter.locator("summary")).to_contain_text("고객 ▼")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.goto(f"{sample.address}/callbacks")
    whose = page.locator("th[data-column=customer]")
    await whose.locator("a").click()
    await expect(whose).to_have_attribute("aria-sort", "ascending")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="엑셀").click()
    assert (await waiting.value).suggested_filename.startswith("콜백 20")


async def test_occasions_lead_to_messages(sample: SampleConsole) -> None:
    files, daemon = sample.now.console.services.customers, sample.now.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    born = Anniversary(1980, today.month, today.day)
    for name, number, refuses in (
        ("보람골1", "010-7171-0001", False),
        ("보람골2", "010-7171-0002", True),
        ("보람골3", "", False),
    ):
        phones = (Phone(number),) if number else ()
        await files.create(
            Details(name, phones=phones, no_sms=refuses, birthday=born, email="a@example.com"), ""
        )
    page = await sample.logged_in("admin")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{sample.address}/customers/search?name=보람골")
    await page.locator("[data-occasions]").get_by_role("link", name="오늘 생일").click()
    await expect(page.locator("[data-conditions]")).to_contain_text("생일: 오늘")
    for name in ("보람골1", "보람골2", "보람골3"):
        await page.get_by_role("checkbox", name=name).check()
    await page.get_by_role("button", name="선택한 고객에게 문자").click()
    counts = page.locator(".message-counts")
    await expect(counts).to_contain_text("받는 사람 1")
    left = page.locator("[data-messages] details")
    await expect(left.filter(has_text="문자 수신 거부 1")).to_contain_text("보람골2")
    await expect(left.filter(has_text="휴대폰 번호 없음 1")).to_contain_text("보람골3")
    await page.fill("#message-text", "생일 축하드립니다 & 감사합니다")
    send = page.locator("[data-send]")
    await send.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    await send.click()
    href = await send.get_attribute("href")
    assert href is not None
    assert href.startswith("sms:+821071710001?body=")
    assert unquote(href).endswith("생일 축하드립니다 & 감사합니다")
    await page.get_by_role("button", name="모두 복사").click()
    await expect(page.locator("#toasts")).to_contain_text("복사")
    assert await page.evaluate("navigator.clipboard.readText()") == "010-7171-0001"
    for width, size in ((1366, "wide"), (360, "phone")):
        await page.set_viewport_size({"width": width, "height": 768})
        await page.screenshot(path=ARTEFACTS / f"messages-ko-{size}.png", full_page=True)
        await fits(page)
    async with page.expect_download() as waiting:
        await page.locator("[data-messages]").get_by_role("link", name="엑셀").click()
    file = await (await waiting.value).path()
    sheet = load_workbook(io.BytesIO(file.read_bytes())).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[1:] == [["보람골1", "010-7171-0001"]]
    await page.get_by_role("link", name="이메일").click()
    await expect(counts).to_contain_text("받는 사람 1")  # one address of three
    await expect(send).to_have_attribute("href", "mailto:?bcc=a@example.com")
    guest = await sample.logged_in("101")
    answer = await guest.goto(f"{sample.address}/messages/export?list=kept")
    assert answer is not None
    assert answer.status == 403, "an agent has no export right"


async def test_wrong_conditions_stay_typed(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/search")
    await page.fill("[name=birth_month]", "13")
    await page.fill("#s-name", "홍")
    await page.locator(".search-form").get_by_role("button", name="검색").click()
    await expect(page.locator(".search-form .field-error")).to_contain_text("12")
    await expect(page.locator("#s-name")).to_have_value("홍")


async def test_it_fits_every_screen(sample: SampleConsole) -> None:
    services = sample.now.console.services
    boss = next(one for one in services.users.all() if one.login == "admin")
    await services.search.keep(boss.id, Wanted(flags=(("vip", True),)), anew=True)
    paths = {
        "search": "/customers/search",
        "search-found": "/customers/search?sex=f&birth_month=3",
        "kept": "/customers/kept",
        "tools": "/customers/tools",
        "delete-many": "/customers/tools/delete?kept=true",
        "customers-list": "/customers",
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
