"""Alembic's entry: every capability's tables, on the one database that the URL names."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import create_engine, event, pool

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

import_module("pbxd.store.search")
ROOT = Path(__file__).parent.parent
for package in ("pbxd", "console"):
    for found in sorted((ROOT / package).glob("*/tables.py")):
        import_module(f"{package}.{found.parent.name}.tables")


def render(kind: str, thing: object, autogen_context: object) -> str | bool:
    """Our own types are plain integers in a migration: it must not change when they do."""
    del autogen_context
    return "sa.BigInteger()" if kind == "type" and isinstance(thing, UtcMs) else False


def wanted(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """The search index makes its own tables."""
    del thing, reflected, other
    return not (kind == "table" and name is not None and name.startswith("search_text"))


def begin_ourselves(connection: Any, record: object) -> None:
    """The driver would begin no transaction for CREATE TABLE."""
    del record
    connection.isolation_level = None


def run() -> None:
    """Run the migrations in one transaction each: a power cut leaves a step whole or undone."""
    engine = create_engine(
        context.config.get_main_option("sqlalchemy.url", ""), poolclass=pool.NullPool
    )
    event.listen(engine, "connect", begin_ourselves)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            transactional_ddl=True,
            render_item=render,
            include_object=wanted,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
