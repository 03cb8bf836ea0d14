"""Every route: closed without a log-in, closed without the right, closed to forged requests."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from console.app import Console, make_console
from console.capability import Need, Route
from console.customers.files import customer_files
from console.registry import CAPABILITIES
from console.users.matrix import EVERYBODY_S
from console.web.permissions import PRESETS, Action, Role, Scope
from pbxd.app import build
from tests.loopback import on_loopback

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
CONSOLE = Path(__file__).parents[2] / "console"
PASSWORD = "long enough for a test"
LOGINS = {role.value: role for role in Role} | {"holder": Role.USER}
WITHDRAWABLE = sorted(
    {(route.need.menu, route.need.action) for route in ROUTES if route.need}
    - {(menu, action) for menu in EVERYBODY_S for action in Action}
)


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def path_of(route: Route) -> str:
    return re.sub(r"\{\w+\}", "01ARZ3NDEKTSV4RRFFQ69G5FAV", route.path)


@pytest.fixture(scope="module")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder: Path = tmp_path_factory.mktemp("routes")
    settings = on_loopback(folder)
    daemon = await build(settings)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    made = await make_console(daemon, customers)
    await daemon.start(customers)
    for login, role in LOGINS.items():
        await made.services.users.create(login, login, PASSWORD, role)
    await made.start()
    yield made
    await made.stop()
    await daemon.stop()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in."""

    session: aiohttp.ClientSession
    address: str
    token: str

    async def reason(self, route: Route, token: str = "") -> tuple[int, str]:
        """The status of an address, and why it refuses; a POST without a `token` does nothing."""
        headers = {"Origin": self.address, "Accept": "application/json", "X-CSRF-Token": token}
        url = self.address + path_of(route)
        async with self.session.request(
            route.method, url, headers=headers, allow_redirects=False
        ) as response:
            text = await response.text(errors="replace")
            known = response.content_type == "application/json" and response.status >= 400
            return response.status, json.loads(text).get("reason_id", "") if known else ""


@pytest.fixture(scope="module")
async def visitors(console: Console) -> AsyncIterator[dict[str, Visitor]]:
    """Everybody logs in once: a password takes its time to be checked."""
    made: dict[str, Visitor] = {}
    for login in LOGINS:
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        form = {"login": login, "password": PASSWORD}
        headers = {"Origin": console.address}
        async with session.post(f"{console.address}/login", data=form, headers=headers) as response:
            assert response.status == 200
            page = await response.text()
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token
        made[login] = Visitor(session, console.address, token[1])
    yield made
    for one in made.values():
        await one.session.close()


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
async def test_a_forged_request_is_refused(visitors: dict[str, Visitor], route: Route) -> None:
    admin = visitors["admin"]
    for headers in (
        {"Origin": admin.address},  # no token
        {"Origin": admin.address, "X-CSRF-Token": "wrong"},
        {"Origin": "http://evil.example", "X-CSRF-Token": admin.token},
    ):
        url = admin.address + path_of(route)
        async with admin.session.post(url, headers=headers) as response:
            assert response.status == 403, headers


@pytest.mark.parametrize("role", list(Role))
async def test_every_address_as_every_role(visitors: dict[str, Visitor], role: Role) -> None:
    """403 where the role's preset says so, and nowhere else."""
    wrong = []
    for route in ROUTES:
        if route.need is None:
            continue
        may = PRESETS[role].scope(route.need.menu, route.need.action) is not Scope.NONE
        status, reason = await visitors[role.value].reason(route)
        right = reason != "not-allowed" if may else (status, reason) == (403, "not-allowed")
        if not right or status >= 500 or (may and route.method == "POST" and reason != "csrf"):
            wrong.append((named(route), status, reason))
    assert wrong == []


@pytest.mark.parametrize(("menu", "action"), WITHDRAWABLE)
async def test_a_right_that_is_withdrawn_while_a_form_is_open(
    console: Console, visitors: dict[str, Visitor], menu: str, action: Action
) -> None:
    """Every page and every form that needs it is closed from then on, and what is typed stays."""
    users, holder = console.services.users, visitors["holder"]
    id = next(one.id for one in users.all() if one.login == "holder")
    routes = [route for route in ROUTES if route.need == Need(menu, action)]
    everything = dict.fromkeys(WITHDRAWABLE, Scope.ALL)
    await users.set_grants(id, everything)
    assert "not-allowed" not in [(await holder.reason(route))[1] for route in routes]
    await users.set_grants(id, everything | {(menu, action): Scope.NONE})
    for route in routes:
        assert await holder.reason(route, holder.token) == (403, "not-allowed"), named(route)
        headers = {"Origin": holder.address, "HX-Request": "true", "X-CSRF-Token": holder.token}
        url = holder.address + path_of(route)
        async with holder.session.request(route.method, url, headers=headers) as response:
            assert response.status == 403
            assert response.headers["HX-Reswap"] == "none", "the form is not drawn over"
            assert "pbxd:toast" in response.headers["HX-Trigger"]


def test_every_form_stays_on_the_screen_when_it_is_refused() -> None:
    """Sent by htmx, which draws nothing over it; a browser's own post would leave the page."""
    wrong = []
    for template in sorted(CONSOLE.glob("*/templates/**/*.html")):
        text = re.sub(
            r"\{[{%].*?[%}]\}", lambda one: one[0].replace(">", ""), template.read_text("utf-8")
        )
        for form in re.findall(r"<form\b[^>]*>", text):
            action = re.search(r'\saction="([^"]*)"', form)
            if 'method="post"' not in form or "data-plain" in form:
                continue
            if not action or f'hx-post="{action[1]}"' not in form:
                wrong.append(f"{template.name}: {form}")
    assert wrong == []


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "GET" and route.need], ids=named
)
@pytest.mark.parametrize("language", ["ko", "zh-TW", "en"])
async def test_every_page_opens_in_every_language(
    visitors: dict[str, Visitor], route: Route, language: str
) -> None:
    admin, headers = visitors["admin"], {"Accept-Language": language}
    async with admin.session.get(admin.address + path_of(route), headers=headers) as response:
        # without an extension, or of something that does not exist: said in words
        assert response.status in (200, 403, 404)
        body = await response.text(errors="replace")
        assert "Traceback" not in body
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_the_stream_is_for_our_own_pages(visitors: dict[str, Visitor]) -> None:
    session, address = visitors["admin"].session, visitors["admin"].address
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(f"{address}/live", headers={"Origin": "http://evil.example"})
    async with session.ws_connect(f"{address}/live", origin=address) as stream:
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
