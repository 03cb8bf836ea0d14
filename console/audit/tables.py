"""The audit log."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

audit = Table(
    "audit",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("at", UtcMs, nullable=False),
    Column("user_id", String(26), nullable=False),  # "" the program itself
    Column("what", String(40), nullable=False),
    Column("thing_id", String(26), nullable=False),
    Column("before", Text, nullable=False),  # JSON, "" none
    Column("after", Text, nullable=False),
    Index("ix_audit_thing", "thing_id", "at"),
    Index("ix_audit_what", "what", "at", "id"),
    Index("ix_audit_user", "user_id", "what", "at", "id"),
)
