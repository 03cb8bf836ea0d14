"""Waiting queues on the real PBX: music, the answer, priority, who is away, and pbxd gone."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from lab.errors import LabError
from lab.hearing import loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.agents.presence import By
from pbxd.app import build
from pbxd.calls import queries as call_queries
from pbxd.calls.model import LegState
from pbxd.calls.queries import CallFilter
from pbxd.errors import InvalidInput
from pbxd.events import CommandSettled
from pbxd.ports import KnownCaller
from pbxd.queues.model import Queue, Strategy
from tests.pbx.verbs import Pressing, hears_more, pressing

CALLER, VIP = "01012345678", "01099998888"
A = 660


class OneVip:
    """A CRM that knows one caller, who is important."""

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        return (KnownCaller("1", "김서준", vip=True),) if number == "+82" + VIP[1:] else ()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", directory=OneVip()) as made:
        yield made
        for queue in made.daemon.queues.all():
            if made.daemon.link.up:
                await made.daemon.queues.remove(queue.word)
    link = await office.ami()
    await link.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="x")
    await link.action("DBDel", Family="pbxd/did", Key=MAIN_NUMBER)
    link.close()


async def queue(desk: Pressing, *here: str, **more: object) -> Queue:
    """A queue for the office's number, whose members are both agents; `here` are logged in."""
    made = Queue(
        "consult",
        "상담",
        strategy=Strategy.LINEAR,
        number=MAIN_NUMBER,
        members=tuple(agent.id for agent in desk.agents.values()),
        here=frozenset(desk.agents[extension].id for extension in here),
        **more,  # type: ignore[arg-type]
    )
    assert await desk.daemon.queues.save(made, new=True)
    return made


def shown(desk: Pressing) -> Queue:
    found = desk.daemon.queues.get("consult")
    assert found is not None
    return found


async def test_a_caller_waits_with_music_and_is_answered(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await queue(desk)
    call = await city.call(MAIN_NUMBER, CALLER, audio=440)
    await call.wait_answered()
    await until(lambda: len(desk.daemon.queues.callers.waiting(shown(desk))) == 1, "one waits")
    await until(lambda: loud_seconds(call.heard) > 1, "music is heard", 15)
    assert not phone.calls, "nobody is logged in"
    assert await desk.daemon.queues.log_in("consult", desk.agents["101"].id, True)
    await phone.wait_ringing()
    await phone.answer()
    await hears_more(call.heard, A)
    await until(
        lambda: desk.daemon.queues.callers.today(shown(desk)).answered == 1, "it is counted"
    )
    assert desk.daemon.queues.callers.waiting(shown(desk)) == {}
    await desk.until_talks("101", CALLER)
    await call.hang_up()
    await phone.wait_idle()
    await desk.daemon.queues.load()
    assert desk.daemon.queues.callers.today(shown(desk)).answered == 1, "and on disk"


async def test_a_vip_is_served_before_who_came_first(
    desk: Pressing, office: Office, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await queue(desk)
    first = await city.call(MAIN_NUMBER, CALLER)
    await first.wait_answered()
    await until(lambda: len(desk.daemon.queues.callers.waiting(shown(desk))) == 1, "one waits")
    vip = await city.call(MAIN_NUMBER, VIP)
    await until(lambda: len(desk.daemon.queues.callers.waiting(shown(desk))) == 2, "two wait")
    stand = await office.cli(f"queue show {shown(desk).asterisk_name}")
    await desk.daemon.queues.log_in("consult", desk.agents["101"].id, True)
    await phone.wait_ringing()
    assert VIP in phone.incoming[0]["peeruri"], f"he is the first of {stand}"
    await phone.answer()
    await desk.until_talks("101", VIP)
    await vip.hang_up()
    await first.hang_up()
    await phone.wait_idle()


async def test_two_queues_cannot_have_one_number(desk: Pressing) -> None:
    await queue(desk)
    with pytest.raises(InvalidInput) as refusal:
        await desk.daemon.queues.save(Queue("other", "기술", number=MAIN_NUMBER), new=True)
    assert refusal.value.field == "number"


async def test_who_gives_up_is_counted_and_who_is_away_not_rung(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await queue(desk, "101")
    presence = desk.daemon.presence
    reason = presence.reasons()[0]
    await presence.away(desk.agents["101"].id, reason.id, By.SELF)
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.wait_answered()
    await until(lambda: len(desk.daemon.queues.callers.waiting(shown(desk))) == 1, "one waits")
    await call.hang_up()
    await until(
        lambda: desk.daemon.queues.callers.today(shown(desk)).abandoned == 1, "it is counted"
    )
    assert phone.incoming == []
    assert desk.daemon.queues.callers.today(shown(desk)).service_level == 0


async def test_after_the_longest_wait_the_call_goes_elsewhere(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    two = await desk_phone("102", A)
    await queue(desk, max_wait=10, overflow="102", service_level=5)
    call = await city.call(MAIN_NUMBER, CALLER)
    await two.wait_ringing(20)
    figures = desk.daemon.queues.callers.today
    await until(lambda: figures(shown(desk)).overflow == 1, "it is counted")
    assert figures(shown(desk)).abandoned == 0
    await call.hang_up()
    await two.wait_idle()


async def test_one_too_many_goes_elsewhere_at_once(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    two = await desk_phone("102", A)
    await queue(desk, most_waiting=1, overflow="102")
    first = await city.call(MAIN_NUMBER, CALLER)
    await first.wait_answered()
    await until(lambda: len(desk.daemon.queues.callers.waiting(shown(desk))) == 1, "one waits")
    second = await city.call(MAIN_NUMBER, VIP)
    await two.wait_ringing()
    assert len(desk.daemon.queues.callers.waiting(shown(desk))) == 1
    await second.hang_up()
    await first.hang_up()
    await two.wait_idle()


async def test_the_place_in_the_line_is_told(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    await desk_phone("101", A)
    await queue(desk, tells_place=True, music="silent")
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.wait_answered()
    await until(lambda: loud_seconds(call.heard) > 2, "the place is told, no music around it", 20)
    await call.hang_up()


async def test_a_caller_comes_to_the_agent_he_talked_with_last(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101", A), await desk_phone("102", A)
    await queue(desk, "101", "102", last_agent_days=30)
    daemon = desk.daemon
    assert (await daemon.desk.dial(desk.agents["102"].id, CALLER, "first-call")).ok
    await two.wait_ringing()
    await two.answer()
    await desk.until_talks("102", CALLER)
    await two.hang_up()
    await until(lambda: daemon.history.written == 1, "the record is on disk")
    call = await city.call(MAIN_NUMBER, CALLER, audio=440)
    await two.wait_ringing()
    assert one.incoming == [], "though he is the first in the queue's order"
    await two.answer()
    await hears_more(call.heard, A)
    await until(lambda: daemon.queues.callers.today(shown(desk)).answered == 1, "it is counted")
    assert daemon.queues.callers.queue_of((await desk.call()).linkedid) == "consult"
    await call.hang_up()
    await two.wait_idle()
    stranger = await city.call(MAIN_NUMBER, "01055556666")
    await one.wait_ringing()
    await stranger.hang_up()
    await one.wait_idle()


async def test_what_a_queue_left_in_asterisk_goes_with_it(desk: Pressing, office: Office) -> None:
    await queue(desk)
    link = await office.ami()
    try:
        await link.action("DBGet", Family="pbxd/queue", Key="consult-name")
        await link.action("DBPut", Family="pbxd/did", Key="029999999", Val="queue:long_gone")
        await desk.daemon.queues.remove("consult")
        for family, key in (("pbxd/queue", "consult-name"), ("pbxd/did", "029999999")):
            with pytest.raises(LabError, match="entry not found"):
                await link.action("DBGet", Family=family, Key=key)
    finally:
        link.close()


async def test_who_waits_is_known_again_after_a_restart(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    await desk_phone("101", A)
    await queue(desk)
    call = await city.call(MAIN_NUMBER, CALLER)
    await call.wait_answered()
    settings = desk.daemon.settings
    await desk.daemon.stop()
    again = await build(settings)
    try:
        await again.start(OneVip())
        found = again.queues.get("consult")
        assert found is not None
        await until(lambda: len(again.queues.callers.waiting(found)) == 1, "one waits", 15)
        await call.hang_up()
        await until(lambda: again.queues.callers.today(found).abandoned == 1, "it is counted")
        await again.queues.remove("consult")
    finally:
        await again.stop()


async def test_pbxd_gone_the_queue_goes_on(
    desk: Pressing, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await queue(desk, "101")
    await desk.daemon.stop()
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await phone.answer()
    await call.hang_up()
    await phone.wait_idle()


async def test_a_queue_that_gives_up_its_line_gets_no_more_of_its_callers(
    desk: Pressing, office: Office
) -> None:
    made = await queue(desk)
    link = await office.ami()
    try:
        await link.action("DBGet", Family="pbxd/did", Key=MAIN_NUMBER)
        assert await desk.daemon.queues.save(dataclasses.replace(made, number=""), new=False)
        with pytest.raises(LabError, match="entry not found"):
            await link.action("DBGet", Family="pbxd/did", Key=MAIN_NUMBER)
    finally:
        link.close()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"word": "A b"}, "word"),
        ({"name": " "}, "name"),
        ({"max_wait": 5}, "max_wait"),
        ({"service_level": 0}, "service_level"),
        ({"overflow": "0021234"}, "overflow"),
        ({"ring_seconds": 3}, "ring_seconds"),
        ({"most_waiting": -1}, "most_waiting"),
        ({"music": "a b"}, "music"),
    ],
)
async def test_what_a_queue_may_not_be(
    desk: Pressing, change: dict[str, object], field: str
) -> None:
    values: dict[str, object] = {"word": "consult", "name": "상담"} | change
    with pytest.raises(InvalidInput) as refusal:
        await desk.daemon.queues.save(Queue(**values), new=True)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert desk.daemon.queues.all() == ()


async def test_codes_of_a_desk_phone_log_in_and_out_and_away(
    desk: Pressing, office: Office, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101", A)
    await queue(desk)

    link = await office.ami()
    link.close()
    agent = desk.agents["101"]
    for code, here in (("*41", True), ("*40", False)):
        await phone.dial(code)
        await until(lambda here=here: (agent.id in shown(desk).here) is here, f"{code} is done")
        await phone.wait_idle()
    reasons = desk.daemon.presence.reasons()
    for code, word in (("*32", reasons[1].word), ("*30", "")):
        await phone.dial(code)
        await until(lambda word=word: _reason(desk, agent.id) == word, f"{code} is done")
        await phone.wait_idle()
    said: list[CommandSettled] = []
    desk.daemon.bus.subscribe(CommandSettled, said.append)
    await phone.dial("*39")
    await until(lambda: bool(said), "there are not so many reasons")
    assert said[0].reason_id == "no-such-code"
    await phone.wait_idle()
    await until(lambda: not desk.daemon.live.calls(), "nobody is left")
    await desk.daemon.history.drain()
    async with desk.daemon.store.reading() as conn:
        rows = (await call_queries.log(conn, CallFilter())).rows
    assert rows == (), "a code is no call"


def _reason(desk: Pressing, agent_id: str) -> str:
    presence = desk.daemon.agents.presence(agent_id)
    return "" if presence is None or presence.reachable else presence.word


async def test_pick_up_by_group(
    desk: Pressing, office: Office, city: City, desk_phone: MakePhone
) -> None:
    one = await desk_phone("101", A)
    two = await desk_phone("102", A)
    daemon = desk.daemon
    only_one = Queue("consult", "상담", members=(desk.agents["101"].id,))
    await daemon.queues.save(only_one, new=True)
    daemon.desk.picking_up.mates = daemon.queues.mates
    link = await office.ami()
    await link.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="ext:102")
    call = await city.call(MAIN_NUMBER, CALLER, audio=440)
    await two.wait_ringing()

    def rings() -> bool:
        return any(
            leg.state is LegState.RINGING
            for one in daemon.live.calls()
            for leg in one.legs_of("102")
        )

    await until(rings, "it is known to ring")
    refusal = await desk.press(daemon.desk.pick_up, "101")
    assert refusal.reason_id == "other-group"
    both = tuple(agent.id for agent in desk.agents.values())
    await daemon.queues.save(dataclasses.replace(only_one, members=both), new=False)
    assert (await desk.press(daemon.desk.pick_up, "101")).ok
    await one.wait_ringing()
    await one.answer()
    await desk.until_talks("101", CALLER)
    await call.hang_up()
    await two.wait_idle()
    await link.action("DBDel", Family="pbxd/did", Key=MAIN_NUMBER)
    link.close()
