"""The table of accounts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

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
    Column("years", String(10), nullable=False, server_default=""),  # "" as the office
    Column("agent_id", String(26), ForeignKey("agents.id"), nullable=True),
    Column("totp_secret", String(64), nullable=False),  # "" not enrolled
    Column("created_at", UtcMs, nullable=False),
    Column("closed_at", UtcMs, nullable=True),
    Column("department", String(40), nullable=False, server_default=""),
    Column("title", String(40), nullable=False, server_default=""),
    Column("rank", String(40), nullable=False, server_default=""),
    Column("joined_on", String(10), nullable=False, server_default=""),  # ISO; "" not known
    Column("left_on", String(10), nullable=False, server_default=""),
    Column("emergency", String(80), nullable=False, server_default=""),  # whom to call for him
    Column("line", String(32), nullable=False, server_default=""),  # E.164, his own number (S4-05)
    # the password is one that somebody else knows: to be changed at the next log-in (S4-08)
    Column("issued", Boolean, nullable=False, server_default=false()),
)

# What one person may besides his role (S0-55, S3-56).
user_grants = Table(
    "user_grants",
    metadata,
    Column("user_id", String(26), ForeignKey("users.id"), primary_key=True),
    Column("menu", String(30), primary_key=True),
    Column("action", String(8), primary_key=True),
    Column("scope", Integer, nullable=False),
)
