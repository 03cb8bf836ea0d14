"""Kinds of abuse, the policy, and the incidents (append-only but for how they ended)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

abuse_kinds = Table(
    "abuse_kinds",
    metadata,
    Column("word", String(20), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
)

abuse_policy = Table(
    "abuse_policy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent_waits", Boolean, nullable=False),
    Column("block_after", Integer, nullable=False),
)

abuse_incidents = Table(
    "abuse_incidents",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("at", UtcMs, nullable=False),
    Column("call_id", String(26), nullable=False),
    Column("linkedid", String(150), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("step", String(8), nullable=False),
    Column("agent_id", String(26), nullable=False),
    Column("extension", String(8), nullable=False),
    Column("number", String(32), nullable=False),  # E.164 or short code; "" withheld
    Column("customer_id", String(26), nullable=False),
    Column("announcement", String(40), nullable=False),
    Column("ended_at", UtcMs, nullable=True),
    Column("heard_whole", Boolean, nullable=True),
    Column("recording", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_abuse_incidents_at", "at", "id"),
    Index("ix_abuse_incidents_number", "number", "at"),
    Index("ix_abuse_incidents_agent", "agent_id", "at"),
)
