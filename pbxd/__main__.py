"""The command line: `pbxd run | demo | init | doctor | backup | restore | dialplan …`.

Exit codes: 0 done, 1 failed (doctor: warnings), 2 wrong settings or arguments (doctor: errors).
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from pbxd import __version__
from pbxd.config import load
from pbxd.errors import ConfigError, Refused
from pbxd.logging import configure

DEFAULT_FILE = Path("pbxd.toml")

Work = Callable[[asyncio.Event], Awaitable[int]]


def main() -> None:
    """Entry point."""
    args = _parser().parse_args()
    configure()
    try:
        sys.exit(_COMMANDS[args.command](args))
    except ConfigError as problem:
        print(f"pbxd cannot start. {problem}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, EOFError):
        print("\nStopped; nothing was written.", file=sys.stderr)
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pbxd", description="The telephone desk.")
    parser.add_argument("--version", action="version", version=f"pbxd {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {
        name: commands.add_parser(name, help=text)
        for name, text in (
            ("run", "run the daemon and the console"),
            ("demo", "the sample office on a real Asterisk (your own PBX when it is configured)"),
            ("init", "point pbxd at an Asterisk"),
            ("doctor", "check everything and say what to do"),
            ("user", "make a log-in account"),
            ("backup", "make a backup of the database now, also while pbxd runs"),
            ("restore", "put a backup back (stop pbxd first); what is there now is kept aside"),
            ("dialplan", "put pbxd's files into Asterisk's configuration, or take them out"),
            (
                "postcodes",
                "make the address finder's table: of a package, or of a file of the post",
            ),
            ("sounds", "write the delivered announcements into Asterisk's sounds directory"),
        )
    }
    for one in made.values():
        one.add_argument("--config", type=Path, default=DEFAULT_FILE, help="settings file")
    made["doctor"].add_argument("--json", action="store_true", help="for programs")
    init = made["init"]
    init.add_argument("--non-interactive", action="store_true", help="take the options as answers")
    for name in ("host", "port", "user", "secret", "trunk", "number", "country", "members"):
        init.add_argument(f"--{name}")
    made["backup"].add_argument("--to", type=Path, help="folder; as set in the console otherwise")
    made["backup"].add_argument(
        "--recordings", action="store_true", help="and all recordings, not only spoken messages"
    )
    made["restore"].add_argument("file", type=Path)
    dialplan = made["dialplan"]
    dialplan.add_argument("what", choices=["diff", "install", "remove"])
    dialplan.add_argument("--asterisk", type=Path, default=Path("/etc/asterisk"))
    dialplan.add_argument("--rx", default="asterisk -rx", help="command of Asterisk's console")
    dialplan.add_argument("--yes", action="store_true", help="do not ask before writing")
    made["postcodes"].add_argument("what", help="kr, tw, or a file of Korea Post or Chunghwa Post")
    made["sounds"].add_argument("directory", type=Path, help="e.g. /usr/share/asterisk/sounds")
    user = made["user"]
    user.add_argument("what", choices=["add"])
    user.add_argument("login")
    user.add_argument("--name", default="")
    user.add_argument("--role", default="user", choices=["admin", "supervisor", "user", "guest"])
    user.add_argument("--extension", default="")
    return parser


def _run(args: argparse.Namespace) -> int:
    from console.running import run  # noqa: PLC0415 - the console is large, and init needs none

    settings = load(args.config)
    return asyncio.run(_until_stopped(lambda stop: run(settings, stop)))


def _demo(args: argparse.Namespace) -> int:
    if args.config.exists():
        return _run(args)
    from lab.demo import show  # noqa: PLC0415 - only the demo needs the lab

    return asyncio.run(_until_stopped(show))


def _doctor(args: argparse.Namespace) -> int:
    from pbxd.doctor import checks, report  # noqa: PLC0415

    findings = asyncio.run(checks.examine(load(args.config)))
    print(report.as_json(findings) if args.json else report.text(findings))
    return report.exit_code(findings)


def _init(args: argparse.Namespace) -> int:
    from pbxd.setup import init  # noqa: PLC0415

    answers = init.Answers()
    for name in ("host", "port", "user", "secret", "trunk", "number", "country", "members"):
        if (given := getattr(args, name)) is not None:
            setattr(answers, name, int(given) if name == "port" else given)
    if not args.non_interactive:
        init.ask(answers, print, input)
    if answers.secret:
        findings = asyncio.run(init.test(answers))
        for finding in findings:
            print(f"{finding.what} {finding.to_do}".rstrip())
        if not init.reachable(findings):
            print("Nothing was written. Mend this, then run pbxd init again.", file=sys.stderr)
            return 1
    else:
        answers.secret = init.new_secret()
    folder = args.config.resolve().parent
    left = init.write(answers, folder, args.config.resolve())
    print(f"\n{args.config} was written. What is left to do:")
    for number, step in enumerate(left, 1):
        print(f" {number}. {step}")
    return 0


def _backup(args: argparse.Namespace) -> int:
    from pbxd.app import DATABASE  # noqa: PLC0415
    from pbxd.store import backup as files  # noqa: PLC0415
    from pbxd.store import beside  # noqa: PLC0415

    directory = load(args.config).store.directory
    database = directory / DATABASE
    folder = args.to or files.folder_of(database)
    try:
        made = files.make(database, folder, datetime.now(UTC))
        held = beside.copy(directory, folder, folder / made.name, messages_only=not args.recordings)
        what = "recordings" if args.recordings else "spoken messages"
        print(f"{held.count} {what} are beside it; {held.missing} were not there.")
    except (OSError, sqlite3.Error) as problem:
        print(f"The backup failed: {problem}", file=sys.stderr)
        return 1
    rows = ", ".join(f"{made.counts[what]} {what}" for what in ("customers", "calls"))
    print(f"{made.name} was made and tried out: {rows}.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from pbxd.app import DATABASE  # noqa: PLC0415
    from pbxd.store import backup as files  # noqa: PLC0415
    from pbxd.store import beside  # noqa: PLC0415

    directory = load(args.config).store.directory
    try:
        with files.alone(directory):
            files.ask_for(directory, args.file, datetime.now(UTC))
            aside = files.carry_out(directory, directory / DATABASE)
            back = beside.carry_out(directory, directory / DATABASE)
    except (OSError, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{args.file} is restored; what was there is backups/{aside}. Start pbxd again.")
    if back is not None:
        print(f"{back.count} recordings are there; {back.missing} are not beside the backup.")
    return 0


def _dialplan(args: argparse.Namespace) -> int:
    from pbxd.setup import dialplan  # noqa: PLC0415

    asterisk: Path = args.asterisk
    try:
        if args.what == "remove":
            changes = dialplan.remove(asterisk)
        else:
            ours = args.config.resolve().parent / "asterisk" / dialplan.FOLDER
            changes = dialplan.install(asterisk, ours)
        print(dialplan.diff(changes) or "Nothing has to be changed.")
        if args.what != "diff" and changes and _agreed(args.yes, len(changes)):
            ask = dialplan.console(args.rx)
            backup = dialplan.carry_out(asterisk, changes, ask, datetime.now(UTC))
            print(f"Done and loaded. The old files are in {backup}.")
    except (OSError, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    if args.what != "remove":
        for note in dialplan.notes(asterisk):
            print(f"Left to do: {note}")
    return 0


def _agreed(yes: bool, files: int) -> bool:
    return yes or input(f"Write these {files} files and load them? [y/N] ").strip().lower() == "y"


def _sounds(args: argparse.Namespace) -> int:
    from pbxd.announcements import delivered  # noqa: PLC0415

    try:
        made = delivered.write(args.directory)
    except (OSError, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{made} sound files were written; what was there stayed.")
    return 0


def _postcodes(args: argparse.Namespace) -> int:
    from console.running import make_postcodes  # noqa: PLC0415

    done = make_postcodes(load(args.config), args.what)
    print(done.text, file=sys.stdout if done.good else sys.stderr)
    return 0 if done.good else 1


def _user(args: argparse.Namespace) -> int:
    from console.running import add_user  # noqa: PLC0415

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    try:
        asyncio.run(
            add_user(
                load(args.config),
                args.login,
                args.name or args.login,
                password,
                args.role,
                args.extension,
            )
        )
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"The account {args.login} was made.")
    return 0


async def _until_stopped(work: Work) -> int:
    """Run `work` with an event that Ctrl-C or SIGTERM sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return await work(stop)


_COMMANDS = {
    "run": _run,
    "demo": _demo,
    "doctor": _doctor,
    "init": _init,
    "backup": _backup,
    "restore": _restore,
    "dialplan": _dialplan,
    "postcodes": _postcodes,
    "sounds": _sounds,
    "user": _user,
}

if __name__ == "__main__":
    main()
