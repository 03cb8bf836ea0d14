"""The tables of service records."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

service_records = Table(
    "service_records",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("customer_id", String(26), nullable=False),
    Column("day", String(10), nullable=False),  # 2026-11-21, of the office's calendar
    Column("status", String(12), nullable=False),
    Column("summary", String(2000), nullable=False),
    Column("served_by", String(26), nullable=False),  # user; "" somebody without an account
    Column("served_name", String(80), nullable=False),  # his name
    Column("amount", BigInteger, nullable=False),  # whole units of the office's currency
    Column("note", String(500), nullable=False),
    Column("by", String(26), nullable=False),  # user who wrote it
    Column("at", UtcMs, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deleted_at", UtcMs, nullable=True),
    Index("ix_service_records_customer", "customer_id", "day", "id"),
    Index("ix_service_records_day", "day", "id"),
)

service_phrases = Table(
    "service_phrases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("text", String(200), nullable=False),
    Column("removed_at", UtcMs, nullable=True),
    Index("ux_service_phrases_number", "number", unique=True),
    Index("ux_service_phrases_text", "text", unique=True),
)
