"""Reading and writing the postcode table. Blocking: for threads and processes of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from console.addresses.model import Asked, Span, Street, Table
from console.addresses.tables import INDEXES, SCHEMA, STAGE
from pbxd.store import search

BATCH = 20_000
_STREET = "id, region, city, quarter, road, building, number"


class Writer:
    """A new table in `file`; nothing of it counts before `finish`."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")  # a half-written file is thrown away
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        self.spans = self.streets = 0

    def street(self, street: Street, words: str, joined: str = "") -> int:
        """One more road or building, found by `words` or parts of `joined`; its id."""
        self.streets += 1
        terms = search.tokens(joined) if joined else words
        fields = (street.region, street.city, street.quarter, street.road)
        self._db.execute(
            "INSERT INTO streets VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.streets, *fields, street.building, street.number, joined),
        )
        self._db.execute("INSERT INTO words (rowid, terms) VALUES (?, ?)", (self.streets, terms))
        return self.streets

    def add(self, street: int, spans: Iterable[Span]) -> None:
        """Numbers of it."""
        rows = [(street, s.postcode, s.side, s.low, s.high, s.lane, s.note) for s in spans]
        self.spans += len(rows)
        self._db.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self, country: str, source: str, made_at: str) -> None:
        """Make it whole and safe on the disk."""
        about = {"country": country, "source": source, "made_at": made_at}
        about |= {"streets": str(self.streets), "spans": str(self.spans)}
        self._db.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._db.execute("COMMIT")
        self._db.executescript(INDEXES)
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("VACUUM")
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


class Stage:
    """Single buildings, put in order by the database so that they need no memory."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(STAGE)
        self._db.execute("BEGIN")
        self._rows: list[tuple[int, int, int, str]] = []

    def add(self, street: int, side: int, number: int, postcode: str) -> None:
        """One building."""
        self._rows.append((street, side, number, postcode))
        if len(self._rows) == BATCH:
            self._put()

    def ordered(self) -> Iterator[tuple[int, int, int, str]]:
        """(street, side, number, postcode), each street's together, numbers rising."""
        self._put()
        yield from self._db.execute(
            "SELECT street, side, number, postcode FROM points ORDER BY street, side, number"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _put(self) -> None:
        self._db.executemany("INSERT INTO points VALUES (?, ?, ?, ?)", self._rows)
        self._rows.clear()


def about(file: Path) -> Table | None:
    """What the table is; None: there is none, or it cannot be read."""
    try:
        with closing(_opened(file)) as db:
            found = dict(db.execute("SELECT name, value FROM about"))
        return Table(
            found["country"],
            found["source"],
            found["made_at"],
            int(found["streets"]),
            int(found["spans"]),
            file.stat().st_size,
        )
    except (sqlite3.Error, OSError, KeyError, ValueError):
        return None


def find(
    file: Path, country: str, wanted: Asked, most: int
) -> tuple[list[tuple[Street, list[Span]]], bool]:
    """Roads that fit with all their spans, and whether there are more of them."""
    with closing(_opened(file)) as db:
        if wanted.postcode:
            ids = _by_postcode(db, wanted.postcode, most + 1)
        elif country == "TW":
            ids = _by_part(db, wanted.words, most + 1)
        else:
            ids = _by_words(db, wanted.words, most + 1)
        return _with_spans(db, ids[:most]), len(ids) > most


def _opened(file: Path) -> sqlite3.Connection:
    # immutable: the file is never changed, only put in the place of another
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _by_postcode(db: sqlite3.Connection, code: str, most: int) -> list[int]:
    end = code[:-1] + chr(ord(code[-1]) + 1)  # Taiwan's first three digits are a postcode too
    rows = db.execute(
        "SELECT DISTINCT street FROM spans WHERE postcode >= ? AND postcode < ? LIMIT ?",
        (code, end, most),
    )
    return [row[0] for row in rows]


def _by_words(db: sqlite3.Connection, words: Sequence[str], most: int) -> list[int]:
    """Whole words first: 테헤란로 is not 테헤란로10길."""
    ids: dict[int, None] = {}
    exact = [f'"{word}"' for word in words]
    last_whole = [f'"{word}"*' for word in words[:-1]] + exact[-1:]
    for parts in (exact, last_whole, [f'"{word}"*' for word in words]):
        if not parts or len(ids) >= most:
            break
        rows = db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (" AND ".join(parts), most)
        )
        ids |= dict.fromkeys(row[0] for row in rows)
    return list(ids)[:most]


def _by_part(db: sqlite3.Connection, words: Sequence[str], most: int) -> list[int]:
    """Taiwanese is written without gaps: parts in their order."""
    if not words:
        return []
    rows = db.execute(
        "SELECT id FROM streets WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?)"
        " AND joined LIKE ? ORDER BY length(joined), id LIMIT ?",
        (search.match(words), f"%{'%'.join(words)}%", most),
    )
    return [row[0] for row in rows]


def _with_spans(db: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[Street, list[Span]]]:
    marks = ", ".join("?" * len(ids))
    streets = {
        row[0]: (Street(*row[1:]), list[Span]())
        for row in db.execute(f"SELECT {_STREET} FROM streets WHERE id IN ({marks})", ids)  # noqa: S608 - only question marks
    }
    spans = db.execute(
        "SELECT street, postcode, side, low, high, lane, note FROM spans"  # noqa: S608
        f" WHERE street IN ({marks}) ORDER BY rowid",
        ids,
    )
    for street, *fields in spans:
        streets[street][1].append(Span(*fields))
    return [streets[id] for id in ids if id in streets]
