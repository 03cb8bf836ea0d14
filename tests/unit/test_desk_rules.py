"""The desk's guards: one result a command id, and no bill from a stuck key."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pbxd.desk.ledger import Ledger
from pbxd.desk.limits import DialLimits
from pbxd.desk.result import CommandResult, Result

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def test_a_double_click_is_one_command() -> None:
    ledger, runs = Ledger(), 0
    go = asyncio.Event()

    async def dial() -> CommandResult:
        nonlocal runs
        runs += 1
        await go.wait()
        return CommandResult(Result.OK, call_key="k")

    async with asyncio.TaskGroup() as group:
        first = group.create_task(ledger.once("a", "1", dial))
        second = group.create_task(ledger.once("a", "1", dial))
        await asyncio.sleep(0)
        go.set()
    assert runs == 1
    assert first.result() == second.result()
    assert (await ledger.once("a", "1", dial)).call_key == "k"
    assert runs == 1


async def test_another_agents_same_id_is_another_command() -> None:
    ledger, runs = Ledger(), []

    async def dial() -> CommandResult:
        runs.append(1)
        return CommandResult(Result.OK)

    await ledger.once("a", "1", dial)
    await ledger.once("b", "1", dial)
    assert len(runs) == 2


async def test_a_command_that_broke_may_be_tried_again() -> None:
    ledger = Ledger()

    async def breaks() -> CommandResult:
        raise RuntimeError

    async def works() -> CommandResult:
        return CommandResult(Result.OK)

    with pytest.raises(RuntimeError):
        await ledger.once("a", "1", breaks)
    assert (await ledger.once("a", "1", works)).ok


def test_an_agent_is_slowed_down_and_recovers() -> None:
    limits = DialLimits()
    allowed = sum(limits.take("a", NOW) for _ in range(50))
    assert allowed == 10
    assert limits.take("b", NOW)
    assert limits.take("a", NOW + timedelta(seconds=3))
    assert not limits.take("a", NOW + timedelta(seconds=3))


def test_a_clock_that_jumps_back_gives_nothing_for_free() -> None:
    limits = DialLimits()
    for _ in range(10):
        limits.take("a", NOW)
    assert not limits.take("a", NOW - timedelta(hours=1))
