"""The customer's record with all its fields, codes, own fields and the office's names for them."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from playwright.async_api import Dialog, Page, Route, expect

from console.customers.dates import Anniversary, age
from console.customers.model import Details, Phone
from pbxd.errors import InvalidInput
from tests.browser.conftest import ARTEFACTS, SampleConsole, go, redrawn
from tests.browser.test_console_pictures import fits, shoot

FIELDS = "/settings/customer-fields"


async def saved(page: Page) -> None:
    """Press "save" and wait for the customer's page."""
    async with page.expect_response(
        lambda r: r.request.method == "GET" and "/customers/0" in r.url
    ):
        await page.keyboard.press("F8")
    await page.wait_for_selector(".tablist")


async def field(page: Page, word: str) -> str:
    """What the customer's page says."""
    return (await page.locator(f'[data-field="{word}"]').inner_text()).strip()


async def test_everything_about_one_person(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "남궁 민수")
    await page.fill("#f-alias", "민수 사장님")
    await page.fill("[name=phone]", "010-3333-7777")
    await page.fill("#f-address", "서울특별시 중구 세종대로 110")
    await page.fill("#f-address2", "3층 301호")
    await page.fill("#f-company", "궁상사")
    await page.fill("#f-department", "구매팀")
    await page.fill("#f-birthday", "1980-03-05")
    await page.locator("[name=birthday_calendar]").select_option("L")
    await page.locator("#f-sex").select_option("m")
    gold = sample.now.console.services.codes.named("grade", "골드")
    group = sample.now.console.services.codes.named("group", "단골")
    assert gold is not None
    assert group is not None
    await page.locator("#f-grade").select_option(gold.id)
    await page.locator(f'[name=groups][value="{group.id}"]').check()
    await page.locator("[name=no_sms]").check()
    await page.fill("#f-business_number", "220-81-62518")
    family = page.locator("details", has=page.locator("[data-section=family]"))
    await family.locator("summary").click()
    await family.locator("[data-row-add]").click()
    await family.locator('[name="family.relation"]').fill("배우자")
    await family.locator('[name="family.name"]').fill("선우하나별")
    await page.keyboard.press("F8")
    wrong = page.locator("#e-business_number")
    await expect(wrong).to_contain_text("검증번호")
    await expect(page.locator("#f-birthday")).to_have_value("1980-03-05")
    await expect(page.locator("[name=birthday_calendar]")).to_have_value("L")
    await expect(page.locator('[name="family.name"]')).to_have_value("선우하나별")
    await expect(page.locator(f'[name=groups][value="{group.id}"]')).to_be_checked()
    await page.fill("#f-business_number", "220-81-62517")
    await saved(page)
    assert await field(page, "grade") == "골드"
    assert await field(page, "groups") == "단골"
    assert "음력" in await field(page, "birthday")
    assert "다음" in await field(page, "birthday")
    assert (await field(page, "business_number")).startswith("220-81-*****")
    assert await field(page, "no_sms") == "✓"
    await page.click("#tab-family")
    await expect(page.locator("#pane-family")).to_contain_text("선우하나별")
    (customer,) = await sample.now.console.services.customers.find("남궁 민수")
    assert customer.details.number == "A000002001", "the one after the sample's 2,000"
    assert "2208162517" not in str(customer.details), "sealed"
    assert [one.id for one in await sample.now.console.services.customers.find("선우하나별")] == [
        customer.id
    ]

    # who may not see whole numbers is not offered it; the administrator is, and it is written down
    await expect(page.get_by_role("button", name="보기", exact=True)).to_have_count(0)
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/customers/{customer.id}")
    await boss.get_by_role("button", name="보기", exact=True).click()
    await expect(boss.locator('[data-field="business_number"] span')).to_have_text("2208162517")
    refused = await page.request.post(
        f"{sample.address}/customers/{customer.id}/reveal/business_number",
        headers={
            "X-CSRF-Token": await page.locator("meta[name=csrf-token]").get_attribute("content")
            or ""
        },
    )
    assert refused.status == 403

    # an untouched form changes nothing, the sealed number neither
    await page.goto(f"{sample.address}/customers/{customer.id}/edit")
    await saved(page)
    after = await sample.now.console.services.customers.get(customer.id)
    assert after.details == customer.details


async def test_a_number_that_somebody_has(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    made = await files.create(Details("번호주인", number="K-77"), "")
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "다른사람")
    await page.fill("#f-number", "k-77")
    await page.locator("#f-number").blur()
    await expect(page.locator("#same")).to_contain_text("번호주인")
    await page.keyboard.press("F8")
    await expect(page.locator("#e-number")).to_contain_text("번호주인")
    await files.delete(made.id, "")
    await saved(page)
    with pytest.raises(InvalidInput) as refusal:
        await files.restore(made.id, "")
    assert refusal.value.id == "customer-number-taken"


async def test_the_office_s_own_fields_and_names(sample: SampleConsole) -> None:
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}{FIELDS}")
    new = boss.locator('[data-field="new"]')
    await new.locator("[name=kind]").select_option("money")
    await new.get_by_role("button", name="추가").click()
    await expect(new.locator(".field-error")).to_be_visible()
    await new.locator("[name=ko]").fill("보증금")
    await new.locator("[name=en]").fill("Deposit")
    await new.get_by_role("button", name="추가").click()
    own = boss.locator(".field-line", has=boss.locator('[name=ko][value="보증금"]'))
    await expect(own).to_be_visible()
    await own.locator("[name=required]").check()
    await own.get_by_role("button", name="저장").click()
    await expect(own.locator("[name=version]")).to_have_value("2")
    row = boss.locator("#field-category")
    await row.locator("[name=ko]").fill("구매제품")
    await row.get_by_role("button", name="저장").click()
    await expect(boss.locator("#field-category [name=version]")).to_have_value("2")

    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await expect(page.get_by_label("구매제품")).to_be_visible()
    await page.fill("#f-name", "보증금고객")
    deposit = page.get_by_label("보증금 *")
    await deposit.fill("오십만")
    await page.keyboard.press("F8")
    await expect(page.locator(".form-error")).to_be_visible()
    await deposit.fill("500,000원")
    await saved(page)
    await expect(page.locator("dt", has_text="보증금")).to_be_visible()
    (customer,) = await sample.now.console.services.customers.find("보증금고객")
    assert [text for _, text in customer.details.custom] == ["500000"]
    english = await sample.logged_in("102", locale="en-US")
    await english.goto(f"{sample.address}/customers/{customer.id}")
    await expect(english.locator("dt", has_text="Deposit")).to_be_visible()
    assert "500,000" in await english.inner_text("body")

    # not required any more, taken out of the form: what customers have stays
    await own.locator("[hx-post$='/remove']").click()
    await expect(own).to_have_count(0)
    await page.goto(f"{sample.address}/customers/{customer.id}/edit")
    await expect(page.get_by_label("보증금 *")).to_have_count(0)
    await saved(page)
    after = await sample.now.console.services.customers.get(customer.id)
    assert after.details.custom == customer.details.custom


async def test_two_administrators_change_one_field(sample: SampleConsole) -> None:
    one, two = await sample.logged_in("admin"), await sample.logged_in("admin")
    for page in (one, two):
        await page.goto(f"{sample.address}{FIELDS}")
    for page, label in ((one, "별칭"), (two, "호칭")):
        row = page.locator("#field-alias")
        await row.locator("[name=ko]").fill(label)
        async with redrawn(page):
            await row.get_by_role("button", name="저장").click()
    await expect(two.locator("#field-alias .field-error")).to_contain_text("그 사이")
    await expect(two.locator("#field-alias [name=ko]")).to_have_value("호칭")


async def test_what_is_typed_beside_outlives_a_save(sample: SampleConsole) -> None:
    """The page is drawn anew by each save; who types on in another of its forms notices nothing."""
    boss, other = await sample.logged_in("admin"), await sample.logged_in("admin")
    for page in (boss, other):
        await page.goto(f"{sample.address}{FIELDS}")
    company, memo = boss.locator("#field-company"), boss.locator("#field-memo")
    version = int(await company.locator("[name=version]").input_value())
    await memo.locator("[name=en]").fill("Remarks")
    await memo.locator("[name=in_pop]").check()
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        answer = await route.fetch()
        arrived.set()
        await go_on.wait()
        await route.fulfill(response=answer)

    await boss.route("**/customer-fields/company", slow, times=1)
    await company.locator("[name=ko]").fill("상호")
    await company.locator("[name=ko]").press("Enter")
    await arrived.wait()
    await boss.keyboard.type("명")  # into what is on its way
    ko = memo.locator("[name=ko]")
    await ko.fill("비고란")
    await ko.press("ArrowLeft")
    composing = await boss.context.new_cdp_session(boss)
    await composing.send(
        "Input.imeSetComposition", {"text": "고", "selectionStart": 1, "selectionEnd": 1}
    )
    go_on.set()
    await expect(company.locator("[name=version]")).to_have_value(str(version + 1))
    await composing.send("Input.insertText", {"text": "공"})
    await expect(ko).to_be_focused()
    await expect(ko).to_have_value("비고공란")
    await expect(memo.locator("[name=en]")).to_have_value("Remarks")
    await expect(memo.locator("[name=in_pop]")).to_be_checked()
    await expect(company.locator("[name=ko]")).to_have_value("상호명")
    await expect(company.locator("[name=en]")).to_have_value("")

    # it is not saved yet: the menu asks; somebody who was faster is not overwritten
    asked: list[str] = []

    async def no(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    boss.once("dialog", no)
    await boss.click('#nav a[href="/calls"]')
    assert len(asked) == 1
    await other.locator("#field-memo [name=ko]").fill("참고")
    await other.locator("#field-memo").get_by_role("button", name="저장").click()
    await expect(other.locator("#field-memo [name=ko][value='참고']")).to_be_visible()
    await company.get_by_role("button", name="저장").click()
    await expect(company.locator("[name=version]")).to_have_value(str(version + 2))
    await memo.get_by_role("button", name="저장").click()
    await expect(memo.locator(".field-error")).to_contain_text("그 사이")
    await expect(ko).to_have_value("비고공란")

    # what was refused outlives the next save too
    await boss.get_by_role("button", name="이름만").click()
    await expect(boss.locator("#field-address [name=required]")).not_to_be_checked()
    await expect(ko).to_have_value("비고공란")
    await expect(memo.locator(".field-error")).to_contain_text("그 사이")


async def test_limited_mode(sample: SampleConsole) -> None:
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}{FIELDS}")
    await boss.get_by_role("button", name="이름·주소·전화번호").click()
    await expect(boss.locator("#field-address [name=required]")).to_be_checked()
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "주소없는사람")
    await page.fill("#f-address", " ")
    await page.fill("[name=phone]", "010-3333-8888")
    await page.keyboard.press("F8")
    await expect(page.locator("#e-address")).to_be_visible()
    await page.fill("#f-address", "대전")
    await saved(page)
    await boss.get_by_role("button", name="이름만").click()
    await expect(boss.locator("#field-address [name=required]")).not_to_be_checked()


async def test_codes(sample: SampleConsole) -> None:
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/settings/codes?list=grade")
    new = boss.locator(".code-line").last

    # a form of one line, not saved: the menu asks, but not when nothing stands in it any more
    await new.locator("[name=name]").fill("골드")
    async with boss.expect_event("dialog") as asked:
        boss.once("dialog", lambda dialog: dialog.dismiss())
        await boss.click('#nav a[href="/calls"]')
    assert "저장" in (await asked.value).message
    await expect(new.locator("[name=name]")).to_have_value("골드")
    await new.locator("[name=name]").fill("")
    await go(boss, "/calls")
    await go(boss, "/settings/codes?list=grade")

    await new.locator("[name=name]").fill("골드")
    await new.get_by_role("button", name="추가").click()
    await expect(boss.locator(".field-error")).to_contain_text("이미")
    await expect(new.locator("[name=name]")).to_have_value("골드")
    await new.locator("[name=name]").fill("다이아")
    await new.get_by_role("button", name="추가").click()
    line = boss.locator(".code-line", has=boss.locator('[name=name][value="다이아"]'))
    await expect(line).to_be_visible()
    code = sample.now.console.services.codes.named("grade", "다이아")
    assert code is not None
    files = sample.now.console.services.customers
    phones = (Phone("010-3333-9999"),)
    customer = await files.create(Details("등급고객", grade=code.id, phones=phones), "")
    (card,) = await files.cards("+821033339999")
    assert card.grade == "다이아", "the pop says it"

    await line.locator("[name=name]").fill("플래티넘")
    async with redrawn(boss):
        await line.get_by_role("button", name="저장").click()
    await boss.goto(f"{sample.address}/customers/{customer.id}")
    assert await field(boss, "grade") == "플래티넘"
    await boss.goto(f"{sample.address}/settings/codes?list=grade")
    line = boss.locator(".code-line", has=boss.locator('[name=name][value="플래티넘"]'))
    await line.locator("[hx-post$='/remove']").click()
    await expect(line).to_have_count(0)
    await boss.goto(f"{sample.address}/customers/{customer.id}/edit")
    await expect(boss.locator("#f-grade")).to_have_value(code.id)
    await saved(boss)
    assert await field(boss, "grade") == "플래티넘", "who has it keeps it"
    await boss.goto(f"{sample.address}/customers/search?grade={code.id}")
    await expect(boss.locator("#s-grade")).to_have_value(code.id)  # and is found by it


async def test_a_draft_brings_back_ticks_and_rows(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "초안")
    await page.locator('[name=kind][value="company"]').check()
    school = page.locator("details", has=page.locator("[data-section=school]"))
    await school.locator("summary").click()
    await school.locator("[data-row-add]").click()
    await school.locator('[name="school.school"]').fill("한빛고")
    await page.evaluate("location.reload()")
    await page.get_by_role("button", name="되살리기").click()
    await expect(page.locator('[name="school.school"]')).to_have_value("한빛고")
    await expect(page.locator('[name=kind][value="company"]')).to_be_checked()
    await expect(page.locator('[name=kind][value="person"]')).to_have_value("person")


async def test_it_fits_every_screen(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    page_ = (await files.page(size=200)).rows
    rich = max(page_, key=lambda one: len(str(one.details.as_dict())))
    paths = {
        "customer-form": f"/customers/{rich.id}/edit",
        "customer-rich": f"/customers/{rich.id}",
        "customer-fields": FIELDS,
        "codes": "/settings/codes",
    }
    for locale, name in (("ko-KR", "ko"), ("zh-TW", "zh_Hant"), ("en-US", "en")):
        page = await sample.logged_in("admin", locale=locale)
        for word, path in paths.items():
            await go(page, path)
            await shoot(page, f"{word}-{name}", full=name == "ko")


async def test_what_the_office_wants_to_see_when_it_rings(sample: SampleConsole) -> None:
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}{FIELDS}")
    for word in ("method", "birthday", "sex"):
        row = boss.locator(f"#field-{word}")
        version = int(await row.locator("[name=version]").input_value())
        await row.locator("[name=in_pop]").check()
        await row.get_by_role("button", name="저장").click()
        await expect(row.locator("[name=version]")).to_have_value(str(version + 1))
    files = sample.now.console.services.customers
    method = files.codes.of("method")[0]
    day = Anniversary(1990, 1, 2)
    phones = (Phone("010-3333-1111"),)
    details = Details("팝업", method=method.id, birthday=day, sex="m", phones=phones)
    await files.create(details, "")
    (card,) = await files.cards("+821033331111")
    assert dict(card.more) == {"method": method.name, "birthday": "1990-01-02", "sex": "m"}


async def test_number_beside_the_name(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    made = await files.create(Details("옆에번호", number="B-5", company="옆회사"), "")
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}{FIELDS}")
    for beside, text in (("number", "B-5"), ("company", "옆회사")):
        await boss.locator("#f-beside_name").select_option(beside)
        await boss.locator("form:has(#f-beside_name) button").click()
        await expect(boss.locator(f"#f-beside_name [selected][value={beside}]")).to_be_attached()
        page = await sample.logged_in("101")
        await page.goto(f"{sample.address}/customers/{made.id}")
        await expect(page.locator(".page-head .page-note")).to_have_text(text)


async def test_automatic_numbers_as_the_office_wants(sample: SampleConsole) -> None:
    files = sample.now.console.services.customers
    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}{FIELDS}")
    for typed, wrong in (("12", True), ("KR", False), ("", False)):
        await boss.fill("#f-prefix", typed)
        await boss.locator("form:has(#f-prefix) button").click()
        await expect(boss.locator("#f-prefix")).to_have_attribute("value", typed)
        if wrong:
            await expect(boss.locator("#e-prefix")).to_be_visible()
            continue
        made = await files.create(Details(f"번호{typed}"), "")
        assert made.details.number == ("KR000000001" if typed else "")
    await boss.fill("#f-prefix", "A")
    await boss.locator("form:has(#f-prefix) button").click()
    await expect(boss.locator("#f-prefix")).to_have_attribute("value", "A")


async def test_department_and_rank_come_from_codes(sample: SampleConsole) -> None:
    boss = await sample.logged_in("admin")
    user = next(one for one in sample.now.console.services.users.all() if one.login == "103")
    await boss.goto(f"{sample.address}/users/{user.id}")
    await boss.get_by_label("부서", exact=True).select_option("A/S팀")
    await boss.get_by_label("직급", exact=True).select_option("과장")
    async with redrawn(boss):
        await boss.get_by_role("button", name="저장", exact=True).first.click()
    codes, users = sample.now.console.services.codes, sample.now.console.services.users
    found = codes.named("department", "A/S팀")
    assert found is not None
    await codes.change(found.id, "수리팀", "", found.position, "")  # everybody has the new name
    changed = users.get(user.id)
    assert changed is not None
    assert (changed.department, changed.rank) == ("수리팀", "과장")


async def test_saved_in_the_moment_in_which_the_form_is_drawn_again(sample: SampleConsole) -> None:
    """htmx had not seen the new form yet: the browser sent it by itself, and it was refused."""
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.evaluate("window.same = true")
    await page.fill("#f-name", "바로저장")
    await page.fill("#f-email", "falsch")
    await page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => {
             const form = document.querySelector(".customer-form");
             if (!form?.querySelector("#e-email")) return;
             form.querySelector("#f-email").value = "right@example.com";
             form.requestSubmit();
           })"""
    )
    await page.keyboard.press("F8")
    await expect(page.locator(".tablist")).to_be_visible()
    assert await page.evaluate("window.same"), "the page was never left"
    assert len(await sample.now.console.services.customers.find("바로저장")) == 1


async def test_a_trade_gives_its_words_and_takes_them_back(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/settings")
    await page.locator('#main a[href="/settings/trades"]').click()
    await expect(page.locator("[data-trade]")).to_have_count(17)
    await shoot(page, "trades")
    await page.locator("[data-trade=dental]").click()
    await expect(page.locator("[data-part=labels]")).to_contain_text("환자 이름")
    await shoot(page, "trade-dental")
    await page.locator("[data-part=phrases] [data-tick-all]").uncheck()
    await expect(page.locator("[data-part=phrases] [name=tick]:checked")).to_have_count(0)
    await page.locator(".trade-form button[type=submit]").click()
    act = page.locator("[data-act]").first
    await expect(act).to_contain_text("치과")
    await page.goto(f"{sample.address}/customers/new")
    form = page.locator(".customer-form")
    await expect(form).to_contain_text("환자 이름")
    await expect(form).to_contain_text("복용 중인 약")

    # a second time only what was left out is new; nothing ticked is said in words
    await page.goto(f"{sample.address}/settings/trades/dental")
    await expect(page.locator("[name=tick]")).to_have_count(10)
    await page.locator("[data-part=phrases] [data-tick-all]").uncheck()
    await page.locator(".trade-form button[type=submit]").click()
    await expect(page.locator(".trade-form [role=alert]")).to_contain_text("선택")

    await page.goto(f"{sample.address}/settings/trades")
    page.on("dialog", lambda dialog: dialog.accept())
    await act.locator("button").click()
    await expect(page.locator(".banner-good")).to_contain_text("되돌렸습니다")
    await expect(act).to_contain_text("되돌림")
    await page.goto(f"{sample.address}/customers/new")
    await expect(page.locator(".customer-form")).not_to_contain_text("환자 이름")
    agent = await sample.logged_in("101")
    assert (await agent.goto(f"{sample.address}/settings/trades")).status == 403


async def test_the_address_finder(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-address", "테헤란로 140 7층")
    find = page.locator(".field:has(#f-postcode) [data-address-find]")
    await find.focus()
    await page.keyboard.press("Enter")
    query, hits = page.locator("#finder-q"), page.locator(".finder-hit")
    await expect(query).to_be_focused()
    await expect(hits).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator("#f-postcode")).to_have_value("06236")
    await expect(page.locator("#f-address")).to_have_value(
        "서울특별시 강남구 테헤란로 140 (역삼동)"
    )
    await expect(page.locator("#f-address2")).to_have_value("7층")
    await expect(page.locator("#f-address2")).to_be_focused()

    # a neighbourhood has many roads: with the arrows to one of them, then the number is typed
    await find.click()
    await query.fill("삼성동")
    await expect(hits.nth(2)).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    await page.screenshot(path=ARTEFACTS / "address-finder.png")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.screenshot(path=ARTEFACTS / "address-finder-small.png")
    await page.set_viewport_size({"width": 1366, "height": 768})
    postcode = await hits.nth(1).get_attribute("data-postcode") or ""
    await page.keyboard.press("Enter")
    await expect(page.locator("#f-address")).to_be_focused()
    await page.keyboard.type("1")
    await expect(page.locator("#f-postcode")).to_have_value(postcode)
    assert (await page.locator("#f-address").input_value()).endswith("로 1")

    # a building; nothing found; Esc leaves all as it was
    await find.click()
    await query.fill("롯데월드타워")
    await expect(hits).to_have_count(1)
    await query.fill("없는동네길 1")
    await expect(page.locator("#finder-hits [role=status]")).to_contain_text("없습니다")
    await page.keyboard.press("Escape")
    await expect(find).to_be_focused()
    assert (await page.locator("#f-address").input_value()).endswith("로 1")

    # further addresses have it too
    more = page.locator("details", has=page.locator("[data-section=addresses]"))
    await more.locator("summary").click()
    await more.locator("[data-row-add]").click()
    await more.locator("[data-address-find]").click()
    await query.fill("06236")
    await expect(hits.first).to_contain_text("06236")
    await hits.first.click()
    await expect(more.locator('[name="addresses.postcode"]')).to_have_value("06236")
    await page.screenshot(path=ARTEFACTS / "address-form.png", full_page=True)
    await fits(page)

    boss = await sample.logged_in("admin")
    await boss.goto(f"{sample.address}/settings/addresses")
    await boss.focus("[name=file]")  # as who chooses one does: it outlives the page drawn anew
    await boss.set_input_files(
        "[name=file]", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"a|b\n"}
    )
    await boss.get_by_role("button", name="우편번호표 만들기").click()
    await expect(boss.locator(".form-error")).to_contain_text("우편번호 파일이 아닙니다")
    await expect(boss.locator("#postcodes .facts")).to_contain_text("postcodes.txt")
    await boss.screenshot(path=ARTEFACTS / "postcodes.png")
    await boss.set_viewport_size({"width": 360, "height": 740})
    await boss.screenshot(path=ARTEFACTS / "postcodes-small.png", full_page=True)
    await fits(boss)


async def test_years_of_the_republic(sample: SampleConsole) -> None:
    """S3-79: each reader of Chinese chooses; lists, pages and fields follow."""
    page = await sample.logged_in("104", "zh-TW")
    await page.goto(f"{sample.address}/account")
    await page.locator("#f-years").select_option("roc")
    async with page.expect_navigation():
        await page.locator("form[action='/account/language'] button").click()
    today = sample.now.daemon.clock().astimezone(sample.now.daemon.settings.office.zone).date()
    year = today.year - 1911
    await page.goto(f"{sample.address}/customers/new")
    await page.fill("#f-name", "林怡君")
    await page.fill("#f-birthday", "057.01.26")
    await page.fill("#f-registered_on", f"民國{year}年1月2日")
    await saved(page)
    assert await field(page, "registered_on") == f"{year}.01.02"
    assert (await field(page, "birthday")).startswith(
        f"57.01.26 · {age(date(1968, 1, 26), today)} 歲"
    )
    (customer,) = await sample.now.console.services.customers.find("林怡君")
    assert customer.details.registered_on == date(today.year, 1, 2)
    await page.goto(f"{sample.address}/customers/{customer.id}/edit")
    await expect(page.locator("#f-birthday")).to_have_value("057.01.26")
    await expect(page.locator("#f-registered_on")).to_have_value(f"{year}.01.02")
    # the calendar behind the button is the browser's own; what is chosen becomes text
    await page.locator("#f-registered_on ~ [data-day-picker]").evaluate(
        """picker => {
             picker.value = "2025-12-31";
             picker.dispatchEvent(new Event("change", { bubbles: true }));
           }"""
    )
    await expect(page.locator("#f-registered_on")).to_have_value("114.12.31")
    await page.locator("#f-registered_on").scroll_into_view_if_needed()
    await page.screenshot(path=ARTEFACTS / "roc-form.png")
    await page.fill("#f-registered_on", f"{year}.13.45")
    await page.keyboard.press("F8")
    await expect(page.locator("#f-registered_on")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#f-registered_on")).to_have_value(f"{year}.13.45")

    await page.goto(f"{sample.address}/calls?since={year - 1}.01.01")
    await expect(page.locator("#c-since")).to_have_value(f"{year - 1}.01.01")
    await expect(page.locator(".page-note").first).to_contain_text(f"{year - 1}.01.01 – {year}.")
    await expect(page.locator("tbody time").first).to_contain_text(f"{year}.")
    for path in ("/calls", "/services", "/callbacks", "/consultations"):
        await page.goto(f"{sample.address}{path}")
        await shoot(page, f"roc-{path[1:]}")
    other = await sample.logged_in("105", "zh-TW")
    await other.goto(f"{sample.address}/customers/{customer.id}")
    assert await field(other, "registered_on") == f"{today.year}-01-02"
