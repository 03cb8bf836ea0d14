"""What the office wants to see on a screen pop."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from pbxd.store.metadata import metadata

desk_pop_lines = Table(
    "desk_pop_lines",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("line", String(20), nullable=False),
)

desk_pop_options = Table(
    "desk_pop_options",
    metadata,
    Column("user_id", String(26), primary_key=True),
    Column("corner", String(16), nullable=False),
    Column("opens", String(8), nullable=False),
    Column("notify", Boolean, nullable=False),
)
