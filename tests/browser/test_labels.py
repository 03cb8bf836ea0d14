"""Labels from the screen to paper: chosen, looked at, printed; measured in the printed PDF."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from playwright.async_api import Page, expect
from sqlalchemy import text as sql

from console.customers.model import Details, Entry, Phone
from console.labels.model import Sheet
from console.labels.sheets import STANDARD
from console.service_records import queries as services
from console.service_records.model import Entry as Service
from console.service_records.model import Record, Status
from pbxd.store.metadata import new_id
from tests.browser.conftest import ARTEFACTS, SampleConsole
from tests.browser.test_console_pictures import fits

MM = 0.24 / 72 * 25.4  # Chromium's unit in a PDF
SIZES = {"wide": (1366, 768), "phone": (360, 740)}


async def made(sample: SampleConsole, word: str, *details: Details) -> list[str]:
    """Customers whose address has `word` in it; their ids."""
    now, ids = sample.now.daemon.clock(), [new_id() for _ in details]
    async with sample.now.daemon.store.writing() as conn:
        for id, one in zip(ids, details, strict=True):
            placed = replace(one, address=f"{word} {one.address}")
            await sample.now.console.services.customers.put(conn, id, placed, now)
    return ids


def found_by(word: str) -> str:
    """A search as the label page takes it."""
    return f"list={quote(f's:address={quote(word)}')}"


async def previewed(page: Page) -> None:
    await expect(page.locator(".label-sheets[data-fitted]")).to_have_count(1)


async def shoot(page: Page, name: str) -> None:
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await fits(page)
        await page.screenshot(path=ARTEFACTS / f"{name}-{size}.png", full_page=True)
    await page.set_viewport_size({"width": 1366, "height": 768})


def pages_of(pdf: bytes) -> list[str]:
    """What is drawn on each page."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    drawn: list[str] = []
    for one in streams:
        try:
            content = zlib.decompress(one).decode("latin-1")
        except zlib.error:
            continue
        if " cm\n" in content:
            drawn.append(content)
    return drawn


def labels_on(content: str) -> list[tuple[float, float, float, float]]:
    """(left, top, width, height) in mm of the labels on a page, each cut off at its edge."""
    found = re.findall(r"^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re\nW\* n", content, re.MULTILINE)
    rects = [tuple(float(one) * MM for one in four) for four in found]
    return [(a, b, c, d) for a, b, c, d in rects if c < 200]


def expected(sheet: Sheet, place: int) -> tuple[float, ...]:
    row, column = divmod(place, sheet.columns)
    left = sheet.left + column * (sheet.width + sheet.gap_x)
    top = sheet.top + row * (sheet.height + sheet.gap_y)
    return tuple(one / 100 for one in (left, top, sheet.width, sheet.height))


async def test_from_a_search_to_paper(sample: SampleConsole) -> None:
    word = "라벨동"
    work = Entry("addresses", ("직장", "04524", "직장길 9", "", ""))
    people = await made(
        sample,
        word,
        *(Details(f"라벨{n:02}", address=f"{n}길", postcode=f"{n:05}") for n in range(20)),
        Details("거절한사람", address="1", no_label=True),
        Details("직장사람", address="2", title="과장", company="한결", entries=(work,)),
    )
    homeless = Details("주소없음", alias=word)
    await sample.now.console.services.customers.create(homeless, "")
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/customers/search?address={word}")
    await page.locator(".result-actions").get_by_role("link", name="라벨", exact=True).click()
    result = page.locator("#labels-result")
    await expect(result).to_contain_text("라벨 21장")
    await expect(result).to_contain_text("용지 2매")
    await result.get_by_text("라벨 인쇄 거부 1명").click()
    await expect(result.get_by_role("link", name="거절한사람")).to_be_visible()

    # the place on a used sheet, by a click; options with the first label beside them
    await page.select_option("#l-sheet", STANDARD[1].id)
    await page.locator(".labels-place").nth(4).click()
    await expect(page.locator("#l-start-5")).to_be_checked()
    await expect(page.locator(".labels-filled")).to_have_count(12)
    sample_label = page.locator(".labels-sample .label")
    await expect(sample_label).to_contain_text("라벨00 님")
    for name in ("company", "phone"):
        async with page.expect_response(lambda one: "/labels?" in one.url):
            await page.check(f"#l-{name}")
    await page.select_option("#l-title", "instead")
    await page.select_option("#l-address", "직장")
    await page.select_option("#l-order", "postcode")
    await page.fill("#l-copies", "2")
    await page.locator("#l-copies").blur()
    await expect(result).to_contain_text("라벨 42장")
    await expect(page.locator("#l-start-5")).to_be_checked()
    await shoot(page, "labels-ko")

    # F5, the sheets; in millimetres as they leave the printer
    await page.keyboard.press("F5")
    await previewed(page)
    texts = [re.sub(r"\n+", "\n", one) for one in await page.locator(".label").all_inner_texts()]
    assert texts[:4] == [""] * 4
    assert texts[4] == texts[5] == "00000\n라벨동 0길\n라벨00 님"
    assert "04524\n직장길 9\n한결\n직장사람 과장" in texts
    assert "거절한사람" not in "".join(texts)
    await shoot(page, "labels-preview-ko")
    pdf = await page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/MediaBox [0 0 594.95996 841.91998]") == 3, "A4, 46 places"
    drawn = [labels_on(content) for content in pages_of(pdf)]
    assert [len(one) for one in drawn] == [12, 16, 14]
    for number, sheet in enumerate(drawn):
        for place, label in enumerate(sheet, start=4 if number == 0 else 0):
            off = [abs(a - b) for a, b in zip(label, expected(STANDARD[1], place), strict=True)]
            assert max(off) < 0.15, (number, place, label)

    # back with everything as it was; remembered for the next time, the place is not
    await page.keyboard.press("Escape")
    await expect(page.locator("#l-copies")).to_have_value("2")
    await expect(page.locator("#l-start-5")).to_be_checked()
    async with page.expect_response(lambda one: "/labels?" in one.url):
        await page.select_option("#l-direction", "turned")
    await expect(sample_label).to_have_css("writing-mode", "vertical-rl")
    await page.goto(f"{sample.address}/labels?id={people[0]}")
    await expect(page.locator("#l-title")).to_have_value("instead")
    await expect(page.locator("#l-copies")).to_have_value("1")
    await expect(page.locator("#l-start-1")).to_be_checked()
    async with sample.now.daemon.store.reading() as conn:
        rows = await conn.execute(sql("SELECT after FROM audit WHERE what = 'labels.print'"))
        (said,) = [row[0] for row in rows]
    assert '"count": 42' in said
    assert people[0] in said

    # F6 prints at once; the log of customers' data has it
    await page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    await page.keyboard.press("F6")
    await expect(page.locator("body[data-printed=yes]")).to_have_count(1)
    await page.goto(f"{sample.address}/settings/history?kind=exported")
    await expect(page.locator("#main").get_by_text("라벨을 인쇄함").first).to_be_visible()


OVER = """all => all.filter((label) => {
  const text = label.querySelector(".label-text");
  if (!text) return false;
  const edge = label.getBoundingClientRect(), box = text.getBoundingClientRect();
  const wide = getComputedStyle(label).writingMode === "horizontal-tb" && text.scrollWidth > text.clientWidth + 1;
  return wide || box.left < edge.left || box.right > edge.right + 0.1 || box.top < edge.top || box.bottom > edge.bottom + 0.1;
}).length"""  # noqa: E501 - a script


async def test_labels_of_those_whose_services_reach_an_amount(sample: SampleConsole) -> None:
    rich, poor = await made(sample, "금액동", Details("많이쓴"), Details("적게쓴"))
    entry = Service(date(2017, 3, 1), Status.DONE, "점검", "", "기사", 6000)
    records = [
        Record(new_id(), id, replace(entry, amount=amount), "", sample.now.daemon.clock())
        for id, amount in ((rich, 6000), (rich, 4000), (poor, 9999))
    ]
    async with sample.now.daemon.store.writing() as conn:
        await services.add(conn, records)
    page = await sample.logged_in("admin", "en-US")
    await page.goto(f"{sample.address}/customers/search")
    for name, text in (
        ("served_from", "2017-02-28"),
        ("served_to", "2017-05-06"),
        ("amount_from", "10,000"),
        ("amount_to", "999999999"),
    ):
        await page.fill(f"input[name={name}]", text)
    await page.locator(".search-form").get_by_role("button", name="Search").click()
    await expect(page.locator(".customers tbody tr")).to_have_count(1)
    await expect(page.locator("[data-conditions]")).to_contain_text(
        "Total of services: 10,000 – 999999999"
    )
    await page.locator(".result-actions").get_by_role("link", name="Labels").click()
    await expect(page.locator("#labels-result")).to_contain_text("1 label")
    await expect(page.locator(".labels-sample .label")).to_contain_text("많이쓴")


async def test_too_much_text_never_runs_over_the_edge(sample: SampleConsole) -> None:
    word = "긴주소읍"
    names = ("이름이아주길어서" * 9, "Averylongnamewithoutspaces" * 3, "보통")
    long = Details("", company="회사" * 40, title="직함" * 10, postcode="12345")
    await made(sample, word, *(replace(long, name=one, address="가나다라 " * 35) for one in names))
    page = await sample.logged_in("admin", "en-US")
    wanted = f"{found_by(word)}&chosen=true&company=true&phone=true&postcode=true&sender=true"
    large, tiny = STANDARD[1], STANDARD[14]
    for sheet in (large, tiny):
        for direction in ("across", "turned", "down"):
            path = f"/labels/sheets?{wanted}&sheet={sheet.id}&direction={direction}"
            await page.goto(sample.address + path)
            await previewed(page)
            assert await page.locator(".label:not([data-cut])").evaluate_all(OVER) == 0, path
            await expect(page.locator(".label-text[data-fit]")).to_have_count(3)
            await page.screenshot(path=ARTEFACTS / f"labels-{direction}-{sheet.columns}.png")
            cut = page.locator("[data-labels-cut]")
            await expect(cut.locator("strong")).to_have_text("0" if sheet is large else "3")
            await expect(cut).to_be_visible(visible=sheet is tiny)


async def test_thousands_of_labels_part_by_part(sample: SampleConsole) -> None:
    word = "많은동"
    one = Details("", phones=(Phone("0255501234"),))
    await made(
        sample, word, *(replace(one, name=f"많은{n:04}", address=f"{n}길") for n in range(2003))
    )
    page = await sample.logged_in("admin", "en-US")
    sheet = STANDARD[14]
    await page.goto(f"{sample.address}/labels/sheets?{found_by(word)}&chosen=true&sheet={sheet.id}")
    await previewed(page)
    await expect(page.locator(".label")).to_have_count(30 * 65)
    first = await page.locator(".label").all_inner_texts()
    await page.get_by_role("link", name="Next").click()
    await expect(page.locator(".label")).to_have_count(2003 - 30 * 65)
    assert not set(first) & set(await page.locator(".label").all_inner_texts())


async def test_the_right_own_sheets_and_who_is_ticked(sample: SampleConsole) -> None:
    agent = await sample.logged_in("101", "en-US")
    await agent.goto(f"{sample.address}/customers")
    await expect(agent.locator(".customers")).to_be_visible()
    await expect(agent.get_by_role("link", name="Labels")).to_have_count(0)
    await expect(agent.get_by_role("button", name="Labels for the ticked ones")).to_have_count(0)
    for path in ("", "/sheets?list=kept", "/sheet.css", "/own"):
        assert (await agent.request.get(f"{sample.address}/labels{path}")).status == 403

    page = await sample.logged_in("admin", "en-US")
    await page.goto(f"{sample.address}/labels/own?like={STANDARD[1].id}")
    new = page.locator("form[data-sheet=new]")
    await expect(new.get_by_label("Label width")).to_have_value("99.1")
    await new.get_by_label("Name").fill("우리 용지")
    await new.get_by_label("Label width").fill("120")
    await new.get_by_role("button", name="Add the sheet").click()
    await expect(new.locator(".field-error")).to_contain_text("larger than the paper")
    await expect(new.get_by_label("Name")).to_have_value("우리 용지")
    await new.get_by_label("Label width").fill("80,5")
    await shoot(page, "labels-own-en")
    await new.get_by_role("button", name="Add the sheet").click()
    await expect(page.locator("form[data-sheet]")).to_have_count(3)

    await page.goto(f"{sample.address}/customers")
    boxes = page.locator(".customers tbody input[type=checkbox]")
    for place in (0, 2):
        await boxes.nth(place).check()
    await page.get_by_role("button", name="Labels for the ticked ones").click()
    await expect(page.locator("#labels-result")).to_contain_text("2 labels")
    own = await page.locator("#l-sheet option").filter(has_text="우리 용지").get_attribute("value")
    await page.select_option("#l-sheet", own or "")
    await page.keyboard.press("F5")
    await previewed(page)
    box = await page.locator(".label").first.bounding_box()
    assert box is not None
    assert abs(box["width"] / 96 * 25.4 - 80.5) < 0.02

    # a list of a class on paper, or its labels
    await page.goto(f"{sample.address}/labels")
    await shoot(page, "labels-whom-en")
    await page.select_option("#l-category", index=1)
    await page.get_by_role("button", name="List on paper").click()
    paper = page.locator(".paper-list")
    await expect(paper.locator("tbody tr").first).to_be_visible()
    count = await paper.locator("tbody tr").count()
    assert count > 50, "all of them, not a page"
    await expect(paper).to_contain_text(f"{count:,} customers")
    await page.screenshot(path=ARTEFACTS / "customers-paper-en.png")
    await page.keyboard.press("Escape")
    await page.locator(".result-actions").get_by_role("link", name="Labels").click()
    await expect(page.locator("#labels-result")).to_contain_text("labels")

    # by group and grade, and the office's own address on a whole sheet
    await page.goto(f"{sample.address}/labels")
    await page.select_option("#l-grade", index=1)
    await page.select_option("#l-group", index=1)
    await page.get_by_role("button", name="On to the labels").click()
    await expect(page.locator(".labels-count")).to_contain_text("labels")
    await page.get_by_role("link", name="For others").click()
    await page.get_by_role("link", name="Our own address").click()
    await expect(page.locator(".labels-sample .label")).to_contain_text("한빛상사")
    await page.keyboard.press("F5")
    await previewed(page)
    await expect(page.locator(".label", has_text="04157")).to_have_count(16)
