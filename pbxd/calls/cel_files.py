"""The event log as Asterisk left it on disk: the file, and those that rotation has put aside."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from pbxd.calls import cel
from pbxd.calls.cel import CelRow

CHUNK = 1 << 18  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Part:
    """One file from `start` on; `inode` tells it from its successor under the same name."""

    file: Path
    inode: int
    start: int


def parts(file: Path, inode: int | None, offset: int) -> tuple[Part, ...]:
    """What is to be read after (`inode`, `offset`), oldest first; nothing when there is no file.

    A file that was renamed (`pbxd.csv.1`) is found by its inode and read to its end first, with
    those renamed after it. One that is gone, was cut, or compressed, is passed over: reading goes
    on at the beginning of the present one.
    """
    here = _stat(file)
    current = () if here is None else (Part(file, here[0], 0),)
    if inode is None:
        return current
    if here is not None and here[0] == inode:
        whole = offset <= here[1] and _ends_a_line(file, offset)
        return (Part(file, inode, offset if whole else 0),)
    aside = sorted(
        (found.stat().st_mtime_ns, found, found.stat().st_ino)
        for found in file.parent.glob(f"{file.name}?*")
        if found.is_file()
    )
    at = next((n for n, (_, _, its) in enumerate(aside) if its == inode), None)
    if at is None or not _ends_a_line(aside[at][1], offset):
        return current
    later = tuple(Part(found, its, 0) for _, found, its in aside[at + 1 :] if _is_plain(found))
    return (Part(aside[at][1], inode, offset), *later, *current)


def chunks(part: Part) -> Generator[tuple[int, list[tuple[int, CelRow]]]]:
    """(offset behind, [(offset of, or before, the row, row)]) for each piece of whole records."""
    done, rest = part.start, b""
    with part.file.open("rb") as file:
        if _inode(file.fileno()) != part.inode:
            return  # renamed just now: the next run finds it under its new name
        file.seek(done)
        while data := file.read(CHUNK):
            data = rest + data
            rows: list[tuple[int, CelRow]] = []
            used = 0
            for end, record in cel.records(data):
                row = cel.parse(record)
                if row is not None:
                    rows.append((done + used, row))
                used = end
            done += used
            rest = data[used:]
            yield done, rows


def _stat(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size


def _inode(descriptor: int) -> int:
    return os.fstat(descriptor).st_ino


def _ends_a_line(file: Path, offset: int) -> bool:
    """A place that we left stands behind a line break: else it is another file's."""
    if offset == 0:
        return True
    with file.open("rb") as opened:
        opened.seek(offset - 1)
        return opened.read(1) == b"\n"


def _is_plain(file: Path) -> bool:
    return file.suffix not in (".gz", ".xz", ".bz2", ".zst")
