"""From a button to Asterisk's action on the wire, and from a caller to the wallboard.

    python -m benchmarks.commands [--quick]

200 agents, 50 calls up (played into the link as a real Asterisk sent them), a real Asterisk behind
a proxy that notes what arrives when. pbxd and its console run in this process; who presses, what
notes and the pages are in others. Each is measured twice: in a quiet office, and at work, with a
page open for everybody (five are supervisors) and five more calls a second that come and go.

button     POST of mute, hold, transfer and hang up by agents who talk, at any moment; from before
           the request until the verb's first action has reached the socket before Asterisk. Beside
           it, in turn with it, a bare aiohttp handler in a process of its own that writes such an
           action to such a socket. Limit: p99 under 10 ms.
wallboard  a caller joins a queue; a member takes him: from the event on the link to the figure in a
           browser's stream. Limit: 500 ms (the board is drawn at most each 400 ms).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import structlog

from benchmarks import percentile, tell
from benchmarks.pressing import Measured, Plan, people
from console.running import settle
from console.web.permissions import Role
from lab.ports import free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.calls import in_step
from pbxd.queues.model import Queue
from tests.browser.desk_office import DeskOffice

LAB = Path(__file__).parent.parent / ".lab"
AGENTS, SUPERVISORS, CALLS, CALLS_A_SECOND = 200, 5, 50, 5.0
BUTTON_MS, BOARD_MS = 10.0, 500.0


async def office(
    desk: DeskOffice, pipe: Connection, rounds: int, runs: int, joins: int
) -> tuple[Measured, Measured]:
    """Make the office, let the other process measure: quiet, then at work."""
    settle()  # as the daemon does once it has started
    extensions = [str(extension) for extension in range(101, 101 + AGENTS)]
    talking, free = extensions[:CALLS], extensions[CALLS:]
    for place, extension in enumerate(extensions):
        role = Role.SUPERVISOR if place < SUPERVISORS else Role.USER
        await desk.agent(extension, f"상담원{extension}", DeviceKind.DESK, role=role)
    await desk.daemon.queues.save(Queue("consult", "상담"), new=True)
    queue = desk.daemon.queues.all()[0].asterisk_name
    pipe.send(Plan(desk.console.address, queue, talking, free, rounds, runs, joins, CALLS_A_SECOND))
    live = desk.daemon.live
    await until(
        lambda: sum(call.answered_at is not None for call in live.calls()) == CALLS,
        "all calls are up",
        10,
    )
    pipe.send({extension: live.of_extension(extension)[0].key for extension in talking})
    done: tuple[Measured, Measured] = await asyncio.to_thread(pipe.recv)
    await desk.daemon.queues.remove("consult")
    return done


async def measure(rounds: int, runs: int, joins: int) -> None:
    """Start everything, measure, tell."""
    in_step.EVERY_S = 3600.0  # the real Asterisk does not know the played calls
    folder = Path(tempfile.mkdtemp(prefix="pbxd-bench-"))
    async with Town(LAB, free_ports(), "bench-commands") as town:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        other = context.Process(target=people, args=(theirs, town.office.ports.ami))
        other.start()
        theirs.close()  # so that we hear if it ends before its time
        port: int = await asyncio.to_thread(ours.recv)
        async with DeskOffice.open(town.office, folder, ami_port=port) as desk:
            quiet, at_work = await office(desk, ours, rounds, runs, joins)
        ours.send("stop")
        await asyncio.to_thread(other.join)
    report(quiet, at_work)


def said(where: str, done: Measured) -> tuple[float, float]:
    """One office in words; medians of the runs: p99 of ours, and the ratio of the p50s."""
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
    return p99, ratio50


def report(quiet: Measured, at_work: Measured) -> None:
    """In words, then the JSON line."""
    quiet99, quiet_ratio = said("quiet", quiet)
    p99, ratio = said(f"at work, {AGENTS} pages open, {CALLS_A_SECOND:.0f} calls/s more", at_work)
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
