"""Recordings of real calls: who is on which side at which second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, plays
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.waiting import until
from pbxd.calls.model import Direction
from pbxd.desk.result import Result
from pbxd.events import AgentState
from pbxd.recordings import queries
from pbxd.recordings.model import Recording
from pbxd.recordings.policy import Mode, Policy
from tests.pbx.verbs import Pressing, forget, in_step, pressing

CALLER = "01012345678"
A, B, C = 660, 880, 440
SECOND = 8000  # moments


@pytest.fixture(autouse=True)
def empty_spool(office: Office) -> None:
    """Nothing of other tests' calls."""
    for file in office.spool.glob("rec-*"):
        file.unlink()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", records=True) as made:
        await in_step(made.daemon.recordings._mirror)
        yield made
    await forget(office, "pbxd/record")
    for file in office.spool.glob("rec-*"):
        file.unlink()


async def recording(desk: Pressing) -> Recording:
    """The only one."""
    found: tuple[Recording, ...] = ()

    async def there() -> bool:
        nonlocal found
        async with desk.daemon.store.reading() as conn:
            found = (await queries.listed(conn, queries.Filter())).rows
        return bool(found)

    await until(there, "it is taken in", 20)
    (one,) = found
    return one


class Heard:
    """A kept recording: which tone is on a side at a second."""

    def __init__(self, file: Path) -> None:
        parts = []
        with av.open(str(file)) as container:
            for frame in container.decode(audio=0):
                self.rate = frame.sample_rate
                data = frame.to_ndarray()
                parts.append(data.reshape(-1, 2).T if data.shape[0] == 1 else data)
        self._sides: Any = np.concatenate(parts, axis=1).astype(float)

    def tone(self, side: int, at: float) -> int:
        """Hz, to the next ten; 0 silence. A quarter of a second is looked at."""
        start = round(at * self.rate)
        part = self._sides[side, start : start + self.rate // 4]
        if np.abs(part).max() < 0.01:
            return 0
        power = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        return round(float(np.argmax(power)) * self.rate / len(part) / 10) * 10

    def when(self, side: int, hz: int) -> list[float]:
        """At which quarters of a second this tone is on a side."""
        count = self._sides.shape[1] // (self.rate // 4)
        return [n / 4 for n in range(count) if abs(self.tone(side, n / 4) - hz) <= 10]


async def test_a_transferred_call_is_one_recording(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone, desk_phone: MakePhone
) -> None:
    first, second = await talk_phone("101", A), await desk_phone("102", B)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await first.wait_ringing()
    await asyncio.sleep(1.5)  # it rings for a while: that is not kept
    await first.answer()
    await desk.until_talks("101", CALLER)
    await asyncio.sleep(3)
    assert (await desk.press(desk.daemon.desk.transfer, "101", to="102")).ok
    await second.wait_ringing()
    await second.answer()
    await desk.until_talks("102", CALLER)
    await asyncio.sleep(3)
    await call.hang_up()
    kept = await recording(desk)
    assert (kept.faults, kept.direction, kept.number) == ((), Direction.IN, "+821012345678")
    heard = Heard(desk.daemon.recordings.path(kept))
    customer, ours, theirs = heard.when(0, C), heard.when(1, A), heard.when(1, B)
    assert len(customer) / 4 > kept.seconds - 1, "the customer is on the left all the time"
    assert ours[0] <= 0.75, "it begins with the answer"
    assert len(ours) >= 10
    assert len(theirs) >= 10
    assert max(ours) < min(theirs), "each at his time"
    assert theirs[-1] > kept.seconds - 1.25
    assert not heard.when(0, A)
    assert not heard.when(1, C)


async def test_hold_consultation_and_conference_are_one_recording(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone, desk_phone: MakePhone
) -> None:
    first, second = await talk_phone("101", A), await desk_phone("102", B)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await first.wait_ringing()
    await first.answer()
    await desk.until_talks("101", CALLER)
    await asyncio.sleep(1.5)
    verbs = desk.daemon.desk
    assert (await desk.press(verbs.consult, "101", to="102")).ok
    await second.wait_ringing()
    await second.answer()
    await desk.until_talks("101", "102")
    await asyncio.sleep(1.5)
    assert (await desk.press(verbs.merge, "101")).ok
    await until(lambda: (now := desk.sees("101")) is not None and now.conference, "all talk")
    await asyncio.sleep(2)
    await call.hang_up()
    await asyncio.sleep(2.5)  # the agents talk on without him
    await first.hang_up()
    await second.hang_up()
    kept = await recording(desk)
    assert kept.faults == ()
    heard = Heard(desk.daemon.recordings.path(kept))
    assert len(heard.when(0, C)) / 4 > kept.seconds - 1, "the customer all the time"
    ours = heard.when(1, A)
    assert ours[0] <= 0.75
    asked = [at for at in (2.5, 2.75) if heard.tone(1, at) in (A, B)]
    assert not asked, "what the agents say to each other is not for the customer"


async def test_a_call_that_a_colleague_picks_up(
    desk: Pressing, city: City, desk_phone: MakePhone, talk_phone: MakeTalkPhone
) -> None:
    first = await desk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await first.wait_ringing()
    await talk_phone("102", B)
    await until(lambda: desk.sees("101") is not None, "it is known who rings")
    agents, theirs = desk.daemon.agents, desk.agents["102"].id
    await until(lambda: agents.state(theirs) is AgentState.AVAILABLE, "the phone is known")
    assert (await desk.press(desk.daemon.desk.pick_up, "102")).ok  # the phone answers by itself
    await desk.until_talks("102", CALLER)
    await asyncio.sleep(2.5)
    await call.hang_up()
    kept = await recording(desk)
    assert (kept.faults, kept.extension) == ((), "102")
    heard = Heard(desk.daemon.recordings.path(kept))
    assert heard.when(1, B)[0] <= 0.75
    assert len(heard.when(0, C)) / 4 > kept.seconds - 1
    assert not heard.when(1, A)


async def test_a_call_out_and_a_pause(
    desk: Pressing, city: City, talk_phone: MakeTalkPhone
) -> None:
    phone = await talk_phone("101", A)
    me = desk.agents["101"]
    number = plays(C)
    agents = desk.daemon.agents
    await until(lambda: agents.state(me.id) is AgentState.AVAILABLE, "the phone is known")
    assert (await desk.daemon.desk.dial(me.id, number, "record-out")).ok
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", number)
    key = (await desk.call()).key
    recordings = desk.daemon.recordings
    await asyncio.sleep(2)
    assert (await recordings.pause(me, key, True)).ok
    await asyncio.sleep(2)
    assert (await recordings.pause(me, key, False)).ok
    await asyncio.sleep(2)
    await phone.hang_up()
    kept = await recording(desk)
    assert (kept.faults, kept.direction) == ((), Direction.OUT)
    ((begun, ended),) = kept.pauses
    assert 1.5 < ended - begun < 3
    heard = Heard(recordings.path(kept))
    for side, hz in ((0, C), (1, A)):
        middle = (begun + ended) / 2 - 0.125
        assert heard.tone(side, middle) == 0, "nothing of the card number"
        assert heard.tone(side, begun - 0.6) == pytest.approx(hz, abs=10)
        assert heard.tone(side, ended + 0.5) == pytest.approx(hz, abs=10)


async def test_not_recorded_where_the_office_does_not_want_it(
    desk: Pressing, office: Office, city: City, talk_phone: MakeTalkPhone
) -> None:
    await desk.daemon.recordings.set_policy(Policy(incoming=Mode.NEVER))
    await in_step(desk.daemon.recordings._mirror)
    phone = await talk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CALLER)
    key = (await desk.call()).key
    refused = await desk.daemon.recordings.pause(desk.agents["101"], key, True)
    assert refused.result is Result.REFUSED
    assert list(office.spool.glob("rec-*")) == []
    await call.hang_up()


async def test_on_demand_all_of_it_is_kept(
    desk: Pressing, office: Office, city: City, talk_phone: MakeTalkPhone
) -> None:
    recordings = desk.daemon.recordings
    await recordings.set_policy(Policy(incoming=Mode.DEMAND))
    phone = await talk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CALLER)
    assert recordings.recorded(await desk.call()) == "demand"
    await asyncio.sleep(2)
    key = (await desk.call()).key
    assert (await recordings.keep(desk.agents["101"], key)).ok
    assert recordings.recorded(await desk.call()) == "on"
    await asyncio.sleep(1)
    await call.hang_up()
    kept = await recording(desk)
    assert kept.faults == ()
    assert Heard(recordings.path(kept)).when(1, A)[0] <= 0.75, "from its beginning"

    call = await city.call(MAIN_NUMBER, CALLER, audio=C)  # nobody asks
    await phone.wait_ringing()
    await phone.answer()
    await desk.until_talks("101", CALLER)
    assert len(list(office.spool.glob("rec-*"))) == 1
    await call.hang_up()
    await until(lambda: not list(office.spool.glob("rec-*")), "it is thrown away", 20)
    async with desk.daemon.store.reading() as conn:
        assert len((await queries.listed(conn, queries.Filter())).rows) == 1


@pytest.mark.parametrize("way", ["dialled", "clicked"])
async def test_a_call_in_the_house(
    desk: Pressing, talk_phone: MakeTalkPhone, desk_phone: MakePhone, way: str
) -> None:
    recordings = desk.daemon.recordings
    await recordings.set_policy(Policy(internal=Mode.ALWAYS))
    await in_step(recordings._mirror)
    first, second = await talk_phone("101", A), await desk_phone("102", B)
    me = desk.agents["101"]
    agents = desk.daemon.agents
    await until(lambda: agents.state(me.id) is AgentState.AVAILABLE, "the phone is known")
    if way == "dialled":
        await first.dial("102")
    else:
        assert (await desk.daemon.desk.dial(me.id, "102", "house")).ok
        await first.wait_ringing()
        await first.answer()
    await second.wait_ringing()
    await second.answer()
    await desk.until_talks("101", "102")
    await asyncio.sleep(1.5)
    key = (await desk.call()).key
    assert (await recordings.pause(me, key, True)).ok
    await asyncio.sleep(1.5)
    assert (await recordings.pause(me, key, False)).ok
    await asyncio.sleep(1)
    await first.hang_up()
    kept = await recording(desk)
    assert (kept.faults, kept.direction, kept.number) == ((), Direction.INTERNAL, "102")
    ((begun, ended),) = kept.pauses
    heard = Heard(recordings.path(kept))
    assert heard.when(0, B)[0] <= 0.75
    assert heard.when(1, A)
    assert heard.tone(0, (begun + ended) / 2) == 0


async def test_recorded_while_pbxd_is_stopped(
    office: Office, city: City, talk_phone: MakeTalkPhone, tmp_path: Path
) -> None:
    async with pressing(office, tmp_path, "101", catches_up=True, records=True) as desk:
        await in_step(desk.daemon.recordings._mirror)
    phone = await talk_phone("101", A)
    call = await city.call(MAIN_NUMBER, CALLER, audio=C)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await asyncio.sleep(2.5)
    await call.hang_up()
    async with pressing(office, tmp_path, catches_up=True, records=True) as desk:
        kept = await recording(desk)
        assert (kept.number, kept.extension, kept.faults) == ("+821012345678", "101", ())
        assert len(Heard(desk.daemon.recordings.path(kept)).when(1, A)) >= 7
