"""The supervisor: every long-lived task has a name, an owner and a fate.

A service that raises is logged, counted and restarted alone, with a growing pause. Shutdown goes
stage by stage, within a time limit that names who is late. This is the one place where tasks are
made.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")
Run = Callable[[], Awaitable[None]]

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0  # a service that ran this long starts again with the short pause


class Stage(IntEnum):
    """When a service stops: lower stages first."""

    ACCEPT = 0  # doors: HTTP, FastAGI
    BACKGROUND = 1  # the link, timers
    DRAIN = 2  # what still has to be written


@dataclass(slots=True)
class _Service:
    name: str
    run: Run
    stage: Stage
    finish: Run | None
    task: asyncio.Task[None] | None = field(default=None)


class Supervisor:
    """Owns the process's tasks; `stop()` ends them in stages within `limit_s` seconds in all."""

    def __init__(self, limit_s: float = 5.0) -> None:
        self._limit_s = limit_s
        self._services: list[_Service] = []
        self._passing: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self.failures: Counter[str] = Counter()

    def service(
        self,
        name: str,
        run: Run,
        *,
        stage: Stage = Stage.BACKGROUND,
        finish: Run | None = None,
    ) -> None:
        """Run `run` for ever under `name`.

        At shutdown `finish` (if any) is awaited first, so that the service can write what it
        holds; then the task is cancelled.
        """
        service = _Service(name, run, stage, finish)
        service.task = asyncio.get_running_loop().create_task(self._keep(service), name=name)
        self._services.append(service)

    def once(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run one passing piece of work; a failure is logged, and shutdown waits for its end."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._passing.add(task)
        task.add_done_callback(self._passed)
        return task

    async def stop(self) -> None:
        """End everything, stage by stage; who is late is named in the log and cancelled."""
        self._stopping = True
        share = self._limit_s / (len(Stage) + 1)
        for stage in Stage:
            members = [service for service in self._services if service.stage is stage]
            finishing = [service.finish() for service in members if service.finish]
            await self._within(share, f"finish {stage.name.lower()}", *finishing)
            await self._cancel([service.task for service in members if service.task], share)
        await self._cancel(list(self._passing), share)
        self._services.clear()

    async def _keep(self, service: _Service) -> None:
        pause = FIRST_PAUSE_S
        loop = asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            try:
                await service.run()
            except asyncio.CancelledError:
                raise
            except Exception:
                self.failures[service.name] += 1
                log.exception("service failed", service=service.name, again_in_s=pause)
            else:
                log.info("service ended", service=service.name)
                return
            if loop.time() - began > STEADY_AFTER_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _passed(self, task: asyncio.Task[Any]) -> None:
        self._passing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures[task.get_name()] += 1
            log.error("task failed", task=task.get_name(), exc_info=error)

    async def _within(self, limit_s: float, what: str, *work: Awaitable[None]) -> None:
        if not work:
            return
        try:
            async with asyncio.timeout(limit_s):
                results = await asyncio.gather(*work, return_exceptions=True)
        except TimeoutError:
            log.warning("late at shutdown", stage=what)
            return
        for result in results:
            if isinstance(result, Exception):
                log.error("failed at shutdown", stage=what, exc_info=result)

    async def _cancel(self, tasks: list[asyncio.Task[Any]], limit_s: float) -> None:
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=limit_s)
        for task in late:
            log.warning("late at shutdown", task=task.get_name())


async def first_of(*events: asyncio.Event, timeout_s: float | None = None) -> bool:
    """Until one of the events is set; False: none was in that time."""
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(event.wait()) for event in events]
        done, _ = await asyncio.wait(
            waiting, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
        )
        for task in waiting:
            task.cancel()
    return bool(done)
