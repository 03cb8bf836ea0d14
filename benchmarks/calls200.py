"""200 simultaneous calls through the real lab, and a correct record of each.

    python -m benchmarks.calls200 [--quick]

sipp calls the office over the trunk, 10 more each second, each call to the line of its own agent; a
second sipp answers as the agents' 200 phones. Each rings and talks for a time of its own. Neither
sends sound: two cores would be the limit, and what is measured is signalling, bridging and records.
pbxd is attached with store and console; its CPU is this process', so what watches is in it.

After each of three runs every call must have exactly one record: from outside, answered, by the
right agent, from the right number, its ringing and talking within a second of what sipp saw. At the
height and at the end the comparison light must say "in step"; at the end nobody may be on the list,
and there must be as many records as Asterisk's own (CDR, switched on for this).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
import structlog

from benchmarks import percentile, tell
from benchmarks.sipp_calls import (
    Told,
    answering,
    caller,
    calling,
    cdrs,
    extension,
    keep_cdrs,
    phones,
    told,
)
from console.running import settle
from lab.office import Office
from lab.ports import free_port, free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.calls import queries
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.events import CallEvent, PbxInStep
from tests.browser.desk_office import DeskOffice

LAB = Path(__file__).parent.parent / ".lab"
SLACK_S = 1.0


@dataclass(slots=True)
class Run:
    """What one run showed; CPU as a share of a core."""

    most: int = 0
    pbxd: float = 0.0
    asterisk: float = 0.0
    memory_mb: float = 0.0
    late_ms: list[float] = field(default_factory=list)  # Asterisk's time stamp → pbxd's bus
    loop_ms: float = 0.0  # the longest that the event loop was held up
    lights: list[PbxInStep] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)


@asynccontextmanager
async def watched(desk: DeskOffice, run: Run) -> AsyncIterator[None]:
    """Inside the block, how late each event is, how long the loop is held up, and the light."""
    stop = asyncio.Event()

    async def watch() -> None:
        while not stop.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            run.loop_ms = max(run.loop_ms, (time.perf_counter() - before - 0.005) * 1000)

    bus = desk.daemon.bus
    late = bus.subscribe(
        CallEvent, lambda event: run.late_ms.append((time.time() - event.at.timestamp()) * 1000)
    )
    light = bus.subscribe(PbxInStep, run.lights.append)
    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        try:
            yield
        finally:
            stop.set()
            late()
            light()


async def load(
    office: Office, desk: DeskOffice, folder: Path, number: int, count: int, rate: int, hold_s: int
) -> Run:
    """One run of the calls."""
    run = Run()
    us, asterisk = psutil.Process(), psutil.Process(office.pid)
    async with watched(desk, run):
        began = time.perf_counter()
        cpu = [sum(one.cpu_times()[:2]) for one in (us, asterisk)]
        calls = await calling(office, folder, number, count, rate, hold_s)
        while calls.returncode is None:
            talking = sum(call.answered_at is not None for call in desk.daemon.live.calls())
            if talking == count > run.most:
                await desk.daemon.in_step.look()
            run.most = max(run.most, talking)
            try:
                async with asyncio.timeout(0.2):
                    await calls.wait()
            except TimeoutError:
                continue
        took = time.perf_counter() - began
        used = [
            sum(one.cpu_times()[:2]) - old for one, old in zip((us, asterisk), cpu, strict=True)
        ]
        run.pbxd, run.asterisk = used[0] / took, used[1] / took
        if calls.returncode != 0:
            raise SystemExit(f"sipp: {calls.returncode}: some calls failed")
        await until(lambda: not desk.daemon.live.calls(), "nobody is left on the list", 30)
        await desk.daemon.history.drain()
        await desk.daemon.in_step.look()
    run.memory_mb = us.memory_info().rss / 2**20
    run.told = await asyncio.to_thread(told, folder, number)
    return run


def wrong(
    number: int, run: Run, count: int, rows: list[CallRecord], own: list[tuple[str, str, float]]
) -> list[str]:
    """What is not as it was in one run."""
    found = []
    by_number: dict[str, list[CallRecord]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    answered = Counter(who for who, disposition, _ in own if disposition == "ANSWERED")
    for index in range(count):
        who = caller(number, index)
        records, saw = by_number.get(f"+82{who[1:]}", []), run.told.get(who)
        if len(records) != 1 or answered[who] != 1 or saw is None:
            found.append(f"{who}: {len(records)} records, {answered[who]} CDRs, sipp saw {saw}")
            continue
        row = records[0]
        said = (row.direction, row.outcome, row.extension, row.end_known)
        if said != (Direction.IN, Outcome.ANSWERED, extension(index), True):
            found.append(f"{who}: {said}")
        for what, ours, theirs in (
            ("rang", row.ring_seconds, saw.ring_seconds),
            ("talked", row.talk_seconds, saw.talk_seconds),
        ):
            if abs(ours - theirs) > SLACK_S:
                found.append(f"{who}: {what} {ours:.3f} s, sipp says {theirs:.3f}")
    if run.most < count:
        found.append(f"only {run.most} at once")
    if len(run.lights) < 2 or any(light.repaired for light in run.lights):
        found.append(f"not in step: {run.lights}")
    return found


def furthest(runs: list[Run], rows: list[CallRecord]) -> float:
    """The largest difference between a record's seconds and sipp's."""
    saw = {f"+82{who[1:]}": one for run in runs for who, one in run.told.items()}
    return max(
        max(
            abs(row.ring_seconds - saw[row.number].ring_seconds),
            abs(row.talk_seconds - saw[row.number].talk_seconds),
        )
        for row in rows
        if row.number in saw
    )


async def measure(count: int, rate: int, hold_s: int, runs: int) -> bool:
    """All runs in one office; True when every record is right."""
    folder = Path(tempfile.mkdtemp(prefix="pbxd-bench-"))
    done: list[Run] = []
    async with (
        Town(LAB, free_ports(), "bench-calls200") as town,
        DeskOffice.open(town.office, folder) as desk,
    ):
        settle()  # as the daemon does once it has started
        for index in range(count):
            await desk.daemon.agents.add(f"상담원{index}", extension(index), DeviceKind.DESK)
        await keep_cdrs(town.office)
        port = free_port(socket.SOCK_DGRAM)
        ami = await town.office.ami()
        await phones(ami, count, port)
        ami.close()
        answers = await answering(port)
        for number in range(runs):
            done.append(await load(town.office, desk, folder, number, count, rate, hold_s))
        answers.terminate()
        await answers.wait()
        await until(lambda: len(cdrs(town.office)) >= count * runs, "Asterisk wrote its CDRs", 10)
        own = cdrs(town.office)
        async with desk.daemon.store.reading() as conn:
            found = await queries.log(conn, CallFilter(), size=count * runs * 2)
    rows = list(found.rows)
    problems = [
        problem
        for number, run in enumerate(done)
        for problem in wrong(number, run, count, rows, own)
    ]
    if len(rows) != count * runs:
        problems.append(f"{len(rows)} records of {count * runs} calls")
    report(done, rows, len(own), problems, count)
    return not problems


def report(
    runs: list[Run], rows: list[CallRecord], own: int, problems: list[str], count: int
) -> None:
    """In words, then the JSON line."""
    for problem in problems[:10]:
        print(problem)
    for number, run in enumerate(runs, 1):
        print(
            f"run {number}: {run.most} at once; pbxd {run.pbxd:.1%} of a core,"
            f" Asterisk {run.asterisk:.1%}; {run.memory_mb:.0f} MB;"
            f" {len(run.late_ms)} events, late p50 {percentile(run.late_ms, 0.5):.1f} ms,"
            f" most {max(run.late_ms):.1f} ms; loop held up {run.loop_ms:.1f} ms;"
            f" light {'in step' if not any(one.repaired for one in run.lights) else run.lights}"
        )
    off = furthest(runs, rows)
    print(
        f"{len(rows)} records of {count * len(runs)} calls ({own} CDRs), {len(problems)} wrong;"
        f" seconds off by at most {off:.3f} (allowed {SLACK_S:.0f})"
    )
    tell(
        "calls200",
        len(rows),
        "records",
        ratio=len(rows) / own,
        against="Asterisk's own CDRs",
        target=1.0,
        passed=not problems and len(rows) == own,
        at_once=min(run.most for run in runs),
        seconds_off=off,
        pbxd_core=median(run.pbxd for run in runs),
        asterisk_core=median(run.asterisk for run in runs),
        cpu_ratio=median(run.pbxd / run.asterisk for run in runs),
        event_late_ms=max(max(run.late_ms) for run in runs),
        loop_ms=max(run.loop_ms for run in runs),
        memory_mb=max(run.memory_mb for run in runs),
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="40 calls, once")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    right = asyncio.run(measure(*((40, 10, 8, 1) if quick else (200, 10, 30, 3))))
    raise SystemExit(0 if right else 1)


if __name__ == "__main__":
    main()
