"""A scheduled call with no browser anywhere: the agent's phone, then the customer's, one record."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.errors import Conflict, InvalidInput
from pbxd.scheduled import queries
from pbxd.scheduled.model import ScheduledCall, State
from tests.pbx.verbs import Pressing, pressing

A, D = 660, 880
SOON = timedelta(milliseconds=300)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101") as made:
        yield made


async def becomes(desk: Pressing, call: ScheduledCall, state: State) -> ScheduledCall:
    found = call

    async def there() -> bool:
        nonlocal found
        found = await desk.daemon.scheduled.get(call.id)
        return found.state is state

    await until(there, f"it is {state.value}", 15)
    return found


async def test_at_its_time_the_agent_then_the_customer(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    agent, called = desk.agents["101"], len(city.shown_at(plays(D)))
    due = desk.daemon.clock() + SOON
    call = await desk.daemon.scheduled.add(agent.id, "010-0000-0880", due, "계약 갱신")
    await phone.wait_ringing()
    live = await desk.call()
    assert live.scheduled
    await becomes(desk, call, State.RINGING)
    with pytest.raises(Conflict):
        await desk.daemon.scheduled.cancel(call.id, call.version)
    await phone.answer()
    await until(lambda: len(city.shown_at(plays(D))) > called, "the customer is called")
    assert city.shown_at(plays(D))[-1] == MAIN_NUMBER
    await phone.hang_up()
    done = await becomes(desk, call, State.DONE)
    await until(lambda: desk.daemon.history.written == 1, "the record is on disk")
    assert done.call_id == live.key


async def test_not_picked_up_is_tried_again_later(desk: Pressing, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101", A)
    due = desk.daemon.clock() + SOON
    call = await desk.daemon.scheduled.add(desk.agents["101"].id, "01000000880", due)
    await phone.wait_ringing()
    await phone.refuse()
    again = await becomes(desk, call, State.PENDING)
    assert again.attempts == 1
    assert again.reason
    assert again.next_at > again.due_at + timedelta(minutes=4)


async def test_what_was_being_dialled_when_pbxd_died_is_never_dialled_again(
    desk: Pressing, desk_phone: MakePhone
) -> None:
    due = desk.daemon.clock() + timedelta(hours=1)
    call = await desk.daemon.scheduled.add(desk.agents["101"].id, "01000000880", due)
    ringing = dataclasses.replace(call, state=State.RINGING, attempts=1)
    async with desk.daemon.store.writing() as conn:
        assert await queries.keep(conn, ringing, call.version)
    await desk.daemon.scheduled._interrupted()
    assert (await becomes(desk, call, State.FAILED)).reason


async def test_change_cancel_and_undo(desk: Pressing) -> None:
    scheduled, agent = desk.daemon.scheduled, desk.agents["101"]
    due = desk.daemon.clock() + timedelta(hours=1)
    call = await scheduled.add(agent.id, "010 1234 5678", due)
    assert call.number == "+821012345678"
    await scheduled.change(call.id, "02-555-0100", due + timedelta(hours=1), "메모", call.version)
    with pytest.raises(Conflict):
        await scheduled.cancel(call.id, call.version)
    await scheduled.cancel(call.id, call.version + 1)
    await scheduled.restore(call.id, call.version + 2)
    assert (await scheduled.get(call.id)).state is State.PENDING
    for number, wrong in (
        ("hello", due),
        ("0021234567890", due),
        ("01012345678", due - 2 * due.resolution - timedelta(hours=2)),
    ):
        with pytest.raises(InvalidInput):
            await scheduled.add(agent.id, number, wrong)
