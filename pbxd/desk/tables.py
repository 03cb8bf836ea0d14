"""The desk on disk, append-only: who asked Asterisk for what, and how calls changed hands."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

desk_commands = Table(
    "desk_commands",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("at", UtcMs, nullable=False, index=True),
    Column("agent_id", String(26), nullable=False, index=True),
    Column("verb", String(20), nullable=False),
    Column("target", String(64), nullable=False),
    Column("result", String(12), nullable=False),
    Column("reason_id", String(40), nullable=False),
)

# By Asterisk's linkedid, not by our key: a restart of pbxd in mid-call gives it another key.
call_handovers = Table(
    "call_handovers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("linkedid", String(150), nullable=False, index=True),
    Column("at", UtcMs, nullable=False),
    Column("how", String(12), nullable=False),
    Column("by", String(8), nullable=False),  # extension
    Column("to", String(64), nullable=False),  # extension, queue or number
    Column("note", Text, nullable=False),
)
