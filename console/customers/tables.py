"""Customers, their numbers, and which of several a number was taken for last."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

customers = Table(
    "customers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("company", String(80), nullable=False),
    Column("postcode", String(10), nullable=False),
    Column("address", String(200), nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("caution", Boolean, nullable=False),
    Column("memo", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("updated_at", UtcMs, nullable=False),
    Column("last_contact_at", UtcMs, nullable=True),
    Column("deleted_at", UtcMs, nullable=True),
    Index("ix_customers_name", "name", "id"),
    Index("ix_customers_updated", "updated_at", "id"),
)

customer_phones = Table(
    "customer_phones",
    metadata,
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("position", Integer, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("memo", String(200), nullable=False),
    Index("ix_customer_phones_number", "number", "customer_id"),
)

number_choices = Table(
    "number_choices",
    metadata,
    Column("number", String(32), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False
    ),
    Column("chosen_at", UtcMs, nullable=False),
)
