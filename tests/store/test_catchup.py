"""Catch-up from real event logs into a real database: once, over rotation, cuts and restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.calls import queries
from pbxd.calls.catchup import CatchUp
from pbxd.calls.history import History
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.events import CallRecorded
from pbxd.ports import KnownCaller
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor
from tests.unit.calls.replay import CORPUS, ENDPOINTS, SCENES, ami_events

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def log_of(*scenes: str) -> bytes:
    return b"".join((CORPUS / f"{scene}.cel").read_bytes() for scene in scenes)


class Nobody:
    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        return ()


class Desk:
    """Everything around one event log; `again()` is a restart of the daemon."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store, self.file = store, file
        self.recorded: list[CallRecorded] = []
        self.again()

    def again(self) -> None:
        bus = Bus()
        bus.subscribe(CallRecorded, self.recorded.append)
        agents = Agents(self.store, bus, lambda: LATER)
        self.live = LiveCalls(ENDPOINTS, new_id, bus)
        self.history = History(self.store, bus, agents, str, lambda: LATER)
        self.catch_up = CatchUp(
            self.file,
            self.store,
            self.history,
            self.live,
            ENDPOINTS,
            str,
            new_id,
            lambda: LATER,
            Nobody(),
        )

    async def drained(self) -> None:
        """Write what waits."""
        supervisor = Supervisor()
        supervisor.service("history", self.history.run)
        await self.history.drain()
        await supervisor.stop()

    async def rows(self) -> list[CallRecord]:
        async with self.store.reading() as conn:
            return list((await queries.log(conn, CallFilter(), size=200)).rows)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path / "pbxd.csv")


async def test_every_call_comes_back_once(desk: Desk) -> None:
    desk.file.write_bytes(log_of(*SCENES))
    written = await desk.catch_up.run()
    rows = await desk.rows()
    assert written == len(rows) == len({row.linkedid for row in rows}) >= len(SCENES)
    assert all(row.end_known for row in rows)
    assert all(one.caught_up for one in desk.recorded)
    for _ in range(2):
        desk.again()
        assert await desk.catch_up.run() == 0
    assert len(await desk.rows()) == len(rows)


async def test_what_we_saw_ourselves_is_not_written_again(desk: Desk) -> None:
    for event in ami_events("held_and_resumed"):
        desk.live.apply(event)
    await desk.drained()
    (seen,) = await desk.rows()
    desk.file.write_bytes(log_of("held_and_resumed"))
    assert await desk.catch_up.run() == 0
    assert await desk.rows() == [seen]


async def test_a_call_whose_end_we_missed_gets_it_and_keeps_its_hold(desk: Desk) -> None:
    events = ami_events("held_and_resumed")
    for event in events[:-6]:
        desk.live.apply(event)
    desk.live.repair((), events[-1].at + timedelta(seconds=60))
    await desk.drained()
    (guess,) = await desk.rows()
    assert not guess.end_known
    desk.file.write_bytes(log_of("held_and_resumed"))
    assert await desk.catch_up.run() == 1
    (row,) = await desk.rows()
    assert row.end_known
    assert row.id == guess.id
    assert (guess.ended_at - row.ended_at).total_seconds() > 50
    assert row.hold_seconds == guess.hold_seconds > 0.8


async def test_a_call_that_died_with_asterisk_ends_at_its_last_sign_of_life(desk: Desk) -> None:
    lines = log_of("inbound_answered").splitlines(keepends=True)
    kept = [one for one in lines if b'"HANGUP"' not in one and b"_END" not in one]
    desk.file.write_bytes(b"".join(kept))
    assert await desk.catch_up.run() == 1
    (row,) = await desk.rows()
    assert row.outcome is Outcome.ANSWERED
    assert not row.end_known


async def test_a_call_that_goes_on_waits_for_its_end_also_over_a_restart(desk: Desk) -> None:
    events, log = ami_events("inbound_answered"), log_of("inbound_answered")
    lines = log.splitlines(keepends=True)
    half = len(lines) // 2
    for event in events[: len(events) // 2]:
        desk.live.apply(event)
    assert len(desk.live.calls()) == 1
    desk.file.write_bytes(b"".join(lines[:half]) + lines[half][:20])
    assert await desk.catch_up.run() == 0
    desk.again()  # it knows nothing of the call now
    desk.file.write_bytes(log)
    assert await desk.catch_up.run() == 1
    (row,) = await desk.rows()
    assert row.end_known


async def test_a_log_that_was_rotated_in_mid_call_loses_nothing(desk: Desk) -> None:
    desk.file.write_bytes(log_of("internal"))
    assert await desk.catch_up.run() == 1
    lines = log_of("inbound_answered").splitlines(keepends=True)
    with desk.file.open("ab") as file:
        file.write(log_of("outbound_by_phone") + b"".join(lines[:4]))
    desk.file.rename(desk.file.with_name("pbxd.csv.1"))
    desk.file.write_bytes(b"".join(lines[4:]) + log_of("inbound_busy"))
    assert await desk.catch_up.run() == 3
    assert len(await desk.rows()) == 4
    assert all(row.end_known for row in await desk.rows())
    desk.again()
    assert await desk.catch_up.run() == 0


async def test_a_log_that_was_rotated_twice_is_read_in_order(desk: Desk) -> None:
    desk.file.write_bytes(log_of("internal"))
    await desk.catch_up.run()
    for number, scene in enumerate(("outbound_by_phone", "inbound_busy")):
        with desk.file.open("ab") as file:
            file.write(log_of(scene))
        desk.file.rename(desk.file.with_name(f"pbxd.csv.{9 - number}"))
    assert await desk.catch_up.run() == 2  # there is no pbxd.csv at all now
    desk.file.write_bytes(log_of("inbound_answered"))
    assert await desk.catch_up.run() == 1


async def test_a_log_that_was_cut_is_read_from_its_beginning(desk: Desk) -> None:
    desk.file.write_bytes(log_of("internal", "outbound_by_phone"))
    await desk.catch_up.run()
    desk.file.write_bytes(log_of("inbound_answered", "held_and_resumed", "inbound_busy"))
    assert await desk.catch_up.run() == 3


async def test_no_log_is_no_failure(desk: Desk) -> None:
    assert await desk.catch_up.run() == 0


async def test_spoilt_lines_cost_themselves_only(desk: Desk) -> None:
    spoilt = b'"CHAN_START","1795217524.0","7.7","7\n\0\xff"",\n' + b"x" * 300 + b"\n"
    desk.file.write_bytes(
        spoilt + log_of("internal") + spoilt + log_of("outbound_by_phone") + spoilt
    )
    assert await desk.catch_up.run() == 2
