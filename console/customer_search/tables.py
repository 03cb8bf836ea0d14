"""Searches that are saved, and results that are kept."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("user_id", String(26), nullable=False),
    Column("name", String(60), nullable=False),
    Column("query", Text, nullable=False),  # as the address has it
    Column("shared", Boolean, nullable=False),
    Column("at", UtcMs, nullable=False),
    Index("ix_saved_searches_user", "user_id", "name"),
)

# Each user's kept result: recipients are gathered over several searches (S3-31).
kept_customers = Table(
    "kept_customers",
    metadata,
    Column("user_id", String(26), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    ),
    Index("ix_kept_customers_customer", "customer_id"),
)
