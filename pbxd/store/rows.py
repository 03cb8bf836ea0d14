"""Whole tables, read in pages by each row's place: no reading lasts, so the log is cut as ever.

Blocking, without the engine: for a process of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PAGE = 2000  # rows


def opened(file: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error."""
    db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return db


def count(db: sqlite3.Connection, table: str) -> int:
    """How many rows there are."""
    (rows,) = db.execute(f"SELECT count(*) FROM {_name(table)}").fetchone()  # noqa: S608
    return int(rows)


def pages(
    db: sqlite3.Connection, table: str, columns: Sequence[str], size: int = PAGE
) -> Iterator[list[tuple[Any, ...]]]:
    """All rows as they are kept, `size` at a time, each page a reading of its own."""
    wanted = ", ".join(_name(column) for column in columns)
    statement = (
        f"SELECT rowid, {wanted} FROM {_name(table)}"  # noqa: S608
        " WHERE rowid > ? ORDER BY rowid LIMIT ?"
    )
    last = -(2**63)
    while rows := db.execute(statement, (last, size)).fetchall():
        last = rows[-1][0]
        yield [row[1:] for row in rows]
        if len(rows) < size:
            return


def _name(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'
