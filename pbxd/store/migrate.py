"""Brings the database up to date at start: under a lock, after a backup, one step after another."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

log = structlog.get_logger(__name__)

_ONE_AT_A_TIME = threading.Lock()
MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


STEPS = 100_000  # of SQLite's machine, between two looks whether it is to stop
Stopped = Callable[[], bool]


class EndedError(Exception):
    """It was to stop in the middle."""


def never() -> bool:
    """Nobody wants it to stop."""
    return False


class UnusableDatabase(OSError):  # noqa: N818 - a finding about a file
    """The file is damaged, no database, or of a newer pbxd; nothing was changed."""


async def migrate(file: Path, *, keep_backups: int = 20) -> None:
    """Run the missing migrations on the database `file` (made when absent).

    Raises UnusableDatabase, and OSError when the file cannot be written.
    """
    await asyncio.to_thread(_migrate, file, keep_backups)


def head() -> str:
    """The newest step."""
    return ScriptDirectory.from_config(_config(Path())).get_current_head() or ""


def backup(file: Path, target: Path, stopped: Stopped = never) -> None:
    """A consistent copy of a live database, checked, and named only when it is whole.

    Raises UnusableDatabase, OSError, EndedError: nothing is left then.
    """
    partial = target.with_suffix(".partial")
    try:
        verdict = _copied(file, partial, stopped)
        if stopped():
            raise EndedError
        if verdict != "ok":
            raise UnusableDatabase(f"{file} is damaged: {verdict}. Restore a backup.")
        partial.chmod(0o600)
        partial.replace(target)
    except BaseException:
        for left in (partial, partial.with_name(f"{partial.name}-journal")):
            left.unlink(missing_ok=True)
        raise


def _copied(file: Path, partial: Path, stopped: Stopped) -> str:
    """What SQLite thinks of the copy."""

    def step(*_: int) -> None:
        if stopped():
            raise EndedError

    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as copy:
        try:
            # one reading of its own: else it begins anew with each row that others write meanwhile
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=256, progress=step)
            copy.set_progress_handler(stopped, STEPS)
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as problem:
            verdict = problem
    return str(verdict)


def _migrate(file: Path, keep_backups: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(file):
        fresh = not file.exists()
        config = _config(file)
        steps = ScriptDirectory.from_config(config)
        head = steps.get_current_head()
        if not fresh:
            present = _revision(file)
            if present == head:
                return
            if present is not None and present not in {
                one.revision for one in steps.walk_revisions()
            }:
                raise UnusableDatabase(
                    f"{file} is of a newer pbxd (step {present}; this one knows {head})."
                    " Install that version again, or restore a backup."
                )
            _keep_a_backup(file, keep_backups)
        _upgrade(config)
        file.chmod(0o600)
        log.info("database migrated", file=str(file), to=head)


def bring_up_to_date(file: Path) -> None:
    """A copy that nobody else knows: without a lock, without a backup. Raises UnusableDatabase."""
    if _revision(file) is None:
        raise UnusableDatabase(f"{file} is no database of pbxd.")
    try:
        _upgrade(_config(file))
    except CommandError as problem:
        raise UnusableDatabase(f"{file} is of a newer pbxd: {problem}") from None


def _upgrade(config: Config) -> None:
    with _ONE_AT_A_TIME:  # what alembic's env.py reads is global
        command.upgrade(config, "head")


def _config(file: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{file}")
    return config


def _revision(file: Path) -> str | None:
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as conn:
            return MigrationContext.configure(conn).get_current_revision()
    except DatabaseError as problem:
        raise UnusableDatabase(f"{file} cannot be read: {problem.orig}") from problem
    finally:
        engine.dispose()


def _keep_a_backup(file: Path, keep: int) -> None:
    folder = file.parent / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    backup(file, folder / f"before-migration-{stamp}.sqlite3")
    for old in sorted(folder.glob("before-migration-*.sqlite3"))[:-keep]:
        old.unlink()


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Two daemons that start at once must not both migrate."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
