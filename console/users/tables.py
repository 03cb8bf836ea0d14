"""The table of accounts."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

users = Table(
    "users",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("login", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(12), nullable=False),
    Column("language", String(10), nullable=False),  # "" as the browser asks
    Column("agent_id", String(26), ForeignKey("agents.id"), nullable=True),
    Column("totp_secret", String(64), nullable=False),  # "" not enrolled
    Column("created_at", UtcMs, nullable=False),
    Column("closed_at", UtcMs, nullable=True),
)
