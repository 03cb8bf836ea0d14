"""The browser phone by itself: real Chromium, real WebRTC through the real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from lab.hearing import hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.waiting import until
from tests.browser.chromium import chromium_with
from tests.browser.hearing import LISTEN, heard_in
from tests.browser.softphone_page import PhonePage, bundle

CUSTOMER = "01012345678"
MINE_HZ, THEIRS_HZ = 880, 520
SHOW = """
(desk) => document.dispatchEvent(new CustomEvent("pbxd:desk", { detail: desk }))
"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("build")
    await bundle(out)
    return out


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium_with(tmp_path_factory.mktemp("voice"), MINE_HZ) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def served(office: Office, build: Path) -> AsyncIterator[PhonePage]:
    async with PhonePage(office, "101", build) as page:
        yield page


def desk(*calls: dict[str, Any], **agent: Any) -> dict[str, Any]:
    """A desk message as the server would send it."""
    me = {
        "id": "01AGENT", "name": "김서준", "extension": "101", "state": "available",
        "linked": True, "device": "browser", "phone_up": True, "phone_page": "", **agent,
    }  # fmt: skip
    return {
        "kind": "desk",
        "now": 0,
        "pbx": "up",
        "agent": me,
        "calls": list(calls),
        "hold_reminder_s": 0,
    }


def ringing(key: str = "K1", **more: Any) -> dict[str, Any]:
    return {
        "key": key, "direction": "in", "outgoing": False, "state": "ringing",
        "number": "+821012345678", "display": "010-1234-5678", "name": "", "customer_id": "",
        "line": "대표번호", "since": 0, "rang_at": 0, "answered_at": None,
        "clicked_by_me": False, "my_leg": {"id": "?", "state": "ringing", "browser": True},
        "can": {"answer": True, "hang_up": True}, "parties": [], "watchers": [],
        "conference": False, **more,
    }  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def profile(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser of its own, as one agent has it."""
    context = await chromium.new_context(permissions=["microphone"])
    await context.add_init_script(LISTEN)
    yield context
    await context.close()


async def opened(profile: BrowserContext, served: PhonePage, host: str = "") -> Page:
    page = await profile.new_page()
    await page.goto(served.url.replace("127.0.0.1", host) if host else served.url)
    await page.wait_for_selector("body[data-ready]")
    return page


async def my_legs(office: Office) -> list[dict[str, Any]]:
    """The legs at 101's browser phone, oldest first, as Asterisk names them."""
    rows = (await office.cli("core show channels concise")).splitlines()
    ids = [row.rsplit("!", 1)[1] for row in rows if row.startswith("PJSIP/101-web")]
    ids.sort(key=lambda id: int(id.rsplit(".", 1)[1]))  # noqa: A006
    return [{"id": id, "state": "ringing", "browser": True} for id in ids]


async def registered(page: Page) -> None:
    await page.evaluate(SHOW, desk())
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "available")


async def test_a_call_is_answered_heard_on_both_sides_and_hung_up(
    profile: BrowserContext, served: PhonePage, city: City, tmp_path: Path
) -> None:
    page = await opened(profile, served)
    await registered(page)
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=THEIRS_HZ)
    await call.wait_ringing()
    (leg,) = await my_legs(served.office)
    await page.evaluate(SHOW, desk(ringing(my_leg=leg)))
    answer = page.locator('[data-main="answer"]')
    await expect(answer).to_be_enabled()
    await page.keyboard.press("Alt+KeyA")
    await call.wait_answered()
    talking = ringing(state="up", my_leg=leg, can={"answer": False, "hang_up": True})
    await page.evaluate(SHOW, desk(talking))
    await expect(page.locator('[data-main="mute"]')).to_be_enabled()

    async def both() -> bool:
        mine = await heard_in(page, tmp_path / "agent.wav")
        return hears(mine, THEIRS_HZ) > 1 and hears(call.heard, MINE_HZ) > 1

    await until(both, "each hears the other's tone", 15)
    await page.click('[data-main="hang-up"]')
    assert await call.wait_ended() == 16


async def test_a_clicked_call_answers_itself_and_no_other(
    profile: BrowserContext, served: PhonePage, office: Office, city: City
) -> None:
    page = await opened(profile, served)
    await registered(page)
    ami = await office.ami()
    await ami.action(
        "Originate", Channel="PJSIP/101-web", ChannelId="pbxd-click-1", Context="pbxd-click",
        Exten=plays(THEIRS_HZ), Priority="1", Async="true", CallerID="<101>",
    )  # fmt: skip
    mine = {"id": "pbxd-click-1", "state": "ringing", "browser": True}
    await page.evaluate(SHOW, desk(ringing(clicked_by_me=True, outgoing=True, my_leg=mine)))

    async def up() -> bool:
        return "Up" in await office.cli("core show channel PJSIP/101-web-00000000") or "city" in (
            " ".join(await office.channels())
        )

    await until(up, "the agent's phone answered by itself and the customer is dialled")
    await page.evaluate(SHOW, desk())
    await office.cli("channel request hangup all")
    ami.close()


async def test_keys_are_heard_by_the_other_side(
    profile: BrowserContext, served: PhonePage, city: City
) -> None:
    page = await opened(profile, served)
    await registered(page)
    digits: list[str] = []
    ami = await city.ami()
    ami.listen(lambda event: digits.append(event["Digit"]) if event["Event"] == "DTMFEnd" else None)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await call.wait_ringing()
    (leg,) = await my_legs(served.office)
    await page.evaluate(SHOW, desk(ringing(my_leg=leg)))
    await page.click('[data-main="answer"]')
    await call.wait_answered()
    await page.evaluate(SHOW, desk(ringing(state="up", my_leg=leg)))
    await page.click('[data-main="keypad"]')
    await page.click('[data-tone="5"]')
    await page.keyboard.press("#")
    await until(lambda: digits == ["5", "#"], "both keys arrive")
    assert await page.text_content('[data-part="keypad-pressed"]') == "5#"
    ami.close()
    await call.hang_up()
    await expect(page.locator('[data-part="keypad"]')).to_be_hidden()


async def test_one_tab_is_the_phone_the_other_shows_and_presses(
    profile: BrowserContext, served: PhonePage, city: City
) -> None:
    first = await opened(profile, served)
    await registered(first)
    second = await opened(profile, served)
    await registered(second)
    assert served.credentials_given == 1
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await call.wait_ringing()
    (leg,) = await my_legs(served.office)
    await second.evaluate(SHOW, desk(ringing(my_leg=leg)))
    await second.click('[data-main="answer"]')
    await call.wait_answered()
    await first.evaluate(SHOW, desk(ringing(state="up", my_leg=leg)))
    await second.evaluate(SHOW, desk(ringing(state="up", my_leg=leg)))
    await second.click('[data-main="mute"]')
    for page in (first, second):
        await expect(page.locator('[data-main="mute"]')).to_have_attribute("aria-pressed", "true")
    await call.hang_up()
    await second.evaluate(SHOW, desk())
    await first.close()
    await expect(second.locator("#callbar")).to_have_attribute("data-leading", "true")
    await expect(second.locator("#callbar")).to_have_attribute("data-state", "available")
    assert served.credentials_given == 2


async def test_the_phone_taken_over_by_another_browser_says_so_and_can_be_taken_back(
    profile: BrowserContext, served: PhonePage
) -> None:
    page = await opened(profile, served)
    await registered(page)
    mine = next(body["page"] for verb, body in served.asked if verb == "phone")
    await page.evaluate(SHOW, desk(phone_page=mine))
    await page.evaluate(SHOW, desk(phone_page="another"))
    problem = page.locator('[data-part="problem"]')
    await expect(problem).to_have_attribute("data-problem", "taken")
    await expect(page.locator('[data-main="call"]')).to_be_disabled()
    await page.click('[data-part="fix"]')
    await page.evaluate(SHOW, desk(phone_page=mine))
    await expect(problem).to_be_hidden()
    await expect(page.locator("#callbar")).to_have_attribute("data-state", "available")


async def test_of_two_withheld_callers_the_one_meant_is_answered(
    profile: BrowserContext, served: PhonePage, office: Office, city: City
) -> None:
    page = await opened(profile, served)
    await registered(page)
    first = await city.call(MAIN_NUMBER, None)
    await first.wait_ringing()
    second = await city.call(MAIN_NUMBER, None)
    await second.wait_ringing()
    calls = [
        ringing(key, number="", display="", my_leg=leg)
        for key, leg in zip("AB", await my_legs(office), strict=True)
    ]
    await page.evaluate(SHOW, desk(*calls))
    await page.click('[data-key="B"] [data-do="answer"]')
    await second.wait_answered()
    assert first.state == "ringing"
    await first.hang_up()
    await second.hang_up()


async def test_leaving_in_a_call_asks_first(
    profile: BrowserContext, served: PhonePage, city: City
) -> None:
    page = await opened(profile, served)
    await registered(page)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await call.wait_ringing()
    (leg,) = await my_legs(served.office)
    await page.evaluate(SHOW, desk(ringing(my_leg=leg)))
    await page.click('[data-main="answer"]')
    await call.wait_answered()
    async with page.expect_event("dialog") as asked:
        await page.close(run_before_unload=True)
    question = await asked.value
    assert question.type == "beforeunload"
    await question.accept()
    # no BYE: the customer is not hung up by a page that goes (what becomes of him: test_verbs.py)
    await until(page.is_closed, "the page is gone")
    assert call.state == "answered"
    await call.hang_up()


async def test_a_refused_microphone_is_explained_and_no_call_offered(
    chromium: Browser, served: PhonePage
) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    # what a person does who clicks "Block": --use-fake-ui would say yes for him
    await page.add_init_script(
        "navigator.permissions.query = async () => Object.assign(new EventTarget(),"
        ' { state: "denied" })'
    )
    await page.goto(served.url)
    await page.wait_for_selector("body[data-ready]")
    await page.evaluate(SHOW, desk())
    problem = page.locator('[data-part="problem"]')
    await expect(problem).to_have_attribute("data-problem", "microphone-denied")
    await expect(page.locator('[data-main="call"]')).to_be_disabled()
    assert "not ready" in (await page.get_attribute('[data-main="call"]', "title") or "")
    await context.close()


async def test_without_https_the_reason_is_said(profile: BrowserContext, served: PhonePage) -> None:
    page = await opened(profile, served, "office.test")
    await page.evaluate(SHOW, desk())
    await expect(page.locator('[data-part="problem"]')).to_have_attribute(
        "data-problem", "insecure"
    )


async def test_the_secret_is_in_no_storage_and_not_in_the_page(
    profile: BrowserContext, served: PhonePage
) -> None:
    said: list[str] = []
    page = await profile.new_page()
    page.on("console", lambda message: said.append(message.text))
    await page.add_init_script('localStorage.setItem("debug", "JsSIP:*")')
    await page.goto(served.url)
    await page.wait_for_selector("body[data-ready]")
    await registered(page)
    kept = await page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " document.documentElement.outerHTML])"
    )
    assert served.secrets
    for secret in served.secrets:
        assert secret not in kept
        assert not any(secret in line for line in said)
    assert not any("REGISTER" in line for line in said)


async def test_caller_names_are_text(profile: BrowserContext, served: PhonePage) -> None:
    page = await opened(profile, served)
    nasty = (
        '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\U0001f4a3' + "x" * 500
    )
    await page.evaluate(SHOW, desk(ringing(name=nasty, display=nasty, line=nasty)))
    assert await page.text_content('[data-row="name"]') == nasty
    assert await page.evaluate("window.pwned") is None
    assert await page.locator("#callbar img").count() == 0


async def test_devices_are_offered_and_the_choice_is_kept(
    profile: BrowserContext, served: PhonePage
) -> None:
    page = await opened(profile, served)
    await registered(page)
    await page.click('[data-part="phone-menu-opener"]')
    for place in ("microphone", "headset", "speaker", "ring"):
        await expect(page.locator(f'select[name="{place}"]')).to_be_visible()
    values = await page.eval_on_selector_all(
        'select[name="ring"] option', "options => options.map((one) => one.value)"
    )
    assert len(values) > 1
    await page.select_option('select[name="ring"]', values[-1])
    await page.keyboard.press("Alt+KeyS")
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    await registered(page)
    speaker = page.locator('[data-main="speaker"]')
    await expect(speaker).to_have_attribute("aria-pressed", "true")
    assert await page.input_value('select[name="ring"]') == values[-1]


async def test_it_rings_until_answered_and_only_knocks_during_a_call(
    profile: BrowserContext, served: PhonePage, city: City
) -> None:
    page = await profile.new_page()
    await page.add_init_script(
        "window.tones = []; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...when) {"
        " window.tones.push(this.frequency.value); return start.apply(this, when); };"
    )
    await page.goto(served.url)
    await page.wait_for_selector("body[data-ready]")
    await registered(page)
    first = await city.call(MAIN_NUMBER, CUSTOMER)
    await first.wait_ringing()
    await page.wait_for_function("window.tones.length >= 4")
    (leg,) = await my_legs(served.office)
    await page.evaluate(SHOW, desk(ringing(my_leg=leg)))
    await page.click('[data-main="answer"]')
    await first.wait_answered()
    heard = await page.evaluate("window.tones.splice(0)")
    second = await city.call(MAIN_NUMBER, "0255512345")
    await second.wait_ringing()
    await page.wait_for_function("window.tones.length >= 1")
    assert set(await page.evaluate("window.tones")) == {523}
    assert 523 not in heard
    await second.hang_up()
    await first.hang_up()


async def test_a_hidden_page_calls_for_attention(
    profile: BrowserContext, served: PhonePage
) -> None:
    await profile.grant_permissions(["microphone", "notifications"])
    page = await profile.new_page()
    await page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => true });"
        "window.notices = []; const Real = window.Notification;"
        "window.Notification = class extends Real { constructor(title, more) {"
        " super(title, more); window.notices.push([title, more.tag, more.body]); } };"
    )
    await page.goto(served.url)
    await page.wait_for_selector("body[data-ready]")
    await page.evaluate(SHOW, desk(ringing(name="김서준")))
    await page.wait_for_function("document.title.includes('김서준')")
    notices = await page.evaluate("window.notices")
    assert notices == [["김서준", "K1", "Incoming call · 010-1234-5678 · 대표번호"]]
    await page.evaluate(SHOW, desk())
    await page.wait_for_function("document.title === 'pbxd'")


async def test_the_phone_comes_back_after_asterisk_restarted(
    profile: BrowserContext, served: PhonePage
) -> None:
    page = await opened(profile, served)
    await registered(page)
    await served.office.restart()
    bar = page.locator("#callbar")
    await expect(bar).to_have_attribute("data-state", "available", timeout=60_000)

    async def known() -> bool:
        return "101-web/sip:" in await served.office.cli("pjsip show contacts")

    await until(known, "Asterisk knows where the phone is", 30)
