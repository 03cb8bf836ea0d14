"""Reasons, periods and settings of presence."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

presence_reasons = Table(
    "presence_reasons",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("word", String(32), nullable=False, unique=True),
    Column("name", String(40), nullable=False),  # "" the translated name of the word
    Column("minutes", Integer, nullable=True),
    Column("rest", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
)

# One row from each change of an agent's presence to the next; the open one is how it is now
presence_periods = Table(
    "presence_periods",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("agent_id", String(26), ForeignKey("agents.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason_id", String(26), ForeignKey("presence_reasons.id"), nullable=True),
    Column("began_at", UtcMs, nullable=False),
    Column("until_at", UtcMs, nullable=True),
    Column("ended_at", UtcMs, nullable=True),
    Column("by", String(12), nullable=False),
    Column("by_user_id", String(26), nullable=False),  # "" the agent or the program
    Index("ix_presence_periods_agent_id_began_at", "agent_id", "began_at"),
    Index("ix_presence_periods_ended_at", "ended_at"),
)

presence_settings = Table(
    "presence_settings",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
)
