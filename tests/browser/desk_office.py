"""The real daemon and console on the real lab, in this process, with agents who can log in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.async_api import BrowserContext, Page

from console.app import Console
from console.customers.model import Customer, Details, Phone
from console.running import running
from console.services import RingMe
from console.web.permissions import Role
from lab.office import MAIN_NUMBER, Office
from lab.pytest_plugin import ASK_SECONDS
from lab.waiting import until
from pbxd.agents.model import Agent, DeviceKind
from pbxd.app import Daemon
from pbxd.calls import queries
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.config import Settings
from tests.watching import until_asked, watching

PASSWORD = "long enough for a test"


@dataclass(slots=True)
class DeskOffice:
    """A running daemon with its console."""

    daemon: Daemon
    console: Console
    office: Office

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        office: Office,
        folder: Path,
        ami_port: int | None = None,
        ring_me: RingMe | None = None,
        *,
        records: bool = False,
    ) -> AsyncIterator[Self]:
        """Everything up inside the block; `ami_port`: something that stands before Asterisk's.

        `records`: calls are recorded.
        """
        values: dict[str, Any] = {
            "pbx": {
                "host": "127.0.0.1",
                "port": ami_port or office.ports.ami,
                "user": office.account.user,
                "secret": office.account.secret,
                "ws_url": office.ws_url,
                "trunks": ("city",),
                "media_address": "127.0.0.1",
                "sounds": office.sounds,
                "spool": office.spool if records else None,
                "ring_seconds": 10,
            },
            "agi": {"port": office.ports.agi, "deadline_ms": int(ASK_SECONDS * 1000)},
            "office": {"name": "한빛상사", "lines": {MAIN_NUMBER: "대표번호"}},
            "console": {"port": 0},
            "store": {"directory": folder},
        }
        async with running(Settings(**values), ring_me) as now:
            await until(lambda: now.daemon.link.up, "the link is up")
            await until_asked(office, now.daemon)
            with watching(office, now.daemon):
                yield cls(now.daemon, now.console, office)

    async def agent(
        self,
        extension: str,
        name: str,
        device: DeviceKind = DeviceKind.BROWSER,
        *,
        role: Role = Role.SUPERVISOR,
        language: str = "ko",
    ) -> Agent:
        """An agent with an account; the login name is `a` and the extension."""
        agent = await self.daemon.agents.add(name, extension, device)
        users = self.console.services.users
        user = await users.create(f"a{extension}", name, PASSWORD, role, agent.id)
        await users.set_language(user.id, language)
        return agent

    async def customer(self, name: str, *numbers: str, **more: Any) -> Customer:
        """Somebody with these numbers."""
        phones = tuple(Phone(number) for number in numbers)
        details = Details(name, phones=phones, **more)
        return await self.console.services.customers.create(details, "")

    async def log_in(self, profile: BrowserContext, extension: str) -> Page:
        """A page of that agent, in step with the server."""
        page = await profile.new_page()
        await page.goto(f"{self.console.address}/login")
        await page.fill('input[name="login"]', f"a{extension}")
        await page.fill('input[name="password"]', PASSWORD)
        await page.click('button[type="submit"]')
        await page.wait_for_selector('body[data-live="up"]')
        return page

    async def another_tab(self, page: Page) -> Page:
        """The same agent's second page."""
        tab = await page.context.new_page()
        await tab.goto(f"{self.console.address}/")
        await tab.wait_for_selector('body[data-live="up"]')
        return tab

    async def records(self) -> tuple[CallRecord, ...]:
        """The call log, newest first."""
        await self.daemon.history.drain()
        async with self.daemon.store.reading() as conn:
            return (await queries.log(conn, CallFilter())).rows
