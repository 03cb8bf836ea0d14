"""The supervisor: restarts what fails, stops in stages, names who is late."""

from __future__ import annotations

import asyncio

import pytest

from pbxd import tasks
from pbxd.tasks import Stage, Supervisor


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "FIRST_PAUSE_S", 0.001)


async def test_a_failing_service_is_restarted_alone() -> None:
    supervisor = Supervisor()
    third_try = asyncio.Event()
    tries = 0

    async def fails_twice() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ValueError(tries)
        third_try.set()
        await asyncio.Event().wait()

    supervisor.service("fragile", fails_twice)
    await asyncio.wait_for(third_try.wait(), 2)
    assert supervisor.failures["fragile"] == 2
    await supervisor.stop()


async def test_stages_stop_in_order_and_drain_before_the_cancel() -> None:
    supervisor = Supervisor()
    order: list[str] = []
    started = asyncio.Barrier(3)

    async def until_cancelled(name: str) -> None:
        await started.wait()
        try:
            await asyncio.Event().wait()
        finally:
            order.append(name)

    async def drained() -> None:
        order.append("drained")

    supervisor.service(
        "writer", lambda: until_cancelled("writer"), stage=Stage.DRAIN, finish=drained
    )
    supervisor.service("door", lambda: until_cancelled("door"), stage=Stage.ACCEPT)
    await asyncio.wait_for(started.wait(), 2)
    await supervisor.stop()
    assert order == ["door", "drained", "writer"]


async def test_shutdown_does_not_wait_for_ever() -> None:
    supervisor = Supervisor(limit_s=0.2)
    running = asyncio.Event()
    release = asyncio.Event()

    async def deaf() -> None:
        running.set()
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    supervisor.service("deaf", deaf)
    await running.wait()
    await asyncio.wait_for(supervisor.stop(), 2)
    release.set()


async def test_a_failed_passing_task_is_counted() -> None:
    supervisor = Supervisor()

    async def breaks() -> None:
        raise RuntimeError("once")

    task = supervisor.once("breaks", breaks())
    with pytest.raises(RuntimeError):
        await task
    assert supervisor.failures["breaks"] == 1
    await supervisor.stop()
