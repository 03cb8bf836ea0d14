"""`make run`: the sample office on a real Asterisk, or the console alone where none can be."""

import asyncio
import contextlib
from pathlib import Path

from console.running import running
from console.sample.load import load
from lab.errors import LabError, LabUnavailable
from lab.office import MAIN_NUMBER, QUEUE_LINES, TRUNK
from lab.ports import usual_ports
from lab.ring_me import RingMe
from lab.town import Town
from pbxd.config import Settings
from pbxd.tasks import first_of

ROOT = Path(__file__).parent.parent
PASSWORD = "sample-office"  # noqa: S105 - a made-up office on loopback, printed at the start
DATA = ROOT / ".data" / "sample"


async def show(stop: asyncio.Event) -> int:
    """Start everything, say where it is, and wait for `stop`."""
    async with contextlib.AsyncExitStack() as stack:
        town: Town | None = None
        try:
            town = await stack.enter_async_context(
                Town(ROOT / ".lab", usual_ports(), "run", keep=True)
            )
        except LabUnavailable as problem:
            print(problem)
            print("The console runs without a telephone system. “pbxd init” connects yours.\n")
        except LabError as problem:
            print(f"Asterisk did not start: {problem}")
            return 1
        settings = sample_settings(town)
        ring_me = RingMe(town.city) if town is not None else None
        while not stop.is_set():  # again after a backup was restored
            async with running(settings, ring_me) as now:
                users = now.console.services.users
                if await load(
                    now.daemon, users, now.console.services.customers, MAIN_NUMBER, PASSWORD
                ):
                    await now.console.services.consultations.load()
                    await now.console.services.notices.load()
                    print("The sample office was loaded.")
                _say(now.console.address, town)
                await first_of(stop, now.daemon.backups.restart)
        print("\nStopping…")
    return 0


def sample_settings(town: Town | None, directory: Path = DATA, port: int = 8080) -> Settings:
    """Settings of the sample office on `town` (None: no PBX)."""
    values: dict[str, object] = {
        "office": {
            "name": "새봄상사",
            "lines": {MAIN_NUMBER: "대표번호", **QUEUE_LINES},
        },
        "console": {"port": port},
        "store": {"directory": directory},
    }
    if town is not None:
        office = town.office
        values["pbx"] = {
            "host": "127.0.0.1",
            "port": town.ports.ami,
            "user": office.account.user,
            "secret": office.account.secret,
            "ws_url": office.ws_url,
            "trunks": (TRUNK,),
            "caller_id": MAIN_NUMBER,
            "cel_file": office.cel_file,
            "sounds": office.sounds,
            "spool": office.spool,
            "media_address": "127.0.0.1",
        }
        values["agi"] = {"port": town.ports.agi}
    return Settings(**values)  # type: ignore[arg-type]


def _say(address: str, town: Town | None) -> None:
    print(f"\n  The console:  {address}")
    print(
        f"  Log in as:    101 (an agent), 108 (a supervisor), admin or guest; password {PASSWORD}"
    )
    if town is not None:
        for note in town.ports.notes:
            print(f"  Note:         {note}")
        print(
            "  Try:          log in as 101, allow the microphone, press “Ring me”\n"
            "                (나에게 전화하기), answer with Alt+A, hang up with Alt+H,\n"
            "                call back from the call log."
        )
    print("  Stop:         Ctrl-C\n", flush=True)
