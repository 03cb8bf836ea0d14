"""The tables of calls that go out."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from pbxd.store.metadata import metadata

outgoing_rules = Table(
    "outgoing_rules",
    metadata,
    Column("role", String(20), primary_key=True),
    Column("kinds", Text, nullable=False),  # with commas
    Column("also", Text, nullable=False),
    Column("never", Text, nullable=False),
)

# The number that an agent shows to those whom he calls; none: the office's.
outgoing_numbers = Table(
    "outgoing_numbers",
    metadata,
    Column("agent_id", String(26), primary_key=True),
    Column("number", String(32), nullable=False),
)
