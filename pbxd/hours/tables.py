"""The tables of opening hours."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

opening_hours = Table(
    "opening_hours",
    metadata,
    Column("id", String(26), primary_key=True),  # the oldest one is the default
    Column("name", String(80), nullable=False),
    Column("lines", Text, nullable=False),  # JSON: our numbers
    Column("week", Text, nullable=False),  # JSON: seven of null or [opens, closes, lunch, lunch]
    Column("holidays", Boolean, nullable=False),
    Column("closed_now", Boolean, nullable=False),
    Column("closed_until", UtcMs, nullable=True),
    Column("closed_by", String(26), nullable=False),
    Column("version", Integer, nullable=False),
)

opening_days = Table(
    "opening_days",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("schedule_id", String(26), nullable=False),  # "" in all schedules
    Column("day", Date, nullable=False),
    Column("name", String(80), nullable=False),
    Column("mode", String(8), nullable=False),
    Column("plan", Text, nullable=False),
)
