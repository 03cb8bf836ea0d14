"""The history's queue: nothing is lost to a full disk, and one spoilt value stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest
import pytest_asyncio

from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.calls import history, queries
from pbxd.calls.history import History
from pbxd.calls.model import Call
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.events import CallEnded, CallIdentified, CallRecorded, CallStarted
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor
from tests.unit.calls.replay import ended_by_ami

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def call(scene: str, key: str) -> Call:
    return msgspec.structs.replace(ended_by_ami(scene)[0], key=key)


class Desk:
    def __init__(self, store: Store) -> None:
        self.store, self.bus = store, Bus()
        self.recorded: list[str] = []
        self.bus.subscribe(CallRecorded, lambda event: self.recorded.append(event.key))
        self.history = History(
            store, self.bus, Agents(store, self.bus, lambda: NOW), str, lambda: NOW
        )
        self.supervisor = Supervisor()
        self.supervisor.service("history", self.history.run)

    def ends(self, call: Call) -> None:
        self.bus.publish(CallStarted(NOW, call))
        self.bus.publish(CallEnded(NOW, call))

    async def written(self) -> None:
        async with asyncio.timeout(5):
            await self.history.drain()

    async def rows(self) -> dict[str, CallRecord]:
        async with self.store.reading() as conn:
            return {row.id: row for row in (await queries.log(conn, CallFilter())).rows}


@pytest_asyncio.fixture
async def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(history, "RETRY_S", 0.01)
    made = Desk(store)
    yield made
    await made.supervisor.stop()


async def limit_pages(store: Store, pages: int) -> None:
    """A disk that has room for no more than this."""
    async with store.writing() as conn:
        await conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_a_call_that_ends_is_recorded_and_then_said_so(desk: Desk) -> None:
    desk.ends(call("internal", "one"))
    await desk.written()
    assert desk.recorded == ["one"]
    assert list(await desk.rows()) == ["one"]


async def test_a_full_disk_delays_calls_and_loses_none(desk: Desk) -> None:
    await limit_pages(desk.store, 1)
    scenes = ("internal", "outbound_by_phone", "inbound_answered")
    for scene in scenes:
        long = msgspec.structs.replace(call(scene, scene), dialled="9" * 70)
        desk.ends(msgspec.structs.replace(long, legs=long.legs * 300))
    async with asyncio.timeout(5):
        while desk.history.failed < history.PATIENCE + 2:
            await asyncio.sleep(0.01)
    assert desk.recorded == []
    await limit_pages(desk.store, 1_000_000)
    await desk.written()
    assert desk.recorded == list(scenes)
    assert desk.history.spoilt == 0


async def test_a_value_that_the_store_refuses_stops_only_its_own_call(desk: Desk) -> None:
    desk.ends(msgspec.structs.replace(call("internal", "spoilt"), cause=2**80))
    desk.ends(call("outbound_by_phone", "next"))
    await desk.written()
    assert list(await desk.rows()) == ["next"]
    assert desk.history.spoilt == 1


async def test_whoever_was_identified_during_or_after_the_call_is_in_its_record(desk: Desk) -> None:
    first, second = call("internal", "first"), call("outbound_by_phone", "second")
    desk.bus.publish(CallStarted(NOW, first))
    desk.bus.publish(CallIdentified(NOW, "first", "customer-1"))
    desk.bus.publish(CallEnded(NOW, first))
    desk.ends(second)
    desk.bus.publish(CallIdentified(NOW, "second", "customer-2"))
    await desk.written()
    rows = await desk.rows()
    assert [rows[key].customer_id for key in ("first", "second")] == ["customer-1", "customer-2"]
