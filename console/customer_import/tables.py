"""Files that are read in."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

customer_imports = Table(
    "customer_imports",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("by", String(26), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("name", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("batch_id", String(26), nullable=False),
    Column("body", Text, nullable=False),  # JSON: sheets, plan, counts
    Index("ix_customer_imports_at", "at"),
)
