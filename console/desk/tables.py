"""What the office wants to see on a screen pop."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from pbxd.store.metadata import metadata

desk_pop_lines = Table(
    "desk_pop_lines",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("line", String(20), nullable=False),
)
