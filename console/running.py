"""A running daemon with its console: started in order, stopped in stages."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from console.addresses import build as postcodes
from console.addresses.fetch import PACKAGES
from console.addresses.service import PROBLEMS
from console.app import Console, make_console
from console.customers.files import customer_files
from console.services import RingMe
from console.users.service import Users
from console.web.permissions import Role
from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon, build, restore_if_asked
from pbxd.config import Settings
from pbxd.notify import Notifier
from pbxd.store.backup import alone
from pbxd.tasks import first_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """What a caller may look at while it runs."""

    daemon: Daemon
    console: Console


@asynccontextmanager
async def running(settings: Settings, ring_me: RingMe | None = None) -> AsyncIterator[Running]:
    """Everything up inside the block; stopped, flushed and closed behind it."""
    with alone(settings.store.directory):
        await restore_if_asked(settings)
        daemon = await build(settings)
        customers = customer_files(
            daemon.store, daemon.plan, daemon.clock, settings.store.personal_key
        )
        console: Console | None = None
        try:
            await daemon.agents.load()
            console = await make_console(daemon, customers, ring_me)
            await daemon.start(customers)
            await console.start()
            yield Running(daemon, console)
        finally:
            daemon.backups.end()  # who waits for one in a browser need not keep the door open
            if console is not None:
                await console.stop()
            await daemon.stop()


async def run(settings: Settings, stop: asyncio.Event) -> int:
    """Run until `stop`; tells systemd when it is ready and, while all moves, that it lives."""
    notifier = Notifier.from_env()
    try:
        while not stop.is_set():  # again after a backup was restored
            async with running(settings) as now:
                settle()
                notifier.ready()
                print(f"pbxd: {now.console.address}", flush=True)
                if settings.pbx.host == "":
                    print("No PBX is configured: run “pbxd init”, or see docs/installation.md.")
                await _beat(now.daemon, notifier, stop)
        notifier.stopping()
    except OSError as problem:
        log.error("cannot start", reason=str(problem))
        return 1
    return 0


def settle() -> None:
    """What start-up made stays: later collections need not walk it (100 ms, seen as loop lag)."""
    gc.collect()
    gc.freeze()


async def _beat(daemon: Daemon, notifier: Notifier, stop: asyncio.Event) -> None:
    """The watchdog beats only while the store answers (the loop moves or we would not be here)."""
    every = notifier.watchdog_interval_s
    while not await first_of(stop, daemon.backups.restart, timeout_s=every or 3600):
        async with daemon.store.reading():
            notifier.watchdog()


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, in words."""

    good: bool
    text: str


def make_postcodes(settings: Settings, what: str) -> Done:
    """The address finder's table, also while the daemon runs; `what`: kr, tw or a file."""
    country, file = what.upper(), Path(what)
    plan = postcodes.Plan(directory=settings.store.directory, country=country, file=file)
    if country in PACKAGES:
        plan = plan.model_copy(update={"file": None})
    try:
        count = postcodes.make(plan, lambda step, done, of: None)
    except Exception as problem:
        word, details = postcodes.why(problem)
        return Done(False, PROBLEMS[word].format(details=details))
    return Done(True, f"The postcode table was made: {count} roads.")


async def add_user(
    settings: Settings, login: str, name: str, password: str, role: str, extension: str
) -> None:
    """Make an account while the daemon is stopped (or running). Raises Refused."""
    daemon = await build(settings)
    try:
        await daemon.agents.load()
        users = Users(daemon.store, daemon.clock)
        await users.load()
        agent_id = ""
        if extension:
            agent = daemon.agents.by_extension(extension) or await daemon.agents.add(
                name, extension, DeviceKind.BROWSER
            )
            agent_id = agent.id
        await users.create(login, name, password, Role(role), agent_id, issued=True)
    finally:
        await daemon.stop()
