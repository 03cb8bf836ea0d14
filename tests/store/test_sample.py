"""The sample office: loaded fast, once, the same each time, and believable."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from console.customers.files import customer_files
from console.customers.rules import checked
from console.customers.service import Customers
from console.sample.load import AGENTS, CUSTOMERS, load
from console.sample.service_records import RECORDS
from console.service_records import queries as services
from console.service_records.model import Status
from console.service_records.queries import Filter
from console.users.service import Users
from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon, build
from pbxd.callbacks import queries as callbacks
from pbxd.calls import queries
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from tests.loopback import on_loopback

DID = "025550100"
PASSWORD = "sample-office"


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    made = await build(on_loopback(tmp_path))
    await made.agents.load()
    yield made
    await made.stop()


async def every_call(daemon: Daemon) -> list[CallRecord]:
    found: list[CallRecord] = []
    cursor = ""
    while True:
        async with daemon.store.reading() as conn:
            page = await queries.log(conn, CallFilter(), cursor, 2000)
        found += page.rows
        if not (cursor := page.next):
            return found


async def test_the_office_is_filled_once(daemon: Daemon) -> None:
    users = Users(daemon.store, daemon.clock)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    assert await load(daemon, users, customers, DID, PASSWORD)
    assert await customers.count() == CUSTOMERS
    assert [agent.extension for agent in daemon.agents.all()] == [one for one, _ in AGENTS]
    user = await users.authenticate("101", PASSWORD)
    agent = daemon.agents.by_extension("101")
    assert user is not None
    assert agent is not None
    assert user.agent_id == agent.id
    assert not await load(daemon, users, customers, DID, PASSWORD)
    assert await customers.count() == CUSTOMERS

    page = await customers.page(size=200)
    for customer in page.rows:
        assert checked(customer.details, daemon.plan) == customer.details
        number = customer.details.phones[0].number
        assert customer.id in {card.customer_id for card in await customers.cards(number)}
    shown = page.rows[50]
    typed = f"{shown.name} {shown.details.phones[0].number[-4:]}"
    assert shown.id in {one.id for one in await customers.find(typed)}
    _believable(daemon, await every_call(daemon))
    await _services(daemon, customers)
    assert await _message_seconds(daemon) > 5


async def test_what_was_cut_short_is_completed(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # and the machine has no voice
    users = Users(daemon.store, daemon.clock)
    name = AGENTS[0][1]
    agent = await daemon.agents.add(name, "101", DeviceKind.BROWSER)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    assert await load(daemon, users, customers, DID, PASSWORD)
    assert len(daemon.agents.all()) == len(AGENTS)
    assert daemon.agents.by_extension("101") == agent
    assert await _message_seconds(daemon) > 5


async def _message_seconds(daemon: Daemon) -> float:
    """Of what a customer said outside opening hours: his wish names it."""
    async with daemon.store.reading() as conn:
        (wish,) = [one for one in await callbacks.listed(conn) if one.message]
    said = await daemon.recordings.message(wish.message)
    assert said.customer_id
    assert said.number == wish.number
    assert daemon.recordings.path(said).stat().st_size == said.size
    return said.seconds if said.left_db > -30 else 0


async def _services(daemon: Daemon, customers: Customers) -> None:
    """What was done for customers: after they came, not in time to come, on working days."""
    async with daemon.store.reading() as conn:
        page = await services.listed(conn, Filter(), size=5000)
        phrases = await services.phrases(conn)
    assert len(page.rows) == RECORDS
    assert [phrase.number for phrase in phrases] == list(range(1, 10))
    known = await customers.several({one.customer_id for one in page.rows})
    zone = daemon.settings.office.zone
    today = daemon.clock().astimezone(zone).date()
    for record in page.rows:
        came = known[record.customer_id].created_at.astimezone(zone).date()
        assert came <= record.entry.day <= today
        assert record.entry.day.weekday() < 6
        assert (record.entry.user_id == "") is (record.entry.name != "")
    statuses = Counter(one.entry.status for one in page.rows)
    assert set(statuses) == set(Status)
    assert statuses[Status.DONE] > RECORDS / 2


def _believable(daemon: Daemon, calls: list[CallRecord]) -> None:
    assert 7000 < len(calls) < 9000
    now, zone = daemon.clock(), daemon.settings.office.zone
    for call in calls:
        moments = [call.started_at, call.rang_at, call.answered_at, call.ended_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert now - timedelta(days=91.5) < call.started_at
        assert call.ended_at < now
        assert (call.answered_at is not None) is (call.outcome is Outcome.ANSWERED)
        assert call.withheld is False or call.number == call.customer_id == ""
    days = Counter(call.started_at.astimezone(zone).weekday() for call in calls)
    hours = Counter(call.started_at.astimezone(zone).hour for call in calls)
    assert days[0] > days[5] > days[6]
    assert hours[10] > 2 * hours[12]
    assert not any(hours[hour] for hour in (0, 3, 5, 22, 23))
