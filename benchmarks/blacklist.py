"""Refused numbers: what the look-up in the dialplan costs a call, with none and with 10,000.

The real Asterisk runs the real Gosub in a loop; an empty loop is taken off. The number that is
looked up is not refused (the dearest case: all lengths of prefixes are tried).
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from statistics import median

from benchmarks import tell
from lab.ami import Ami
from lab.office import Office
from lab.ports import free_ports
from lab.town import Town
from lab.waiting import until

LAB = Path(__file__).parent.parent / ".lab"
ENTRIES, PREFIXES = 10_000, 100
LIMIT_MS = 1.0
LOOP = (
    "Set(CALLERID(num)=01099998888)",
    "Gosub(pbxd-office,settings,1)",
    "Set(n=0)",
    "Set(DB(bench/begin)=${STRFTIME(,,%s.%6q)})",
    "{work}",
    "Set(n=$[${n} + 1])",
    "GotoIf($[${n} < {times}]?5)",
    "Set(DB(bench/end)=${STRFTIME(,,%s.%6q)})",
    "Hangup()",
)


async def each(office: Office, ami: Ami, name: str, times: int) -> float:
    """How long one turn of a loop takes (ms)."""
    await ami.action("DBPut", Family="bench", Key="end", Val="-")
    await ami.action(
        "Originate", Channel=f"Local/{name}@bench", Application="Wait", Data="60", Async="true"
    )

    async def done() -> bool:
        return await value(office, "end") != "-"

    await until(done, "the loop has ended", 120)
    took = float(await value(office, "end")) - float(await value(office, "begin"))
    return took / times * 1000


async def value(office: Office, key: str) -> str:
    """Of AstDB."""
    said = await office.cli(f"database get bench {key}")
    return said.partition("Value:")[2].strip()


async def measure(times: int, runs: int) -> None:
    """Both sizes, in turn with the empty loop."""
    async with Town(LAB, free_ports(), "bench-blacklist") as town:
        ami = await town.office.ami()
        for name, work in (("idle", "NoOp()"), ("look", "Gosub(pbxd-blocked,look,1)")):
            for place, line in enumerate(LOOP, 1):
                app = line.replace("{work}", work).replace("{times}", str(times))
                await town.office.cli(f'dialplan add extension {name},{place},"{app}" into bench')
        costs = {}
        for entries in (0, ENTRIES):
            for n in range(entries):
                await ami.action("DBPut", Family="pbxd/block", Key=f"10{n:08d}", Val="0")
            if entries:
                for n in range(PREFIXES):
                    await ami.action("DBPut", Family="pbxd/block-prefix", Key=f"7{n:02d}", Val="0")
                await ami.action("DBPut", Family="pbxd/block-rule", Key="lengths", Val="2-3-4")
            found = [
                await each(town.office, ami, "look", times)
                - await each(town.office, ami, "idle", times)
                for _ in range(runs)
            ]
            costs[entries] = median(found)
            print(f"{entries} refused numbers: {costs[entries] * 1000:.0f} µs a call")
        ami.close()
    tell(
        "blacklist",
        costs[ENTRIES],
        "ms",
        ratio=costs[ENTRIES] / costs[0],
        against="none refused",
        target=LIMIT_MS,
        passed=costs[ENTRIES] < LIMIT_MS,
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a rough look")
    quick = parser.parse_args().quick
    asyncio.run(measure(*((200, 1) if quick else (5000, 5))))


if __name__ == "__main__":
    main()
