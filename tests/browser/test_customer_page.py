"""The page of a customer: its tabs, the walk through it with the keyboard, on paper, on a phone."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Page, Route, expect

from console.consultations.service import Written
from console.customers.model import Details, Entry, Phone
from console.users.queries import User
from console.web.context import Viewer
from pbxd.callbacks.model import Request, Source
from tests.browser.conftest import ARTEFACTS, SampleConsole, log_in
from tests.browser.test_console_pictures import fits

PHONES = (Phone("010-4040-1212"), Phone("02-404-1212"))
ENTRIES = (
    Entry("family", ("배우자", "선우하나별", "1982-05-05", "010-1111-2222", "")),
    Entry("school", ("한빛고", "", "1996-1999", "")),
    Entry("assets", ("아파트", "5억", "2015", "")),
)


async def made(sample: SampleConsole, name: str) -> str:
    """Registered by 101."""
    customers, by = sample.now.console.services.customers, viewer_of(sample, "101").user.id
    return (await customers.create(Details(name, phones=PHONES, entries=ENTRIES), by)).id


async def shows(page: Page, word: str) -> None:
    """This tab is open, in the address too, and the other panes are hidden."""
    await expect(page.locator(f"#tab-{word}")).to_have_attribute("aria-selected", "true")
    await expect(page.locator(f"#pane-{word}[data-drawn]")).to_be_visible()
    await expect(page.locator('[role="tabpanel"]:visible')).to_have_count(1)


async def test_tabs_by_keyboard_keep_what_is_typed_and_hold_in_the_address(
    sample: SampleConsole,
) -> None:
    id = await made(sample, "탭고객")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{id}")
    await shows(page, "consultations")
    assert await page.locator("[data-pane]:not([data-drawn])").count() > 5, "drawn when looked at"
    await page.keyboard.press("F4")
    await expect(page.locator("#consultation-text")).to_be_focused()
    await page.keyboard.type("쓰다가 만 상담")
    await page.keyboard.press("Alt+3")  # out of the field, whatever the keyboard's language
    await shows(page, "calls")
    assert page.url.endswith("?tab=calls")
    await expect(page.locator("#tab-consultations")).to_have_attribute("data-unsaved-here", "")
    await page.keyboard.press("ArrowLeft")
    await shows(page, "timeline")
    await expect(page.locator("#tab-timeline")).to_be_focused()
    await page.keyboard.press("Home")
    await shows(page, "consultations")
    await expect(page.locator("#consultation-text")).to_have_value("쓰다가 만 상담")
    await page.keyboard.press("ArrowLeft")  # round to the last
    await shows(page, "images")
    await page.locator("#tab-family").click()
    await shows(page, "family")
    await expect(page.locator("#pane-family")).to_contain_text("선우하나별")
    await expect(page.locator("#pane-family [data-call]")).to_have_text("010-1111-2222")
    await expect(page.locator("#tab-family")).to_contain_text("1")

    # saved from its tab: the numbers beside the names are true, other tabs are read anew
    await page.keyboard.press("F4")
    await page.get_by_role("button", name="상담 저장").click()
    await expect(page.locator("#count-consultations")).to_contain_text("1")
    await expect(page.locator("#tab-consultations")).not_to_have_attribute("data-unsaved-here", "")
    await page.locator("#tab-timeline").click()
    await expect(page.locator("#pane-timeline .moment")).to_contain_text("쓰다가 만 상담")

    await page.reload()
    await shows(page, "timeline")
    await page.locator("nav.walk a[data-keeps-tab]").last.click()
    await expect(page.locator("h1")).not_to_have_text("탭고객")
    await shows(page, "timeline")
    await page.go_back()
    await expect(page.locator("h1")).to_have_text("탭고객")
    await shows(page, "timeline")
    await page.goto(f"{sample.address}/customers/{id}?tab=no-such")
    await shows(page, "consultations")
    await page.keyboard.press("F1")
    keys = await page.locator("#help dt").all_inner_texts()
    assert {"F3", "F4", "F7", "F9", "Alt+1", "Alt+PageDown", "Ctrl+Home"} <= set(keys)


async def test_a_tab_that_cannot_be_read_says_so_and_can_be_tried_again(
    sample: SampleConsole,
) -> None:
    id = await made(sample, "끊긴고객")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.route("**/tabs/calls*", lambda route: route.abort())
    await page.click("#tab-calls")
    await expect(page.locator("[data-pane-failed]")).to_be_visible()
    await page.unroute("**/tabs/calls*")
    await page.get_by_role("button", name="다시 시도").click()
    await shows(page, "calls")
    await expect(page.locator("[data-pane-failed]")).to_be_hidden()
    # opened by itself it is the page
    await page.goto(f"{sample.address}/customers/{id}/tabs/calls")
    assert page.url.endswith(f"/customers/{id}?tab=calls")
    guest = await page.request.get(f"{sample.address}/customers/{id}/tabs/history")
    assert guest.status == 403
    assert (await page.request.get(f"{sample.address}/customers/{id}/tabs/none")).status == 404


async def test_everything_in_one_order_on_paper_and_on_a_phone(sample: SampleConsole) -> None:
    services = sample.now.console.services
    id = await made(sample, "모두고객")
    now = services.daemon.clock()
    viewer = viewer_of(sample, "101")
    recall = now + timedelta(days=1)
    case = Written("정수기 필터 문의", ("", "", ""), "", recall, False)
    await services.consultations.write(viewer, id, case)
    number = "+821040401212"
    request = Request("page-1", number, Source.NOBODY, now - timedelta(days=2), note="오후에")
    await services.daemon.callbacks.ask(request)
    page = await sample.page("ko-KR")
    await log_in(page, "admin")
    await page.goto(f"{sample.address}/customers/{id}?tab=timeline")
    moments = page.locator("#pane-timeline .moment")
    await expect(moments).to_have_count(2)
    await expect(moments.first).to_contain_text("정수기 필터 문의")
    await expect(moments.last).to_contain_text("오후에")
    for word, count in (("consultations", "1"), ("callbacks", "1"), ("recalls", "1")):
        await expect(page.locator(f"#count-{word}.tab-waits")).to_contain_text(count)
    await page.click("#tab-recalls")
    await page.get_by_role("button", name="리콜 완료").click()
    await expect(page.locator("#count-recalls")).to_be_empty()
    await page.click("#tab-callbacks")
    await page.get_by_role("button", name="콜백완료(이 고객 전체)").click()
    await expect(page.locator("#count-callbacks")).to_be_empty()
    await shows(page, "callbacks")

    # paper has all of it, also what nobody looked at
    await page.evaluate("window.print = () => { window.printed = true; }")
    await page.locator("[data-print]").first.click()
    await page.wait_for_function("window.printed")
    await page.emulate_media(media="print")
    for text in ("정수기 필터 문의", "선우하나별", "아파트", "오후에"):
        await expect(page.get_by_text(text).first).to_be_visible()
    await expect(page.locator(".tablist")).to_be_hidden()
    await page.emulate_media(media="screen")

    ARTEFACTS.mkdir(exist_ok=True)
    for size, width, height in (("wide", 1366, 768), ("phone", 360, 740)):
        await page.set_viewport_size({"width": width, "height": height})
        for word in ("consultations", "timeline"):
            await page.goto(f"{sample.address}/customers/{id}?tab={word}")
            await fits(page)
            await page.screenshot(path=ARTEFACTS / f"customer-{word}-{size}.png")
    # the tabs are not far below: lesser facts are folded
    entered = page.get_by_text("입력 일시", exact=True)
    await expect(entered).to_be_hidden()
    await expect(page.locator("#tab-timeline")).to_be_in_viewport()
    await page.get_by_role("button", name="자세히 보기").click()
    await expect(entered).to_be_visible()
    await page.get_by_role("button", name="간단히 보기").click()
    await expect(entered).to_be_hidden()
    await page.click("#tab-images")  # scrolled into sight
    await shows(page, "images")
    await expect(page.locator("#tab-images")).to_be_in_viewport(ratio=0.9)


def viewer_of(sample: SampleConsole, login: str) -> Viewer:
    services = sample.now.console.services
    user: User = next(one for one in services.users.all() if one.login == login)
    return Viewer(user, None, services.languages["ko"])  # type: ignore[arg-type]


async def test_two_who_change_one_customer_know_of_each_other_and_lose_nothing(
    sample: SampleConsole,
) -> None:
    id = await made(sample, "함께고객")
    first, second = await sample.logged_in("101"), await sample.logged_in("102")
    for page in (first, second):
        await page.goto(f"{sample.address}/customers/{id}/edit")
    names = {one.login: one.name for one in sample.now.console.services.users.all()}
    await expect(first.locator(".editor")).to_contain_text(names["102"])
    await expect(second.locator(".editor")).to_contain_text(names["101"])
    await first.fill("#f-company", "첫째상사")
    await second.fill("#f-memo", "둘째가 적은 메모")
    await first.keyboard.press("F8")
    await expect(first.locator(".facts")).to_contain_text("첫째상사")
    await expect(second.locator(".editor")).to_have_count(0)  # who is done is not named any more
    await second.keyboard.press("F8")
    await expect(second.locator(".form-error").first).to_be_visible()
    await expect(second.locator("#f-company")).to_have_value("첫째상사")  # not touched here
    await expect(second.locator("#f-memo")).to_have_value("둘째가 적은 메모")
    await second.keyboard.press("F8")
    await expect(second.locator(".facts")).to_contain_text("둘째가 적은 메모")
    await expect(second.locator(".facts")).to_contain_text("첫째상사")


async def test_deleted_while_somebody_looks_at_it_it_is_told_and_taken_back(
    sample: SampleConsole,
) -> None:
    id = await made(sample, "통화중고객")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{id}")
    await page.wait_for_selector('body[data-live="up"]')
    await page.fill("#consultation-text", "통화하면서 적던 것")
    form = await page.context.new_page()
    await form.goto(f"{sample.address}/customers/{id}/edit")
    await form.wait_for_selector('body[data-live="up"]')
    await form.fill("#f-memo", "고치던 것")
    other = await sample.logged_in("admin")
    other.on("dialog", lambda dialog: dialog.accept())
    await other.goto(f"{sample.address}/customers/{id}")
    await other.get_by_role("button", name="삭제").first.click()
    await expect(other.locator("h1")).to_contain_text("통화중고객")
    gone = page.locator(".customer-gone")
    await expect(gone).to_contain_text("통화중고객")
    answer = await other.goto(f"{sample.address}/customers/{id}")
    assert answer is not None
    assert answer.status == 404
    await expect(other.get_by_role("button", name="되돌리기")).to_be_visible()
    await page.get_by_role("button", name="상담 저장").click()
    await expect(page.locator(".toast-error")).to_contain_text("되돌릴 수 있습니다")
    clerk = await sample.logged_in("102")  # may not take it back
    await clerk.goto(f"{sample.address}/customers/{id}")
    await expect(clerk.locator(".message")).to_contain_text("되돌릴 수 있습니다")
    await form.locator(".customer-gone").get_by_role("button").click()
    await expect(form.locator(".customer-gone")).to_have_count(0)
    await expect(form.locator("#f-memo")).to_have_value("고치던 것")
    await form.keyboard.press("F8")
    await expect(form.locator(".facts")).to_contain_text("고치던 것")
    await expect(page.locator("#consultation-text")).to_have_value("통화하면서 적던 것")
    await expect(gone).to_have_count(0)
    await page.get_by_role("button", name="상담 저장").click()
    await expect(page.locator(".consultation-text")).to_have_text("통화하면서 적던 것")


async def test_a_save_whose_answer_is_lost_is_one_save(sample: SampleConsole) -> None:
    """The network goes in the moment of saving; who presses Save again makes no second record."""
    page = await sample.logged_in("101")

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "두번고객")
    await page.route("**/customers", lost, times=1)
    save = page.get_by_role("button", name="저장", exact=True)
    async with page.expect_event("requestfailed"):
        await save.click()
    await expect(page.locator("#f-name")).to_have_value("두번고객")
    await save.click()
    await page.wait_for_url("**/customers/0*")
    assert len(await sample.now.console.services.customers.find("두번고객")) == 1

    await page.fill("#consultation-text", "두 번 눌린 상담")
    await page.route("**/consultations", lost, times=1)
    save = page.get_by_role("button", name="상담 저장")
    async with page.expect_event("requestfailed"):
        await save.click()
    await save.click()
    texts = page.locator(".consultation-text")
    await expect(texts).to_have_text("두 번 눌린 상담")
    await page.reload()
    await expect(texts).to_have_count(1)

    # other words in the form whose answer was lost: said first, one more if that is meant
    await page.fill("#consultation-text", "끊긴 상담")
    await page.route("**/consultations", lost, times=1)
    async with page.expect_event("requestfailed"):
        await save.click()
    await page.fill("#consultation-text", "고친 상담")
    async with page.expect_response("**/consultations") as answer:
        await save.click()
    assert (await answer.value).status == 409
    await expect(page.locator(".field-error")).to_contain_text("다른 내용으로 이미 저장")
    await expect(page.locator("#consultation-text")).to_have_value("고친 상담")
    await save.click()
    await expect(texts).to_have_text(["고친 상담", "끊긴 상담", "두 번 눌린 상담"])
