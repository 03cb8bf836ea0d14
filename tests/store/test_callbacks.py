"""The life of callbacks: one open item a caller, whatever happens in which order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from pbxd.app import Daemon, build
from pbxd.callbacks import queries
from pbxd.callbacks.model import Callback, Ending, Policy, Request, Source
from pbxd.calls import queries as calls
from pbxd.calls.model import Direction, Outcome, Unanswered
from pbxd.calls.record import CallRecord
from pbxd.config import Settings
from pbxd.desk.result import CommandResult, Result
from pbxd.desk.service import Desk
from pbxd.errors import Conflict, InvalidInput
from pbxd.events import CallbackDue
from pbxd.store.metadata import new_id
from tests.store.test_blacklist import NOW, Clock

NUMBER, OTHER = "+821012345678", "+821012345679"


class Dials:
    """A desk that says yes after a moment, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.answer = CommandResult(Result.OK)

    async def dial(
        self, agent_id: str, number: str, command_id: str, customer_id: str
    ) -> CommandResult:
        self.count += 1
        await asyncio.sleep(0)
        return self.answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dials() -> Dials:
    return Dials()


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock, dials: Dials) -> AsyncIterator[Daemon]:
    made = await build(Settings.model_validate({"store": {"directory": tmp_path}}), clock)
    await made.callbacks.load()
    made.callbacks._desk = cast(Desk, dials)
    yield made
    await made.stop()


def wish(key: str, number: str = NUMBER, at: datetime = NOW, **more: Any) -> Request:
    made = Request(key, number, Source.HOURS, at)
    return replace(made, **more)


async def opened(daemon: Daemon) -> tuple[Callback, ...]:
    async with daemon.store.reading() as conn:
        return await queries.listed(conn)


async def call(
    daemon: Daemon,
    direction: Direction,
    outcome: Outcome,
    minutes: float,
    reason: Unanswered = Unanswered.NONE,
    number: str = NUMBER,
) -> CallRecord:
    """A call that began so many minutes after NOW is recorded."""
    at = NOW + timedelta(minutes=minutes)
    record = CallRecord(
        id=new_id(),
        linkedid=new_id(),
        direction=direction,
        outcome=outcome,
        number=number,
        raw=number,
        name="",
        withheld=False,
        dialled="",
        trunk="trunk",
        extension="101",
        other_extension="",
        clicked=False,
        started_at=at,
        rang_at=None,
        answered_at=at if outcome is Outcome.ANSWERED else None,
        ended_at=at + timedelta(seconds=20),
        end_known=True,
        ring_seconds=5,
        talk_seconds=15,
        hold_seconds=0,
        cause=16,
        reason=reason,
    )
    async with daemon.store.writing() as conn:
        await calls.save(conn, record, "")
    await daemon.callbacks.follow(record.id)
    return record


async def test_wishes_of_one_caller_join_and_none_counts_twice(daemon: Daemon) -> None:
    ask = daemon.callbacks.ask
    first = await ask(wish("a", note="급함"))
    assert first is not None
    assert await ask(wish("a")) is None
    later = NOW + timedelta(hours=1)
    second = await ask(wish("b", at=later, source=Source.WEB, note="견적 문의", language="ko"))
    assert second is not None
    assert second.id == first.id
    assert (second.count, second.asked_at, second.last_at) == (2, NOW, later)
    assert (second.source, second.note, second.language) == (Source.HOURS, "급함\n견적 문의", "ko")
    await ask(wish("c", OTHER))
    await ask(wish("d", "", message="1.wav"))
    await ask(wish("e", "", message="2.wav"))
    assert len(await opened(daemon)) == 4, "messages without a number are each their own"
    assert daemon.callbacks.waiting == (4, NOW)


async def test_never_two_dials_in_flight(daemon: Daemon, dials: Dials, clock: Clock) -> None:
    item = await daemon.callbacks.ask(wish("a"))
    assert item is not None
    results = await asyncio.gather(
        *(daemon.callbacks.dial(item.id, f"agent{n}", f"c{n}") for n in range(10))
    )
    assert dials.count == 1
    assert sorted(result.result for result in results) == [Result.OK] + [Result.REFUSED] * 9
    clock.now = NOW + timedelta(minutes=6)  # whatever became of it
    assert (await daemon.callbacks.dial(item.id, "agent2", "c20")).ok
    dials.answer = CommandResult(Result.REFUSED)
    clock.now = NOW + timedelta(minutes=20)
    assert not (await daemon.callbacks.dial(item.id, "agent1", "c21")).ok
    dials.answer = CommandResult(Result.OK)
    assert (await daemon.callbacks.dial(item.id, "agent1", "c22")).ok, "the lock was given back"


async def test_a_try_is_counted_once_and_frees_it(daemon: Daemon) -> None:
    item = await daemon.callbacks.ask(wish("a"))
    assert item is not None
    await daemon.callbacks.dial(item.id, "agent", "c")
    record = await call(daemon, Direction.OUT, Outcome.NO_ANSWER, 1)
    await daemon.callbacks.follow(record.id)
    (after,) = await opened(daemon)
    assert (after.tries, after.last_result, after.dialling_until) == (1, "no_answer", None)
    await daemon.callbacks.dial(item.id, "agent", "c2")
    await call(daemon, Direction.OUT, Outcome.CANCELLED, 2)
    (after,) = await opened(daemon)
    assert (after.tries, after.dialling_until) == (1, None), "our own phone: no try"


@pytest.mark.parametrize("direction", [Direction.IN, Direction.OUT])
async def test_reached_by_any_route(daemon: Daemon, direction: Direction) -> None:
    item = await daemon.callbacks.ask(wish("a"))
    assert item is not None
    await call(daemon, direction, Outcome.ANSWERED, -5)
    assert len(await opened(daemon)) == 1, "they talked before he asked"
    await call(daemon, direction, Outcome.ANSWERED, 5, number=OTHER)
    assert len(await opened(daemon)) == 1, "somebody else"
    await call(daemon, direction, Outcome.ANSWERED, 5)
    assert await opened(daemon) == ()
    assert (await daemon.callbacks.get(item.id)).ending is Ending.REACHED


async def test_it_may_be_left_to_people_to_close(daemon: Daemon) -> None:
    await daemon.callbacks.set_policy(Policy(close_when_reached=False))
    await daemon.callbacks.ask(wish("a"))
    await call(daemon, Direction.OUT, Outcome.ANSWERED, 5)
    (after,) = await opened(daemon)
    assert (after.tries, after.last_result) == (1, "answered")


async def test_missed_and_abandoned_calls_by_themselves(daemon: Daemon) -> None:
    await call(daemon, Direction.IN, Outcome.MISSED, 0)
    assert await opened(daemon) == (), "not unless the office wants it"
    await daemon.callbacks.set_policy(Policy(missed=True))
    record = await call(daemon, Direction.IN, Outcome.MISSED, 1, Unanswered.NO_ANSWER)
    await daemon.callbacks.follow(record.id)
    await call(daemon, Direction.IN, Outcome.ABANDONED, 2, Unanswered.GAVE_UP, OTHER)
    (item,) = await opened(daemon)
    assert (item.number, item.source, item.count) == (NUMBER, Source.MISSED, 1)
    await daemon.callbacks.set_policy(Policy(missed=True, abandoned=True))
    await call(daemon, Direction.IN, Outcome.ANSWERED, 9, number=OTHER)
    await call(daemon, Direction.IN, Outcome.ABANDONED, 8, Unanswered.GAVE_UP, OTHER)
    assert len(await opened(daemon)) == 1, "read back late: he was answered since"
    await call(daemon, Direction.IN, Outcome.BLOCKED, 10, Unanswered.BLOCKED, "+82212345678")
    assert len(await opened(daemon)) == 1


async def test_complete_all_of_a_customer_and_undo(daemon: Daemon) -> None:
    for key, number in (("a", NUMBER), ("b", OTHER), ("c", "+82255512345")):
        await daemon.callbacks.ask(wish(key, number))
    gone = await daemon.callbacks.complete_all([NUMBER, OTHER], "u")
    assert len(gone) == 2
    assert [item.number for item in await opened(daemon)] == ["+82255512345"]
    await daemon.callbacks.ask(wish("d"))  # he calls again meanwhile
    await daemon.callbacks.reopen([item.id for item in gone])
    assert sorted(item.number for item in await opened(daemon)) == sorted(
        [NUMBER, OTHER, "+82255512345"]
    )


async def test_an_agents_promise_its_reminder_and_the_hand_over(
    daemon: Daemon, clock: Clock
) -> None:
    callbacks = daemon.callbacks
    due = NOW + timedelta(minutes=30)
    with pytest.raises(InvalidInput):
        await callbacks.promise("0", "agent", due, "")
    with pytest.raises(InvalidInput):
        await callbacks.promise("01012345678", "agent", NOW, "")
    item = await callbacks.promise("010-1234-5678", "agent", due, " 견적 ")
    assert (item.number, item.note, item.agent_id) == (NUMBER, "견적", "agent")
    told: list[CallbackDue] = []
    daemon.bus.subscribe(CallbackDue, told.append)
    await callbacks.look()
    assert told == []
    clock.now = due
    await callbacks.look()
    await callbacks.look()
    assert [(event.agent_id, event.note) for event in told] == [("agent", "견적")]
    clock.now = due + timedelta(minutes=31)
    await callbacks.look()
    (after,) = await opened(daemon)
    assert after.agent_id == "", "overdue: the team's"


async def test_two_who_assign_the_same(daemon: Daemon) -> None:
    item = await daemon.callbacks.ask(wish("a"))
    assert item is not None
    await daemon.callbacks.assign(item.id, item.version, "one", None, "내가 함")
    with pytest.raises(Conflict):
        await daemon.callbacks.assign(item.id, item.version, "two", None, "")
    (after,) = await opened(daemon)
    assert (after.agent_id, after.note) == ("one", "내가 함")


async def test_locks_of_a_dead_daemon_are_forgotten(daemon: Daemon) -> None:
    item = await daemon.callbacks.ask(wish("a"))
    assert item is not None
    assert (await daemon.callbacks.dial(item.id, "agent", "c")).ok
    await daemon.callbacks.load()
    (after,) = await opened(daemon)
    assert not after.in_flight(datetime(2026, 11, 21, 3, 1, tzinfo=UTC))
