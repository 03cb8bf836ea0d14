"""Own, team, all: what each page lets through, by what the right of one person says (S0-55)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from openpyxl import load_workbook

from console.consultations import queries as consultations
from console.consultations.model import Consultation, Part
from console.customers.model import Details
from console.running import Running, running
from console.users.service import Profile
from console.web.permissions import Action, Role, Scope
from pbxd.agents.model import DeviceKind
from pbxd.calls import queries as calls
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.record import CallRecord
from pbxd.recordings import queries as recordings
from pbxd.recordings.model import Recording
from pbxd.store.metadata import new_id
from tests.loopback import on_loopback

PASSWORD = "long enough for a test"
PEOPLE = {"me": "상담팀", "mate": "상담팀", "other": "A/S팀"}
REACH = {Scope.OWN: {"me"}, Scope.TEAM: {"me", "mate"}, Scope.ALL: set(PEOPLE)}


@dataclass(frozen=True, slots=True)
class Asking:
    """`me` asks; everybody has a customer, a consultation, a call and a recording."""

    now: Running
    http: aiohttp.ClientSession
    cookies: dict[str, str]
    tokens: dict[str, str]
    customers: dict[str, str]
    recordings: dict[str, str]

    async def may(self, menu: str, action: Action, scope: Scope) -> None:
        """Give me this right (and to see what is needed for it)."""
        users = self.now.console.services.users
        me = next(one.id for one in users.all() if one.login == "me")
        await users.set_grants(me, {(menu, action): scope})

    async def get(self, path: str) -> tuple[int, str]:
        address = self.now.console.address
        async with self.http.get(f"{address}{path}", headers=self.cookies) as answer:
            return answer.status, await answer.text(errors="replace")

    async def sheet(self, path: str) -> list[dict[str, object]]:
        """The rows of an Excel file, by heading."""
        address = self.now.console.address
        headers = self.cookies | {"Accept-Language": "en"}
        async with self.http.get(f"{address}{path}", headers=headers) as answer:
            assert answer.status == 200
            heads, *rows = load_workbook(io.BytesIO(await answer.read())).worksheets[0].values
        return [dict(zip(map(str, heads), row, strict=True)) for row in rows]

    async def post(self, path: str) -> int:
        headers = self.cookies | self.tokens
        async with self.http.post(f"{self.now.console.address}{path}", headers=headers) as answer:
            return answer.status


def call(agent_id: str, extension: str, name: str, now: Running) -> CallRecord:
    at = now.daemon.clock() - timedelta(minutes=1)
    return CallRecord(
        id=new_id(), linkedid=new_id(), direction=Direction.IN, outcome=Outcome.ANSWERED,
        number="+821012345678", raw="01012345678", name=f"caller of {name}", withheld=False,
        dialled="", trunk="trunk", extension=extension, other_extension="", clicked=False,
        started_at=at, rang_at=None, answered_at=at, ended_at=at + timedelta(seconds=20),
        end_known=True, ring_seconds=5, talk_seconds=15, hold_seconds=0, cause=16,
        agent_id=agent_id,
    )  # fmt: skip


def recording(record: CallRecord) -> Recording:
    return Recording(
        id=new_id(), call_id=record.id, channel=record.linkedid, started_at=record.started_at,
        seconds=15.0, file=f"{record.id}.opus", size=1, sha256="", direction=record.direction,
        number=record.number, customer_id="", agent_id=record.agent_id,
        extension=record.extension, left_db=-20.0, right_db=-20.0, faults=(), pauses=(),
        on_hold=False, deleted_at=None,
    )  # fmt: skip


def consultation(customer_id: str, by: str, name: str, now: Running) -> Consultation:
    id, at = new_id(), now.daemon.clock()
    parts = (Part(new_id(), id, f"heard by {name}", by, at, None, 1),)
    return Consultation(
        id, customer_id, "", ("", "", ""), "", by, at, None, "", None, None, None, 1, parts
    )


@pytest.fixture(scope="module")
async def asking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asking]:
    folder: Path = tmp_path_factory.mktemp("scopes")
    jar = aiohttp.DummyCookieJar()
    async with running(on_loopback(folder)) as now, aiohttp.ClientSession(cookie_jar=jar) as http:
        services, customers, heard = now.console.services, {}, {}
        for place, (login, department) in enumerate(PEOPLE.items(), 101):
            agent = await now.daemon.agents.add(login, str(place), DeviceKind.BROWSER)
            user = await services.users.create(login, login, PASSWORD, Role.USER, agent.id)
            await services.users.set_profile(user.id, Profile(login, department))
            made = await services.customers.create(Details(f"customer of {login}"), user.id)
            customers[login] = made.id
            record = call(agent.id, str(place), login, now)
            async with now.daemon.store.writing() as conn:
                await calls.save(conn, record, "")
                kept = recording(record)
                heard[login] = kept.id
                await recordings.add(conn, f"{login}.wav", kept, b"")
                await consultations.add(conn, consultation(made.id, user.id, login, now))
        address = now.console.address
        form, headers = {"login": "me", "password": PASSWORD}, {"Origin": address}
        async with http.post(
            f"{address}/login", data=form, headers=headers, allow_redirects=False
        ) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        me = next(one for one in services.users.all() if one.login == "me")
        (session,) = await services.sessions.of_user(me.id)
        tokens = {"Origin": address, "X-CSRF-Token": session.csrf}
        yield Asking(now, http, {"Cookie": cookie}, tokens, customers, heard)


@pytest.mark.parametrize("scope", REACH)
async def test_calls(asking: Asking, scope: Scope) -> None:
    await asking.may("calls", Action.VIEW, scope)
    status, page = await asking.get("/calls")
    assert status == 200
    assert {login for login in PEOPLE if f"caller of {login}" in page} == REACH[scope]
    await asking.may("calls", Action.EXPORT, scope)
    rows = await asking.sheet("/calls/export")
    assert {str(row["Customer"]).removeprefix("caller of ") for row in rows} == REACH[scope]


@pytest.mark.parametrize("scope", REACH)
async def test_recordings(asking: Asking, scope: Scope) -> None:
    await asking.may("recordings", Action.VIEW, scope)
    _, page = await asking.get("/recordings")
    assert {login for login, id in asking.recordings.items() if id in page} == REACH[scope]
    for login, id in asking.recordings.items():
        status, _ = await asking.get(f"/recordings/{id}")
        assert status == (200 if login in REACH[scope] else 403), login
    await asking.may("recordings", Action.EXPORT, scope)
    assert {row["Agent"] for row in await asking.sheet("/recordings/export")} == REACH[scope]


@pytest.mark.parametrize("scope", REACH)
async def test_customers_are_changed_and_deleted(asking: Asking, scope: Scope) -> None:
    for login, id in asking.customers.items():
        right = login in REACH[scope]
        await asking.may("customers", Action.EDIT, scope)
        status, page = await asking.get(f"/customers/{id}")
        assert status == 200, "who calls is known to everybody (S0-54)"
        assert (f"/customers/{id}/edit" in page) is right, "no button for what is refused"
        status, _ = await asking.get(f"/customers/{id}/edit")
        assert status == (200 if right else 403)
        await asking.may("customers", Action.DELETE, scope)
        assert (await asking.post(f"/customers/{id}/delete") == 200) is right
        assert (await asking.post(f"/customers/{id}/restore") == 200) is right
        assert (await asking.get(f"/customers/{id}"))[0] == 200


@pytest.mark.parametrize("scope", REACH)
async def test_consultations(asking: Asking, scope: Scope) -> None:
    await asking.may("consultation-log", Action.VIEW, scope)
    _, page = await asking.get("/consultations")
    assert {login for login in PEOPLE if f"heard by {login}" in page} == REACH[scope]
    await asking.may("consultation-log", Action.EXPORT, scope)
    rows = await asking.sheet("/consultations/export")
    assert {str(row["Content"]).removeprefix("heard by ") for row in rows} == REACH[scope]
