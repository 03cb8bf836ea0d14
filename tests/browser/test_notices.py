"""The notice board, as those work with it who write and those who read."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from playwright.async_api import Page, async_playwright, expect

from console.notices.model import Content, Notice
from console.running import running
from console.users.queries import User
from console.users.service import Profile
from console.web.context import Viewer
from console.web.permissions import Action, Role, Scope
from console.web.queries import SessionRow
from console.web.uploads import SentFile
from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import PASSWORD, SampleConsole, log_in
from tests.browser.test_console_pictures import ARTEFACTS, LANGUAGES, fits
from tests.browser.test_users import posted
from tests.loopback import on_loopback

EN = "en-GB"
BADGE = '[data-live="notices-badge"] .nav-badge'


def person(sample: SampleConsole, login: str) -> User:
    return next(one for one in sample.now.console.services.users.all() if one.login == login)


async def a_notice(
    sample: SampleConsole, title: str, *teams: str, by: str = "108", file: str = ""
) -> Notice:
    """One that is there already."""
    services = sample.now.console.services
    viewer = Viewer(person(sample, by), cast(SessionRow, None), services.languages["en"])
    files = [SentFile(file, 3, b"abc")] if file else []
    content = Content(title, f"{title}: text", teams=teams)
    return await services.notices.write(viewer, content, files)


async def unread(page: Page) -> int:
    """The figure in the menu."""
    badge = page.locator(BADGE)
    return int((await badge.inner_text()).split()[0]) if await badge.count() else 0


async def counted(page: Page, count: int) -> None:
    """The figure in the menu becomes this."""
    badge = page.locator(BADGE)
    if count:
        await expect(badge).to_have_text(re.compile(rf"^{count}\s"))
    else:
        await expect(badge).to_have_count(0)


async def at(sample: SampleConsole, login: str, path: str) -> Page:
    page = await sample.logged_in(login, EN)
    await go(sample, page, path)
    return page


async def go(sample: SampleConsole, page: Page, path: str) -> None:
    await page.goto(f"{sample.address}{path}")
    await page.wait_for_selector('body[data-live="up"]')


async def save(page: Page, status: int = 204) -> None:
    """Press Save, and wait for what comes of it."""
    async with page.expect_response(
        lambda answer: answer.request.method == "POST" and "/notices" in answer.url
    ) as answer:
        await page.get_by_role("button", name="Save", exact=True).click()
    assert (await answer.value).status == status


async def test_written_told_opened_receipt(sample: SampleConsole) -> None:
    agent = await at(sample, "104", "/customers")
    board = await agent.context.new_page()
    await go(sample, board, "/notices")
    before = await unread(agent)
    boss = await at(sample, "108", "/notices")
    await boss.get_by_role("link", name="New notice").click()
    await boss.fill("#f-n-title", "Fire drill <b>today</b>")
    await boss.fill("#n-text", "15:00\nStairs only.\n\n  <script>alert(1)</script>")
    await save(boss)
    await expect(boss.locator(".notice-text")).to_have_text(
        "15:00\nStairs only.\n\n  <script>alert(1)</script>"
    )
    names = boss.locator("[data-unread]")
    await expect(names).to_contain_text("최지우")
    await expect(boss.locator("[data-read]")).to_have_count(0)

    # every tab of the reader knows; the one with the list shows it
    for page in (agent, board):
        await counted(page, before + 1)
        await expect(page.locator(".toast")).to_contain_text("Fire drill <b>today</b>")
    row = board.locator("tr", has_text="Fire drill")
    await expect(row).to_have_class("notice-unread")
    await expect(row).to_contain_text("0/8")
    assert await boss.locator(".toast").count() == 0, "its author knows it"
    await agent.locator(".toast").get_by_role("link", name="Read it").click()
    await expect(agent.locator(".notice article h2")).to_have_text("Fire drill <b>today</b>")
    await expect(agent.locator("#notice-readers")).to_have_count(0)
    for page in (agent, board):
        await counted(page, before)
    await expect(row).not_to_have_class("notice-unread")
    await expect(row).to_contain_text("1/8")
    # the author sees who and when, without a reload
    await expect(boss.locator("[data-read]")).to_contain_text(re.compile(r"최지우.*\d\d:\d\d"))
    await expect(names).not_to_contain_text("최지우")
    await expect(boss.get_by_role("heading", name="Read by 1 of 8")).to_be_visible()


async def test_only_a_department(sample: SampleConsole) -> None:
    inside, outside = await at(sample, "105", "/notices"), await at(sample, "101", "/notices")
    was = await unread(outside)
    boss = await at(sample, "108", "/notices/new")
    await boss.fill("#f-n-title", "Repairs only")
    await boss.fill("#n-text", "text")
    await expect(boss.get_by_label("A/S팀")).to_be_hidden()
    await boss.get_by_label("Chosen departments").first.check()
    await save(boss, 422)
    await expect(boss.locator("#e-teams")).to_have_text("Choose at least one department.")
    await expect(boss.locator("#f-n-title")).to_have_value("Repairs only")
    await boss.get_by_label("A/S팀").check()
    await save(boss)
    await expect(boss.locator(".notice-about")).to_contain_text("A/S팀")
    await expect(boss.locator("#notice-readers .chip")).to_have_count(3)
    await expect(inside.locator("tr", has_text="Repairs only")).to_have_count(1)
    path = boss.url.removeprefix(sample.address)

    # somebody else is not told, does not see it, and there is nothing at its address
    marker = await a_notice(sample, "To all after it")
    await expect(outside.locator(".toast")).to_contain_text(["To all after it"])
    await counted(outside, was + 1)
    await expect(outside.locator("tr", has_text="Repairs only")).to_have_count(0)
    for where in (path, f"{path}/edit", f"{path}/files/1"):
        assert (await outside.request.get(f"{sample.address}{where}")).status == 404
    for where in (path, f"{path}/delete", f"{path}/restore"):
        assert await posted(outside, sample, where) == 404
    assert (await inside.request.get(f"{sample.address}{path}")).status == 200
    assert await posted(inside, sample, f"{path}/delete") == 403
    assert await posted(inside, sample, f"/notices/{marker.id}") == 403
    admin = await at(sample, "admin", path)
    await expect(admin.locator("#notice-readers .chip")).to_have_count(3)

    # another department: its notices come along, and the address opens
    users = sample.now.console.services.users
    await users.set_profile(person(sample, "101").id, Profile("김서준", "A/S팀"))
    await expect(outside.locator("tr", has_text="Repairs only")).to_have_count(1)
    assert (await outside.request.get(f"{sample.address}{path}")).status == 200
    await users.set_profile(person(sample, "101").id, Profile("김서준", "상담팀"))


async def test_files_up_and_down(sample: SampleConsole, tmp_path: Path) -> None:
    good = tmp_path / "연차 신청서 (최종) 100%.docx"
    good.write_bytes(bytes(range(256)) * 50)
    html = tmp_path / "page.html"
    html.write_text("<script>alert(1)</script>")
    big, empty = tmp_path / "big.bin", tmp_path / "empty.txt"
    big.write_bytes(b"x" * (10 * 2**20 + 1))
    empty.touch()
    page = await at(sample, "108", "/notices/new")
    await page.fill("#f-n-title", "With files")
    await page.fill("#n-text", "kept while files are wrong")
    chooser = page.locator('input[type="file"]')
    for wrong, said in (
        ([good, big], "“big.bin” is larger than 10 MB."),
        ([empty], "“empty.txt” is empty."),
        ([good] * 1 + [tmp_path / f"{n}.txt" for n in range(5)], "A notice has at most 5 files."),
    ):
        for file in wrong:
            if not file.exists():
                file.write_text("x")
        await chooser.set_input_files(wrong)
        await save(page, 422)
        await expect(page.locator("#e-files")).to_have_text(said)
        await expect(page.locator("#n-text")).to_have_value("kept while files are wrong")
    # more than all five may have is not even read
    await chooser.set_input_files([big] * 1 + [_copy(big, n) for n in range(5)])
    await save(page, 422)
    await expect(page.locator(".toast-error")).to_contain_text("That is too much.")
    await expect(page.locator("#n-text")).to_have_value("kept while files are wrong")

    # a wrong title does not cost the files that were chosen
    await chooser.set_input_files([good, html])
    await page.fill("#f-n-title", "  ")
    await save(page, 422)
    await expect(page.locator("#e-n-title")).to_have_text("Write a title.")
    await page.fill("#f-n-title", "With files")
    await save(page)
    reader = await at(sample, "102", "/notices")
    await reader.get_by_role("link", name="With files").click()
    async with reader.expect_download() as waiting:
        await reader.get_by_role("link", name=good.name).click()
    download = await waiting.value
    assert download.suggested_filename == good.name
    kept = await download.path()
    assert kept.read_bytes() == good.read_bytes()
    address = await reader.get_by_role("link", name="page.html").get_attribute("href")
    answer = await reader.request.get(f"{sample.address}{address}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"

    await page.get_by_role("link", name="Change").click()
    await page.get_by_label("Take away: page.html").check()
    await save(page)
    await expect(page.locator(".notice-files li")).to_have_count(1)
    assert (await reader.request.get(f"{sample.address}{address}")).status == 404


def _copy(file: Path, place: int) -> Path:
    copy = file.with_name(f"{place}-{file.name}")
    copy.write_bytes(file.read_bytes())
    return copy


async def test_deleted_and_taken_back(sample: SampleConsole) -> None:
    notice = await a_notice(sample, "Wrong date")
    agent = await at(sample, "103", "/notices")
    row = agent.locator("tr", has_text="Wrong date")
    await expect(row).to_have_count(1)
    count = await unread(agent)
    boss = await at(sample, "108", f"/notices/{notice.id}")
    await boss.get_by_role("button", name="Delete").click()
    await expect(boss.locator("#main .banner")).to_contain_text("“Wrong date” is deleted.")
    await expect(boss).to_have_url(f"{sample.address}/notices")
    await expect(row).to_have_count(0)
    await counted(agent, count - 1)
    await boss.get_by_role("button", name="Undo").click()
    await expect(boss.locator(".notice article h2")).to_have_text("Wrong date")
    await expect(row).to_have_count(1)
    await counted(agent, count)
    assert await agent.locator(".toast").count() == 0, "it is not new"


async def test_two_who_change_one(sample: SampleConsole) -> None:
    notice = await a_notice(sample, "Two pens")
    boss = await at(sample, "108", f"/notices/{notice.id}/edit")
    admin = await at(sample, "admin", f"/notices/{notice.id}/edit")
    await boss.fill("#n-text", "the boss's words")
    await save(boss)
    await admin.fill("#f-n-title", "Two pens, one paper")
    await admin.fill("#n-text", "the admin's words")
    await admin.get_by_label("Pinned: above all others").check()
    await save(admin, 409)
    await expect(admin.locator("#theirs")).to_contain_text("the boss's words")
    await expect(admin.locator("#f-n-title")).to_have_value("Two pens, one paper")
    await expect(admin.locator("#n-text")).to_have_value("the admin's words")
    await expect(admin.get_by_label("Pinned: above all others")).to_be_checked()
    await save(admin)
    # who has it open sees it at once
    await expect(boss.locator(".notice-text")).to_have_text("the admin's words")
    await expect(boss.locator(".notice-about")).to_contain_text("changed")
    list_ = await at(sample, "102", "/notices")
    await expect(list_.locator("tbody tr").first).to_contain_text("Two pens, one paper")


async def test_a_draft_comes_back_with_its_departments(sample: SampleConsole) -> None:
    page = await at(sample, "108", "/notices/new")
    await page.fill("#f-n-title", "Half a notice")
    await page.get_by_label("Chosen departments").first.check()
    await page.get_by_label("운영팀").check()
    page.once("dialog", lambda dialog: dialog.accept())
    await go(sample, page, "/notices/new")
    await page.click('[data-draft-do="restore"]')
    await expect(page.locator("#f-n-title")).to_have_value("Half a notice")
    await expect(page.get_by_label("운영팀")).to_be_checked()
    await expect(page.get_by_label("상담팀")).not_to_be_checked()
    await expect(page.locator('input[value="all"]')).not_to_be_checked()


async def test_search_and_past(sample: SampleConsole) -> None:
    page = await at(sample, "101", "/notices")
    await page.fill("#n-q", "필터 가격표")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("정수기 필터 가격 변경 안내")
    await page.fill("#n-q", "방문 수리")  # of another department
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator(".empty")).to_have_text("Nothing fits.")
    await page.get_by_role("link", name="Past notices").click()
    await expect(page.locator("tbody tr")).to_contain_text("토요일 사무실 소독")
    boss = await at(sample, "108", "/notices/new")
    yesterday = sample.now.console.services.notices.today() - timedelta(days=1)
    await boss.fill("#f-n-title", "Yesterday")
    await boss.fill("#n-text", "text")
    await boss.fill("#f-n-until", yesterday.isoformat())
    await save(boss, 422)
    await expect(boss.locator(".field-error")).to_have_text("This day is over.")


async def test_by_the_matrix_an_agent_may_write(sample: SampleConsole) -> None:
    page = await at(sample, "106", "/notices")
    await expect(page.get_by_role("link", name="New notice")).to_have_count(0)
    assert (await page.request.get(f"{sample.address}/notices/new")).status == 403
    users = sample.now.console.services.users
    me = person(sample, "106")
    await users.set_grants(me.id, {("notices", Action.CREATE): Scope.ALL})
    await go(sample, page, "/notices/new")
    await page.fill("#f-n-title", "From an agent")
    await page.fill("#n-text", "text")
    await save(page)
    await expect(page.locator("#notice-readers")).to_be_visible()
    await expect(page.get_by_role("link", name="Change")).to_be_visible()
    theirs = await a_notice(sample, "From the boss")
    await go(sample, page, f"/notices/{theirs.id}")
    await expect(page.get_by_role("link", name="Change")).to_have_count(0)
    await users.set_grants(me.id, {})


async def test_on_paper(sample: SampleConsole) -> None:
    notice = await a_notice(sample, "On paper", file="plan.txt")
    page = await at(sample, "108", f"/notices/{notice.id}")
    await expect(page.locator("#notice-readers")).to_be_visible()
    await page.emulate_media(media="print", color_scheme="dark")
    for gone in (".nav", ".top", ".page-head", "#notice-readers", "[data-print]"):
        await expect(page.locator(gone).first).to_be_hidden()
    await expect(page.locator(".notice-text")).to_be_visible()
    await page.set_viewport_size({"width": 794, "height": 1123})  # A4
    box = await page.locator(".notice-text").bounding_box()
    assert box is not None
    assert box["width"] > 700
    colour = "element => getComputedStyle(element).color"
    assert await page.locator(".notice-text").evaluate(colour) == "rgb(0, 0, 0)"
    await page.screenshot(path=ARTEFACTS / "notice-paper.png")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_empty_board_and_a_wide_one(tmp_path: Path, language: str) -> None:
    """Nothing yet; then a title and words that have no end."""
    ARTEFACTS.mkdir(exist_ok=True)
    settings = on_loopback(tmp_path)
    async with running(settings) as now, async_playwright() as playwright:
        admin = await now.console.services.users.create("admin", "관리자", PASSWORD, Role.ADMIN)
        await now.console.services.users.set_profile(admin.id, Profile("관리자", "가" * 40))
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        sample = SampleConsole(now, browser)
        page = await sample.page(LANGUAGES[language], width=360, height=740)
        await log_in(page, "admin")
        await go(sample, page, "/notices")
        await expect(page.locator(".empty")).to_be_visible()
        await expect(page.locator(BADGE)).to_have_count(0)
        await fits(page)
        await page.screenshot(path=ARTEFACTS / f"notices-empty-{language}-phone.png")
        made = await a_notice(sample, "W" * 120, "가" * 40, by="admin", file="W" * 116 + ".pdf")
        places = {
            "list": "/notices",
            "one": f"/notices/{made.id}",
            "edit": f"/notices/{made.id}/edit",
        }
        for name, path in places.items():
            await go(sample, page, path)
            for width in (360, 1366):
                await page.set_viewport_size({"width": width, "height": 740})
                await fits(page)
                await page.screenshot(path=ARTEFACTS / f"notices-{name}-{language}-{width}.png")
        await browser.close()
