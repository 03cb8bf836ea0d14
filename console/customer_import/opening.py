"""Files from outside are opened in a process of their own: what it says, or why it cannot."""

from __future__ import annotations

import asyncio
import errno
import json
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from console.customer_import.reading import OLE
from pbxd.errors import InvalidInput

SECONDS = 180
UNREADABLE = {
    "password": InvalidInput(
        "file-password", "This file has a password. Save it without one.", field="file"
    ),
    "damaged": InvalidInput("file-damaged", "This file is damaged.", field="file"),
    "big": InvalidInput("file-unpacked", "This file is too big when unpacked.", field="file"),
    "kind": InvalidInput(
        "file-kind", "This is neither an Excel file nor a text (CSV).", field="file"
    ),
    "coding": InvalidInput(
        "file-coding", "This is no text file. Save the list as CSV (UTF-8).", field="file"
    ),
    "room": InvalidInput(
        "file-room", "There is no room on the disk of pbxd. Nothing was read in.", field="file"
    ),
}


async def opened(what: str, file: Path, *words: str) -> dict[str, Any]:
    """The answer of `reading.main`. Raises InvalidInput."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "console.customer_import.reading",
        what,
        str(file),
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    answer: dict[str, Any] = {"error": "big"}  # its limits have ended it
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                out, _ = await child.communicate()
        if child.returncode == 0:
            answer = json.loads(out)
        elif child.returncode == 1:
            answer = {"error": "damaged"}
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if reason := answer.get("error", ""):
        if reason == "big" and not await asyncio.to_thread(_packed, file):
            reason = "damaged"
        raise UNREADABLE[reason]
    return answer


async def first_rows(data: bytes, most_bytes: int) -> list[list[str]]:
    """All of a small file's first sheet. Raises InvalidInput, also for more than `most_bytes`."""
    with tempfile.TemporaryDirectory(prefix="pbxd-") as folder:
        file, rows = Path(folder) / "source", Path(folder) / "rows"
        try:
            await asyncio.to_thread(file.write_bytes, data)
        except OSError as problem:
            if problem.errno != errno.ENOSPC:
                raise
            raise UNREADABLE["room"] from None
        await opened("rows", file, "0", str(rows), "", "")
        return await asyncio.to_thread(_read, rows, most_bytes)


def _read(file: Path, most_bytes: int) -> list[list[str]]:
    if file.stat().st_size > most_bytes:
        raise UNREADABLE["big"]
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _packed(file: Path) -> bool:
    """Workbooks of before 2007 are not: only what is damaged in one wants so much memory."""
    with file.open("rb") as source:
        return source.read(len(OLE)) != OLE
