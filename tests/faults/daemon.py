"""pbxd as a process of its own, so that it can be killed as a power cut would."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Self

from lab.office import TRUNK, Office
from pbxd.app import DATABASE
from pbxd.calls import queries
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.store.engine import Store


class DaemonProcess:
    """`pbxd run` with settings of its own."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "pbxd.toml"
        self.file.write_text(
            f"""
            [pbx]
            host = "127.0.0.1"
            port = {office.ports.ami}
            user = "{office.account.user}"
            secret = "{office.account.secret}"
            ws_url = "{office.ws_url}"
            trunks = ["{TRUNK}"]
            cel_file = "{office.cel_file}"
            [agi]
            port = {office.ports.agi}
            [console]
            port = 0
            [store]
            directory = "{folder / "data"}"
            """,
            "utf-8",
        )
        self.process: asyncio.subprocess.Process | None = None
        self.address = ""

    async def start(self) -> Self:
        """Start it, and wait until it is ready."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pbxd",
            "run",
            "--config",
            str(self.file),
            stdout=asyncio.subprocess.PIPE,
            stderr=(self.folder / "log").open("ab"),
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            line = (await self.process.stdout.readline()).decode()
        assert line.startswith("pbxd: "), (self.folder / "log").read_text("utf-8")
        self.address = line.removeprefix("pbxd: ").strip()
        return self

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        async with asyncio.timeout(10):
            return await self.process.wait()

    async def records(self) -> list[CallRecord]:
        """The history on disk, newest first."""
        store = await Store.open(self.folder / "data" / DATABASE)
        try:
            async with store.reading() as conn:
                return list((await queries.log(conn, CallFilter())).rows)
        finally:
            await store.close()
