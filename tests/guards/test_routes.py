"""Every route: closed without a log-in, closed without the right, closed to forged requests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from console.app import Console, make_console
from console.capability import Route
from console.customers.files import customer_files
from console.registry import CAPABILITIES
from console.web.permissions import PRESETS, Role, Scope
from pbxd.app import build
from pbxd.config import Settings

ROUTES = [route for capability in CAPABILITIES for route in capability.routes]
OPEN = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/language/{code}"),
    ("GET", "/app.webmanifest"),  # nothing of the office's data is in these two
    ("GET", "/offline"),
    ("GET", "/book/{token}.xml"),  # desk phones, each with its token
    ("POST", "/api/callbacks"),  # with a token of its own: tests/browser/test_callbacks.py
}
PASSWORD = "long enough for a test"
BARRED_TO_GUESTS = [
    route
    for route in ROUTES
    if route.need and PRESETS[Role.GUEST].scope(route.need.menu, route.need.action) is Scope.NONE
]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def path_of(route: Route) -> str:
    return re.sub(r"\{\w+\}", "01ARZ3NDEKTSV4RRFFQ69G5FAV", route.path)


@pytest.fixture(scope="module")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder: Path = tmp_path_factory.mktemp("routes")
    settings = Settings(store={"directory": folder}, console={"port": 0})  # type: ignore[arg-type]
    daemon = await build(settings)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    made = await make_console(daemon, customers)
    await daemon.start(customers)
    for role in (Role.ADMIN, Role.GUEST):
        await made.services.users.create(role.value, role.value, PASSWORD, role)
    await made.start()
    yield made
    await made.stop()
    await daemon.stop()


async def logged_in(console: Console, role: Role) -> tuple[aiohttp.ClientSession, str]:
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    form = {"login": role.value, "password": PASSWORD}
    headers = {"Origin": console.address}
    async with session.post(f"{console.address}/login", data=form, headers=headers) as response:
        assert response.status == 200
        page = await response.text()
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    return session, token[1]


def test_only_the_log_in_is_open() -> None:
    assert {(route.method, route.path) for route in ROUTES if route.need is None} == OPEN


@pytest.mark.parametrize("route", [route for route in ROUTES if route.need], ids=named)
async def test_without_a_log_in_nothing_is_shown(console: Console, route: Route) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            route.method,
            console.address + path_of(route),
            allow_redirects=False,
            headers={"Origin": console.address},
        ) as response,
    ):
        if route.method == "GET":
            assert response.status == 303
            assert response.headers["Location"].startswith("/login")
        else:
            assert response.status == 403


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "POST" and route.need], ids=named
)
async def test_a_forged_request_is_refused(console: Console, route: Route) -> None:
    session, token = await logged_in(console, Role.ADMIN)
    async with session:
        url = console.address + path_of(route)
        for headers in (
            {"Origin": console.address},  # no token
            {"Origin": console.address, "X-CSRF-Token": "wrong"},
            {"Origin": "http://evil.example", "X-CSRF-Token": token},
        ):
            async with session.post(url, headers=headers) as response:
                assert response.status == 403, headers


@pytest.mark.parametrize("route", BARRED_TO_GUESTS, ids=named)
async def test_a_guest_is_kept_from_what_the_role_does_not_allow(
    console: Console, route: Route
) -> None:
    session, token = await logged_in(console, Role.GUEST)
    async with session:
        headers = {"Origin": console.address, "X-CSRF-Token": token}
        url = console.address + path_of(route)
        async with session.request(route.method, url, headers=headers) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "GET" and route.need], ids=named
)
@pytest.mark.parametrize("language", ["ko", "zh-TW", "en"])
async def test_every_page_opens_in_every_language(
    console: Console, route: Route, language: str
) -> None:
    session, _ = await logged_in(console, Role.ADMIN)
    async with session:
        headers = {"Accept-Language": language}
        async with session.get(console.address + path_of(route), headers=headers) as response:
            # without an extension, or of something that does not exist: said in words
            assert response.status in (200, 403, 404)
            body = await response.text(errors="replace")
            assert "Traceback" not in body
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_the_stream_is_for_our_own_pages(console: Console) -> None:
    session, _ = await logged_in(console, Role.ADMIN)
    async with session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(
                f"{console.address}/live", headers={"Origin": "http://evil.example"}
            )
        async with session.ws_connect(f"{console.address}/live", origin=console.address) as stream:
            first = await stream.receive_json(timeout=5)
            assert first["seq"] == 1


async def test_five_wrong_passwords_close_the_door_for_a_while(console: Console) -> None:
    async with aiohttp.ClientSession() as session:
        said = []
        for _ in range(6):
            form = {"login": "nobody", "password": "wrong"}
            headers = {"Origin": console.address, "Accept-Language": "en"}
            async with session.post(
                f"{console.address}/login", data=form, headers=headers
            ) as response:
                assert response.status == 422
                said.append(await response.text())
        assert "is wrong" in said[0]
        assert "Too many failed attempts" in said[5]
