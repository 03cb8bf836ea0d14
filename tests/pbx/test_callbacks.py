"""Callbacks on the real PBX: asked for, with pbxd running and stopped, and made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest_asyncio

from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall, plays
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.callbacks import queries
from pbxd.callbacks.model import Callback, Ending, Policy, Source
from pbxd.calls.model import Outcome, Unanswered
from pbxd.desk.result import Result
from pbxd.events import AgentState
from pbxd.recordings.model import Kind
from tests.pbx.test_blacklist import record
from tests.pbx.test_hours import every_day, save
from tests.pbx.test_queues import queue, shown
from tests.pbx.test_recordings import recording
from tests.pbx.verbs import Pressing, forget, in_step, pressing

CALLER_HZ = 440
CALLER = plays(CALLER_HZ)
SAID = {"Read", "Playback", "SayDigits"}
E164 = "+82" + CALLER[1:]


@pytest_asyncio.fixture(loop_scope="session")
async def clean(office: Office) -> AsyncIterator[None]:
    """Nothing is left in Asterisk's database."""
    yield
    await forget(office, "pbxd/hours", "pbxd/callback-rule", "pbxd/callback")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path, clean: None) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        await rules(made)
        yield made


async def rules(desk: Pressing) -> None:
    await in_step(desk.daemon.callbacks._rules)


async def closed(desk: Pressing) -> None:
    await save(desk, every_day(None))


async def item(desk: Pressing, count: int = 1) -> Callback:
    """The newest of so many open ones."""
    found: tuple[Callback, ...] = ()

    async def there() -> bool:
        nonlocal found
        async with desk.daemon.store.reading() as conn:
            found = await queries.listed(conn)
        return len(found) == count

    await until(there, f"{count} callbacks are on the list", 10)
    return found[-1]


class Caller:
    """Somebody who presses when he is asked."""

    def __init__(self, call: CityCall, asked: list[str]) -> None:
        self.call = call
        self._asked = asked

    async def press(self, question: str, keys: str) -> None:
        """Wait until the question (a part of what the dialplan plays) is asked next."""
        await until(lambda: any(question in one for one in self._asked), f"{question} is asked", 25)
        place = next(n for n, one in enumerate(self._asked) if question in one)
        del self._asked[: place + 1]
        if keys:
            await self.call.send_dtmf(keys)

    async def ended(self) -> int:
        return await self.call.wait_ended(25)


async def calls_us(office: Office, city: City, caller: str | None = CALLER) -> Caller:
    """A caller; what the dialplan does is heard."""
    asked: list[str] = []
    link = await office.ami()
    link.listen(
        lambda event: (
            asked.append(event["AppData"])
            if event.get("Event") == "Newexten" and event["Application"] in SAID
            else None
        )
    )
    call = await city.call(MAIN_NUMBER, caller)
    await call.wait_answered(10)
    return Caller(call, asked)


async def test_asked_for_after_hours_and_called_back_from_the_list(
    desk: Pressing, office: Office, city: City, desk_phone: MakePhone
) -> None:
    await closed(desk)
    caller = await calls_us(office, city)
    await caller.press("callback-offer", "1")
    assert await caller.ended() == 16
    wanted = await item(desk)
    assert (wanted.number, wanted.source, wanted.line) == (E164, Source.HOURS, MAIN_NUMBER)
    row = await record(desk)
    assert (row.outcome, row.reason) == (Outcome.CLOSED, Unanswered.CLOSED)

    phone, other = await desk_phone("101"), await desk_phone("102")
    me, colleague = desk.agents["101"], desk.agents["102"]
    callbacks, agents = desk.daemon.callbacks, desk.daemon.agents
    await until(
        lambda: {agents.state(one.id) for one in (me, colleague)} == {AgentState.AVAILABLE},
        "both phones are known",
    )
    assert (await callbacks.dial(wanted.id, me.id, "cb-1")).ok
    await phone.wait_ringing()
    second = await callbacks.dial(wanted.id, colleague.id, "cb-2")
    assert second.result is Result.REFUSED
    await phone.answer()
    await desk.until_talks("101", CALLER)
    await other.wait_idle()
    await phone.hang_up()

    async def reached() -> bool:
        return (await callbacks.get(wanted.id)).ending is Ending.REACHED

    await until(reached, "it is closed by itself", 10)


async def test_asked_for_while_pbxd_is_stopped_it_is_there_once(
    office: Office, city: City, tmp_path: Path, clean: None
) -> None:
    async with pressing(office, tmp_path, "101") as desk:
        await rules(desk)
        await closed(desk)
    caller = await calls_us(office, city)
    await caller.press("callback-offer", "2")
    await caller.press("callback-enter", "12#")  # nobody's number
    await caller.press("callback-wrong", "")
    await caller.press("callback-enter", "01098765431#")
    await caller.press("callback-confirm", "2")  # not this one
    await caller.press("callback-enter", "01098765432#")
    await caller.press("01098765432", "")  # it is read back
    await caller.press("callback-confirm", "1")
    assert await caller.ended() == 16
    for _ in range(2):  # a second start finds nothing more
        async with pressing(office, tmp_path) as desk:
            wanted = await item(desk)
            assert (wanted.number, wanted.count) == ("+821098765432", 1)


async def test_a_spoken_message_is_kept_also_when_he_hangs_up(
    office: Office, city: City, tmp_path: Path, clean: None
) -> None:
    async with pressing(office, tmp_path, "101", records=True) as desk:
        await rules(desk)
        await closed(desk)
        call = await city.call(MAIN_NUMBER, CALLER, audio=CALLER_HZ)
        await call.wait_answered(10)
        await call.send_dtmf("3")
        wanted = await item(desk)
        assert wanted.message
        file = office.spool / wanted.message
        await until(lambda: file.exists() and file.stat().st_size > 40_000, "he speaks", 15)
        await call.hang_up()
        kept = await recording(desk)
        await until(lambda: not file.exists(), "it is pbxd's now", 10)
        assert (kept.kind, kept.number, kept.faults) == (Kind.MESSAGE, E164, ())
        assert await desk.daemon.recordings.message(wanted.message) == kept
        assert kept.seconds > 1.5
        assert (await record(desk)).id == kept.call_id
        with av.open(str(desk.daemon.recordings.path(kept))) as sound:
            parts = [frame.to_ndarray()[0] for frame in sound.decode(audio=0)]
            rate = sound.streams.audio[0].rate
        power = np.abs(np.fft.rfft(np.concatenate(parts).astype(float)))
        heard = np.argmax(power) * rate / (2 * (len(power) - 1))
        assert abs(heard - CALLER_HZ) < 10


async def test_who_hangs_up_in_the_middle_leaves_nothing_half_written(
    desk: Pressing, office: Office, city: City
) -> None:
    await closed(desk)
    caller = await calls_us(office, city)
    await caller.press("callback-offer", "2")
    await caller.press("callback-enter", "0101")
    await caller.call.hang_up()
    row = await record(desk)
    assert row.outcome is Outcome.CLOSED
    assert await desk.daemon.callbacks.read_spool() == 0
    async with desk.daemon.store.reading() as conn:
        assert await queries.listed(conn) == ()


async def test_nobody_answers_and_the_caller_is_offered_one(
    desk: Pressing, office: Office, city: City
) -> None:
    await desk.daemon.callbacks.set_policy(replace(Policy(), nobody=True))
    await rules(desk)
    caller = await calls_us(office, city)  # no phone is there
    await caller.press("callback-offer", "1")
    await caller.ended()
    assert (await item(desk)).source is Source.NOBODY
    assert (await record(desk)).reason is Unanswered.NOBODY


async def test_a_hidden_number_may_be_entered(desk: Pressing, office: Office, city: City) -> None:
    await closed(desk)
    caller = await calls_us(office, city, None)
    await caller.press("callback-hidden", "2")
    await caller.press("callback-enter", "0255512345#")
    await caller.press("callback-confirm", "1")
    await caller.ended()
    assert (await item(desk)).number == "+82255512345"


async def test_three_tries_and_no_more(desk: Pressing, office: Office, city: City) -> None:
    await closed(desk)
    caller = await calls_us(office, city)
    await caller.press("callback-offer", "2")
    for _ in range(3):
        await caller.press("callback-enter", "1#")
    await caller.press("callback-sorry", "")
    await caller.ended()
    async with desk.daemon.store.reading() as conn:
        assert await queries.listed(conn) == ()


async def test_instead_of_waiting_in_a_queue(desk: Pressing, office: Office, city: City) -> None:
    queues = desk.daemon.queues
    await desk.daemon.callbacks.set_policy(replace(Policy(), queue=True))
    await rules(desk)
    await queue(desk)  # nobody is logged in
    caller = await calls_us(office, city)
    await caller.press("callback-queue", "")
    await until(lambda: len(queues.callers.waiting(shown(desk))) == 1, "he waits", 20)
    await caller.call.send_dtmf("1")
    await caller.ended()
    wanted = await item(desk)
    assert (wanted.number, wanted.source) == (E164, Source.QUEUE)
    row = await record(desk)
    assert row.reason is Unanswered.CALLBACK
    await queues.remove("consult")
