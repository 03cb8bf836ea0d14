"""The office's rule, and what it did to which call."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

talk_rule = Table(
    "talk_rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("incoming", Boolean, nullable=False),
    Column("outgoing", Boolean, nullable=False),
    Column("warn_seconds", Integer, nullable=False),
    Column("end_seconds", Integer, nullable=False),
    Column("extend_seconds", Integer, nullable=False),
    Column("most_extensions", Integer, nullable=False),
    Column("at_end", String(8), nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("exempt_queues", Text, nullable=False),  # words, separated by spaces
)

talk_limits = Table(
    "talk_limits",
    metadata,
    Column("linkedid", String(150), primary_key=True),
    Column("at", UtcMs, nullable=False),
    Column("warned_at", UtcMs, nullable=True),
    Column("extensions", Integer, nullable=False),
    Column("over_at", UtcMs, nullable=True),
    Column("ended", Boolean, nullable=False),
)
