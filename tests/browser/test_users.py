"""Accounts: who people are, what each may; every address as every role."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from console.registry import CAPABILITIES
from console.web.permissions import PRESETS, Role, Scope
from tests.browser.conftest import PASSWORD, SampleConsole
from tests.browser.test_console_pictures import ARTEFACTS, fits

LOGINS = {Role.ADMIN: "admin", Role.SUPERVISOR: "108", Role.USER: "107", Role.GUEST: "guest"}


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
    async with page.expect_response("**/rights"):
        await page.get_by_role("button", name="권한 저장").click()


async def test_who_somebody_is(sample: SampleConsole) -> None:
    page = await opened(sample, "104")
    await page.get_by_label("부서").fill("고객지원팀")
    await page.get_by_label("직급").fill("대리")
    await page.get_by_label("입사일").fill("2024-03-02")
    await page.get_by_label("퇴사일").fill("2023-01-01")
    save = page.get_by_role("button", name="저장", exact=True)
    await save.click()
    await expect(page.locator("#e-left_on")).to_contain_text("입사일보다 앞")
    await expect(page.get_by_label("부서")).to_have_value("고객지원팀")
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
    assert (user.department, user.rank, str(user.joined_on)) == ("고객지원팀", "대리", "2024-03-02")
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
    await page.get_by_label("고객별 상담: 변경").select_option(label="전체")
    await give(page)
    await expect(choice).to_have_value("3")
    assert (await agent.request.get(f"{sample.address}/consultations/export")).status == 200
    user = sample.now.console.services.users.get(await id_of(sample, "103"))
    assert user is not None
    assert set(user.grants.values()) == {Scope.ALL}

    # in the middle of writing to the phonebook the right goes: the words stay, nothing is kept
    await agent.goto(f"{sample.address}/phonebook")
    await agent.fill("#f-p-name", "퀵서비스")
    await agent.fill("#f-p-number", "1588-1234")
    await page.get_by_label("전화번호부: 추가").select_option(label="없음")
    await page.get_by_label("전화번호부: 변경").select_option(label="없음")
    await give(page)
    await expect(page.get_by_label("전화번호부: 추가")).to_have_value("0")
    async with agent.expect_response("**/phonebook") as answer:
        await agent.get_by_role("button", name="저장").click()
    assert (await answer.value).status == 403
    await expect(agent.locator("#f-p-name")).to_have_value("퀵서비스")
    assert not sample.now.daemon.phonebook._entries

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
    await users.set_password(await id_of(sample, "106"), PASSWORD)
    await users.close(await id_of(sample, "106"))
    await page.reload()
    await page.get_by_role("button", name="다시 열기").click()
    await expect(page.locator("h1")).to_have_text("사용자 관리")
    assert await users.authenticate("106", PASSWORD) is not None


async def test_nobody_makes_himself_an_administrator(sample: SampleConsole) -> None:
    boss = await sample.logged_in("108")
    mine = await id_of(sample, "108")
    for path in (f"/users/{mine}", f"/users/{mine}/rights", "/users"):
        assert await posted(boss, sample, path) == 403


@pytest.mark.parametrize("role", list(Role))
async def test_every_address_as_every_role(sample: SampleConsole, role: Role) -> None:
    users = sample.now.console.services.users
    if role is Role.GUEST and all(one.login != "guest" for one in users.all()):
        await users.create("guest", "손님", PASSWORD, Role.GUEST)
    page = await sample.logged_in(LOGINS[role])
    korean = sample.now.console.services.languages["ko"]
    no_phone = korean.text("Your account has no extension, so it has no phone.")
    wrong = []
    for capability in CAPABILITIES:
        for route in capability.routes:
            if route.need is None:
                continue
            may = PRESETS[role].scope(route.need.menu, route.need.action) is not Scope.NONE
            path = route.path.replace("{", "").replace("}", "")  # an id that nobody has
            if route.method == "GET":
                address = f"{sample.address}{path}"
                answer = await page.request.get(address, max_redirects=0)
                status = answer.status
                if status == 403 and may and no_phone in await answer.text():
                    continue  # an account without a telephone
                if (status == 403) == may or status >= 500:
                    wrong.append((route.method, path, status))
            elif not may and (status := await posted(page, sample, path)) != 403:
                wrong.append((route.method, path, status))
    assert wrong == []
