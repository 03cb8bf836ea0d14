"""Sessions and failed log-ins."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, false

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # SHA-256: the table opens no door
    Column(
        "user_id",
        String(26),
        ForeignKey("users.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("seen_at", UtcMs, nullable=False),
    Column("address", String(64), nullable=False),
    Column("browser", String(200), nullable=False),
    Column("kept", Boolean, nullable=False, server_default=false()),  # chosen at the log-in (S1-38)
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(80), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", UtcMs, nullable=False),
    Index("ix_login_failures_at", "at"),
)
