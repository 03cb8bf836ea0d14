"""From a button to Asterisk's action on the wire, and from a caller to the wallboard.

    python -m benchmarks.commands [--quick]

200 agents, 50 calls up (played into the link as a real Asterisk sent them), a real Asterisk behind
a proxy that notes what arrives when. Each twice: in a quiet office, and at work, with 200 pages
open (read by another process) and five more calls a second that ring, are answered and end.

button     POST of mute, hold, transfer and hang up by agents who talk, one after the other; from
           before the request until the verb's first action has reached the socket where Asterisk
           reads. Beside it, in turn with it, a bare aiohttp handler that writes such an action to
           such a socket. The client is in this process too. Limit: p99 under 10 ms.
wallboard  a caller joins a queue; a member takes him: from the event on the link to the figure in a
           browser's stream. Limit: 500 ms (the board is drawn at most each 400 ms).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import secrets
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, web

from benchmarks import percentile, tell
from benchmarks.at_work import log_in, pages, passing_calls
from benchmarks.played_calls import Played, PlayedLink
from console.running import settle
from console.web.permissions import Role
from lab.ports import free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.queues.model import Queue
from tests.browser.desk_office import DeskOffice

LAB = Path(__file__).parent.parent / ".lab"
AGENTS, CALLS, PAGES, CALLS_A_SECOND = 200, 50, 200, 5.0
BUTTON_MS, BOARD_MS = 10.0, 500.0
PAUSE_S = 0.02  # between presses, at most
FIGURES = re.compile(r"<dd>(\d+)</dd>")  # of the one queue: waiting, answered, gave up, elsewhere
QUEUE_EVENT = """Event: {event}
Privilege: agent,all
Timestamp: {stamp}
Channel: PJSIP/city-{position:08x}
ChannelState: 6
ChannelStateDesc: Up
CallerIDNum: 01012345678
CallerIDName: <unknown>
ConnectedLineNum: <unknown>
ConnectedLineName: <unknown>
Language: ko
AccountCode:
Context: pbxd-queue
Exten: consult
Priority: 6
Uniqueid: 1999999999.{position}
Linkedid: 1999999999.{position}
Queue: {queue}
{more}"""
# what Asterisk does with each button's first action; the played channels are none of its own, so it
# refuses, nothing changes, and the button can be pressed again
VERBS = (
    ("mute", "MuteAudio", {"on": True}),
    ("hold", "PJSIPNotify", {"on": True}),
    ("transfer", "Setvar", {"to": "01000000525"}),
    ("hang-up", "Hangup", {}),
)


@dataclass(slots=True)
class Measured:
    """Milliseconds; `ours` and `bare` one list a run."""

    ours: list[list[float]] = field(default_factory=list)
    bare: list[list[float]] = field(default_factory=list)
    boards: list[float] = field(default_factory=list)


class Wire:
    """Waits for an action about a channel to be on the wire."""

    def __init__(self, link: PlayedLink) -> None:
        self._wanted: dict[bytes, asyncio.Future[float]] = {}
        link.sent = self._sent

    def expect(self, channel: str) -> asyncio.Future[float]:
        """When the next action for that channel is there."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._wanted[f"Channel: {channel}\r\n".encode()] = future
        return future

    def _sent(self, at: float, data: bytes) -> None:
        for channel in [one for one in self._wanted if one in data]:
            self._wanted.pop(channel).set_result(at)


async def bare(link: PlayedLink) -> tuple[web.AppRunner, str]:
    """The limit: a handler that does nothing but write the action."""
    _, writer = await asyncio.open_connection("127.0.0.1", link.port)

    async def act(request: web.Request) -> web.Response:
        said = await request.json()
        writer.write(
            f"Action: {said['action']}\r\nActionID: {secrets.token_hex(8)}\r\n"
            f"Channel: {said['channel']}\r\n\r\n".encode()
        )
        return web.json_response({"result": "ok"})

    app = web.Application()
    app.router.add_post("/", act)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, site.name


async def pressed(http: ClientSession, wire: Wire, url: str, channel: str, body: object) -> float:
    """Milliseconds from before the request to the action on the wire."""
    there = wire.expect(channel)
    began = time.perf_counter()
    async with http.post(url, json=body) as answer:
        await answer.read()
    async with asyncio.timeout(5):
        return (await there - began) * 1000


async def buttons(
    desk: DeskOffice,
    link: PlayedLink,
    people: list[tuple[Played, ClientSession]],
    rounds: int,
    runs: int,
) -> tuple[list[list[float]], list[list[float]]]:
    """Runs of ours and of the bare handler, pressed in turn."""
    wire, address = Wire(link), desk.console.address
    ours: list[list[float]] = [[] for _ in range(runs)]
    theirs: list[list[float]] = [[] for _ in range(runs)]
    other = PlayedLink(desk.office.ports.ami)
    async with other, ClientSession() as plain:
        runner, bare_address = await bare(other)
        on_other = Wire(other)
        for turn in range(runs * rounds):
            run = turn // rounds
            for place, (call, http) in enumerate(people):
                verb, action, more = VERBS[(turn + place) % len(VERBS)]
                # at any moment, not at once after the last: else one long halt would count once
                await asyncio.sleep(random.uniform(0.0, PAUSE_S))
                key = desk.daemon.live.of_extension(call.extension)[0].key
                at = link.caller_channel(call) if verb == "transfer" else link.channel(call)
                body = {"call": key, "command_id": secrets.token_hex(16), **more}
                ours[run].append(await pressed(http, wire, f"{address}/desk/{verb}", at, body))
                await asyncio.sleep(random.uniform(0.0, PAUSE_S))
                same = {"action": action, "channel": at}
                theirs[run].append(await pressed(plain, on_other, bare_address, at, same))
        await runner.cleanup()
    return ours, theirs


async def board(
    desk: DeskOffice, link: PlayedLink, http: ClientSession, first: int, rounds: int
) -> list[float]:
    """Milliseconds from a caller who joins, and from a member who takes him, to the figure."""
    address = desk.console.address
    name = desk.daemon.queues.all()[0].asterisk_name
    took: list[float] = []

    def say(event: str, position: int, more: str) -> float:
        return link.play(
            QUEUE_EVENT.format(
                event=event, stamp=time.time(), position=position, queue=name, more=more
            )
        )

    async with http.ws_connect(f"{address}/live", headers={"Origin": address}) as socket:
        for number in range(first, first + rounds):
            position = 900_000 + number
            began = say("QueueCallerJoin", position, "Position: 1\nCount: 1")
            await figure(socket, (1, number))
            took.append((time.perf_counter() - began) * 1000)
            say("QueueCallerLeave", position, "Position: 1\nCount: 0")
            began = say("AgentConnect", position, "MemberName: 151\nHoldTime: 1\nRingTime: 1")
            await figure(socket, (0, number + 1))
            took.append((time.perf_counter() - began) * 1000)
    return took


async def figure(socket: ClientWebSocketResponse, wanted: tuple[int, int]) -> None:
    """Until the wallboard shows so many who wait and who were answered."""
    async with asyncio.timeout(10):
        async for message in socket:
            if '"target":"#wallboard"' in message.data:
                waiting, answered, *_ = FIGURES.findall(message.data)
                if (int(waiting), int(answered)) == wanted:
                    return


async def measure(rounds: int, runs: int, joins: int) -> None:
    """A quiet office, then one at work."""
    folder = Path(tempfile.mkdtemp(prefix="pbxd-bench-"))
    async with (
        Town(LAB, free_ports(), "bench-commands") as town,
        PlayedLink(town.office.ports.ami) as link,
        DeskOffice.open(town.office, folder, ami_port=link.port) as desk,
    ):
        settle()  # as the daemon does once it has started
        for extension in range(101, 101 + CALLS):
            await desk.agent(str(extension), f"상담원{extension}", DeviceKind.DESK, role=Role.ADMIN)
        others = [str(extension) for extension in range(101 + CALLS, 101 + AGENTS)]
        for other in others:
            await desk.daemon.agents.add(f"상담원{other}", other, DeviceKind.DESK)
        await desk.daemon.queues.save(Queue("consult", "상담"), new=True)
        calls = [
            link.ring(place, f"010{20000000 + place}", str(101 + place)) for place in range(CALLS)
        ]
        for call in calls:
            link.answer(call)
        await until(lambda: len(desk.daemon.live.calls()) == CALLS, "all calls are up", 10)
        people = [(call, await log_in(desk, call.extension)) for call in calls]
        sessions = [http for _, http in people]

        async def both(first: int) -> Measured:
            done = Measured(*await buttons(desk, link, people, rounds, runs))
            done.boards = await board(desk, link, sessions[0], first, joins)
            return done

        quiet = await both(0)
        with pages(desk.console.address, sessions, PAGES):
            await until(lambda: desk.console.services.hub.clients == PAGES, "all pages", 30)
            async with passing_calls(link, others, CALLS_A_SECOND):
                at_work = await both(joins)
        for http in sessions:
            await http.close()
        await desk.daemon.queues.remove("consult")
    report(quiet, at_work)


def said(where: str, done: Measured) -> tuple[float, float, float, float]:
    """One office in words; medians of the runs: p50 and p99 of ours, ratio of the p50s, of p99s."""
    both = [
        [(percentile(run, 0.5), percentile(run, 0.99)) for run in runs]
        for runs in (done.ours, done.bare)
    ]
    (p50, p99), (bare50, bare99) = (
        (median(one[0] for one in runs), median(one[1] for one in runs)) for runs in both
    )
    ratio50, ratio99 = (
        median(one[place] / other[place] for one, other in zip(*both, strict=True))
        for place in (0, 1)
    )
    print(f"{where}, {AGENTS} agents, {CALLS} calls up; medians of {len(done.ours)} runs:")
    print(
        f"  button:    {sum(map(len, done.ours))} presses to the wire: p50 {p50:.2f} ms,"
        f" p99 {p99:.2f} ms (limit {BUTTON_MS:.0f}); a bare handler p50 {bare50:.2f} ms,"
        f" p99 {bare99:.2f} ms; {ratio50:.2f} and {ratio99:.2f} times as long"
    )
    print(
        f"  wallboard: {len(done.boards)} changes: p50 {percentile(done.boards, 0.5):.0f} ms,"
        f" slowest {max(done.boards):.0f} ms (limit {BOARD_MS:.0f})"
    )
    return p50, p99, ratio50, ratio99


def report(quiet: Measured, at_work: Measured) -> None:
    """In words, then the JSON line."""
    _, quiet99, quiet_ratio, _ = said("quiet", quiet)
    _, p99, ratio, _ = said(
        f"at work, {PAGES} pages open, {CALLS_A_SECOND:.0f} calls/s more", at_work
    )
    slowest = max(*quiet.boards, *at_work.boards)
    tell(
        "commands",
        p99,
        "ms",
        ratio=ratio,
        against="a bare aiohttp handler that writes the action (p50)",
        target=BUTTON_MS,
        passed=max(p99, quiet99) < BUTTON_MS and slowest < BOARD_MS,
        quiet_p99_ms=quiet99,
        quiet_ratio=quiet_ratio,
        wallboard_slowest_ms=slowest,
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a rough look")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(measure(*((3, 1, 4) if quick else (8, 3, 15))))


if __name__ == "__main__":
    main()
