"""Accounts: who people are, what each may, how they log in."""

from __future__ import annotations

import time

from playwright.async_api import Page, expect

from console.functions.model import ABOUT
from console.web.permissions import Role, Scope
from tests.browser.conftest import PASSWORD, SampleConsole, redrawn
from tests.browser.test_console_pictures import ARTEFACTS, fits

SAVE_CONSULTATION = ".consultation-form .button-main"


async def id_of(sample: SampleConsole, login: str) -> str:
    return next(one.id for one in sample.now.console.services.users.all() if one.login == login)


async def opened(sample: SampleConsole, login: str) -> Page:
    """An administrator looks at somebody's account."""
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/users/{await id_of(sample, login)}")
    return page


async def posted(page: Page, sample: SampleConsole, path: str) -> int:
    """The status of a POST with this page's right to post."""
    token = await page.locator('meta[name="csrf-token"]').get_attribute("content")
    answer = await page.request.post(
        f"{sample.address}{path}",
        headers={"X-CSRF-Token": token or "", "Origin": sample.address},
        max_redirects=0,
    )
    return answer.status


async def give(page: Page) -> None:
    """Save the rights, and wait until they are."""
    async with redrawn(page):
        await page.get_by_role("button", name="권한 저장").click()


async def test_who_somebody_is(sample: SampleConsole) -> None:
    page = await opened(sample, "104")
    await page.get_by_label("부서", exact=True).select_option("운영팀")
    await page.get_by_label("직급", exact=True).select_option("대리")
    await page.get_by_label("실선번호").fill("02-555-0144")
    await page.get_by_label("입사일").fill("2024-03-02")
    await page.get_by_label("퇴사일").fill("2023-01-01")
    save = page.get_by_role("button", name="저장", exact=True)
    await save.click()
    await expect(page.locator("#e-left_on")).to_contain_text("입사일보다 앞")
    await expect(page.get_by_label("부서", exact=True)).to_have_value("운영팀")
    await page.get_by_label("퇴사일").fill("")
    await page.fill("#f-extension", "105")
    await save.click()
    await expect(page.locator(".form-error")).to_contain_text("님의 내선입니다")
    await page.fill("#f-extension", "104")
    async with page.expect_response("**/users/*"):
        await save.click()
    await expect(page.locator(".form-error")).to_have_count(0)
    user = sample.now.console.services.users.get(await id_of(sample, "104"))
    assert user is not None
    assert (user.department, user.rank, str(user.joined_on)) == ("운영팀", "대리", "2024-03-02")
    assert user.line == "+8225550144"
    await page.screenshot(path=ARTEFACTS / "user-ko-wide.png", full_page=True)
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "user-ko-phone.png", full_page=True)


async def test_a_right_given_and_taken_while_a_page_is_open(sample: SampleConsole) -> None:
    agent = await sample.logged_in("103")
    assert (await agent.request.get(f"{sample.address}/consultations/export")).status == 403
    page = await opened(sample, "103")
    choice = page.get_by_label("상담: 내보내기", exact=True)
    await choice.select_option(label="전체")
    await page.get_by_label("고객별 상담: 수정").select_option(label="전체")
    await give(page)
    await expect(choice).to_have_value("3")
    assert (await agent.request.get(f"{sample.address}/consultations/export")).status == 200
    user = sample.now.console.services.users.get(await id_of(sample, "103"))
    assert user is not None
    assert set(user.grants.values()) == {Scope.ALL}

    # in the middle of writing to the phonebook the right goes: the words stay, nothing is kept
    entries = dict(sample.now.daemon.phonebook._entries)
    await agent.goto(f"{sample.address}/phonebook")
    await agent.fill("#f-p-name", "퀵서비스")
    await agent.fill("#f-p-number", "1588-1234")
    await page.get_by_label("전화번호부: 추가").select_option(label="없음")
    await page.get_by_label("전화번호부: 수정").select_option(label="없음")
    await give(page)
    await expect(page.get_by_label("전화번호부: 추가")).to_have_value("0")
    async with agent.expect_response("**/phonebook") as answer:
        await agent.get_by_role("button", name="저장").click()
    assert (await answer.value).status == 403
    await expect(agent.locator("#f-p-name")).to_have_value("퀵서비스")
    assert sample.now.daemon.phonebook._entries == entries

    # so in the middle of a customer's form, and of a consultation
    (customer,) = (await sample.now.console.services.customers.page("", 1)).rows
    for path, name, field, button in (
        (f"/customers/{customer.id}/edit", "고객: 수정", "#f-memo", '#main button[type="submit"]'),
        (
            f"/customers/{customer.id}",
            "고객별 상담: 추가",
            '[name="text"]',
            ".consultation-form .button-main",
        ),
    ):
        await agent.goto(f"{sample.address}{path}")
        words = agent.locator(field).first
        await words.fill("여기까지 썼습니다")
        await page.get_by_label(name, exact=True).select_option(label="없음")
        await give(page)
        async with agent.expect_response(lambda one: one.request.method == "POST") as answer:
            await agent.locator(button).first.click()
        assert (await answer.value).status == 403
        await expect(agent.locator(".toast-error")).to_be_visible()
        await expect(words).to_have_value("여기까지 썼습니다")

    for select in await page.locator(".rights-own").all():
        await select.select_option("")
    await give(page)
    await expect(page.locator(".rights-own")).to_have_count(0)
    assert (await agent.request.get(f"{sample.address}/consultations/export")).status == 403


async def test_a_forgotten_password_and_somebody_who_left(sample: SampleConsole) -> None:
    agent = await sample.logged_in("106")
    page = await opened(sample, "106")
    await page.fill("#f-password", "short")
    await page.locator('form[action$="/password"] button').click()
    await expect(page.locator("#e-password")).to_be_visible()
    await page.fill("#f-password", "another-long-one")
    await page.locator('form[action$="/password"] button').click()
    await expect(page.locator(".banner-good")).to_be_visible()
    gone = await agent.request.get(f"{sample.address}/customers", max_redirects=0)
    assert gone.status == 303, "logged out everywhere"
    users = sample.now.console.services.users
    assert await users.authenticate("106", "another-long-one") is not None
    await agent.wait_for_url("**/login")
    await agent.fill("#f-login", "106")
    await agent.fill("#f-password", "another-long-one")
    await agent.click('button[type="submit"]')
    await expect(agent.locator("h1")).to_have_text("비밀번호를 바꿔 주세요")  # given by another
    await users.set_password(await id_of(sample, "106"), PASSWORD)
    await users.close(await id_of(sample, "106"))
    await page.reload()
    await page.get_by_role("button", name="다시 열기").click()
    await expect(page.locator("h1")).to_have_text("사용자 관리")
    assert await users.authenticate("106", PASSWORD) is not None


async def test_an_id_for_each_extension(sample: SampleConsole) -> None:
    """Click the empty cell, enter ID, line, name, password, rights, save; tick and delete (S4)."""
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/users")
    await boss.get_by_role("link", name="내선별").click()
    line = boss.locator('[data-extension="new"]')
    await line.get_by_label("내선번호").fill("211")
    await line.get_by_label("이름").fill("문가영")
    await line.get_by_label("아이디").fill("moon")
    await line.get_by_label("실선번호").fill("02-555-0211")
    await line.get_by_label("비밀번호").fill("short")
    await line.get_by_role("button", name="저장").click()
    await expect(line.locator(".field-error")).to_contain_text("10자 이상")
    await expect(line.get_by_label("아이디")).to_have_value("moon")
    assert sample.now.daemon.agents.by_extension("211") is None, "nothing half written"
    await line.get_by_label("비밀번호").fill("given by the boss")
    await line.get_by_label("권한").select_option("supervisor")
    await line.get_by_role("button", name="저장").click()
    made = boss.locator('[data-extension="211"]')
    await expect(made.get_by_label("실선번호")).to_have_value("02-555-0211")
    await boss.screenshot(path=ARTEFACTS / "issue-ko-wide.png", full_page=True)

    # the password that somebody else gave opens nothing but the page where it is changed
    page = await sample.page(width=360, height=740)
    await page.locator("#f-login").press_sequentially("moon")
    await page.keyboard.press("Enter")  # on to the password (S1-01)
    await expect(page.locator("#f-password")).to_be_focused()
    await page.screenshot(path=ARTEFACTS / "login-ko-phone.png", full_page=True)
    await page.keyboard.type("given by the boss")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("비밀번호를 바꿔 주세요")
    await page.screenshot(path=ARTEFACTS / "first-password-ko-phone.png", full_page=True)
    await page.goto(f"{sample.address}/customers")
    assert page.url.endswith("/account/first")
    assert await posted(page, sample, "/desk/dial") == 403
    for first, again, wrong in (
        ("given by the boss", "given by the boss", "#e-password"),
        ("a password of mine", "a password of yours", "#e-again"),
    ):
        await page.fill("#f-password", first)
        await page.fill("#f-again", again)
        await page.get_by_role("button", name="저장하고 계속").click()
        await expect(page.locator(wrong)).to_be_visible()
    await page.fill("#f-password", "a password of mine")
    await page.fill("#f-again", "a password of mine")
    await page.get_by_role("button", name="저장하고 계속").click()
    await page.wait_for_selector('body[data-live="up"]')

    # several at once, all or none, taken back
    await boss.get_by_label("문가영 선택").check()
    await boss.get_by_label("박도윤 선택").check()
    await boss.get_by_role("button", name="선택 삭제").click()
    await expect(boss.locator(".banner-good")).to_contain_text("박도윤")
    await page.wait_for_url("**/login")
    await expect(boss.locator('[data-extension="211"]').get_by_label("아이디")).to_have_value("")
    await boss.locator(".banner-good button").click()
    await expect(boss.get_by_label("문가영 선택")).to_have_count(1)
    users = sample.now.console.services.users
    found = await users.authenticate("moon", "a password of mine")
    assert found is not None
    assert (found.role, found.line, found.issued) == (Role.SUPERVISOR, "+8225550211", False)
    await boss.set_viewport_size({"width": 360, "height": 740})
    await fits(boss)
    await boss.screenshot(path=ARTEFACTS / "issue-ko-phone.png", full_page=True)


async def test_logged_in_by_itself_on_this_device(sample: SampleConsole) -> None:
    page = await sample.page()
    await page.fill("#f-login", "102")
    await page.fill("#f-password", PASSWORD)
    await expect(page.get_by_label("이 기기에서 자동 로그인")).not_to_be_checked()
    await page.get_by_label("이 기기에서 자동 로그인").check()
    await page.click('button[type="submit"]')
    await page.wait_for_selector('body[data-live="up"]')
    kept = next(one for one in await page.context.cookies() if one["name"] == "pbxd")
    assert kept["expires"] - time.time() > 29 * 86_400
    elsewhere = await sample.logged_in("102")
    await elsewhere.goto(f"{sample.address}/account")
    row = elsewhere.locator("tr", has_text="자동 로그인")
    await row.get_by_role("button", name="로그아웃").click()
    await page.wait_for_url("**/login")


async def test_my_settings(sample: SampleConsole) -> None:
    page = await sample.logged_in("105")
    await page.goto(f"{sample.address}/account")
    await expect(page.locator('[data-about="user"]')).to_contain_text("정민서")
    await expect(page.locator('[data-about="user"]')).to_contain_text("A/S팀")
    about = page.locator('[data-about="pbx"]')
    for said in ("105", "02-555-0105", "등록되지 않음", "pbxd 0."):
        await expect(about).to_contain_text(said)
    await page.screenshot(path=ARTEFACTS / "account-ko-wide.png", full_page=True)
    await page.fill("#f-current", PASSWORD)
    await page.fill("#f-password", PASSWORD)
    await page.get_by_role("button", name="비밀번호 바꾸기").click()
    await expect(page.locator("#e-password")).to_be_visible()  # the same is no other one
    await page.fill("#f-current", PASSWORD)
    await page.fill("#f-password", "something else now")
    await page.get_by_role("button", name="비밀번호 바꾸기").click()
    await expect(page.locator(".banner-good")).to_be_visible()
    users = sample.now.console.services.users
    assert await users.authenticate("105", PASSWORD) is None
    assert await users.authenticate("105", "something else now") is not None
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "account-ko-phone.png", full_page=True)


async def test_nobody_makes_himself_an_administrator(sample: SampleConsole) -> None:
    boss = await sample.logged_in("108")
    mine = await id_of(sample, "108")
    for path in (f"/users/{mine}", f"/users/{mine}/rights", "/users"):
        assert await posted(boss, sample, path) == 403


async def test_a_guest_looks_and_uses_what_is_granted(sample: SampleConsole) -> None:
    page = await sample.logged_in("guest")
    assert page.url.endswith("/functions")
    await expect(page.locator("[data-guest]")).to_be_visible()
    await expect(page.locator(".what-there-is dt")).to_have_count(len(ABOUT) - 1)
    await expect(page.locator(".what-there-is a, .callbar, #quick")).to_have_count(0)
    await page.locator("#nav").get_by_text("고객", exact=True).click()
    assert page.url.endswith("/functions")
    for path in ("/customers", "/calls", "/consultations", "/recordings", "/notices"):
        assert (await page.request.get(f"{sample.address}{path}")).status == 403
    await page.screenshot(path=ARTEFACTS / "guest-ko-wide.png", full_page=True)
    boss = await opened(sample, "guest")
    await boss.get_by_label("고객: 보기", exact=True).select_option(label="전체")
    await give(boss)
    await page.reload()
    await page.locator("#nav").get_by_text("고객", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("고객")
    (customer,) = (await sample.now.console.services.customers.page("", 1)).rows
    await page.goto(f"{sample.address}/customers/{customer.id}")
    await expect(page.locator("h1")).to_contain_text(customer.name)
    await expect(page.locator("#tab-calls, #tab-services, #consultation-text")).to_have_count(0)
    await boss.get_by_label("고객: 보기", exact=True).select_option("")
    await give(boss)


async def test_where_the_old_menus_are(sample: SampleConsole) -> None:
    """File, Edit, View, Manage, Window, Help, in this order, each entry with what is now (S1)."""
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/functions")
    menus = page.locator("[data-old-menu]")
    assert await menus.locator("h3").all_inner_texts() == [
        "파일", "편집", "보기", "관리", "창", "도움말",
    ]  # fmt: skip
    assert await menus.locator("dt").count() == 27
    for link in await menus.locator("a").all():
        path = await link.get_attribute("href")
        assert (await page.request.get(f"{sample.address}{path}")).status == 200, path
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "functions-ko-phone.png", full_page=True)
