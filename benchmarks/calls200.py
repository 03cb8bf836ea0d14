"""200 simultaneous calls through the real lab, and a correct record of each.

    python -m benchmarks.calls200 [--quick]

sipp calls the office over the trunk, each call to the line of its own agent; a second sipp answers
as the agents' 200 phones. Neither sends sound (two cores are the limit, not Asterisk: signalling,
bridging and records are what is measured). pbxd is attached with store and console.
Afterwards: one record a call, answered, by the right agent, from the right number, its length that
of the caller's within two seconds; nobody left on the list; as many records as calls sipp counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import shutil
import socket
import tempfile
import time
from pathlib import Path

import psutil
import structlog

from benchmarks import tell
from lab.ami import Ami
from lab.office import Office
from lab.ports import CITY_ADDRESS, OFFICE_ADDRESS, free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.agents.browser_phone import FAMILY
from pbxd.agents.model import DeviceKind
from pbxd.calls import queries
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from tests.browser.desk_office import DeskOffice

LAB = Path(__file__).parent.parent / ".lab"
FIRST, SLACK_S = 4000, 2.0
HERE = Path(__file__).parent / "sipp"


def extension(index: int) -> str:
    """The agent's."""
    return str(FIRST + index)


def line(index: int) -> str:
    """The number outside that rings this agent alone."""
    return f"0255{index:05d}"


def caller(index: int) -> str:
    """Who calls there."""
    return f"010{30000000 + index}"


def free_port() -> int:
    """For sipp, on all of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def phones(ami: Ami, count: int, port: int) -> None:
    """`count` phones, all at one sipp, and their lines."""
    for index in range(count):
        number = extension(index)
        contact = f"sip:{number}@{OFFICE_ADDRESS}:{port}"
        aor = {"contact": contact, "qualify_frequency": "0"}
        phone = {
            "context": "pbxd-internal", "disallow": "all", "allow": "alaw",
            "direct_media": "no", "aors": number, "accountcode": number,
            "callerid": f"{number} <{number}>",
        }  # fmt: skip
        for kind, value in (("aor", aor), ("endpoint", phone)):
            await ami.action("DBPut", Family=f"{FAMILY}/{kind}", Key=number, Val=json.dumps(value))
        await ami.action("DBPut", Family="pbxd/did", Key=line(index), Val=f"ext:{number}")
    await ami.action("Reload", Module="res_pjsip.so")


async def forget(ami: Ami, count: int) -> None:
    """Take them away again."""
    for index in range(count):
        for family in (f"{FAMILY}/aor", f"{FAMILY}/endpoint"):
            await ami.action("DBDel", Family=family, Key=extension(index))
        await ami.action("DBDel", Family="pbxd/did", Key=line(index))


async def sipp(*arguments: str) -> asyncio.subprocess.Process:
    """One sipp without a screen."""
    program = shutil.which("sipp")
    if program is None:
        raise SystemExit("sipp is missing: apt-get install sip-tester")
    return await asyncio.create_subprocess_exec(
        program, *arguments, "-nostdin", "-trace_err", "-error_file", "/dev/null",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def load(
    office: Office, desk: DeskOffice, folder: Path, count: int, rate: int, hold_s: int
) -> tuple[int, float, float, float]:
    """Run the calls; most at once, both programs' CPU (share of a core), pbxd's memory (MB)."""
    port = free_port()
    ami = await office.ami()
    await phones(ami, count, port)
    data = folder / "calls.csv"
    rows = "".join(f"{line(i)};{caller(i)}\n" for i in range(count))
    data.write_text(f"SEQUENTIAL\n{rows}", "utf-8")
    answers = await sipp("-sf", str(HERE / "agent.xml"), "-i", OFFICE_ADDRESS, "-p", str(port))
    us, asterisk = psutil.Process(), psutil.Process(office.pid)
    began = time.perf_counter()
    cpu = [sum(one.cpu_times()[:2]) for one in (us, asterisk)]
    calls = await sipp(
        f"{OFFICE_ADDRESS}:{office.ports.sip}", "-sf", str(HERE / "caller.xml"),
        "-i", CITY_ADDRESS, "-p", str(free_port()), "-inf", str(data),
        "-m", str(count), "-l", str(count), "-r", str(rate), "-d", str(hold_s * 1000),
    )  # fmt: skip
    most = 0
    while calls.returncode is None:
        most = max(most, sum(call.answered_at is not None for call in desk.daemon.live.calls()))
        try:
            async with asyncio.timeout(0.2):
                await calls.wait()
        except TimeoutError:
            continue
    took = time.perf_counter() - began
    used = [sum(one.cpu_times()[:2]) - old for one, old in zip((us, asterisk), cpu, strict=True)]
    answers.terminate()
    await answers.wait()
    await forget(ami, count)
    ami.close()
    if calls.returncode != 0:
        raise SystemExit(f"sipp: {calls.returncode}: some calls failed")
    return most, used[0] / took, used[1] / took, us.memory_info().rss / 2**20


def wrong(rows: list[CallRecord], count: int, hold_s: int) -> list[str]:
    """What is not as it was."""
    found = [f"{len(rows)} records of {count} calls"] if len(rows) != count else []
    by_number = {row.number: row for row in rows}
    for index in range(count):
        row = by_number.get(f"+82{caller(index)[1:]}")
        if row is None:
            found.append(f"{caller(index)}: no record")
            continue
        said = (row.direction, row.outcome, row.extension, row.end_known)
        if said != (Direction.IN, Outcome.ANSWERED, extension(index), True):
            found.append(f"{caller(index)}: {said}")
        if abs(row.talk_seconds - hold_s) > SLACK_S:
            found.append(f"{caller(index)}: talked {row.talk_seconds} s instead of {hold_s}")
    return found


async def measure(count: int, rate: int, hold_s: int) -> bool:
    """One run; True when every record is right."""
    folder = Path(tempfile.mkdtemp(prefix="pbxd-bench-"))
    async with (
        Town(LAB, free_ports(), "bench-calls200") as town,
        DeskOffice.open(town.office, folder) as desk,
    ):
        for index in range(count):
            await desk.daemon.agents.add(f"상담원{index}", extension(index), DeviceKind.DESK)
        most, ours, theirs, memory = await load(town.office, desk, folder, count, rate, hold_s)
        await until(lambda: not desk.daemon.live.calls(), "nobody is left", 30)
        await desk.daemon.history.drain()
        async with desk.daemon.store.reading() as conn:
            rows = list((await queries.log(conn, CallFilter(), size=count * 2)).rows)
    problems = wrong(rows, count, hold_s)
    for problem in problems[:10]:
        print(problem)
    print(
        f"{count} calls, {most} at once, {rate} a second, {hold_s} s each:"
        f" {len(rows)} records, {len(problems)} wrong;"
        f" pbxd {ours:.0%} of a core and {memory:.0f} MB, Asterisk {theirs:.0%}"
    )
    tell(
        "calls200",
        len(rows),
        "records",
        ratio=len(rows) / count,
        against="calls that sipp made",
        target=count,
        passed=not problems and most >= count * 0.99,
        most_at_once=most,
        cpu_ratio=ours / theirs,
        memory_mb=memory,
    )
    return not problems


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="40 calls")
    quick = parser.parse_args().quick
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    right = asyncio.run(measure(*((40, 10, 8) if quick else (200, 10, 30))))
    raise SystemExit(0 if right else 1)


if __name__ == "__main__":
    main()
