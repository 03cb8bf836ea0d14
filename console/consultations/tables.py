"""The tables of consultations."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

consultation_types = Table(
    "consultation_types",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("level", Integer, nullable=False),  # 1, 2, 3: which of the three lists (S4-09)
    Column("name", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("colour", String(7), nullable=False),  # #rrggbb; "" none
    Index("ux_consultation_types_name", "level", "name", unique=True),
)

consultations = Table(
    "consultations",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("customer_id", String(26), nullable=False),
    Column("call_id", String(26), nullable=False),  # "" it was made without a call
    Column("type1", String(26), nullable=False),
    Column("type2", String(26), nullable=False),
    Column("type3", String(26), nullable=False),
    Column("remarks", String(500), nullable=False),
    Column("by", String(26), nullable=False),  # user
    Column("at", UtcMs, nullable=False),
    Column("completed_at", UtcMs, nullable=True),
    Column("completed_by", String(26), nullable=False),
    Column("recall_at", UtcMs, nullable=True),
    Column("recall_reminded_at", UtcMs, nullable=True),
    Column("recall_done_at", UtcMs, nullable=True),
    Column("recall_done_by", String(26), nullable=False),
    Column("deleted_at", UtcMs, nullable=True),
    Column("version", Integer, nullable=False),
    Index("ix_consultations_customer", "customer_id", "at", "id"),
    Index("ix_consultations_at", "at", "id"),
    Index("ix_consultations_by", "by", "at", "id"),
    Index("ix_consultations_open", "completed_at", "at", "id"),
    Index("ix_consultations_recall", "recall_done_at", "recall_at"),
    Index("ix_consultations_call", "call_id"),
)

# What was written in a case: first what it began with, then what was added (상담추가).
consultation_parts = Table(
    "consultation_parts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("consultation_id", String(26), nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(26), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("edited_at", UtcMs, nullable=True),
    Column("version", Integer, nullable=False),
    Index("ix_consultation_parts_case", "consultation_id", "at", "id"),
)
