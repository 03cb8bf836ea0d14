"""Memos of calls; a memo may be there before its call's record is."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

call_memos = Table(
    "call_memos",
    metadata,
    Column("call_id", String(26), primary_key=True),
    Column("text", Text, nullable=False),
    Column("snapshot", Text, nullable=False),  # JSON: the customer at the time of the memo
    Column("by", String(26), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("version", Integer, nullable=False),
)
