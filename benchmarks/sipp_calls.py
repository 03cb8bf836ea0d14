"""Calls that sipp makes through the lab's office, and what sipp itself and Asterisk say of them."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from lab.ami import Ami
from lab.office import Office
from lab.ports import CITY_ADDRESS, OFFICE_ADDRESS, free_port
from pbxd.agents.browser_phone import FAMILY

HERE = Path(__file__).parent / "sipp"
FIRST = 4000  # the agents' first extension
CDR = """[mappings]
bench.csv => ${CDR(src)},${CDR(disposition)},${CDR(billsec,f)}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller's side saw of one call: milliseconds by its own clock."""

    rang: int
    answered: int
    ended: int

    @property
    def ring_seconds(self) -> float:
        """From the first 180 to the 200."""
        return (self.answered - self.rang) / 1000

    @property
    def talk_seconds(self) -> float:
        """From the 200 to the BYE."""
        return (self.ended - self.answered) / 1000


def extension(index: int) -> str:
    """The agent's."""
    return str(FIRST + index)


def line(index: int) -> str:
    """The number outside that rings this agent alone."""
    return f"0255{index:05d}"


def caller(run: int, index: int) -> str:
    """Who calls there in that run."""
    return f"010{30000000 + run * 1000 + index}"


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


async def keep_cdrs(office: Office) -> None:
    """Let this Asterisk write its own call records: the lab's does not, pbxd needs none."""
    etc = office.folder / "etc"
    (etc / "cdr.conf").write_text("[general]\nenable = yes\n", "utf-8")
    (etc / "cdr_custom.conf").write_text(CDR, "utf-8")
    _cdr_file(office).parent.mkdir(exist_ok=True)
    await office.cli("module reload cdr")
    await office.cli("module load cdr_custom.so")


def cdrs(office: Office) -> list[tuple[str, str, float]]:
    """Asterisk's own records: (caller, disposition, seconds talked)."""
    rows = [row.split(",") for row in _cdr_file(office).read_text("utf-8").splitlines()]
    return [(number, disposition, float(billed)) for number, disposition, billed in rows]


def _cdr_file(office: Office) -> Path:
    return office.folder / "log" / "cdr-custom" / "bench.csv"


async def sipp(*arguments: str) -> asyncio.subprocess.Process:
    """One sipp without a screen."""
    program = shutil.which("sipp")
    if program is None:
        raise SystemExit("sipp is missing: apt-get install sip-tester")
    return await asyncio.create_subprocess_exec(
        program, *arguments, "-nostdin", "-trace_err", "-error_file", "/dev/null",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def answering(port: int) -> asyncio.subprocess.Process:
    """The agents' phones."""
    return await sipp("-sf", str(HERE / "agent.xml"), "-i", OFFICE_ADDRESS, "-p", str(port))


async def calling(
    office: Office, folder: Path, run: int, count: int, rate: int, hold_s: int
) -> asyncio.subprocess.Process:
    """The callers, `rate` more each second."""
    data = folder / f"calls-{run}.csv"
    rows = "".join(f"{line(i)};{caller(run, i)}\n" for i in range(count))
    data.write_text(f"SEQUENTIAL\n{rows}", "utf-8")
    return await sipp(
        f"{OFFICE_ADDRESS}:{office.ports.sip}", "-sf", str(HERE / "caller.xml"),
        "-i", CITY_ADDRESS, "-p", str(free_port(socket.SOCK_DGRAM, CITY_ADDRESS)),
        "-inf", str(data), "-m", str(count), "-l", str(count), "-r", str(rate),
        "-d", str(hold_s * 1000), "-trace_logs", "-log_file", str(_log(folder, run)),
    )  # fmt: skip


def told(folder: Path, run: int) -> dict[str, Told]:
    """What sipp wrote down, by caller; only calls that it saw whole."""
    seen: dict[str, dict[str, int]] = {}
    for row in _log(folder, run).read_text("utf-8").splitlines():
        number, what, at = row.split(";")
        seen.setdefault(number, {}).setdefault(what, int(at))
    return {number: Told(**times) for number, times in seen.items() if len(times) == 3}


def _log(folder: Path, run: int) -> Path:
    return folder / f"calls-{run}.log"
