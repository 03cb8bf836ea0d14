"""Bytes in → tracker → bus, against plain panoramisk with one `*` callback on the same stream.

    python -m benchmarks.ami [--quick]

200,000 events of two-leg calls, 20 at a time, about half of them VarSet and Newexten, with Korean
names. Ours is measured to the domain event on the bus; panoramisk only to its callback.
Target: at least 3 times panoramisk, and the loop never held up for 20 ms.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol

from benchmarks import tell
from pbxd.ami import reading
from pbxd.ami.link import BATCH
from pbxd.ami.wire import Framer, parse
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.events import CallEnded

CHUNK = 65536
TARGET, LAG_TARGET_MS = 3.0, 20.0
NAMES = ("김서준", "이하은", "박도윤", "최지우", "정민서")


def call(number: int) -> list[bytes]:
    """The 33 events of one answered call."""
    caller, agent = f"1795216994.{number * 2}", f"1795216994.{number * 2 + 1}"
    name = NAMES[number % len(NAMES)]
    digits = f"010{number:08}"

    def event(kind: str, uniqueid: str, state: str, *more: str) -> bytes:
        trunk = uniqueid == caller
        lines = [
            f"Event: {kind}",
            "Privilege: call,all",
            f"Timestamp: 17952169{number % 90 + 10}.{number % 1000000:06}",
            f"Channel: PJSIP/{'city' if trunk else '101'}-{number:08x}",
            f"ChannelState: {state}",
            "ChannelStateDesc: Up",
            f"CallerIDNum: {digits if trunk else '101'}",
            f"CallerIDName: {name}",
            f"ConnectedLineNum: {'101' if trunk else digits}",
            f"ConnectedLineName: {name}",
            "Language: ko",
            "AccountCode: ",
            "Context: pbxd-inbound",
            "Exten: 025550100",
            "Priority: 1",
            f"Uniqueid: {uniqueid}",
            f"Linkedid: {caller}",
            *more,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def dest() -> list[str]:
        return [
            f"DestChannel: PJSIP/101-{number:08x}",
            "DestChannelState: 0",
            "DestCallerIDNum: 101",
            f"DestUniqueid: {agent}",
            f"DestLinkedid: {caller}",
            "DialString: 101",
        ]

    noise = [event("VarSet", caller, "4", "Variable: X", "Value: 1")] * 8
    steps = [event("Newexten", caller, "4", "Application: Set", "AppData: X=1")] * 9
    return [
        event("Newchannel", caller, "0"),
        event("Newstate", caller, "4"),
        *noise,
        *steps,
        event("Newchannel", agent, "0"),
        event("DialBegin", caller, "4", *dest()),
        event("Newstate", agent, "5"),
        event("DialState", caller, "4", *dest(), "DialStatus: RINGING"),
        event("Newstate", agent, "6"),
        event("DialEnd", caller, "4", *dest(), "DialStatus: ANSWER"),
        event("Newstate", caller, "6"),
        event("BridgeEnter", caller, "6", "BridgeUniqueid: b", "BridgeNumChannels: 1"),
        event("BridgeEnter", agent, "6", "BridgeUniqueid: b", "BridgeNumChannels: 2"),
        event("HangupRequest", caller, "6", "Cause: 16"),
        event("BridgeLeave", agent, "6", "BridgeUniqueid: b", "BridgeNumChannels: 1"),
        event("BridgeLeave", caller, "6", "BridgeUniqueid: b", "BridgeNumChannels: 0"),
        event("Hangup", agent, "6", "Cause: 16", "Cause-txt: Normal Clearing"),
        event("Hangup", caller, "6", "Cause: 16", "Cause-txt: Normal Clearing"),
    ]


def stream(events: int) -> bytes:
    """Calls interleaved twenty at a time."""
    made: list[bytes] = []
    number = 0
    while len(made) < events:
        together = [call(number + place) for place in range(20)]
        number += 20
        made += [event for step in zip(*together, strict=True) for event in step]
    return b"".join(made[:events])


async def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU seconds, worst lag of the loop in ms) of a coroutine function.

    CPU rather than wall time: nothing here waits, and a shared machine's neighbours do not count.
    """
    worst = 0.0
    stop = False

    async def watch() -> None:
        nonlocal worst
        while not stop:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, (time.perf_counter() - before - 0.001) * 1000)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        await asyncio.sleep(0.01)
        began = time.process_time()
        await work()  # type: ignore[misc]
        took = time.process_time() - began
        stop = True
    return took, worst


async def ours(data: bytes) -> int:
    """As the link does it: read, frame, drop, parse, hand on in order."""
    bus, ended = Bus(), 0

    def count(event: CallEnded) -> None:
        nonlocal ended
        ended += 1

    bus.subscribe(CallEnded, count)
    keys = iter(range(10_000_000))
    live = LiveCalls(Endpoints(trunks=("city",)), lambda: str(next(keys)), bus)
    framer = Framer(reading.WANTED)
    for start in range(0, len(data), CHUNK):
        now = datetime.now(UTC)
        events = [
            event
            for frame in framer.feed(data[start : start + CHUNK])
            if (event := reading.event(parse(frame), now)) is not None
        ]
        for first in range(0, len(events), BATCH):
            for event in events[first : first + BATCH]:
                live.apply(event)
            await asyncio.sleep(0)
    return ended


async def theirs(data: bytes) -> int:
    """Plain panoramisk: its protocol, its messages, one callback."""
    heard = 0

    def callback(manager: Manager, message: object) -> None:
        nonlocal heard
        heard += 1

    manager = Manager()
    manager.register_event("*", callback)
    protocol = AMIProtocol()
    protocol.connection_made(_Deaf())
    protocol.factory = manager
    protocol.encoding = "utf-8"
    manager.protocol = protocol
    protocol.data_received(b"Asterisk Call Manager/11.0.0\r\n\r\n")
    for start in range(0, len(data), CHUNK):
        protocol.data_received(data[start : start + CHUNK])
        await asyncio.sleep(0)
    return heard


class _Deaf(asyncio.Transport):
    """Takes what panoramisk sends and says nothing."""

    def write(self, data: object) -> None:
        """Dropped."""

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing to close."""


async def main() -> None:
    """Three rounds of each, the middle one counts; panoramisk first, in a plain process."""
    events = 40_000 if "--quick" in sys.argv else 200_000
    data = stream(events)
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    lag = 0.0
    for _ in range(3):
        took, _ = await timed(lambda: theirs(data))
        rates["theirs"].append(events / took)
    gc.collect()
    gc.freeze()  # as the daemon does once it has started
    for _ in range(3):
        took, worst = await timed(lambda: ours(data))
        rates["ours"].append(events / took)
        lag = max(lag, worst)
    mine, peer = (sorted(rates[name])[1] for name in ("ours", "theirs"))
    print(f"pbxd {mine:,.0f} events/s to the bus, panoramisk {peer:,.0f} to its callback")
    print(f"worst loop lag {lag:.1f} ms (target {LAG_TARGET_MS:.0f})")
    ratio = mine / peer
    passed = ratio >= TARGET and lag < LAG_TARGET_MS
    tell(
        "ami",
        mine,
        "events/s",
        ratio=ratio,
        against="panoramisk 1.4",
        target=TARGET,
        passed=passed,
        lag_ms=lag,
    )


if __name__ == "__main__":
    asyncio.run(main())
