"""The link when the other side misbehaves: one end for every action, nothing sent twice.

Where panoramisk 1.4 has the fault, the same scenario is played on it first: when a release mends
it, that half of the test fails and says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import panoramisk
import pytest

from pbxd.ami import actions, link
from pbxd.ami.events import AmiEvent
from pbxd.ami.link import Link
from pbxd.ami.reply import Ending
from pbxd.bus import Bus
from pbxd.config import PbxSettings
from pbxd.events import LinkState, PbxLinkChanged
from pbxd.tasks import Supervisor
from tests.unit.ami.peer import Headers, Peer, peer, say

ORIGINATE = actions.Originate("PJSIP/101", "pbxd-1", "pbxd-click", "01012345678")


class Ours:
    """Our link on an emulated peer."""

    def __init__(self, port: int) -> None:
        self.bus = Bus()
        self.states: list[PbxLinkChanged] = []
        self.events: list[AmiEvent] = []
        self.changed = asyncio.Event()
        self.raises = False
        self.bus.subscribe(PbxLinkChanged, self._state)
        settings = PbxSettings(host="127.0.0.1", port=port, user="u", secret="s")  # type: ignore[arg-type]
        self.link = Link(settings, self.bus, lambda: datetime.now(UTC), self._event, self._resync)

    def _state(self, event: PbxLinkChanged) -> None:
        self.states.append(event)
        self.changed.set()

    def _event(self, event: AmiEvent) -> None:
        self.events.append(event)
        self.changed.set()
        if self.raises and len(self.events) == 4:
            raise RuntimeError("a handler with a fault")

    async def _resync(self) -> None:
        pass

    async def until(self, true: object) -> None:
        async with asyncio.timeout(5):
            while not true():  # type: ignore[operator]
                self.changed.clear()
                await self.changed.wait()

    def reasons(self) -> list[str]:
        return [state.reason_id for state in self.states if state.state is LinkState.DOWN]


@asynccontextmanager
async def ours(port: int) -> AsyncIterator[Ours]:
    made = Ours(port)
    supervisor = Supervisor()
    supervisor.service("link", made.link.run)
    try:
        await made.until(lambda: made.link.up)
        yield made
    finally:
        await supervisor.stop()


@asynccontextmanager
async def theirs(port: int) -> AsyncIterator[panoramisk.Manager]:
    manager = panoramisk.Manager(
        host="127.0.0.1", port=port, username="u", secret="s", ping_delay=100,
        reconnect_timeout=0.05,
    )  # fmt: skip
    await manager.connect()
    try:
        yield manager
    finally:
        manager.close()


async def _cut_on_originate(one: Peer, action: Headers, writer: asyncio.StreamWriter) -> bool:
    if action["Action"] != "Originate":
        return False
    writer.close()
    return True


async def test_an_unanswered_originate_is_never_sent_again() -> None:
    async with peer(_cut_on_originate) as bad, theirs(bad.port) as manager:
        await bad.until_sent("Login")
        sent = manager.send_action({"Action": "Originate", "Async": "true"})
        await bad.until_sent("Originate", times=2)  # the fault: a second call
        sent.cancel()
    async with peer(_cut_on_originate) as bad, ours(bad.port) as mine:
        reply = await mine.link.send(ORIGINATE)
        assert reply.ending is Ending.LINK_LOST
        await mine.until(lambda: len(mine.states) > 3 and mine.link.up)
        await mine.link.send(actions.Ping())
        assert len(bad.sent("Originate")) == 1


async def _queued(one: Peer, action: Headers, writer: asyncio.StreamWriter) -> bool:
    if action["Action"] != "Originate":
        return False
    say(
        writer,
        Response="Success",
        ActionID=action["ActionID"],
        Message="Originate successfully queued",
    )
    return True


async def test_a_synchronous_originate_ends(caplog: pytest.LogCaptureFixture) -> None:
    async with peer(_queued) as bad, theirs(bad.port) as manager:
        await bad.until_sent("Login")
        sent = manager.send_action({"Action": "Originate"})
        await bad.until_sent("Originate")
        with pytest.raises(TimeoutError):  # the fault: no end
            await asyncio.wait_for(asyncio.shield(sent), 0.5)
        sent.cancel()
    async with peer(_queued) as bad, ours(bad.port) as mine:
        assert (await mine.link.send(ORIGINATE)).ok


async def _half_a_list(one: Peer, action: Headers, writer: asyncio.StreamWriter) -> bool:
    if action["Action"] != "CoreShowChannels":
        return False
    say(writer, Response="Success", ActionID=action["ActionID"], EventList="start")
    say(writer, Event="CoreShowChannel", ActionID=action["ActionID"], Channel="x")
    writer.close()
    return True


async def test_half_a_list_ends_when_the_link_does() -> None:
    async with peer(_half_a_list) as bad, theirs(bad.port) as manager:
        await bad.until_sent("Login")
        sent = manager.send_action({"Action": "CoreShowChannels"})
        await bad.until_sent("CoreShowChannels")
        with pytest.raises(TimeoutError):  # the fault: no end
            await asyncio.wait_for(asyncio.shield(sent), 0.5)
        sent.cancel()
    async with peer(_half_a_list) as bad, ours(bad.port) as mine:
        reply = await mine.link.send(actions.CoreShowChannels())
        assert reply.ending is Ending.LINK_LOST


async def test_an_answer_that_never_comes_ends_at_its_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(one: Peer, action: Headers, writer: asyncio.StreamWriter) -> bool:
        return action["Action"] == "Hangup"

    monkeypatch.setattr(actions.Action, "deadline_s", 0.2)
    async with peer(silent) as bad, ours(bad.port) as mine:
        assert (await mine.link.send(actions.Hangup("PJSIP/101-1"))).ending is Ending.TIMED_OUT
        assert mine.link.up


async def test_a_raising_handler_costs_its_own_event_only() -> None:
    def ten(writer: asyncio.StreamWriter) -> None:
        for number in range(10):
            say(writer, Event="DeviceStateChange", Device=f"PJSIP/{number}", State="INUSE")

    heard: list[object] = []

    def raises_on_fourth(manager: object, message: object) -> None:
        heard.append(message)
        if len(heard) == 4:
            raise RuntimeError("a handler with a fault")

    async with peer() as good, theirs(good.port) as manager:
        await good.until_sent("Login")
        manager.register_event("DeviceStateChange", raises_on_fourth)
        with suppress(RuntimeError):
            ten(good.writers[0])
            await good.until_sent("Login", times=2)  # the fault: the link is dropped
        assert len(heard) < 10
    async with peer() as good, ours(good.port) as mine:
        mine.raises = True
        ten(good.writers[0])
        await mine.until(lambda: len(mine.events) >= 11)
        assert mine.link.up
        assert mine.link.failures == 1
        assert len(good.sent("Login")) == 1


async def test_a_half_open_link_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def deaf(one: Peer, action: Headers, writer: asyncio.StreamWriter) -> bool:
        return action["Action"] == "Ping"

    monkeypatch.setattr(link, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(actions.Action, "deadline_s", 0.3)
    async with peer(deaf) as bad, ours(bad.port) as mine:
        await mine.until(lambda: "no_answer" in mine.reasons())


async def test_a_garbled_stream_is_said_so() -> None:
    async with peer() as bad, ours(bad.port) as mine:
        bad.writers[0].write(b"x" * (2 << 20))
        await mine.until(lambda: "garbled" in mine.reasons())


async def test_the_loop_stays_free_in_a_burst() -> None:
    """Handing on yields, so that a browser's request is not kept waiting by a thousand events."""
    async with peer() as good, ours(good.port) as mine:
        for number in range(5000):
            say(good.writers[0], Event="DeviceStateChange", Device=f"PJSIP/{number}", State="INUSE")
        turns = 0
        deadline = time.monotonic() + 10
        while len(mine.events) < 5001 and time.monotonic() < deadline:
            turns += 1
            await asyncio.sleep(0)
        assert len(mine.events) == 5001
        assert turns >= 10
