"""Results that are kept."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from pbxd.store.metadata import metadata

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
