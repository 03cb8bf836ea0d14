"""Backups as files: made, tried out, listed, put back. Blocking.

A backup is one SQLite file and, beside it, what it holds (`.json`), written when it was tried out:
restored into a folder of its own, brought up to date and read.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from pbxd.errors import Refused
from pbxd.store import beside
from pbxd.store.migrate import (
    STEPS,
    EndedError,
    Stopped,
    UnusableDatabase,
    backup,
    bring_up_to_date,
    never,
)

_NAME = re.compile(r"pbxd-(\d{8}T\d{6})Z\.sqlite3")
_STAMP = "%Y%m%dT%H%M%S"
REQUEST = "restore.request"
UNTRIED = ".untried"
_TRY = "pbxd-try-"
_PIECE = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; `counts` is empty when it was never tried out."""

    name: str
    at: datetime
    size: int  # bytes
    sha256: str
    counts: dict[str, int]
    recordings: int = 0  # beside it
    recordings_size: int = 0  # bytes
    missing: int = 0  # recordings that were not there any more


def make(database: Path, folder: Path, now: datetime, stopped: Stopped = never) -> Backup:
    """A new one, tried out. Raises OSError (no space, no folder, another one is being made),
    UnusableDatabase, EndedError: nothing is left then."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _only_one(database.parent):
        _clear(folder)
        while True:  # two in one second are two
            target = folder / f"pbxd-{now.astimezone(UTC).strftime(_STAMP)}Z.sqlite3"
            if not target.exists():
                break
            now += timedelta(seconds=1)
        untried = target.with_suffix(UNTRIED)
        backup(database, untried, stopped)
        try:
            counts, digest = try_out(untried, stopped), hashlib.sha256()
            with untried.open("rb") as file:
                for piece in _pieces(file, stopped):
                    digest.update(piece)
                os.fsync(file.fileno())
            untried.replace(target)
        except BaseException:
            untried.unlink()
            raise
        size, sha256 = target.stat().st_size, digest.hexdigest()
        made = Backup(target.name, _at(target.name), size, sha256, counts)
        note(folder, made)
    return made


def note(folder: Path, made: Backup) -> None:
    """Write down what a backup holds."""
    about = asdict(made) | {"at": made.at.isoformat()}
    _write((folder / made.name).with_suffix(".json"), json.dumps(about, indent=1))


def try_out(file: Path, stopped: Stopped = never) -> dict[str, int]:
    """Restore into a folder of its own and read it: how many rows of what.

    Raises UnusableDatabase, EndedError.
    """
    with tempfile.TemporaryDirectory(prefix=_TRY, dir=file.parent) as folder:
        copy = Path(folder) / file.name
        with file.open("rb") as source, copy.open("wb") as target:
            for piece in _pieces(source, stopped):
                target.write(piece)
        bring_up_to_date(copy)
        with closing(sqlite3.connect(copy)) as db:
            db.set_progress_handler(stopped, STEPS)
            try:
                return _read(db, file)
            except sqlite3.OperationalError:
                if stopped():
                    raise EndedError from None
                raise


def _read(db: sqlite3.Connection, file: Path) -> dict[str, int]:
    (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise UnusableDatabase(f"{file} is damaged: {verdict}")
    tables = [
        name
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "search", "alembic"))
    ]
    return {
        name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for name in tables
    }


def _pieces(file: BinaryIO, stopped: Stopped) -> Iterator[bytes]:
    """All of it. Raises EndedError."""
    while piece := file.read(_PIECE):
        if stopped():
            raise EndedError
        yield piece


def _clear(folder: Path) -> None:
    """What one left that was killed in the middle."""
    for ending in (".partial*", UNTRIED):
        for left in folder.glob(f"pbxd-*{ending}"):
            left.unlink(missing_ok=True)
    for left in folder.glob(f"{_TRY}*"):
        shutil.rmtree(left, ignore_errors=True)


def listed(folder: Path) -> list[Backup]:
    """Those in a folder, newest first."""
    if not folder.is_dir():
        return []
    found = []
    for file in folder.iterdir():
        if not _NAME.fullmatch(file.name):
            continue
        about: dict[str, Any] = {}
        with suppress(OSError, ValueError):  # it was cut short before it was tried out
            about = json.loads(file.with_suffix(".json").read_text("utf-8"))
        size, sha256, counts = file.stat().st_size, about.get("sha256", ""), about.get("counts", {})
        held = (about.get(name, 0) for name in ("recordings", "recordings_size", "missing"))
        found.append(Backup(file.name, _at(file.name), size, sha256, counts, *held))
    return sorted(found, key=lambda one: one.at, reverse=True)


def folder_in(directory: Path, chosen: str) -> Path:
    """Where backups go: the chosen folder, else `backups` beside the database."""
    return directory / (chosen or "backups")


def folder_of(database: Path) -> Path:
    """Where the console says that backups go."""
    chosen = ""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    with closing(db), suppress(sqlite3.Error):  # an older database: nobody has chosen yet
        row = db.execute("SELECT folder FROM backup_policy").fetchone()
        chosen = row[0] if row else ""
    return folder_in(database.parent, chosen)


def forget(folder: Path, names: Iterable[str]) -> None:
    """Delete some."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
        (folder / name).with_suffix(".json").unlink(missing_ok=True)


def ask_for(directory: Path, file: Path, now: datetime) -> None:
    """Put `file` back at the next start. Raises Refused: it cannot be used."""
    if not file.is_file():
        raise Refused("no-backup", "This backup is not there any more.")
    try:
        try_out(file)
    except (UnusableDatabase, sqlite3.Error) as problem:
        raise Refused(
            "bad-backup", "This backup cannot be used: {reason}", reason=str(problem)
        ) from None
    wish = {"file": str(file.resolve()), "at": now.astimezone(UTC).strftime(_STAMP)}
    _write(directory / REQUEST, json.dumps(wish))


def carry_out(directory: Path, database: Path) -> str:
    """What was asked for, at a start; the name of what was put aside, "" nothing was asked.

    Killed at any moment it is done again at the next start: the wish goes last. Raises OSError.
    """
    request = directory / REQUEST
    try:
        wish = json.loads(request.read_text("utf-8"))
    except FileNotFoundError:
        return ""
    file = Path(wish["file"])
    if not file.is_file():
        raise UnusableDatabase(f"{file} is to be restored and is not there; remove {request}.")
    aside = directory / "backups" / f"before-restore-{wish['at']}.sqlite3"
    if database.exists() and not aside.exists():
        aside.parent.mkdir(exist_ok=True, mode=0o700)
        try:
            backup(database, aside)
        except UnusableDatabase:  # that may be why: keep it as it is
            shutil.copyfile(database, aside)
    unfinished = database.with_suffix(".restoring")
    shutil.copyfile(file, unfinished)
    unfinished.chmod(0o600)
    with unfinished.open("rb") as copied:
        os.fsync(copied.fileno())
    for rest in ("-wal", "-shm"):
        database.with_name(database.name + rest).unlink(missing_ok=True)
    unfinished.replace(database)
    _sync(directory)
    beside.ask_for(directory, file.parent)
    request.unlink()
    return aside.name


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """One pbxd on one directory. Raises OSError: there is another one."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another pbxd runs on {directory}; stop it first") from None
        yield


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """One backup of one directory. Raises OSError: another one is being made."""
    lock = os.open(directory, os.O_RDONLY)  # a file would be its maker's, who may be root
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError("another backup is being made at this moment") from None
        yield
    finally:
        os.close(lock)


def _at(name: str) -> datetime:
    stamp = name.removeprefix("pbxd-").partition("Z")[0]
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _write(file: Path, text: str) -> None:
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_text(text, "utf-8")
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
