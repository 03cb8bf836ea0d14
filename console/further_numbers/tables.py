"""Sealed numbers that a customer has beside its own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

customer_further_numbers = Table(
    "customer_further_numbers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False
    ),
    Column("field", String(20), nullable=False),  # national_id, business_number
    Column("token", String(120), nullable=False),
    Column("mark", String(32), nullable=False),
    Column("name", String(200), nullable=False),  # whose it was
    Column("at", UtcMs, nullable=False),
    Index("ix_customer_further_numbers_customer", "customer_id"),
    Index("ix_customer_further_numbers_mark", "mark"),
)
