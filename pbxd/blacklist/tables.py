"""The tables of refused numbers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

blocked_numbers = Table(
    "blocked_numbers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(32), nullable=False),  # E.164 or short; a prefix canonical
    Column("is_prefix", Boolean, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(160), nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_at", UtcMs, nullable=False),
    Column("added_by", String(26), nullable=False),
    Column("expires_at", UtcMs, nullable=True),
    Column("removed_at", UtcMs, nullable=True),
    Index("ix_blocked_numbers_number", "number", "is_prefix"),
    Index("ix_blocked_numbers_added", "added_at", "id"),
)

block_policy = Table(
    "block_policy",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("how", String(8), nullable=False),
    Column("anonymous", Boolean, nullable=False),
)
