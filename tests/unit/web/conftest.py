"""Pages' streams over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from console.live.parts import Parts
from console.live.stream import LiveHub
from console.running import Running, running
from console.web.permissions import Role
from pbxd.config import Settings

PASSWORD = "long enough for a test"
LANGUAGES = {"minah": "ko", "yiting": "zh_Hant", "guest": "en"}


class Pages:
    """Opens streams as pages do."""

    def __init__(self, now: Running, http: aiohttp.ClientSession) -> None:
        self.now = now
        self._http = http
        self._cookies: dict[str, str] = {}

    @property
    def hub(self) -> LiveHub:
        return self.now.console.services.hub

    @property
    def parts(self) -> Parts:
        return self.now.console.services.parts

    async def cookie(self, login: str) -> str:
        """A session of that account."""
        if login not in self._cookies:
            address = self.now.console.address
            form = {"login": login, "password": PASSWORD}
            async with self._http.post(
                f"{address}/login", data=form, headers={"Origin": address}, allow_redirects=False
            ) as answer:
                self._cookies[login] = answer.headers["Set-Cookie"].split(";")[0]
        return self._cookies[login]

    async def open(self, login: str = "") -> aiohttp.ClientWebSocketResponse:
        """A page's stream, its snapshot read."""
        headers = {"Cookie": await self.cookie(login)} if login else {}
        address = self.now.console.address
        stream = await self._http.ws_connect(f"{address}/live", origin=address, headers=headers)
        while login and (await stream.receive_json(timeout=5))["kind"] != "ready":
            pass
        return stream


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    settings = Settings(
        store={"directory": tmp_path},  # type: ignore[arg-type]
        console={"port": 0},  # type: ignore[arg-type]
        agi={"port": 0},  # type: ignore[arg-type]
    )
    async with running(settings) as now, aiohttp.ClientSession() as http:
        users = now.console.services.users
        for login, language in LANGUAGES.items():
            role = Role.GUEST if login == "guest" else Role.USER
            user = await users.create(login, login, PASSWORD, role)
            await users.set_language(user.id, language)
        yield Pages(now, http)


async def heard(stream: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next message of that kind."""
    while True:
        message: dict[str, Any] = await stream.receive_json(timeout=5)
        if message["kind"] == kind:
            return message
