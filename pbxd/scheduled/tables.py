"""The table of scheduled calls."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

scheduled_calls = Table(
    "scheduled_calls",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("agent_id", String(26), nullable=False),
    Column("number", String(32), nullable=False),
    Column("due_at", UtcMs, nullable=False),
    Column("next_at", UtcMs, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("customer_id", String(26), nullable=False),
    Column("call_id", String(26), nullable=False),
    Column("reason", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Index("ix_scheduled_calls_state", "state", "next_at"),
    Index("ix_scheduled_calls_agent", "agent_id", "due_at"),
    Index("ix_scheduled_calls_due", "due_at", "id"),
)
