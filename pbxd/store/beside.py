"""Recordings beside backups: copied once, checked, deleted with the last backup that needs them.

A recording never changes. So one folder `recordings` serves all backups of a folder, and each of
them finds there what its own database names. On one disk a copy is a hard link. What callers said
who reached nobody is small and goes with every backup. Blocking.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pbxd.store.migrate import EndedError, Stopped, never

FOLDER = "recordings"
REQUEST = "recordings.request"
STAYS_FREE = 500 * 10**6  # bytes: calls and their recordings go on
_PIECE = 2**20
_ALL = "SELECT file, size FROM recordings WHERE deleted_at IS NULL ORDER BY id"
_MESSAGES = (
    "SELECT file, size FROM recordings WHERE deleted_at IS NULL AND kind = 'message' ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A recording as its database names it."""

    file: str  # below the folder
    size: int  # bytes; a little more on the disk when it is encrypted there


@dataclass(frozen=True, slots=True)
class Room:
    """What recordings take: all of them, and those that are not in the backup yet, in bytes."""

    count: int
    size: int
    new_count: int
    new_size: int
    free: int
    same_disk: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """How many are beside the backup, how big they are, and how many could not be found."""

    count: int
    size: int
    missing: int


def named(database: Path, *, backup: bool = False, messages_only: bool = False) -> list[Named]:
    """The recordings of a database (or its spoken messages), but for those that are deleted."""
    still = "&immutable=1" if backup else ""  # else files for writers would lie beside it
    db = sqlite3.connect(f"file:{database}?mode=ro{still}", uri=True)
    with closing(db):
        rows = db.execute(_MESSAGES if messages_only else _ALL)
        return [Named(*row) for row in rows if _inside(row[0])]


def room(directory: Path, folder: Path, database: Path) -> Room:
    """What a backup of them would take now."""
    return _room(directory, folder, named(database))


def _room(directory: Path, folder: Path, every: list[Named]) -> Room:
    new = [one for one in every if not (folder / FOLDER / one.file).is_file()]
    nearest = next(one for one in (folder, *folder.parents) if one.is_dir())
    return Room(
        len(every),
        sum(one.size for one in every),
        len(new),
        sum(one.size for one in new),
        shutil.disk_usage(nearest).free,
        nearest.stat().st_dev == directory.stat().st_dev,
    )


def copy(
    directory: Path,
    folder: Path,
    database: Path,
    *,
    messages_only: bool = False,
    stopped: Stopped = never,
) -> Copied:
    """All that `database` (a backup in `folder`) names; what is there stays as it is.

    Raises OSError: no room (nothing was begun), or the disk failed; EndedError. What was copied
    stays.
    """
    wanted = named(database, backup=True, messages_only=messages_only)
    need = _room(directory, folder, wanted)
    if not need.same_disk and need.new_size + STAYS_FREE > need.free:
        raise OSError(errno.ENOSPC, "no room for the recordings", str(folder))
    return _bring(directory / FOLDER, folder / FOLDER, wanted, stopped)


def forget(folder: Path, backups: Iterable[Path]) -> int:
    """Delete what none of these backups names any more; how many."""
    if not (folder / FOLDER).is_dir():
        return 0
    try:
        needed = {one.file for file in backups for one in named(file, backup=True)}
    except sqlite3.Error:  # damaged, or of a pbxd without recordings: who knows what it needs
        return 0
    gone = 0
    for file in _files(folder / FOLDER):
        if str(file.relative_to(folder / FOLDER)) not in needed:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def ask_for(directory: Path, folder: Path) -> None:
    """Bring the recordings of a restored backup back when pbxd runs; there may be very many."""
    if (folder / FOLDER).is_dir():
        (directory / REQUEST).write_text(json.dumps({"folder": str(folder.resolve())}), "utf-8")


def carry_out(directory: Path, database: Path, stopped: Stopped = never) -> Copied | None:
    """What was asked for, None nothing; cut short it is done again. Raises OSError, EndedError."""
    request = directory / REQUEST
    if not request.exists():
        return None
    folder = Path(json.loads(request.read_text("utf-8"))["folder"])
    done = _bring(folder / FOLDER, directory / FOLDER, named(database), stopped)
    request.unlink()
    return done


def _bring(source: Path, target: Path, wanted: Collection[Named], stopped: Stopped) -> Copied:
    for part in _files(target, unfinished=True):  # of one that was killed
        part.unlink(missing_ok=True)
    count = size = missing = 0
    for one in wanted:
        if stopped():
            raise EndedError
        if (target / one.file).is_file() or _taken(source / one.file, target / one.file):
            count += 1
            size += one.size
        else:
            missing += 1
    return Copied(count, size, missing)


def _taken(source: Path, target: Path) -> bool:
    """False: it is not there. Named only when it is whole."""
    if not source.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):  # another disk, or one that knows no links
        os.link(source, target)
        return True
    part = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as old, part.open("wb") as new:
            os.fchmod(new.fileno(), 0o600)
            shutil.copyfileobj(old, new, _PIECE)
            new.flush()
            os.fsync(new.fileno())
        if _digest(part) != _digest(source):
            raise OSError(errno.EIO, "a copy is not what was copied", str(target))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return True


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _inside(file: str) -> bool:
    return not Path(file).is_absolute() and ".." not in Path(file).parts


def _files(folder: Path, *, unfinished: bool = False) -> Iterator[Path]:
    pattern = "*.part" if unfinished else "*"
    return (one for one in sorted(folder.rglob(pattern)) if one.is_file())
