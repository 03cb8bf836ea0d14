"""All data as one Excel file: whole, readable, without secrets, and nothing left behind."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from sqlalchemy import LargeBinary

from console.audit.queries import note
from console.backup import contents
from console.backup.exporting import Exports, State
from console.backup.meanings import COLUMNS, COMMON, TABLES
from console.backup.workbook import FILE, Field, Plan, Sheet, write
from console.customers.files import customer_files
from console.customers.model import Details, Phone
from console.web.i18n import Languages
from pbxd.app import Daemon, build
from pbxd.config import Settings
from pbxd.errors import Conflict, NotFound
from pbxd.store.metadata import metadata
from tests.store.test_blacklist import Clock

ROOT = Path(__file__).parents[2]
SMELLS = re.compile(
    r"pass|secret|token|hash|csrf|cipher|crypt|\bkey\b|_key|salt|otp", re.IGNORECASE
)
NO_SECRET = {"callback_requests.key"}  # a name by which a wish counts once


@pytest.fixture(scope="module", autouse=True)
def _all_tables() -> None:
    """Also those that no test here needs."""
    importlib.import_module("pbxd.store.search")
    for package in ("pbxd", "console"):
        for found in (ROOT / package).glob("*/tables.py"):
            importlib.import_module(f"{package}.{found.parent.name}.tables")


@pytest_asyncio.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    values = {"store": {"directory": tmp_path}, "office": {"name": "한빛상사"}}
    made = await build(Settings.model_validate(values), Clock())
    await made.agents.load()
    yield made
    await made.stop()


@pytest.fixture
def exports(daemon: Daemon) -> Exports:
    made = Exports(daemon)
    made.keep_free = 0
    return made


async def until(exports: Exports, holds: Callable[[], bool]) -> None:
    """Wait for what is said."""
    said = asyncio.Event()
    exports.on_state = exports.on_progress = said.set
    async with asyncio.timeout(30):
        while not holds():
            await said.wait()
            said.clear()


def language(daemon: Daemon, code: str = "ko") -> object:
    return Languages(code, daemon.settings.office.zone)[code]


def test_every_column_is_in_the_file_or_kept_back_with_a_reason() -> None:
    for table in metadata.sorted_tables:
        assert table.name in TABLES or table.name in contents.NEVER, (
            f"{table.name}: say in meanings.py what it holds, or in contents.py why it stays out"
        )
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            kept_back = table.name in contents.NEVER or name in contents.NEVER
            told = bool(contents.meaning(table.name, column.name))
            assert told is not kept_back, f"{name}: in meanings.py, or in contents.py"
            if told:
                assert not isinstance(column.type, LargeBinary), name
                contents.kind(column)


def test_no_secret_is_in_the_file() -> None:
    smelling = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if SMELLS.search(column.name)
    }
    assert {"users.password_hash", "users.totp_secret", "sessions.token_hash"} <= smelling
    languages = Languages("en", Settings().office.zone)
    sheets = contents.sheets(metadata, languages["en"])
    exported = {f"{sheet.table}.{field.column}" for sheet in sheets for field in sheet.fields}
    assert exported & smelling == NO_SECRET
    assert len(exported) > 350


def test_what_is_said_is_of_something_that_is_there() -> None:
    names = {
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c
    }
    assert set(TABLES) <= set(metadata.tables)
    assert set(COLUMNS) <= names
    assert set(COMMON) <= {name.partition(".")[2] for name in names}
    assert {name for name in contents.NEVER if "." in name} <= names
    assert {name for name in contents.NEVER if "." not in name} <= set(metadata.tables)


async def test_the_file_as_a_spreadsheet_reads_it(daemon: Daemon, exports: Exports) -> None:
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    details = Details(
        name="=HYPERLINK(1)", memo="첫 줄\n둘째 \x07줄", vip=True, phones=(Phone("010-1234-5678"),)
    )
    made = await customers.create(details, "")
    exports.begin("somebody", language(daemon))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="being made"):
        exports.begin("somebody", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is not None and exports.now.state is not State.RUNS)
    assert exports.now is not None
    assert exports.now.state is State.READY, exports.now.problem
    file = exports.file(exports.now.id)
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert [one.name for one in file.parent.iterdir()] == [FILE], "no sheet lies about unpacked"
    book = load_workbook(file)
    assert book.sheetnames == ["목차", *TABLES]
    head, row = list(book["customers"].values)
    found = dict(zip(head, row, strict=True))
    assert found["id"] == made.id
    assert found["name"] == "'=HYPERLINK(1)"
    assert found["memo"] == "첫 줄\n둘째 줄"
    assert found["vip"] is True
    assert found["deleted_at"] is None
    zone = daemon.settings.office.zone
    local = made.created_at.astimezone(zone).replace(tzinfo=None, microsecond=0)
    assert found["created_at"] == local
    assert "password_hash" not in next(iter(book["users"].values))
    first = list(book["목차"].values)
    assert "한빛상사" in str(first[0][0])
    assert str(zone) in str(first[1][0])
    lines = {(line[0], line[1]): line for line in first}
    assert lines["customers", None][3:] == ("고객", 1)
    assert lines["customers", "vip"][2:4] == ("예·아니요", "VIP")
    assert lines["users", "password_hash"][3] == "비밀 정보"
    assert exports.now.rows == sum(len(list(book[name].values)) - 1 for name in TABLES)


async def test_gone_after_its_time_and_when_another_one_is_made(
    daemon: Daemon, exports: Exports
) -> None:
    first = exports.begin("a", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is not None and exports.now.state is State.READY)
    exports.kept = timedelta(seconds=0.01)
    second = exports.begin("a", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is None)
    folder = daemon.settings.store.directory / "exports"
    await until(exports, lambda: not list(folder.iterdir()))
    for gone in (first, second):
        with pytest.raises(NotFound):
            exports.file(gone.id)


async def test_who_when_and_how_many_rows_are_written_down(
    daemon: Daemon, exports: Exports
) -> None:
    async with daemon.store.writing() as conn:
        await note(conn, daemon.clock(), "x", "y", "z")
    made = exports.begin("the-admin", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is not None and exports.now.state is State.READY)
    with closing(sqlite3.connect(daemon.store.file)) as db:
        (user, what, after) = db.execute(
            "SELECT user_id, what, after FROM audit WHERE thing_id = ?", (made.id,)
        ).fetchone()
    assert (user, what) == ("the-admin", "export.ready")
    assert exports.now is not None
    assert json.loads(after)["rows"] == exports.now.rows > 0


async def test_cancelled_in_the_middle_nothing_is_left(daemon: Daemon, exports: Exports) -> None:
    many(daemon.store.file, 200_000)
    exports.begin("a", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is not None and exports.now.rows > 0)
    folder = daemon.settings.store.directory / "exports"
    assert list(folder.iterdir())
    exports.cancel()
    assert exports.now is None
    await until(exports, lambda: not list(folder.iterdir()))


async def test_a_full_disk_is_said_and_nothing_is_left(daemon: Daemon, exports: Exports) -> None:
    """Too little to begin with; and a write that fails in the middle."""
    folder = daemon.settings.store.directory / "exports"
    many(daemon.store.file, 20_000)
    exports.keep_free = 2**62
    limited = (
        "import resource; from console.backup import workbook;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000));"
        "workbook.main()"
    )
    for command in (exports.command, (sys.executable, "-c", limited)):
        exports.command = command
        exports.begin("a", language(daemon))  # type: ignore[arg-type]
        await until(exports, lambda: exports.now is not None and exports.now.state is State.FAILED)
        assert exports.now is not None
        assert exports.now.problem == "full"
        assert list(folder.iterdir()) == []
        exports.keep_free = 0


async def test_a_writer_that_is_killed(daemon: Daemon, exports: Exports) -> None:
    exports.command = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    exports.begin("a", language(daemon))  # type: ignore[arg-type]
    await until(exports, lambda: exports.now is not None and exports.now.state is State.FAILED)
    assert list((daemon.settings.store.directory / "exports").iterdir()) == []


async def test_what_a_killed_pbxd_left_goes_at_the_start(daemon: Daemon, exports: Exports) -> None:
    left = daemon.settings.store.directory / "exports" / "01X"
    left.mkdir(parents=True)
    (left / FILE).write_bytes(b"everything")
    await exports.load()
    assert not left.exists()


def test_the_writer_ends_with_pbxd(tmp_path: Path) -> None:
    """Killed -9, pbxd can stop nobody: the other end of the line closes."""
    plan = small(tmp_path, 300_000)
    with subprocess.Popen(
        [sys.executable, "-m", "console.backup.workbook"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(plan.model_dump_json().encode() + b"\n")
        process.stdin.flush()
        assert b"rows" in process.stdout.readline()
        assert list(plan.folder.iterdir())
        process.stdin.close()
        assert process.wait(10) == 1
    assert not plan.folder.exists()


def many(file: Path, rows: int) -> None:
    """So many rows of a plain table."""
    with closing(sqlite3.connect(file, timeout=10)) as db:
        db.executemany(
            "INSERT INTO desk_commands VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (f"{n:026}", n * 1000, "agent", "call", f"+8210{n:08}", "ok", "")
                for n in range(rows)
            ),
        )
        db.commit()


def small(folder: Path, rows: int) -> Plan:
    """A plan of one table."""
    file = folder / "small.sqlite3"
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE numbers (id INTEGER PRIMARY KEY, at INTEGER, text TEXT)")
        db.executemany(
            "INSERT INTO numbers VALUES (?, ?, ?)",
            ((n * 3 - 7, n * 60_000, f"줄 {n}") for n in range(rows)),
        )
        db.commit()
    target = folder / "made"
    target.mkdir()
    fields = [
        Field(column="id", kind="number", type="", about=""),
        Field(column="at", kind="time", type="", about=""),
        Field(column="text", kind="text", type="", about=""),
    ]
    return Plan(
        database=file,
        folder=target,
        zone="Asia/Seoul",
        title="contents",
        head=[],
        columns=["a", "b", "c", "d", "e"],
        absent="",
        sheets=[Sheet(table="numbers", about="", fields=fields)],
        left_out=[],
        keep_free=0,
    )


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    plan = small(tmp_path, 4500).model_copy(update={"most_rows": 2001})
    said: list[tuple[str, int, int]] = []
    assert write(plan, lambda *step: said.append(step)) == 4500
    assert [step[1] for step in said] == [2000, 4000, 4500, 4500]
    book = load_workbook(plan.folder / FILE, read_only=True)
    assert book.sheetnames == ["contents", "numbers", "numbers (2)", "numbers (3)"]
    sheets = [list(book[name].values) for name in book.sheetnames[1:]]
    assert [len(sheet) for sheet in sheets] == [2001, 2001, 501]
    assert all(sheet[0] == ("id", "at", "text") for sheet in sheets)
    ids = [row[0] for sheet in sheets for row in sheet[1:]]
    assert ids == [n * 3 - 7 for n in range(4500)], "each row once, in order"
    assert sheets[0][1][1] == datetime(1970, 1, 1, 9)  # noqa: DTZ001 - as a cell holds it


def test_strange_values_still_make_a_file(tmp_path: Path) -> None:
    plan = small(tmp_path, 0)
    long = "가" * 40_000
    with closing(sqlite3.connect(plan.database)) as db:
        db.executemany(
            "INSERT INTO numbers VALUES (?, ?, ?)",
            [
                (1, 10**17, "\x00\x1b[31m"),
                (2, -(10**14), long),
                (3, None, "😀" * 20_000),
                (2**60, "no time", b"\xff\xfe"),
                (
                    2**60 + 1,
                    -(10**13),
                    "https://example.com/",
                ),  # no spreadsheet counts so far
                (2**60 + 2, 0, "{=1+1}"),
                (2**60 + 3, 0, "0123"),
            ],
        )
        db.commit()
    write(plan, lambda *step: None)
    head, *lines = load_workbook(plan.folder / FILE)["numbers"].values
    assert head == ("id", "at", "text")
    assert lines[0][1:] == ("100000000000000000", "[31m")
    assert str(lines[1][2]).endswith("가…")
    assert len(str(lines[2][2]).encode("utf-16-le")) <= 2 * 32_767
    assert lines[3][0] == str(2**60)
    assert lines[3][1] == "no time"
    assert lines[4][1:] == ("1653-02-10 14:41:12", "https://example.com/"), "no link either"
    assert [line[2] for line in lines[5:]] == ["{=1+1}", "0123"]


def test_memory_stays_the_same(tmp_path: Path) -> None:
    """Ten times the rows, no more memory: what is written is on the disk."""
    most = []
    script = (
        "import resource, sys; from console.backup import workbook; workbook.main();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    for rows in (5_000, 50_000):
        (tmp_path / str(rows)).mkdir()
        plan = small(tmp_path / str(rows), rows)
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(plan.model_dump_json().encode() + b"\n")
            process.stdin.flush()
            assert b"ready" in process.stdout.read()
            most.append(int(process.stderr.read()))
        print(rows, "rows", round(time.monotonic() - began, 1), "s")
    assert most[1] < most[0] * 1.2, most
