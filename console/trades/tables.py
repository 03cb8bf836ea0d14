"""The table of what trades gave the office."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

trade_acts = Table(
    "trade_acts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("trade", String(20), nullable=False),
    Column("language", String(10), nullable=False),  # of its words
    Column("by", String(26), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("done", Text, nullable=False),  # JSON: each thing that was added
    Column("undone_at", UtcMs, nullable=True),
    Column("undone_by", String(26), nullable=False),
    Index("ix_trade_acts_at", "at", "id"),
)
