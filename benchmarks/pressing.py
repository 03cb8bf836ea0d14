"""The other process of `benchmarks.commands`: people at their buttons, and the line to Asterisk.

What measures does not run in pbxd's loop: a press must be possible while that loop is busy.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import aiohttp
from aiohttp import ClientSession, ClientWebSocketResponse, web

from benchmarks.at_work import log_in, pages, passing_calls
from benchmarks.played_calls import Played, PlayedLink

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
# the first action of each button; the played channels are not Asterisk's own, so it refuses,
# nothing changes, and the button can be pressed again
VERBS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("mute", "MuteAudio", {"on": True}),
    ("hold", "PJSIPNotify", {"on": True}),
    ("transfer", "Setvar", {"to": "01000000525"}),
    ("hang-up", "Hangup", {}),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the office tells this process."""

    address: str
    queue: str  # Asterisk's name of it
    talking: list[str]  # extensions
    free: list[str]
    rounds: int
    runs: int
    joins: int
    calls_a_second: float


@dataclass(slots=True)
class Measured:
    """Milliseconds; `ours` and `bare` one list a run."""

    ours: list[list[float]] = field(default_factory=list)
    bare: list[list[float]] = field(default_factory=list)
    boards: list[float] = field(default_factory=list)


class Wire:
    """Waits for an action about a channel to be on the wire."""

    def __init__(self) -> None:
        self._wanted: dict[bytes, asyncio.Future[float]] = {}

    def expect(self, channel: str) -> asyncio.Future[float]:
        """When the next action for that channel is there."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._wanted[f"Channel: {channel}\r\n".encode()] = future
        return future

    def sent(self, at: float, data: bytes) -> None:
        """These bytes are there."""
        for channel in [one for one in self._wanted if one in data]:
            self._wanted.pop(channel).set_result(at)


def people(pipe: Connection, ami_port: int) -> None:
    """This process: tells its port, gets the plan and the calls' keys, measures, tells."""
    asyncio.run(_people(pipe, ami_port))


async def _people(pipe: Connection, ami_port: int) -> None:
    async with PlayedLink(ami_port) as link:
        pipe.send(link.port)
        plan: Plan = await asyncio.to_thread(pipe.recv)
        calls = [
            link.ring(place, f"010{20000000 + place}", extension)
            for place, extension in enumerate(plan.talking)
        ]
        for call in calls:
            link.answer(call)
        keys: dict[str, str] = await asyncio.to_thread(pipe.recv)
        logged_in = [
            await log_in(plan.address, extension) for extension in (*plan.talking, *plan.free)
        ]
        at_phones = [
            (call, keys[call.extension], http) for call, http in zip(calls, logged_in, strict=False)
        ]

        async def both(first: int) -> Measured:
            done = Measured(*await buttons(plan, link, at_phones))
            done.boards = await board(plan, link, logged_in[0], first)
            return done

        quiet = await both(0)
        with pages(plan.address, logged_in):
            await asyncio.sleep(2)  # they are open
            async with passing_calls(link, plan.free, plan.calls_a_second):
                at_work = await both(plan.joins)
        for http in logged_in:
            await http.close()
        pipe.send((quiet, at_work))
        await asyncio.to_thread(pipe.recv)  # the link stays until pbxd has stopped


async def buttons(
    plan: Plan, link: PlayedLink, at_phones: list[tuple[Played, str, ClientSession]]
) -> tuple[list[list[float]], list[list[float]]]:
    """Runs of ours and of the bare handler, pressed in turn."""
    ours: list[list[float]] = [[] for _ in range(plan.runs)]
    theirs: list[list[float]] = [[] for _ in range(plan.runs)]
    wire, bare_wire = Wire(), Wire()
    link.sent = wire.sent
    async with bare(bare_wire.sent) as bare_address, ClientSession() as plain:
        for turn in range(plan.runs * plan.rounds):
            run = turn // plan.rounds
            for place, (call, key, http) in enumerate(at_phones):
                verb, action, more = VERBS[(turn + place) % len(VERBS)]
                at = link.caller_channel(call) if verb == "transfer" else link.channel(call)
                body = {"call": key, "command_id": secrets.token_hex(16), **more}
                url = f"{plan.address}/desk/{verb}"
                ours[run].append(await pressed(http, wire, url, at, body))
                same = {"action": action, "channel": at}
                theirs[run].append(await pressed(plain, bare_wire, bare_address, at, same))
    return ours, theirs


async def pressed(http: ClientSession, wire: Wire, url: str, channel: str, body: object) -> float:
    """Milliseconds from before the request to the action on the wire."""
    # at any moment, not at once after the last press: else one long halt would count once
    await asyncio.sleep(random.uniform(0.0, PAUSE_S))
    there = wire.expect(channel)
    began = time.perf_counter()
    async with asyncio.timeout(5), http.post(url, json=body) as answer:
        await answer.read()
        return (await there - began) * 1000


@asynccontextmanager
async def bare(sent: Callable[[float, bytes], None]) -> AsyncIterator[str]:
    """The limit: a process whose handler does nothing but write the action to a socket."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            sent(time.perf_counter(), data)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    ours, theirs = multiprocessing.Pipe()
    port = server.sockets[0].getsockname()[1]
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_bare_process, args=(theirs, port))
    process.start()
    try:
        yield await asyncio.to_thread(ours.recv)
    finally:
        ours.send("stop")
        await asyncio.to_thread(process.join)
        server.close()


def _bare_process(pipe: Connection, port: int) -> None:
    asyncio.run(_bare(pipe, port))


async def _bare(pipe: Connection, port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)

    async def act(request: web.Request) -> web.Response:
        said: dict[str, Any] = await request.json()
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
    pipe.send(site.name)
    await asyncio.to_thread(pipe.recv)
    await runner.cleanup()


async def board(plan: Plan, link: PlayedLink, http: ClientSession, first: int) -> list[float]:
    """Milliseconds from a caller who joins, and from a member who takes him, to the figure."""
    took: list[float] = []

    def say(event: str, position: int, more: str) -> float:
        return link.play(
            QUEUE_EVENT.format(
                event=event, stamp=time.time(), position=position, queue=plan.queue, more=more
            )
        )

    origin = {"Origin": plan.address}
    async with http.ws_connect(f"{plan.address}/live", headers=origin) as socket:
        await socket.send_json({"shows": ["wallboard"]})
        for number in range(first, first + plan.joins):
            position = 900_000 + number
            await asyncio.sleep(random.uniform(0.0, 0.4))
            began = say("QueueCallerJoin", position, "Position: 1\nCount: 1")
            await figure(socket, (1, number))
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(random.uniform(0.0, 0.4))
            say("QueueCallerLeave", position, "Position: 1\nCount: 0")
            began = say("AgentConnect", position, "MemberName: 151\nHoldTime: 1\nRingTime: 1")
            await figure(socket, (0, number + 1))
            took.append((time.perf_counter() - began) * 1000)
    return took


async def figure(socket: ClientWebSocketResponse, wanted: tuple[int, int]) -> None:
    """Until the wallboard shows so many who wait and who were answered."""
    async with asyncio.timeout(10):
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT and '"part":"wallboard"' in message.data:
                if not (found := FIGURES.findall(message.data)):
                    continue  # only the agents changed
                waiting, answered, *_ = found
                if (int(waiting), int(answered)) == wanted:
                    return
