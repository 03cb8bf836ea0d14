"""The command line: `pbxd run | demo`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from pbxd import __version__
from pbxd.config import load
from pbxd.errors import ConfigError
from pbxd.logging import configure

DEFAULT_FILE = Path("pbxd.toml")


def main() -> None:
    """Entry point; exit codes: 0 done, 1 failed, 2 wrong settings or arguments."""
    parser = argparse.ArgumentParser(prog="pbxd", description="The telephone desk.")
    parser.add_argument("--version", action="version", version=f"pbxd {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the daemon and the console")
    run.add_argument("--config", type=Path, default=DEFAULT_FILE, help="settings file")
    demo = commands.add_parser("demo", help="the sample office on a real Asterisk")
    demo.add_argument("--config", type=Path, default=DEFAULT_FILE, help="settings file")
    args = parser.parse_args()
    configure()
    try:
        if args.command == "demo" and not args.config.exists():
            from lab.demo import show  # noqa: PLC0415 - only the demo needs the lab

            sys.exit(asyncio.run(_until_stopped(show)))
        settings = load(args.config)
        from console.running import run as run_daemon  # noqa: PLC0415 - the console is large

        sys.exit(asyncio.run(_until_stopped(lambda stop: run_daemon(settings, stop))))
    except ConfigError as problem:
        print(f"pbxd cannot start. {problem}", file=sys.stderr)
        sys.exit(2)


async def _until_stopped(work: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    """Run `work` with an event that Ctrl-C or SIGTERM sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return await work(stop)


if __name__ == "__main__":
    main()
