"""Each list sorted by each heading, on the screen and in its file, and what its file holds."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import aiohttp
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from console.abuse.columns import COLUMNS as ABUSE
from console.audit import queries as audit_log
from console.audit.tables import audit
from console.blacklist.columns import COLUMNS as BLACKLIST
from console.callbacks.columns import COLUMNS as CALLBACKS
from console.calls.columns import COLUMNS as CALLS
from console.consultations import queries as consultations
from console.consultations.columns import COLUMNS as CONSULTATIONS
from console.customer_history.columns import COLUMNS as HISTORY
from console.customer_history.words import KINDS
from console.customers.model import Details, Phone
from console.lists.model import choice_of
from console.phonebook.columns import COLUMNS as PHONEBOOK
from console.recordings.columns import COLUMNS as RECORDINGS
from console.running import Running, running
from console.scheduled.columns import COLUMNS as SCHEDULED
from console.service_records import queries as services
from console.service_records.columns import COLUMNS as SERVICES
from console.service_records.model import Entry, Record, Status
from console.users.columns import COLUMNS as USERS
from console.users.service import Profile
from console.web.permissions import Role
from pbxd.abuse import queries as abuse
from pbxd.abuse.model import Incident, Step
from pbxd.agents.model import DeviceKind
from pbxd.blacklist.model import BlockKind
from pbxd.blacklist.service import Wanted
from pbxd.callbacks.model import Request, Source
from pbxd.calls import queries as calls
from pbxd.calls.model import Direction, Outcome
from pbxd.phonebook.model import Entry as BookEntry
from pbxd.recordings import queries as recordings
from pbxd.store import sorting
from pbxd.store.metadata import new_id
from tests.loopback import on_loopback
from tests.store.test_scopes import PASSWORD, call, consultation, recording

LISTS = {
    "calls": ("/calls", CALLS, "since=2000-01-01"),
    "consultations": ("/consultations", CONSULTATIONS, ""),
    "services": ("/services", SERVICES, ""),
    "recordings": ("/recordings", RECORDINGS, "internal=true"),
    "callbacks": ("/callbacks", CALLBACKS, ""),
    "done": ("/callbacks", CALLBACKS, "tab=done"),
    "unfinished": ("/callbacks", CONSULTATIONS[:5], "tab=unfinished"),
    "users": ("/users", USERS, ""),
    "scheduled": ("/scheduled", SCHEDULED, ""),
    "history": ("/settings/history", HISTORY, "kind=changed"),
    "abuse": ("/abuse", ABUSE, ""),
    "phonebook": ("/phonebook", PHONEBOOK, ""),
    "blacklist": ("/blacklist", BLACKLIST, ""),
}
FILES = {"/blacklist": "/blacklist/excel"}
SORTS = [(list, one) for list, (_, columns, _) in LISTS.items() for one in columns if one.sorts]
# in the office's order, or by a number that the file writes as people here do
OWN_ORDER = {
    "outcome",
    "direction",
    "status",
    "state",
    "why",
    "number",
    "line",
    "role",
    "kind",
    "speed",
}
HEADINGS = {
    ("calls", "rang"): "Rang (seconds)",
    ("calls", "talked"): "Talked (seconds)",
    ("calls", "held"): "On hold (seconds)",
    ("recordings", "length"): "Length (seconds)",
    ("done", "due"): "Result",
    ("unfinished", "time"): "Asked",
    ("unfinished", "agent"): "Whose",
}
NAMES = ("가람", "나래", "Alice", "", "다솜", "")  # "": a stranger
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sees everything, in English."""

    now: Running
    http: aiohttp.ClientSession
    cookies: dict[str, str]
    id: str

    async def page(self, path: str) -> str:
        async with self.http.get(self.now.console.address + path, headers=self.cookies) as answer:
            assert answer.status == 200
            return await answer.text()

    async def file(self, path: str) -> tuple[str, list[str], Rows]:
        """The file's name, its headings and its rows."""
        async with self.http.get(self.now.console.address + path, headers=self.cookies) as answer:
            assert answer.status == 200
            name = unquote(answer.headers["Content-Disposition"].rpartition("''")[2])
            heads, *rows = load_workbook(io.BytesIO(await answer.read())).worksheets[0].values
        said = [str(head) for head in heads]
        return name, said, [dict(zip(said, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
async def reader(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Reader]:
    folder: Path = tmp_path_factory.mktemp("lists")
    jar = aiohttp.DummyCookieJar()
    async with running(on_loopback(folder)) as now, aiohttp.ClientSession(cookie_jar=jar) as http:
        users = now.console.services.users
        boss = await users.create("boss", "boss", PASSWORD, Role.ADMIN)
        await users.set_profile(boss.id, Profile("boss", "상담팀"))
        await filled(now, boss.id)
        address = now.console.address
        form, headers = {"login": "boss", "password": PASSWORD}, {"Origin": address}
        async with http.post(
            f"{address}/login", data=form, headers=headers, allow_redirects=False
        ) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        yield Reader(now, http, {"Cookie": cookie, "Accept-Language": "en"}, boss.id)


async def filled(now: Running, boss: str) -> None:
    """A few of everything, some with the same values and some with none."""
    daemon, customers = now.daemon, now.console.services.customers
    for place, name in enumerate(NAMES):
        agent = await daemon.agents.add(f"agent {5 - place}", str(101 + place), DeviceKind.BROWSER)
        number, made = f"+82105555000{place}", ""
        if name:
            details = Details(name, phones=(Phone(number),))
            made = (await customers.create(details, boss)).id
        record = call(agent.id, agent.extension, "stranger" if place == 5 else "", now)
        at = record.started_at - timedelta(minutes=place)
        record = replace(
            record, customer_id=made, number=number, started_at=at, name=record.name[:0],
            direction=list(Direction)[(place + 2) % 3], outcome=list(Outcome)[place],
            answered_at=at if place % 2 else None, talk_seconds=30.5 * (place % 3),
            hold_seconds=place % 2, ended_at=at + timedelta(seconds=9 * place),
        )  # fmt: skip
        case = consultation(made or new_id(), boss, str(place), now)
        case = replace(
            case,
            at=at,
            remarks="" if place % 2 else str(place),
            completed_at=at if place > 3 else None,
            recall_at=at if place in (1, 2) else None,
        )
        status = list(Status)[place % len(Status)]
        entry = Entry(date(2026, 11, 1 + place), status, f"할 일 {place}", boss, "", place * 1000)
        async with daemon.store.writing() as conn:
            await calls.save(conn, record, "")
            kept = replace(recording(record), seconds=7.0 * place, customer_id=made)
            await recordings.add(conn, f"{place}.wav", kept, b"")
            await consultations.add(conn, case)
            incident = Incident(
                new_id(), daemon.clock(), record.id, "", ("abuse", "harassment")[place % 2],
                list(Step)[place % 2], agent.id, agent.extension, number, made, "",
            )  # fmt: skip
            await abuse.add(conn, incident)
            await services.add(conn, [Record(new_id(), case.customer_id, entry, boss, at)])
        due = daemon.clock() + timedelta(hours=place // 2 + 1)
        await daemon.scheduled.add(
            agent.id, number, due, "" if place % 2 else f"쪽지 {place}", made
        )
        await someone(now, place, agent.id)
        group, speed = (f"{place}조", str(place * 7)) if place % 2 else ("", "")
        in_book = BookEntry("", "", f"이름 {place}", number, group, speed, group)
        await daemon.phonebook.save(in_book)
        kind, until = list(BlockKind)[place % 5], at + timedelta(days=place) if place % 2 else None
        refused = Wanted(number, False, kind, name, f"사유 {place}" if place % 2 else "", until)
        await daemon.blacklist.add(refused, boss if place % 2 else "")
        wish = Request(new_id(), number, list(Source)[place % 4], at, note=f"쪽지 {place}")
        await daemon.callbacks.ask(wish)
        if place % 2:
            gone = await daemon.callbacks.ask(replace(wish, key=new_id(), number=f"+82255{place}"))
            assert gone is not None
            await daemon.callbacks.complete([gone.id], boss)


async def someone(now: Running, place: int, agent_id: str) -> None:
    """An account; every second one says all about himself, one has left."""
    users, role = now.console.services.users, list(Role)[place % len(Role)]
    user = await users.create(f"user{9 - place}", f"이름 {place % 3}", PASSWORD, role, agent_id)
    if place % 2:
        day = date(2020 + place, 1, 1)
        left = day if place == 3 else None
        profile = Profile(user.name, f"{place}팀", f"직책 {place}", f"직급 {place}", day, left)
        await users.set_profile(user.id, replace(profile, emergency="x", line=f"+8225550{place}"))


@pytest.mark.parametrize(("list", "column"), SORTS, ids=lambda one: getattr(one, "word", one))
async def test_every_heading_sorts(reader: Reader, list: str, column: Any) -> None:
    path, _, query = LISTS[list]
    english = reader.now.console.services.languages["en"]
    heading = HEADINGS.get((list, column.word), english.text(column.label))
    found: list[list[Any]] = []
    for sort in (column.word, f"-{column.word}"):
        _, _, rows = await reader.file(f"{FILES.get(path, f'{path}/export')}?{query}&sort={sort}")
        found.append([row[heading] for row in rows])
        page = await reader.page(f"{path}?{query}&sort={sort}")
        mark = f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"'
        if column.wide:
            assert f'{mark} data-column="{column.word}"' in page
    up, down = found
    assert len(up) >= 3
    assert sorted(map(str, up)) == sorted(map(str, down)), "nobody is lost"
    filled, blank = [one for one in up if one is not None], [one for one in up if one is None]
    assert up == [*filled, *blank]
    assert down == [*reversed(filled), *blank]
    if column.word not in OWN_ORDER:
        assert filled == sorted(filled)


async def test_a_file_has_the_chosen_columns_and_is_in_the_log(reader: Reader) -> None:
    name, heads, rows = await reader.file("/calls/export?since=2000-01-01")
    assert name == f"Call log {today(reader)}.xlsx"
    assert heads == [
        "Time", "Customer", "Number", "Result", "Rang (seconds)", "Talked (seconds)", "Agent",
        "Line", "Memo", "Direction", "Ended", "On hold (seconds)", "Queue", "Extension",
    ]  # fmt: skip
    assert len(rows) == len(NAMES)
    assert rows[1]["Number"] == "010-5555-0001", "as text, with its first zero"
    lists = reader.now.console.services.lists
    chosen = ("number", "time", "customer")
    await lists.choose(reader.id, "calls", choice_of(chosen, ("number", "time"), ()))
    _, heads, rows = await reader.file("/calls/export?since=2000-01-01&direction=in&sort=-talked")
    assert heads[:2] == ["Number", "Time"]
    assert "Customer" not in heads
    async with reader.now.daemon.store.reading() as conn:
        notes = await conn.execute(select(audit).where(audit.c.what == "calls.export"))
        last = max(notes.all(), key=lambda note: note.id)
    said = json.loads(last.after)
    assert last.user_id == reader.id
    assert said["asked"] == "since=2000-01-01&direction=in&sort=-talked"
    assert said["columns"][:2] == ["number", "time"]
    assert said["count"] == len(rows) == 2
    assert "took the call log along as a file" in await reader.page("/settings/history")


async def test_an_empty_list_is_a_file_with_headings(reader: Reader) -> None:
    for path in ("/calls/export?until=2000-01-02", "/recordings/export?until=2000-01-02"):
        _, heads, rows = await reader.file(path)
        assert heads[0] in ("Time", "Number")
        assert rows == []


async def test_accounts_and_scheduled_calls(reader: Reader) -> None:
    daemon = reader.now.daemon
    agent = daemon.agents.all()[0]
    due = daemon.clock() + timedelta(minutes=10)
    made = await daemon.scheduled.add(agent.id, "010-9876-5432", due, "=1+1")
    _, _, rows = await reader.file("/scheduled/export")
    assert (rows[0]["Number"], rows[0]["Note"], rows[0]["State"]) == (
        *("010-9876-5432", "'=1+1", "To come"),
    )
    await daemon.scheduled.cancel(made.id, made.version)
    _, _, rows = await reader.file("/scheduled/export")
    assert rows[-1]["Number"] == "010-9876-5432", "what was, behind what is to come"
    _, heads, rows = await reader.file("/users/export")
    assert [row["Role"] for row in rows if row["Login name"] == "boss"] == ["Administrator"]
    assert not [head for head in heads if "assword" in head]


@pytest.mark.parametrize("path", sorted({path for path, _, _ in LISTS.values()} | {"/customers"}))
@pytest.mark.parametrize("sort", ["nonsense", "-", "--time", "time' or 1=1", "가나", "x" * 500])
async def test_an_order_that_is_none(reader: Reader, path: str, sort: str) -> None:
    orders = 'aria-sort="(\\w+)" data-column="(\\w+)"'
    own = re.findall(orders, await reader.page(path))
    said = await reader.page(f"{path}?{urlencode({'sort': sort})}")
    assert re.findall(orders, said) == own != []


async def test_each_tab_of_the_things_to_do(reader: Reader) -> None:
    for tab, most in (("callbacks", 6), ("unfinished", 4), ("recalls", 2), ("missed", 3)):
        _, heads, rows = await reader.file(f"/callbacks/export?tab={tab}")
        assert heads[:3] == ["Asked", "Customer", "Number"]
        assert 0 < len(rows) <= most, tab


async def test_the_log_is_read_by_its_indexes(reader: Reader) -> None:
    plans = []
    async with reader.now.daemon.store.reading() as conn:
        for by in ("", reader.id):
            wanted = audit_log.Wanted(KINDS["merged"].what, by, since=reader.now.daemon.clock())
            asked = audit_log.fitting(wanted).order_by(audit.c.at.desc(), audit.c.id.desc())
            said = str(asked.compile(conn.sync_engine, compile_kwargs={"literal_binds": True}))
            rows = await conn.exec_driver_sql(f"explain query plan {said} limit 51")
            plans.append(" ".join(row.detail for row in rows))
    assert "ix_audit_what (what=? AND at>?)" in plans[0]
    assert "ix_audit_user (user_id=? AND what=? AND at>?)" in plans[1]


async def test_too_many_stay_in_their_own_order(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Too many fit to be sorted by this column."
    assert said not in await reader.page("/calls?since=2000-01-01&sort=talked")
    monkeypatch.setattr(sorting.few, "__defaults__", (len(NAMES) - 1,))
    page = await reader.page("/calls?since=2000-01-01&sort=talked")
    assert said in page
    assert 'aria-sort="descending" data-column="time"' in page
    page = await reader.page("/calls?since=2000-01-01&sort=time")
    assert said not in page, "an index has it"


async def test_who_called_in_vain_in_any_order(reader: Reader) -> None:
    daemon, found = reader.now.daemon, {}
    for place in (7, 8, 8, 9):
        vain = replace(call("", "101", "", reader.now), number=f"+82105555000{place}")
        async with daemon.store.writing() as conn:
            await calls.save(conn, replace(vain, outcome=Outcome.MISSED, answered_at=None), "")
    for sort in ("time", "number", "-number", "customer", "-count", "outcome"):
        _, _, rows = await reader.file(f"/callbacks/export?tab=missed&sort={sort}")
        found[sort] = [row["Number"] for row in rows]
        way = "descending" if sort.startswith("-") else "ascending"
        page = await reader.page(f"/callbacks?tab=missed&sort={sort}")
        assert f'aria-sort="{way}" data-column="{sort.removeprefix("-")}"' in page
    assert len(found["number"]) == 4
    assert found["-count"][0] == "010-5555-0008", "twice"
    assert found["number"] == sorted(found["number"]) == found["-number"][::-1]
    assert all(sorted(one) == found["number"] for one in found.values())


def today(reader: Reader) -> date:
    daemon = reader.now.daemon
    return daemon.clock().astimezone(daemon.settings.office.zone).date()
