"""The ledger of commands on disk: who asked Asterisk for what, and how it ended (append-only)."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

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
