"""`python -m lab`: the sample office's PBX and the outside world, until Ctrl-C."""

import asyncio
import signal
import sys
from pathlib import Path

from lab.errors import LabError
from lab.office import MAIN_NUMBER
from lab.ports import usual_ports
from lab.town import Town

FOLDER = Path(__file__).parent.parent / ".lab"


async def main() -> None:
    """Start the lab, say where it is, and wait."""
    ports = usual_ports()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Town(FOLDER, ports, "run", keep=True) as town:
        for note in ports.notes:
            print(note)
        print(f"SIP 127.0.0.1:{ports.sip}/udp, browser phones {town.office.ws_url}")
        print(f"AMI 127.0.0.1:{ports.ami}, account {town.office.account.user}")
        print(f"The office's number is {MAIN_NUMBER}; the log is {town.office.log}")
        await stopped.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except LabError as problem:
        sys.exit(str(problem))
