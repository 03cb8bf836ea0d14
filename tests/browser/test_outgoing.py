"""The page of outgoing calls, and the number that I show."""

from __future__ import annotations

from playwright.async_api import expect

from lab.waiting import until
from pbxd.callers.numbers import NumberKind
from tests.browser.conftest import SampleConsole


async def test_a_role_s_numbers(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/outgoing")
    form = page.locator('[data-role="user"]')
    await expect(form.get_by_label("휴대전화")).to_be_checked()
    await expect(form.get_by_label("국제전화")).not_to_be_checked()
    await form.get_by_label("휴대전화").uncheck()
    await form.get_by_label("추가로 허용").fill("+81*\n대만")
    await form.get_by_role("button", name="저장").click()
    await expect(form.locator(".field-error")).to_contain_text("‘대만’")
    await expect(form.get_by_label("추가로 허용")).to_have_value("+81*\n대만")
    await expect(form.get_by_label("휴대전화")).not_to_be_checked()
    outgoing = sample.now.daemon.outgoing
    assert NumberKind.MOBILE in outgoing.rule("user").kinds, "nothing is kept by half"

    await form.get_by_label("추가로 허용").fill("+81*\n00886-2*")
    await form.get_by_role("button", name="저장").click()
    await expect(form.get_by_label("추가로 허용")).to_have_value("+81*\n+8862*")
    rule = outgoing.rule("user")
    assert (rule.also, NumberKind.MOBILE in rule.kinds) == (("+81*", "+8862*"), False)
    assert NumberKind.MOBILE in outgoing.rule("supervisor").kinds


async def test_an_agent_chooses_the_number_that_is_shown(sample: SampleConsole) -> None:
    outgoing = sample.now.daemon.outgoing
    outgoing._lines = {"0255500100": "대표번호", "0255500200": "A/S"}
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/phone")
    await page.get_by_label("표시할 발신번호").select_option("0255500200")
    await page.get_by_role("button", name="저장").first.click()
    agent = sample.now.daemon.agents.by_extension("101")
    assert agent is not None
    await until(lambda: outgoing.shown(agent.id) == "0255500200", "it is kept")
    await expect(page.get_by_label("표시할 발신번호")).to_have_value("0255500200")
    del outgoing._lines["0255500200"]  # the office has given the number back
    assert outgoing.shown(agent.id) == ""
