"""The console's frame in a real browser: log-in, navigation, forms that are never lost."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.async_api import Page, expect

from console.customers.model import Details
from console.web.permissions import Role
from tests.browser.conftest import PASSWORD, SampleConsole, log_in

SCREENS = ("/", "/customers", "/customers/new", "/calls", "/account", "/account?totp=new",
           "/users", "/settings/pop")  # fmt: skip


async def go(page: Page, path: str) -> None:
    """By the menu, as people do."""
    await page.click(f'#nav a[href="{path}"]')
    await expect(page.locator(f'#nav a[href="{path}"]')).to_have_attribute("aria-current", "page")


async def test_a_wrong_password_then_the_page_that_was_wanted(sample: SampleConsole) -> None:
    page = await sample.page("en-GB")
    await page.goto(f"{sample.address}/calls?direction=in")
    await page.fill("#f-login", "admin")
    await page.fill("#f-password", "wrong")
    await page.click('button[type="submit"]')
    await expect(page.get_by_role("alert")).to_have_text("Login name, password or code is wrong.")
    await expect(page.locator("#f-login")).to_have_value("admin")
    await page.goto(f"{sample.address}/calls?direction=in")
    await page.click('a[lang="zh-Hant-TW"]')  # the wanted page is not forgotten by that
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")
    await log_in(page, "admin")
    assert page.url == f"{sample.address}/calls?direction=in"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "/\t/evil.example",
                                       "https://evil.example", "/\n/evil.example"])  # fmt: skip
async def test_nobody_is_sent_elsewhere(sample: SampleConsole, elsewhere: str) -> None:
    page = await sample.page()
    await page.eval_on_selector('[name="next"]', "(field, to) => (field.value = to)", elsewhere)
    await log_in(page, "admin")
    assert page.url == f"{sample.address}/"


async def test_only_the_main_pane_is_swapped(sample: SampleConsole) -> None:
    page = await sample.logged_in(locale="en-GB")
    await page.evaluate("document.querySelector('#callbar').mine = 'the same'")
    await go(page, "/customers")
    assert page.url == f"{sample.address}/customers"
    await expect(page).to_have_title(re.compile("^Customers"))
    await expect(page.locator("#main")).to_be_focused()
    await go(page, "/calls")
    await expect(page).to_have_title(re.compile("^Call log"))
    await page.go_back()
    await expect(page.locator("#main h1")).to_contain_text("Customers")
    await expect(page.locator('#nav a[href="/customers"]')).to_have_attribute(
        "aria-current", "page"
    )
    await page.go_forward()
    await expect(page.locator("#main h1")).to_contain_text("Call log")
    assert await page.evaluate("document.querySelector('#callbar').mine") == "the same"
    assert await page.locator("#callbar").count() == 1


async def test_what_is_refused_leaves_the_page_as_it_is(sample: SampleConsole) -> None:
    page = await sample.logged_in("101", "en-GB")
    await go(page, "/customers")
    link = page.locator("#main tbody a").first
    await link.evaluate("link => link.setAttribute('href', '/users')")
    await link.click()
    await expect(page.locator(".toast-error")).to_contain_text("does not permit")
    await expect(page.locator("#main h1")).to_contain_text("Customers")
    assert page.url == f"{sample.address}/customers"


async def test_a_server_that_is_away_is_said(sample: SampleConsole) -> None:
    page = await sample.logged_in(locale="en-GB")
    await page.route("**/customers", lambda route: route.abort())
    await page.click('#nav a[href="/customers"]')
    await expect(page.locator(".toast-error")).to_contain_text("cannot be reached")
    assert page.url == f"{sample.address}/"
    await page.unroute("**/customers")
    await sample.now.console.services.hub.close()
    await expect(page.locator("#live-lost")).to_be_visible()
    await expect(page.locator("#live-lost")).to_be_hidden()  # it came back by itself
    await expect(page.locator("body")).to_have_attribute("data-live", "up")


async def test_a_form_is_never_thrown_away(sample: SampleConsole) -> None:
    page = await sample.logged_in("102", "en-GB")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "남궁민수")
    await page.fill("#f-memo", "half a sentence")
    # a card's link opens beside
    await page.evaluate("""() => {
      const link = Object.assign(document.createElement('a'), { href: '/customers', id: 'beside' });
      link.setAttribute('data-open', '');
      link.textContent = 'open';
      link.style.pointerEvents = 'auto'; // as cards have
      document.querySelector('#pops').append(link);
    }""")
    async with page.context.expect_page() as opened:
        await page.click("#beside")
    beside = await opened.value
    await expect(beside.locator("#main h1")).to_contain_text("Customers")
    await beside.close()
    await expect(page.locator("#f-name")).to_have_value("남궁민수")
    # the menu asks first
    asked: list[str] = []

    async def no(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.once("dialog", no)
    await page.click('#nav a[href="/calls"]')
    await expect(page.locator("#f-memo")).to_have_value("half a sentence")
    assert asked == ["What you typed here is not saved. Leave it?"]
    # a field that looks something up has saved nothing
    await page.fill('[name="phone"]', "010-7777-1234")
    async with page.expect_response("**/same-number**"):
        await page.locator("#f-name").focus()
    assert await page.locator("form[data-dirty]").count() == 1
    # a server that refuses changes nothing in the form
    await page.fill('[name="phone"]', "12")
    await page.click('#main button[type="submit"]')
    await expect(page.locator(".field-error").first).to_be_visible()
    await expect(page.locator("#f-memo")).to_have_value("half a sentence")
    page.once("dialog", no)
    await page.click('#nav a[href="/calls"]')
    await expect(page.locator("#f-memo")).to_have_value("half a sentence")
    assert len(asked) == 2
    # nor does a crash of the page: it is offered again
    page.once("dialog", lambda dialog: dialog.accept())
    await page.goto(f"{sample.address}/customers/new")
    await page.click('[data-draft-do="restore"]')
    await expect(page.locator("#f-memo")).to_have_value("half a sentence")
    await page.fill('[name="phone"]', "010-7777-1234")
    await page.click('#main button[type="submit"]')
    await page.wait_for_url(re.compile("/customers/0"))
    await expect(page.locator("#main h1")).to_contain_text("남궁민수")
    await go(page, "/customers")
    await page.goto(f"{sample.address}/customers/new")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()  # it is saved


async def test_a_draft_belongs_to_who_typed_it(sample: SampleConsole) -> None:
    page = await sample.logged_in("103", "en-GB")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-memo", "for my eyes")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.click(".who summary")
    await page.click('form[hx-post="/logout"] button')
    await page.wait_for_url("**/login")
    await log_in(page, "104")
    await page.goto(f"{sample.address}/customers/new")
    await expect(page.locator("[data-draft-offer]")).to_be_hidden()


async def test_a_refusal_keeps_the_form(sample: SampleConsole) -> None:
    """A session that ended meanwhile must not cost what was typed."""
    page = await sample.logged_in("105", "en-GB")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-memo", "a long story")
    await page.route(
        "**/customers",
        lambda route: route.continue_(
            headers={**route.request.headers, "x-csrf-token": "of yesterday"}
        ),
    )
    await page.fill("#f-name", "이정은")
    await page.fill('[name="phone"]', "010-7777-9999")
    await page.click('#main button[type="submit"]')
    await expect(page.locator(".toast-error")).to_contain_text("out of date")
    await expect(page.locator("#f-memo")).to_have_value("a long story")


async def test_what_is_refused_is_seen_at_once(sample: SampleConsole) -> None:
    page = await sample.logged_in("106", "ko-KR")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "이정은")
    await page.fill('[name="phone"]', "12")
    await page.click('#main button[type="submit"]')  # far below the number
    await expect(page.locator('[name="phone"]')).to_be_focused()
    await expect(page.locator('[name="phone"]')).to_be_in_viewport()
    await page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "가".repeat(201));
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
          document.querySelector("#f-name").select();
          document.querySelector("#f-name").dispatchEvent(paste);
        }"""
    )
    await expect(page.locator(".toast-error")).to_contain_text("200자까지")


async def test_logged_out_in_the_middle_of_a_form(sample: SampleConsole) -> None:
    page = await sample.logged_in("105", "ko-KR")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "이정은")
    other = await page.context.new_page()
    await other.goto(f"{sample.address}/customers")
    await page.context.clear_cookies()
    # a field that looks something up, and then the form itself
    await page.fill('[name="phone"]', "010-7777-9998")
    await page.locator("#f-alias").focus()
    told = page.locator(".toast-error")
    await expect(told).to_contain_text("로그아웃")
    await page.keyboard.press("F8")
    await expect(told).to_have_count(1)
    async with page.context.expect_page() as opened:
        await told.get_by_role("link").click()
    again = await opened.value
    await log_in(again, "105")
    assert again.url.endswith("/customers/new")
    await expect(told).to_have_count(0)
    await page.wait_for_selector('body[data-live="up"]')
    await page.click('#main button[type="submit"]')
    await expect(page.locator("#main h1")).to_contain_text("이정은")
    assert not asked
    # nothing is typed in the other one: it goes to the log-in and comes back to its page
    await page.context.clear_cookies()
    await other.fill("#quick", "이정은")
    await other.wait_for_url("**/login?next=%2Fcustomers")


async def test_wrong_present_password_stays_on_the_page(sample: SampleConsole) -> None:
    users = sample.now.console.services.users
    user = await users.create("totp-off", "차은우", PASSWORD, Role.USER)
    await users.set_totp(user.id, secret := pyotp.random_base32())
    page = await sample.page("en-GB")
    await page.fill("#f-login", "totp-off")
    await page.fill("#f-password", PASSWORD)
    await page.fill("#f-code", pyotp.TOTP(secret).now())
    await page.click('button[type="submit"]')
    await page.wait_for_selector('body[data-live="up"]')
    await page.goto(f"{sample.address}/account")
    await page.fill("#f-totp-current", "wrong")
    await page.click('form[action="/account/totp/off"] button')
    await expect(page.locator("#e-totp-current")).to_have_text("The present password is wrong.")
    await page.fill("#f-totp-current", PASSWORD)
    await page.click('form[action="/account/totp/off"] button')
    await expect(page.get_by_text("Set up")).to_be_visible()


async def test_the_second_factor_from_the_code_on_the_screen(sample: SampleConsole) -> None:
    users = sample.now.console.services.users
    await users.create("totp-on", "차은우", PASSWORD, Role.USER)
    page = await sample.logged_in("totp-on", "en-GB")
    await page.goto(f"{sample.address}/account?totp=new")
    secret = await page.inner_text(".card .mono")
    assert (await page.get_attribute("img.qr", "src") or "").startswith("data:image/svg+xml")
    await page.fill("#f-code", "000000")
    await page.click('form[action="/account/totp"] button')
    await expect(page.locator("#e-code")).to_be_visible()
    assert await page.inner_text(".card .mono") == secret  # scanned once is enough
    await page.fill("#f-code", pyotp.TOTP(secret).now())
    await page.click('form[action="/account/totp"] button')
    await expect(page.get_by_text("Stop asking for codes")).to_be_visible()


async def test_log_out_reaches_the_other_tab(sample: SampleConsole) -> None:
    page = await sample.logged_in("106")
    other = await page.context.new_page()
    await other.goto(f"{sample.address}/customers")
    await other.wait_for_selector('body[data-live="up"]')
    await page.click(".who summary")
    await page.click('form[hx-post="/logout"] button')
    await page.wait_for_url("**/login")
    await other.wait_for_url("**/login?next=%2Fcustomers")


async def test_who_has_left_is_out_at_once(sample: SampleConsole) -> None:
    users = sample.now.console.services.users
    user = await users.create("leaver", "문동은", PASSWORD, Role.USER)
    leaver = await sample.logged_in("leaver")
    admin = await sample.logged_in("admin", "en-GB")
    await go(admin, "/users")
    admin.once("dialog", lambda dialog: dialog.accept())
    await admin.click(f'form[action="/users/{user.id}/close"] button')
    await leaver.wait_for_url("**/login")
    await leaver.fill("#f-login", "leaver")
    await leaver.fill("#f-password", PASSWORD)
    await leaver.click('button[type="submit"]')
    await expect(leaver.locator(".form-error")).to_be_visible()


async def test_looks_are_remembered_and_drawn_at_once(sample: SampleConsole) -> None:
    page = await sample.logged_in("107")
    await page.click(".who summary")
    await page.click("[data-theme-switch]")
    await page.click("[data-menu-switch]")
    answer = await page.reload()
    assert answer
    html = await answer.text()  # as it came, before any script
    assert 'data-theme="dark"' in html
    assert "data-narrow-menu" in html
    assert (await page.locator("#nav").bounding_box() or {})["width"] < 80


async def test_keys(sample: SampleConsole) -> None:
    page = await sample.logged_in("108", "en-GB")
    await sample.now.console.services.customers.create(Details("황보라온"), "")
    await page.keyboard.press("F1")
    await expect(page.locator("#help")).to_be_visible()
    await expect(page.locator("#help")).to_contain_text("F2")
    await page.keyboard.press("Escape")
    await page.keyboard.press("F2")
    await expect(page.locator("#quick")).to_be_focused()
    await page.keyboard.type("ㅎㅂㄹㅇ")
    await page.keyboard.press("Enter")  # a single hit opens at once
    await expect(page.locator("#main h1")).to_contain_text("황보라온")


@pytest.mark.parametrize("path", SCREENS)
async def test_everything_has_a_name(sample: SampleConsole, path: str) -> None:
    """What a screen reader would find: controls with names, ids that are one's own."""
    page = await sample.logged_in("admin", "en-GB")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    await page.goto(sample.address + path)
    await page.wait_for_selector('body[data-live="up"]')
    nameless = await page.evaluate("""() =>
      [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
        .filter((e) => !e.closest('[hidden]'))
        .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim() || e.title))
        .map((e) => e.outerHTML)""")
    assert nameless == []
    twice = await page.evaluate("""() => {
      const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
      return ids.filter((id, place) => ids.indexOf(id) !== place);
    }""")
    assert twice == []
    assert await page.locator("h1").count() == 1
    assert errors == []
    await page.context.close()
