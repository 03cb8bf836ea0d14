"""What somebody chose of a list's columns, and filters under a name."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

list_columns = Table(
    "list_columns",
    metadata,
    Column("user_id", String(26), primary_key=True),
    Column("list", String(20), primary_key=True),
    Column("columns", Text, nullable=False),  # JSON: [word, on a wide screen, on a narrow one]
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("user_id", String(26), nullable=False),
    Column("list", String(20), nullable=False, server_default="customers"),
    Column("name", String(60), nullable=False),
    Column("query", Text, nullable=False),  # as the address has it
    Column("shared", Boolean, nullable=False),
    Column("at", UtcMs, nullable=False),
    Index("ix_saved_searches_user", "user_id", "list", "name"),
)
