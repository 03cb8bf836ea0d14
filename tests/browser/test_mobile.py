"""The console on a phone: installed, without a network, in one hand, with the phone's contacts."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from console.registry import CAPABILITIES
from console.web.static import BUILD
from tests.browser.cable import Cable
from tests.browser.conftest import ARTEFACTS, SampleConsole, go, log_in
from tests.browser.test_console_pictures import fits

PHONE = {"width": 360, "height": 740}
THUMB = 44  # pixels
LOCALES = ["ko-KR", "zh-TW", "en-GB"]
FEWER = {"/customers/search/paper": "?name=김민"}  # not all 2,000 on paper
NO_PAGES = {"/login", "/offline", "/app.webmanifest"}

KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
  }
  return kept.sort();
}"""
WORKS = "navigator.serviceWorker.ready.then((found) => found.active.state)"
PICKER = """(contacts) => {
  window.asked = [];
  Object.defineProperty(navigator, 'contacts', { value: {
    select: async (...what) => { window.asked.push(what); return contacts; },
  } });
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def cable(sample: SampleConsole) -> AsyncIterator[Cable]:
    async with Cable.to(sample.address) as made:
        yield made


async def at_the_end_of(
    cable: Cable, sample: SampleConsole, login: str = "admin", locale: str = "ko-KR"
) -> Page:
    """A page with a worker, logged in."""
    context = await sample.browser.new_context(locale=locale, viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())  # a form with text asks before it is left
    await page.goto(f"{cable.address}/login")
    await log_in(page, login)
    assert await page.evaluate(WORKS) in ("activating", "activated")
    return page


async def test_every_page_of_the_menu_fits_a_phone(sample: SampleConsole) -> None:
    """Each address without an id that an administrator can look at, in each language."""
    paths = {}  # and whether it has the console's frame, or is a sheet of its own
    page = await sample.logged_in()
    for path in [*addresses(), await a_customer(sample)]:
        address = sample.address + path + FEWER.get(path, "")
        answer = await page.request.get(address)
        text = await answer.text()
        if text.startswith("<!doctype html>"):  # else a file, or a part of a page
            paths[path] = answer.ok and answer.url == address and 'id="main"' in text
    assert len(paths) > 25
    found = await asyncio.gather(*(too_wide(sample, locale, paths) for locale in LOCALES))
    assert found == [[], [], []]


async def too_wide(sample: SampleConsole, locale: str, paths: dict[str, bool]) -> list[str]:
    """What sticks out of a phone."""
    page = await sample.page(locale, **PHONE)
    await log_in(page, "admin")
    wide = []
    for path, framed in sorted(paths.items(), key=lambda one: not one[1]):
        if framed:
            await go(page, path)
        else:
            await page.goto(sample.address + path + FEWER.get(path, ""))
        width = await page.evaluate("document.scrollingElement.scrollWidth")
        if width > PHONE["width"]:
            wide.append(f"{path}: {width}")
    await page.context.close()
    return wide


def addresses() -> list[str]:
    entries = {entry.path for capability in CAPABILITIES for entry in capability.entries}
    routes = {
        route.path
        for capability in CAPABILITIES
        for route in capability.routes
        if route.method == "GET" and "{" not in route.path and "export" not in route.path
    }
    return sorted((entries | routes) - NO_PAGES)


async def a_customer(sample: SampleConsole) -> str:
    page = await sample.now.console.services.customers.page("")
    return f"/customers/{page.rows[0].id}"


@pytest.mark.parametrize(
    ("locale", "name"),
    [("ko-KR", "전화 데스크"), ("zh-TW", "電話工作台"), ("en-GB", "Telephone desk")],
)
async def test_the_manifest_in_the_language_of_who_installs_it(
    sample: SampleConsole, locale: str, name: str
) -> None:
    page = await sample.page(locale)
    session = await page.context.new_cdp_session(page)
    found = await session.send("Page.getAppManifest")  # as the browser itself reads it
    assert found["url"].endswith("/app.webmanifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert manifest["name"] == f"한빛상사 · {name}"
    assert (manifest["start_url"], manifest["scope"]) == ("/customers", "/")
    assert manifest["display"] == "standalone"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        picture = await (await page.request.get(sample.address + icon["src"])).body()
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", picture[16:24])
        assert f"{width}x{height}" == icon["sizes"]
    wrong = await session.send("Page.getInstallabilityErrors")
    kinds = {one["errorId"] for one in wrong["installabilityErrors"]}
    assert kinds <= {"in-incognito"}, kinds


async def test_only_the_build_and_one_page_are_kept(sample: SampleConsole, cable: Cable) -> None:
    page = await at_the_end_of(cable, sample)
    for path in ("/customers", "/calls", await a_customer(sample)):
        await page.goto(cable.address + path)
    kept = await page.evaluate(KEPT)
    assert "/offline" in kept
    assert [one for one in kept if one.startswith("/static/main-")], kept
    others = [one for one in kept if one != "/offline" and not one.startswith("/static/")]
    assert others == []
    said = await page.evaluate("caches.match('/offline').then((found) => found.text())")
    user = sample.now.console.services.users
    assert all(one.name not in said for one in user.all())
    assert "csrf-token" in said
    assert 'name="csrf-token" content=""' in said, "nobody's"


async def test_without_a_network_it_is_said_and_nothing_typed_is_lost(
    sample: SampleConsole, cable: Cable
) -> None:
    page = await at_the_end_of(cable, sample)
    await page.goto(f"{cable.address}/customers/new")
    await page.wait_for_selector('body[data-live="up"]')
    await page.fill("#f-name", "오프라인 고객")
    await page.fill('[name="phone"]', "010-7777-1212")
    await page.fill("#f-memo", "엘리베이터 안에서 적음")
    await cable.pull_out()
    await expect(page.locator("#live-lost")).to_be_visible()
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".toast-error").first).to_be_visible()
    await expect(page.locator("#f-name")).to_have_value("오프라인 고객")
    await page.reload()
    await expect(page.locator("h1")).to_have_text("연결 안 됨")
    await page.screenshot(path=ARTEFACTS / "offline-ko-phone.png")
    assert page.url.endswith("/customers/new")
    await cable.put_in()
    offer = page.locator("[data-draft-offer]")
    await expect(offer).to_be_visible(timeout=10_000)  # by itself
    await offer.get_by_role("button", name="되살리기").click()
    await expect(page.locator("#f-memo")).to_have_value("엘리베이터 안에서 적음")
    async with page.expect_response("**/customers") as answer:
        await page.get_by_role("button", name="저장").click()
    assert (await answer.value).status < 400
    await expect(page.locator("h1")).to_have_text("오프라인 고객")


async def test_the_page_without_a_network_speaks_the_user_s_language(
    sample: SampleConsole, cable: Cable
) -> None:
    """A Korean browser, and somebody who reads Chinese."""
    page = await at_the_end_of(cable, sample, "102")
    users = sample.now.console.services.users
    (me,) = [one for one in users.all() if one.login == "102"]
    await users.set_language(me.id, "zh_Hant")
    try:
        await page.goto(f"{cable.address}/customers")
        said = "caches.match('/offline').then((found) => found.headers.get('Content-Language'))"
        await page.wait_for_function(f"{said}.then((language) => language === 'zh-Hant-TW')")
        await cable.pull_out()
        await page.goto(f"{cable.address}/calls")
        await expect(page.locator("h1")).to_have_text("沒有網路")
        await cable.put_in()
        await expect(page.locator("h1")).to_have_text("通話紀錄")
    finally:
        await users.set_language(me.id, "")


async def test_the_browser_says_at_once_that_its_network_is_gone(sample: SampleConsole) -> None:
    page = await sample.logged_in()
    lost = page.locator("#live-lost")
    await expect(lost).to_be_hidden()
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    await expect(lost).to_be_visible()
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(lost).to_be_hidden()  # the server answered


async def test_a_new_build_takes_over(sample: SampleConsole, cable: Cable) -> None:
    page = await at_the_end_of(cable, sample)
    answer = await page.request.get(f"{cable.address}/worker.js")
    assert answer.headers["cache-control"] == "no-cache"
    built = json.loads((BUILD / "manifest.json").read_text("utf-8"))
    text = await answer.text()
    assert built["main.js"] in text, "another build is another worker"
    assert built["main.css"] in text
    await page.evaluate("""async () => {
      await (await caches.open('pbxd-older')).put('/static/main-OLD.js', new Response('old'));
      for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    }""")
    await page.goto(f"{cable.address}/customers")
    await page.evaluate(WORKS)
    await page.wait_for_function("caches.has('pbxd-older').then((there) => !there)")
    kept = await page.evaluate(KEPT)
    assert f"/static/{built['main.js']}" in kept


async def test_calling_and_writing_with_one_thumb(sample: SampleConsole) -> None:
    page = await sample.page("ko-KR", **PHONE)
    await log_in(page, "admin")
    await page.goto(f"{sample.address}/customers")
    row = page.locator("tbody tr", has=page.locator("[data-message]")).first
    call, write = row.locator("[data-call]:visible"), row.locator("[data-message]:visible")
    number = await call.get_attribute("data-call")
    assert number
    assert number.startswith("+82")
    assert await call.get_attribute("href") == f"tel:{number}"
    assert await call.get_attribute("data-customer")
    assert str(await write.get_attribute("href")).startswith("sms:+8210")
    await page.screenshot(path=ARTEFACTS / "customers-thumbs-ko-phone.png")
    for button in (call, write):
        await big_enough(page, button)
    await row.locator("a").first.click()
    await page.wait_for_url("**/customers/0*")
    await page.screenshot(path=ARTEFACTS / "customer-thumbs-ko-phone.png")
    buttons = await page.locator(
        ".page-head .button, .facts [data-call], .facts [data-message]"
    ).all()
    assert len(buttons) >= 5
    for button in buttons:
        await big_enough(page, button)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.goto(f"{sample.address}/customers")
    await expect(page.locator(".thumbs").first).to_be_hidden()


async def big_enough(page: Page, button: object) -> None:
    """A thumb hits it."""
    box = await button.bounding_box()  # type: ignore[attr-defined]
    assert box is not None
    assert box["height"] >= THUMB - 0.5, await button.inner_text()  # type: ignore[attr-defined]
    assert box["width"] >= THUMB - 0.5
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


async def test_a_new_customer_from_the_phone_s_contacts(sample: SampleConsole) -> None:
    page = await sample.page("ko-KR", **PHONE)
    await log_in(page, "admin")
    contact = {
        "name": ["이수현"],
        "tel": ["+82 10-2222-3434", "02-333-4444", "010-2222-3434"],
        "email": ["lee@example.kr"],
        "address": [{"city": "서울", "addressLine": ["마포구 양화로 1"], "postalCode": "04001"}],
    }
    await page.add_init_script(f"({PICKER})({json.dumps([contact])})")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-memo", "친구 소개")
    await page.get_by_role("button", name="내 연락처에서 가져오기").click()
    await expect(page.locator("#f-name")).to_have_value("이수현")
    assert await page.evaluate("window.asked") == [
        [["name", "tel", "address", "email"], {"multiple": False}]
    ]
    phones = page.locator('[name="phone"]')
    await expect(phones).to_have_count(2)  # one number twice is one
    assert [await one.input_value() for one in await phones.all()] == [
        "+82 10-2222-3434",
        "02-333-4444",
    ]
    kinds = page.locator('[name="phone_kind"]')
    assert [await one.input_value() for one in await kinds.all()] == ["mobile", "other"]
    await expect(page.locator("#f-address")).to_have_value("서울 마포구 양화로 1")
    await expect(page.locator("#f-postcode")).to_have_value("04001")
    await expect(page.locator("#f-memo")).to_have_value("친구 소개")
    await expect(page.locator("#f-email")).to_have_value("lee@example.kr")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await page.screenshot(path=ARTEFACTS / "contact-ko-phone.png", full_page=True)
    async with page.expect_response("**/customers"):
        await page.get_by_role("button", name="저장").click()
    await expect(page.locator("h1")).to_have_text("이수현")
    await expect(page.locator('.facts [data-call="+821022223434"]')).to_have_count(1)
    await expect(page.locator('.facts [data-call="+8223334444"]')).to_have_count(1)


async def test_several_contacts_are_looked_at_before_they_are_customers(
    sample: SampleConsole, tmp_path: Path
) -> None:
    customers = sample.now.console.services.customers
    there = (await customers.page()).rows[0]
    contacts = [
        {"name": ["가나다"], "tel": ["+82 10-2323-0001"], "email": ["ga@example.kr"]},
        {"name": ["이미 고객"], "tel": [there.details.phones[0].number]},
        {"name": ["번호 틀림"], "tel": ["12"]},
        {"name": ["똠방각하; 𠮷野家, 🍵"], "tel": ["02-323-0002", "010-2323-0003"]},
    ]
    page = await sample.page("ko-KR", **PHONE)
    await log_in(page, "101")  # an agent: the wizard for files is not his
    await page.add_init_script(f"({PICKER})({json.dumps(contacts)})")
    await page.goto(f"{sample.address}/customers")
    await page.get_by_role("link", name="내 연락처에서 가져오기").click()
    await page.get_by_role("button", name="내 연락처에서 고르기").click()
    ticks = page.locator('.contact-list input[name="take"]')
    await expect(ticks).to_have_count(4)
    assert [await one.is_checked() for one in await ticks.all()] == [True, False, False, True]
    await expect(ticks.nth(2)).to_be_disabled()
    await expect(page.locator(".contact-note a")).to_have_text(there.name)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await page.screenshot(path=ARTEFACTS / "contacts-ko-phone.png", full_page=True)
    assert await customers.find("가나다") == [], "only looked at"
    await page.get_by_role("button", name="선택한 연락처를 고객으로 등록").click()
    await expect(page.locator("[role=status].page-note")).to_have_text("새 고객 2명")
    (made,) = await customers.find("똠방각하")
    assert made.name == "똠방각하; 𠮷野家, 🍵"
    assert {phone.number for phone in made.details.phones} == {"+8223230002", "+821023230003"}

    # any phone can share a file; a picture in it stays on the phone
    file = tmp_path / "phone.vcf"
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(["A" * 70] * 20_000)
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:파일에서",
        "TEL:010-2323-0009",
        photo,
        "END:VCARD",
        "",
    )
    file.write_bytes("\r\n".join(lines).encode())
    await page.get_by_role("link", name="연락처 더 가져오기").click()
    await page.set_input_files("#f-vcf", file)
    await expect(ticks).to_have_count(1)
    await expect(page.locator(".contact")).to_contain_text("010-2323-0009")


async def test_what_is_typed_stays_and_a_closed_picker_changes_nothing(
    sample: SampleConsole,
) -> None:
    page = await sample.page("ko-KR")
    await log_in(page, "admin")
    await page.add_init_script(f"({PICKER})([])")
    await page.goto(f"{sample.address}/customers")
    await page.get_by_role("link", name="새 고객").click()  # a swap, not a load
    button = page.get_by_role("button", name="내 연락처에서 가져오기")
    await page.fill("#f-name", "내가 적은 이름")
    await button.click()
    await expect(page.locator("#f-name")).to_have_value("내가 적은 이름")
    await page.evaluate("""() => {
      navigator.contacts.select = async () => [{ name: ['다른 이름'], tel: ['01055556666'] }];
    }""")
    await button.click()
    await expect(page.locator('[name="phone"]')).to_have_value("01055556666")
    await expect(page.locator("#f-name")).to_have_value("내가 적은 이름")


async def test_no_button_where_there_is_no_picker(sample: SampleConsole) -> None:
    page = await sample.logged_in()
    await page.goto(f"{sample.address}/customers/new")
    await expect(page.locator("[data-contacts]")).to_be_hidden()
    customer = await a_customer(sample)
    await page.goto(f"{sample.address}{customer}/edit")
    await expect(page.locator("[data-contacts]")).to_have_count(0)


async def test_added_changed_and_deleted_in_one_hand_while_the_pc_is_open(
    sample: SampleConsole,
) -> None:
    """One account on both: what the phone saves, the PC has at its next look (S0-01, S0-46)."""
    pc = await sample.logged_in("101")
    phone = await sample.page("ko-KR", **PHONE)
    await log_in(phone, "101")
    await phone.goto(f"{sample.address}/customers")
    await phone.get_by_role("link", name="새 고객").click()
    await phone.fill("#f-name", "손안의 고객")
    await phone.fill('[name="phone"]', "010-8888-2323")
    async with phone.expect_response("**/customers"):
        await phone.get_by_role("button", name="저장").click()
    await expect(phone.locator("h1")).to_have_text("손안의 고객")
    await phone.fill("#consultation-text", "현장에서 상담")
    async with phone.expect_response("**/consultations"):
        await phone.get_by_role("button", name="상담 저장").click()
    await expect(phone.locator(".consultation-text")).to_have_text("현장에서 상담")
    # changed, deleted, taken back, and how it stands in a period (S0-46)
    part = phone.locator(".consultation-part")
    await part.get_by_text("수정").click()
    await part.locator("textarea").fill("현장에서 상담, 내일 다시")
    await part.get_by_role("button", name="저장").click()
    await expect(phone.locator(".consultation-text")).to_have_text("현장에서 상담, 내일 다시")
    phone.once("dialog", lambda dialog: dialog.accept())
    await phone.locator("[data-consultation]").get_by_title("삭제").click()
    await expect(phone.locator("[data-consultation]")).to_have_count(0)
    await phone.get_by_role("button", name="되돌리기").click()
    await expect(phone.locator(".consultation-text")).to_have_text("현장에서 상담, 내일 다시")
    page_of_customer = phone.url
    today = sample.now.daemon.clock().astimezone(sample.now.daemon.settings.office.zone).date()
    await phone.goto(f"{sample.address}/consultations?since={today}&until={today}")
    await expect(phone.locator(".log-summary")).to_contain_text("미완료 1")
    await expect(phone.locator(".consultations")).to_contain_text("손안의 고객")
    await fits(phone)
    await phone.screenshot(path=ARTEFACTS / "consultation-status-ko-phone.png")
    await phone.goto(page_of_customer)
    await phone.get_by_role("link", name="수정").click()
    await phone.fill("#f-company", "출장처")
    await phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    save = phone.get_by_role("button", name="저장", exact=True)
    box, bar = await save.bounding_box(), await phone.locator("#callbar").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"], "the call bar lies over the last button"
    await save.click()
    await expect(phone.locator(".facts")).to_contain_text("출장처")
    address = phone.url
    await pc.goto(address)
    await expect(pc.locator(".facts")).to_contain_text("출장처")
    await expect(pc.locator(".consultation-text")).to_have_text("현장에서 상담, 내일 다시")
    phone.on("dialog", lambda dialog: dialog.accept())
    async with phone.expect_response("**/delete"):
        await phone.get_by_role("button", name="삭제").first.click()
    await expect(phone.get_by_role("button", name="되돌리기")).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer = await pc.goto(address)
    assert answer is not None
    assert answer.status == 404
