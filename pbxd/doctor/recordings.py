"""Do the recordings on the disk and those in the database agree?"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pbxd.app import DATABASE
from pbxd.config import Settings
from pbxd.doctor.finding import Finding, Level

SHOWN = 5


async def recordings(settings: Settings) -> list[Finding]:
    """Missing files, files that nobody knows, and what could not be read."""
    return await asyncio.to_thread(_look, settings)


def _look(settings: Settings) -> list[Finding]:
    folder = settings.store.directory / "recordings"
    file = settings.store.directory / DATABASE
    if not file.exists():
        return []
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as conn:
            rows = conn.execute("SELECT file FROM recordings WHERE deleted_at IS NULL")
            known = {row[0] for row in rows}
    except sqlite3.Error:
        return []  # an older database: the first start brings the table
    there = set(_files(folder))
    found = []
    if missing := sorted(known - there):
        found.append(
            Finding(
                Level.ERROR,
                f"{len(missing)} recordings lack their file below {folder}: {_some(missing)}",
                "Put the files back from your backup; the list and who listened are still there.",
            )
        )
    if orphans := sorted(there - known):
        found.append(
            Finding(
                Level.WARNING,
                f"{len(orphans)} files below {folder} belong to no recording: {_some(orphans)}",
                "They were left by a deletion that was cut short; delete them by hand.",
            )
        )
    found += _spool(settings.pbx.spool)
    return found or [Finding(Level.OK, f"{len(known)} recordings, each with its file")]


def _spool(spool: Path | None) -> list[Finding]:
    if spool is None:
        return []
    if not os.access(spool, os.W_OK):
        return [
            Finding(
                Level.ERROR,
                f"pbxd cannot take recordings out of {spool}",
                f"install -d -o asterisk -g pbxd -m 2770 {spool}",
            )
        ]
    aside = sorted(path.name for path in (spool / "unreadable").glob("*"))
    if not aside:
        return []
    return [
        Finding(
            Level.WARNING,
            f"{len(aside)} recordings could not be read: {_some(aside)}",
            f"They are in {spool / 'unreadable'}; listen to what is left (8 kHz, 16 bit: rec-*.raw"
            " stereo without a header, others messages of callers).",
        )
    ]


def _files(folder: Path) -> Iterator[str]:
    for where, _, names in os.walk(folder):
        for name in names:
            if not name.startswith("."):
                yield str((Path(where) / name).relative_to(folder))


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
