"""The table of backups' rule; the backups themselves are files."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, text

from pbxd.store.metadata import metadata

backup_policy = Table(
    "backup_policy",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("automatic", Boolean, nullable=False),
    Column("at", String(5), nullable=False),  # HH:MM of the office's clock
    Column("folder", String(400), nullable=False),
    Column("last", Integer, nullable=False),
    Column("daily", Integer, nullable=False),
    Column("weekly", Integer, nullable=False),
    Column("monthly", Integer, nullable=False),
    Column("recordings", Boolean, nullable=False, server_default=text("0")),
)
