"""Queues, their members, and what became of each caller."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

queues = Table(
    "queues",
    metadata,
    Column("word", String(20), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("strategy", String(12), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("number", String(32), nullable=False),
    Column("max_wait", Integer, nullable=False),
    Column("overflow", String(32), nullable=False),
    Column("service_level", Integer, nullable=False),
    Column("ring_seconds", Integer, nullable=False),
    Column("most_waiting", Integer, nullable=False),
    Column("warn_wait", Integer, nullable=False),
    Column("alarm_wait", Integer, nullable=False),
    Column("last_agent_days", Integer, nullable=False),
    Column("tells_place", Boolean, nullable=False),
    Column("music", String(40), nullable=False),
)

queue_members = Table(
    "queue_members",
    metadata,
    Column("queue", String(20), primary_key=True),
    Column("agent_id", String(26), primary_key=True),
    Column("here", Boolean, nullable=False),  # logged in
)

queue_calls = Table(
    "queue_calls",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("queue", String(20), nullable=False),
    Column("at", UtcMs, nullable=False),  # when the waiting ended
    Column("linkedid", String(150), nullable=False, index=True),
    Column("waited", Float, nullable=False),
    Column("answered_by", String(8), nullable=False),  # extension; "" nobody
    Column("left", String(10), nullable=False),  # answered, abandoned, overflow
    Index("ix_queue_calls_queue", "queue", "at"),
)
