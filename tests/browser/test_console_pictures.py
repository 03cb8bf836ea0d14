"""Pictures of the console in each language at both sizes, for people to look at."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import ARTEFACTS, SampleConsole, go, log_in, sample_console

SIZES = {"phone": (360, 740), "wide": (1366, 768)}
LANGUAGES = {"ko": "ko-KR", "zh_Hant": "zh-TW", "en": "en-GB"}
SCREENS = {
    "desk": "/",
    "customers": "/customers",
    "customer-new": "/customers/new",
    "calls": "/calls?since=2026-11-01&until=2026-11-30",
    "account": "/account",
    "users": "/users",
    "settings": "/settings",
    "talk-limit": "/settings/talk-limit",
    "announcements": "/settings/announcements",
    "abuse-settings": "/settings/abuse",
    "abuse": "/abuse",
    "queues": "/queues",
    "wallboard": "/wallboard",
    "supervise": "/supervise",
    "blacklist": "/blacklist",
    "phonebook": "/phonebook",
    "hours": "/hours?new=1",
    "notices": "/notices",
    "notice-new": "/notices/new",
    "outgoing": "/outgoing",
    "consultations": "/consultations",
    "services": "/services",
    "service-phrases": "/settings/service-phrases",
    "backup": "/settings/backup",
    "consultation-types": "/settings/consultation-types",
    "unfinished": "/callbacks?tab=unfinished",
    "recordings": "/recordings",
    "callbacks": "/callbacks",
    "recalls": "/callbacks?tab=recalls",
    "missed": "/callbacks?tab=missed",
    "scheduled": "/scheduled",
    "extensions": "/extensions",
    "functions": "/functions",
}


async def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner, page.url


async def shoot(page: Page, name: str, *, full: bool = False) -> None:
    """A picture at each size; the wide one stays."""
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await fits(page)
        await page.screenshot(path=ARTEFACTS / f"{name}-{size}.png", full_page=full)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pictures(sample: SampleConsole, language: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page = await sample.page(LANGUAGES[language])
    await shoot(page, f"login-{language}")
    await log_in(page, "admin")
    for name, path in SCREENS.items():
        await go(page, path)
        await shoot(page, f"{name}-{language}")
    await page.goto(f"{sample.address}/customers")
    await page.locator("#main tbody a").first.click()
    await page.wait_for_url("**/customers/0*")
    await shoot(page, f"customer-{language}")
    await page.context.close()


async def test_dark_pictures(sample: SampleConsole) -> None:
    page = await sample.page(scheme="dark")
    await shoot(page, "login-dark")
    await log_in(page, "admin")
    for name in ("desk", "calls", "customer-new"):
        await page.goto(sample.address + SCREENS[name])
        await page.wait_for_selector('body[data-live="up"]')
        await shoot(page, f"{name}-dark")
    await page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_pbx_that_is_away_is_said_on_every_page(tmp_path: Path, language: str) -> None:
    """With the reason and the next attempt, above the work and not over it."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and deaf: nothing listens there
        pbx = {"host": "127.0.0.1", "port": nobody.getsockname()[1], "user": "pbxd"}
        async with sample_console(tmp_path, pbx=pbx) as sample:
            page = await sample.logged_in("101", LANGUAGES[language])
            banner = page.locator(".pbx-banner")
            await expect(banner).to_contain_text(f"127.0.0.1:{pbx['port']}")
            await expect(banner).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
            await page.goto(f"{sample.address}/customers")  # the work goes on
            await expect(page.locator("#main tbody tr").first).to_be_visible()
            for width, height in SIZES.values():
                await page.set_viewport_size({"width": width, "height": height})
                await expect(banner).to_be_visible()
                over = await banner.evaluate("""(banner) => {
                  const box = banner.getBoundingClientRect();
                  const below = ['.top', '#callbar', '#main h1'];
                  return below.filter((name) => {
                    const other = document.querySelector(name).getBoundingClientRect();
                    return box.top < other.bottom - 1 && other.top + 1 < box.bottom;
                  });
                }""")
                assert over == []
            await shoot(page, f"pbx-away-{language}")
