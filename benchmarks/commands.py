"""From a button to Asterisk's action on the wire, and from a caller to the wallboard.

    python -m benchmarks.commands [--quick]

200 agents, 50 calls up (played into the link as a real Asterisk sent them), a real Asterisk behind.

button     POST /desk/mute of agents who talk, one after the other; measured from before the request
           until the action has reached the socket where Asterisk reads. Beside it, in turn with
           it, a bare aiohttp handler that writes the same action to the same socket.
           Limit: p99 under 10 ms.
wallboard  a caller joins a queue: from the event on the link to the board in a browser's stream.
           Limit: 500 ms (the board is drawn at most each 400 ms).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import secrets
import tempfile
import time
from pathlib import Path

import structlog
from aiohttp import ClientSession, CookieJar, web

from benchmarks import percentile, tell
from benchmarks.played_calls import Played, PlayedLink
from console.web.permissions import Role
from lab.ports import free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.queues.model import Queue
from tests.browser.desk_office import PASSWORD, DeskOffice

LAB = Path(__file__).parent.parent / ".lab"
AGENTS, CALLS = 200, 50
BUTTON_MS, BOARD_MS = 10.0, 500.0
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
JOIN = """Event: QueueCallerJoin
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
Position: 1
Count: 1"""


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


async def log_in(desk: DeskOffice, extension: str) -> ClientSession:
    """A browser's session, its token in its headers."""
    address = desk.console.address
    http = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Origin": address})
    form = {"login": f"a{extension}", "password": PASSWORD}
    async with http.post(f"{address}/login", data=form) as answer:
        found = TOKEN.search(await answer.text())
    assert found is not None
    http.headers["X-CSRF-Token"] = found[1]
    return http


async def bare(link: PlayedLink) -> tuple[web.AppRunner, str]:
    """The limit: a handler that does nothing but write the action."""
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    del reader

    async def mute(request: web.Request) -> web.Response:
        channel = (await request.json())["channel"]
        writer.write(
            f"Action: MuteAudio\r\nActionID: {secrets.token_hex(8)}\r\nChannel: {channel}\r\n"
            f"Direction: in\r\nState: on\r\n\r\n".encode()
        )
        return web.json_response({"result": "ok"})

    app = web.Application()
    app.router.add_post("/", mute)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, site.name


async def buttons(
    desk: DeskOffice, link: PlayedLink, calls: list[Played], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of ours and of the bare handler, pressed in turn."""
    wire = Wire(link)
    keys = {call.extension: desk.daemon.live.of_extension(call.extension)[0].key for call in calls}
    people = [(call, await log_in(desk, call.extension)) for call in calls]
    ours: list[float] = []
    theirs: list[float] = []
    other = PlayedLink(desk.office.ports.ami)
    async with other, ClientSession() as plain:
        runner, address = await bare(other)
        on_other = Wire(other)
        for turn in range(rounds):
            for call, http in people:
                channel = link.channel(call)
                there = wire.expect(channel)
                body = {
                    "call": keys[call.extension],
                    "command_id": secrets.token_hex(16),
                    "on": turn % 2 == 0,
                }
                began = time.perf_counter()
                async with http.post(f"{desk.console.address}/desk/mute", json=body) as answer:
                    ours.append((await there - began) * 1000)
                    await answer.read()
                there = on_other.expect(channel)
                began = time.perf_counter()
                async with plain.post(address, json={"channel": channel}) as answer:
                    theirs.append((await there - began) * 1000)
                    await answer.read()
        await runner.cleanup()
    for _, http in people:
        await http.close()
    return ours, theirs


async def board(desk: DeskOffice, link: PlayedLink, rounds: int) -> list[float]:
    """Milliseconds from a caller to the wallboard that shows one more."""
    queue = desk.daemon.queues.all()[0]
    took: list[float] = []
    http = await log_in(desk, "101")
    address = desk.console.address
    async with http.ws_connect(f"{address}/live", headers={"Origin": address}) as socket:
        for position in range(rounds):
            began = link.play(
                JOIN.format(stamp=time.time(), position=9000 + position, queue=queue.asterisk_name)
            )
            wanted = f"<dd>{position + 1}</dd>"
            async for message in socket:
                if "#wallboard" in message.data and wanted in message.data:
                    break
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.05)
    await http.close()
    return took


async def measure(rounds: int, joins: int) -> None:
    """Both measurements in one run."""
    folder = Path(tempfile.mkdtemp(prefix="pbxd-bench-"))
    async with (
        Town(LAB, free_ports(), "bench-commands") as town,
        PlayedLink(town.office.ports.ami) as link,
        DeskOffice.open(town.office, folder, ami_port=link.port) as desk,
    ):
        for extension in range(101, 101 + CALLS):
            await desk.agent(str(extension), f"상담원{extension}", DeviceKind.DESK, role=Role.ADMIN)
        for extension in range(101 + CALLS, 101 + AGENTS):
            await desk.daemon.agents.add(f"상담원{extension}", str(extension), DeviceKind.DESK)
        await desk.daemon.queues.save(Queue("consult", "상담"), new=True)
        calls = [
            link.ring(place, f"010{20000000 + place}", str(101 + place)) for place in range(CALLS)
        ]
        for call in calls:
            link.answer(call)
        await until(lambda: len(desk.daemon.live.calls()) == CALLS, "all calls are up", 10)
        ours, theirs = await buttons(desk, link, calls, rounds)
        boards = await board(desk, link, joins)
        await desk.daemon.queues.remove("consult")
    report(ours, theirs, boards)


def report(ours: list[float], theirs: list[float], boards: list[float]) -> None:
    """In words, then the JSON line."""
    p50, p99 = percentile(ours, 0.5), percentile(ours, 0.99)
    bare50, bare99 = percentile(theirs, 0.5), percentile(theirs, 0.99)
    slowest = max(boards)
    print(f"button:    {len(ours)} presses, {AGENTS} agents, {CALLS} calls up, to the wire:"
          f" p50 {p50:.2f} ms, p99 {p99:.2f} ms (limit {BUTTON_MS:.0f});"
          f" a bare handler p50 {bare50:.2f} ms, p99 {bare99:.2f} ms")  # fmt: skip
    print(f"wallboard: {len(boards)} callers: p50 {percentile(boards, 0.5):.0f} ms,"
          f" slowest {slowest:.0f} ms (limit {BOARD_MS:.0f})")  # fmt: skip
    tell(
        "commands",
        p99,
        "ms",
        ratio=p50 / bare50,
        against="a bare aiohttp handler that writes the action (p50)",
        target=BUTTON_MS,
        passed=p99 < BUTTON_MS and slowest < BOARD_MS,
        wallboard_slowest_ms=slowest,
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a rough look")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(measure(*((4, 5) if quick else (20, 20))))


if __name__ == "__main__":
    main()
