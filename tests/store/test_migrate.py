"""Migrations: whole or not at all, after a backup, one at a time; clear words when it cannot be."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from pbxd.store import migrate as migrating
from pbxd.store.metadata import metadata
from pbxd.store.migrate import UnusableDatabase, backup, migrate

STEP = """
import sqlalchemy as sa
from alembic import op
revision = "9001"
down_revision = "{after}"
def upgrade() -> None:
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE agents SET name = 'changed'")
    {then}
"""


@pytest.fixture(autouse=True)
def _no_copies(really_migrate: Callable[[Config], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "_upgrade", really_migrate)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "pbxd.sqlite3"


def later_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: str = "") -> None:
    """A release with one more step."""
    after = sorted(path.name[:4] for path in (migrating.MIGRATIONS / "versions").glob("[0-9]*.py"))
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder)
    env = folder / "env.py"
    env.write_text(
        env.read_text().replace("Path(__file__).parent.parent", f"Path({str(Path.cwd())!r})")
    )
    (folder / "versions" / "9001_more.py").write_text(STEP.format(after=after[-1], then=then))
    monkeypatch.setattr(migrating, "MIGRATIONS", folder)


def bring_up_to_date(file: Path, keep_backups: int = 20) -> None:
    asyncio.run(migrate(file, keep_backups=keep_backups))


def ask(file: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(sql).fetchall()


def add_agent(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute(
            "INSERT INTO agents (id, name, extension, device, linked, created_at)"
            " VALUES ('A', '김서준', '101', 'desk', 0, 0)"
        )
        db.commit()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_steps_make_what_the_code_expects(file: Path) -> None:
    """A table that was changed without a step would show here."""
    bring_up_to_date(file)
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as conn:
        context = MigrationContext.configure(
            conn,
            opts={
                "include_object": lambda thing, name, kind, reflected, other: (
                    not str(name).startswith("search_text")
                )
            },
        )
        differences = compare_metadata(context, metadata)
        there = set(conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'")))
    engine.dispose()
    assert differences == []
    # the comparison is blind for those of expressions
    assert {one.name for table in metadata.tables.values() for one in table.indexes} <= there


def test_a_second_start_changes_nothing(file: Path) -> None:
    bring_up_to_date(file)
    add_agent(file)
    before = file.read_bytes()
    bring_up_to_date(file)
    assert file.read_bytes() == before
    assert not (file.parent / "backups").exists()
    assert file.stat().st_mode & 0o077 == 0, "others can read the customers"


def test_before_a_step_everything_is_kept(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(file)
    add_agent(file)
    later_release(monkeypatch, tmp_path)
    bring_up_to_date(file)
    assert ask(file, "SELECT name FROM agents") == [("changed",)]
    (kept,) = (file.parent / "backups").iterdir()
    assert ask(kept, "SELECT name FROM agents") == [("김서준",)]
    assert kept.stat().st_mode & 0o077 == 0


def test_a_step_that_fails_leaves_the_database_as_it_was(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(file)
    add_agent(file)
    (before,) = ask(file, "SELECT version_num FROM alembic_version")
    later_release(monkeypatch, tmp_path, then="raise ZeroDivisionError")
    for _ in range(2):  # the next start finds the same and fails in the same way
        with pytest.raises(ZeroDivisionError):
            bring_up_to_date(file)
        assert ask(file, "SELECT name FROM agents") == [("김서준",)]
        assert ask(file, "SELECT name FROM sqlite_master WHERE name = 'more'") == []
        assert ask(file, "SELECT version_num FROM alembic_version") == [before]


async def test_two_daemons_that_start_at_once(file: Path) -> None:
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(migrate(file))
    assert len(ask(file, "SELECT version_num FROM alembic_version")) == 1


def test_a_database_of_a_newer_release_is_left_alone(file: Path) -> None:
    bring_up_to_date(file)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    before = file.read_bytes()
    with pytest.raises(UnusableDatabase, match="newer pbxd"):
        bring_up_to_date(file)
    assert file.read_bytes() == before


def test_what_is_no_database_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a database, but somebody's letter\n" * 200)
    before = file.read_bytes()
    with pytest.raises(UnusableDatabase, match="cannot be read"):
        bring_up_to_date(file)
    assert file.read_bytes() == before


def test_a_damaged_database_is_not_migrated(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(file)
    damaged = bytearray(file.read_bytes())
    damaged[8192:] = b"\xa5" * (len(damaged) - 8192)
    file.write_bytes(damaged)
    later_release(monkeypatch, tmp_path)
    with pytest.raises(UnusableDatabase):
        bring_up_to_date(file)
    assert file.read_bytes() == bytes(damaged)
    assert list((file.parent / "backups").glob("*.sqlite3")) == []


def test_only_the_newest_backups_stay(file: Path, tmp_path: Path) -> None:
    bring_up_to_date(file)
    folder = file.parent / "backups"
    folder.mkdir()
    for year in range(2001, 2006):
        backup(file, folder / f"before-migration-{year}0101T000000.sqlite3")
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE alembic_version")  # as if no step had been made
        db.execute("UPDATE agents SET name = ''")
        db.commit()
    with pytest.raises(Exception, match="already exists"):
        bring_up_to_date(file, keep_backups=3)
    kept = sorted(path.name[17:21] for path in folder.iterdir())
    assert len(kept) == 3
    assert kept[:2] == ["2004", "2005"]


async def test_several_at_once_in_one_process(tmp_path: Path) -> None:
    """A backup is tried out in a thread while another one is: alembic's own state is global."""
    files = [tmp_path / str(n) / "pbxd.sqlite3" for n in range(6)]
    await asyncio.gather(*(migrate(file) for file in files))
    for file in files:
        assert ask(file, "SELECT count(*) FROM agents") == [(0,)]


def test_departments_that_were_typed_become_the_offices_list(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step 0032: what accounts have stays, and can be chosen from then on."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder)
    for path in (folder / "versions").glob("[0-9]*.py"):
        if path.name[:4] >= "0032":
            path.unlink()
    env = folder / "env.py"
    env.write_text(
        env.read_text().replace("Path(__file__).parent.parent", f"Path({str(Path.cwd())!r})")
    )
    with monkeypatch.context() as before:
        before.setattr(migrating, "MIGRATIONS", folder)
        bring_up_to_date(file)
    with closing(sqlite3.connect(file)) as db:
        for id, department in (("A", "영업부"), ("B", "상담팀"), ("C", "영업부"), ("D", "")):
            db.execute(
                "INSERT INTO users (id, login, name, password_hash, role, language, totp_secret,"
                " created_at, department) VALUES (?, ?, '', '', 'user', '', '', 0, ?)",
                (id, id, department),
            )
        db.execute("INSERT INTO codes VALUES ('C1', 'department', '상담팀', '', 10, NULL)")
        db.commit()
    bring_up_to_date(file)
    assert ask(file, "SELECT name, position FROM codes WHERE list = 'department' ORDER BY 2") == [
        ("상담팀", 10),
        ("영업부", 20),
    ]
    assert ask(file, "SELECT department FROM users ORDER BY id") == [
        ("영업부",), ("상담팀",), ("영업부",), ("",),
    ]  # fmt: skip
