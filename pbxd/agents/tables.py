"""The table of agents."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

agents = Table(
    "agents",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("extension", String(8), nullable=False, index=True),
    Column("device", String(8), nullable=False),
    Column("linked", Boolean, nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("closed_at", UtcMs, nullable=True),
)
